package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.meaning.End;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.service.ServiceBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** An Ingress, route or Route whose pods let in only pods of their own namespace. */
@AutoService(LintRule.class)
public final class EntranceCut implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP329",
      "ENTRANCE_CUT",
      Severity.WARNING,
      "{0} leads to {1} on {2}, which only pods of namespace {3} may reach: {4}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "an entrance that policies cut";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    PossibleAdmission admission = new PossibleAdmission(input);
    for (Entrance entrance : input.cluster().entrances()) {
      Set<String> said = new HashSet<>();
      for (ServiceBackend backend : input.backends().behind(entrance)) {
        if (backend.end() instanceof End.InPod pod
            && isCut(input, admission, pod.workload(), backend)
            && said.add(pod.workload().id())) {
          List<Policy> by = admission.isolating(pod.workload(), Direction.INGRESS);
          found.accept(CODE.at(
                  entrance.origin(),
                  entrance.kind() + " " + entrance.namespace() + "/" + entrance.name(),
                  pod.workload().id(),
                  backend.protocol().word() + "/" + backend.port(),
                  pod.workload().namespace(),
                  FindingNames.some(by.stream().map(Policy::toString).toList())
                      + " let nobody else in, and its controller mostly runs in a namespace of its own")
              .hint("allow ingress from the controller's namespace with a `namespaceSelector`")
              .related(by.stream()
                  .limit(3)
                  .map(policy -> new Diagnostic.Related(policy.toString(), policy.origin()))
                  .toList()));
        }
      }
    }
  }

  private static boolean isCut(
      LintInput input, PossibleAdmission admission, Workload workload, ServiceBackend backend) {
    return !admission.mayPass(
            workload,
            Direction.INGRESS,
            backend.protocol(),
            backend.port(),
            PossibleAdmission.Who.ELSEWHERE)
        // Nobody at all: that is said of the Service.
        && admission.mayPass(
            workload,
            Direction.INGRESS,
            backend.protocol(),
            backend.port(),
            PossibleAdmission.Who.ANYONE)
        && input.workloads(workload.namespace()).stream().noneMatch(EntranceCut::isProxy);
  }

  /** Whether it may be a controller, or a gateway, beside what it leads to. */
  private static boolean isProxy(Workload workload) {
    String words = workload.name() + " " + workload.labels();
    return List.of("ingress", "gateway", "proxy", "router", "nginx", "traefik", "envoy", "haproxy")
        .stream()
        .anyMatch(words::contains);
  }
}
