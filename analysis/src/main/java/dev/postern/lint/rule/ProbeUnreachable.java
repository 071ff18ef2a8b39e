package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.Written;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Probes of the kubelet that a dataplane which polices the node's own traffic would drop. */
@AutoService(LintRule.class)
public final class ProbeUnreachable implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP333",
      "PROBE_UNREACHABLE",
      Severity.WARNING,
      "the kubelet probes {0} on {1}, but {2} lets in no address, and this dataplane polices traffic of the node");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a probe that policies cut";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    if (input.plan().options().nodeTrafficPasses()) {
      return;
    }
    PossibleAdmission admission = new PossibleAdmission(input);
    FindingsByCause groups = new FindingsByCause(found);
    for (Workload workload : input.cluster().workloads()) {
      input.written(workload).ifPresent(object -> {
        Written pod = object.at("spec", "template").orElse(object);
        for (Probe probe : Probe.of(pod)) {
          port(probe, workload)
              .filter(port -> !admission.mayPass(
                  workload, Direction.INGRESS, Protocol.TCP, port, PossibleAdmission.Who.NODE))
              .ifPresent(port -> groups.add(workload, finding(probe, workload, port, admission)));
        }
      });
    }
  }

  private static Optional<Integer> port(Probe probe, Workload workload) {
    return probe.number().isPresent()
        ? Optional.of(probe.number().getAsInt())
        : workload.ports().stream()
            .filter(port -> port.name().equals(probe.name()))
            .map(ContainerPort::number)
            .findFirst();
  }

  private static Diagnostic finding(
      Probe probe, Workload workload, int port, PossibleAdmission admission) {
    List<Policy> by = admission.isolating(workload, Direction.INGRESS);
    return CODE.at(
            probe.origin(),
            workload.id(),
            "tcp/" + port + " (" + probe.kind() + ")",
            FindingNames.some(by.stream().map(Policy::toString).toList()))
        .hint("allow the port from an `ipBlock` of the nodes");
  }
}
