package dev.postern.examples;

import dev.postern.answer.Answer;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.verify.Verifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pipeline does before it deploys: refuses manifests with errors, and asks what must and what must not be. An answer that is not known
 * is not good enough for either.
 */
public final class GuardADeployment {

  private static final List<String> MUST = List.of(
      "can shop/frontend reach shop/db on 5432", "can internet reach shop/frontend on 8080");

  private static final List<String> MUST_NOT = List.of(
      "can internet reach shop/db", "can any pod in namespace monitoring reach shop/db on 5432");

  private GuardADeployment() {}

  public static void main(String... arguments) {
    List<String> objections = objections(Path.of(arguments[0]));
    objections.forEach(System.err::println);
    System.exit(objections.isEmpty() ? 0 : 1);
  }

  static List<String> objections(Path manifests) {
    Loaded loaded = Manifests.load(manifests);
    return loaded.hasErrors()
        ? loaded.diagnostics().stream()
            .filter(Diagnostic::isError)
            .map(Diagnostic::toString)
            .toList()
        : objections(loaded.cluster());
  }

  static List<String> objections(Cluster cluster) {
    Verifier verifier = Verifier.of(cluster);
    List<String> objections = new ArrayList<>();
    for (String question : MUST) {
      expect(verifier.ask(question), Answer.Verdict.ALLOWED, objections);
    }
    for (String question : MUST_NOT) {
      expect(verifier.ask(question), Answer.Verdict.DENIED, objections);
    }
    return objections;
  }

  private static void expect(Answer answer, Answer.Verdict wanted, List<String> objections) {
    if (answer.verdict() != wanted) {
      objections.add(answer.question().text() + ": " + answer.verdict().word() + ", because of "
          + answer.because());
    }
  }
}
