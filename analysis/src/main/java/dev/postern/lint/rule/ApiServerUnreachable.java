package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.Written;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Pods that have roles of the API, a mounted token, and no way to the API server. */
@AutoService(LintRule.class)
public final class ApiServerUnreachable implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP330",
      "API_SERVER_UNREACHABLE",
      Severity.WARNING,
      "{0} has roles of the API (ServiceAccount {1} is bound by {2}), but {3} lets it reach no address on {4}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a controller cut off from the API server";
  }

  private static final RuleOption<Integer> PORTS = RuleOption.ports(
      "ports", "TCP ports on which the API server may be reached.", List.of(443, 6443));

  @Override
  public List<RuleOption<?>> options() {
    return List.of(PORTS);
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    Map<String, Written> bindings = bindings(input.written());
    if (bindings.isEmpty()) {
      return;
    }
    PossibleAdmission admission = new PossibleAdmission(input);
    FindingsByCause groups = new FindingsByCause(found);
    List<Integer> ports = input.options().values(PORTS);
    for (Workload workload : input.cluster().workloads()) {
      Optional<String> account = input.written(workload).flatMap(ApiServerUnreachable::account);
      Optional<Written> binding = account.flatMap(
          name -> Optional.ofNullable(bindings.get(workload.namespace() + "/" + name)));
      boolean cut = binding.isPresent()
          && ports.stream()
              .noneMatch(port -> admission.mayPass(
                  workload,
                  Direction.EGRESS,
                  Protocol.TCP,
                  port,
                  PossibleAdmission.Who.API_SERVER));
      if (cut) {
        List<Policy> by = admission.isolating(workload, Direction.EGRESS);
        groups.add(
            by,
            CODE.at(
                    workload.origin(),
                    workload.id(),
                    account.get(),
                    binding.get().kind() + " " + binding.get().name(),
                    FindingNames.some(by.stream().map(Policy::toString).toList()),
                    ports.stream().map(port -> "tcp/" + port).collect(Collectors.joining(" or ")))
                .hint("allow egress on TCP "
                    + ports.stream().map(String::valueOf).collect(Collectors.joining(" and "))
                    + " to everyone, or to an `ipBlock` of the control plane")
                .related(by.stream()
                    .limit(3)
                    .map(policy -> new Diagnostic.Related(policy.toString(), policy.origin()))
                    .toList()));
      }
    }
  }

  /** The ServiceAccount whose token is mounted into a workload's pods. */
  private static Optional<String> account(Written object) {
    return object
        .at("spec", "template", "spec")
        .or(() -> object.at("spec", "jobTemplate", "spec", "template", "spec"))
        .or(() -> object.field("spec"))
        .filter(spec -> !spec.mentions("automountServiceAccountToken")
            || spec.isTrue("automountServiceAccountToken"))
        .flatMap(spec -> spec.text("serviceAccountName"));
  }

  private static Map<String, Written> bindings(List<Written> objects) {
    Map<String, Written> bindings = new HashMap<>();
    for (Written object : objects) {
      if (object.kind().equals("RoleBinding") || object.kind().equals("ClusterRoleBinding")) {
        for (Written subject : object.items("subjects")) {
          if (subject.kind().equals("ServiceAccount")) {
            String namespace = subject.text("namespace").orElse(object.namespace());
            subject
                .text("name")
                .ifPresent(name -> bindings.putIfAbsent(namespace + "/" + name, object));
          }
        }
      }
    }
    return bindings;
  }
}
