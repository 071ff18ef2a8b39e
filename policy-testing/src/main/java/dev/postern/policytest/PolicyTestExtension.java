package dev.postern.policytest;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.PassedOver;
import dev.postern.verify.Verifier;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a method of {@link PolicyTest} once for each statement. */
final class PolicyTestExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(PolicyTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    PolicyTest test = context.getRequiredTestMethod().getAnnotation(PolicyTest.class);
    if (test.manifests().length == 0) {
      throw new IllegalArgumentException("@PolicyTest names no manifests");
    }
    Loaded loaded = Manifests.load(Stream.of(test.manifests()).map(Path::of).toArray(Path[]::new));
    if (loaded.hasErrors()) {
      throw new IllegalArgumentException(PolicyAssertions.errors(loaded));
    }
    notRead(loaded.passedOver()).ifPresent(words -> context.publishReportEntry("not read", words));
    return PolicyTests.in(Verifier.of(loaded.cluster()), test.value()).stream().map(Line::new);
  }

  /** What directories hold that was not read: charts, templates, what is no manifest. */
  private static Optional<String> notRead(PassedOver passedOver) {
    if (passedOver.isEmpty()) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    passedOver.files().forEach((file, reason) -> words.add(file + " (" + reason.count(1) + ")"));
    passedOver
        .unrendered()
        .forEach(
            each -> words.add(each.renderer().word() + " " + each.directory() + " (not rendered)"));
    return Optional.of(String.join(", ", words));
  }

  private record Line(PolicyTests test) implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int invocation) {
      return test.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new CheckAfterwards(test));
    }
  }

  private record CheckAfterwards(PolicyTests test) implements InvocationInterceptor {

    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
        throws Throwable {
      body.proceed();
      test.run();
    }
  }
}
