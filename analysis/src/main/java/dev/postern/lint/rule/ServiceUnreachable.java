package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A Service whose pods are isolated and that no rule lets anyone reach, whoever comes. */
@AutoService(LintRule.class)
public final class ServiceUnreachable implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP328", "SERVICE_UNREACHABLE", Severity.WARNING, "nobody may reach Service {0} on {1}: {2}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a Service that nobody may reach";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    PossibleAdmission admission = new PossibleAdmission(input);
    FindingsByCause groups = new FindingsByCause(found);
    for (Service service : input.cluster().services()) {
      List<String> cut = new ArrayList<>();
      Set<Policy> by = new LinkedHashSet<>();
      for (Service.Port port : service.ports()) {
        List<Workload> behind = behind(input, service);
        if (!behind.isEmpty()
            && behind.stream().allMatch(workload -> isCut(admission, workload, port))) {
          cut.add(port.protocol().word() + "/" + port.port());
          behind.forEach(workload -> by.addAll(admission.isolating(workload, Direction.INGRESS)));
        }
      }
      if (!cut.isEmpty()) {
        String policies = FindingNames.some(by.stream().map(Policy::toString).toList());
        groups.add(
            by,
            CODE.at(
                    service.origin(),
                    service.id(),
                    String.join(", ", cut),
                    policies + (by.size() == 1 ? " isolates" : " isolate")
                        + " its pods, and no rule lets anyone in there")
                .related(by.stream()
                    .limit(3)
                    .map(policy -> new Diagnostic.Related(policy.toString(), policy.origin()))
                    .toList()));
      }
    }
  }

  private static List<Workload> behind(LintInput input, Service service) {
    return service.selector().stream()
        .flatMap(selector -> input.workloads(service.namespace()).stream()
            .filter(workload -> selector.matches(workload.labels())))
        .toList();
  }

  private static boolean isCut(PossibleAdmission admission, Workload workload, Service.Port port) {
    return ListeningPorts.target(port, workload)
        .filter(target -> !admission.mayPass(
            workload, Direction.INGRESS, port.protocol(), target, PossibleAdmission.Who.ANYONE))
        .isPresent();
  }
}
