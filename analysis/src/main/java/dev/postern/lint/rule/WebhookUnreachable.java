package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Admission webhooks, conversion webhooks and aggregated APIs whose pods let in nobody but pods. */
@AutoService(LintRule.class)
public final class WebhookUnreachable implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP331",
      "WEBHOOK_UNREACHABLE",
      Severity.WARNING,
      "{0} makes the API server call {1} on {2}, but {3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a webhook that the API server cannot call";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    PossibleAdmission admission = new PossibleAdmission(input);
    FindingsByCause groups = new FindingsByCause(found);
    for (OutsideCallers.OfService call : OutsideCallers.byApiServer(input.written())) {
      input
          .backends()
          .service(call.namespace(), call.service())
          .ifPresent(service -> service(input, admission, call, service, groups));
    }
  }

  private static void service(
      LintInput input,
      PossibleAdmission admission,
      OutsideCallers.OfService call,
      Service service,
      FindingsByCause groups) {
    for (Service.Port port : service.ports()) {
      for (Workload workload : OutsideCallers.behind(input, service)) {
        Optional<Integer> target = ListeningPorts.target(port, workload);
        if (port.port() == call.port()
            && target.isPresent()
            && !admission.mayPass(
                workload,
                Direction.INGRESS,
                port.protocol(),
                target.get(),
                PossibleAdmission.Who.API_SERVER)) {
          List<Policy> by = admission.isolating(workload, Direction.INGRESS);
          groups.add(
              workload,
              CODE.at(
                      call.origin(),
                      call.caller(),
                      workload.id(),
                      port.protocol().word() + "/" + target.get(),
                      FindingNames.some(by.stream().map(Policy::toString).toList())
                          + " lets in pods alone, which the API server is not")
                  .hint("allow port " + target.get()
                      + " from everyone, or from an `ipBlock` of the control plane")
                  .related(by.stream()
                      .limit(3)
                      .map(policy -> new Diagnostic.Related(policy.toString(), policy.origin()))
                      .toList()));
        }
      }
    }
  }
}
