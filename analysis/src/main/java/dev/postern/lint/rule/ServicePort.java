package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Service;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.Traffic;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.List;
import java.util.function.Consumer;

/** The port of a Service where policies see the port of the pods behind it. */
@AutoService(LintRule.class)
public final class ServicePort implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP325",
      "SERVICE_PORT",
      Severity.WARNING,
      "`{1}` of {0}: {2} is the port of Service {3}; its pods listen on {4}, and policies see only that");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a Service's port in place of the pod's";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      policy.rules().forEach(rule -> rule(input, policy, rule, found));
    }
  }

  private static void rule(
      LintInput input, Policy policy, PolicyRule rule, Consumer<Diagnostic> found) {
    if (!(rule.ports() instanceof Ports.AnyOf any)) {
      return;
    }
    Listeners receivers = input.receivers(policy, rule);
    for (int i = 0; i < any.matches().size(); i++) {
      if (any.matches().get(i) instanceof Ports.Numbered numbered
          && numbered.ports().size() == 1) {
        int port = numbered.ports().intervals().get(0).first();
        if (input.listening().isServicePort(numbered.protocol(), port)
            && !receivers.hearSomeOf(Traffic.of(numbered.protocol(), numbered.ports()))) {
          String field = rule.field() + ".ports[" + i + "]";
          receivers
              .front(numbered.protocol(), port)
              .ifPresent(front -> found.accept(finding(policy, field, numbered, port, front)));
        }
      }
    }
  }

  private static Diagnostic finding(
      Policy policy, String field, Ports.Numbered numbered, int port, Listeners.Front front) {
    Service service = front.service();
    return CODE.at(numbered.origin(), policy, field, port, service.id(), front.target())
        .hint("write `port: " + front.target() + "`")
        .related(List.of(new Diagnostic.Related("Service " + service.id(), service.origin())));
  }
}
