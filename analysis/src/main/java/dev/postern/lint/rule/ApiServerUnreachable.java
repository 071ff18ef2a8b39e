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
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Pods that have roles of the API, a mounted token, and no way to the API server. */
@AutoService(LintRule.class)
public final class ApiServerUnreachable implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP330",
      "API_SERVER_UNREACHABLE",
      Severity.WARNING,
      "{0} {1}, but {2} lets it reach no address on {3}");

  /** Images of programs that do nothing without the API, as their projects name them in their own manifests. */
  private static final Set<String> CONTROLLERS = Set.of(
      "argo-rollouts",
      "aws-load-balancer-controller",
      "cert-manager-cainjector",
      "cert-manager-controller",
      "cloudnative-pg",
      "cluster-autoscaler",
      "external-dns",
      "external-secrets",
      "helm-controller",
      "kube-state-metrics",
      "kustomize-controller",
      "kyverno",
      "metrics-server",
      "notification-controller",
      "prometheus-operator",
      "sealed-secrets-controller",
      "source-controller",
      "velero",
      "workflow-controller");

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
    PossibleAdmission admission = new PossibleAdmission(input);
    FindingsByCause groups = new FindingsByCause(found);
    List<Integer> ports = input.options().values(PORTS);
    for (Workload workload : input.cluster().workloads()) {
      Optional<String> need = input
          .written(workload)
          .map(ApiServerUnreachable::podSpec)
          .filter(ApiServerUnreachable::hasToken)
          .flatMap(spec -> need(spec, workload.namespace(), bindings));
      boolean cut = need.isPresent()
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
                    need.get(),
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

  private static Written podSpec(Written object) {
    return object
        .at("spec", "template", "spec")
        .or(() -> object.at("spec", "jobTemplate", "spec", "template", "spec"))
        .or(() -> object.field("spec"))
        .orElse(object);
  }

  /** Whether a ServiceAccount's token is mounted. */
  private static boolean hasToken(Written podSpec) {
    return !podSpec.mentions("automountServiceAccountToken")
        || podSpec.isTrue("automountServiceAccountToken");
  }

  /** Why pods need the API: by a role of their ServiceAccount, or by what runs in them. */
  private static Optional<String> need(
      Written podSpec, String namespace, Map<String, Written> bindings) {
    Optional<String> account = podSpec.text("serviceAccountName");
    Optional<Written> binding =
        account.flatMap(name -> Optional.ofNullable(bindings.get(namespace + "/" + name)));
    if (binding.isPresent()) {
      return Optional.of("has roles of the API (ServiceAccount " + account.get() + " is bound by "
          + binding.get().kind() + " " + binding.get().name() + ")");
    }
    return podSpec.items("containers").stream()
        .flatMap(container -> container.text("image").stream())
        .map(ApiServerUnreachable::program)
        .filter(CONTROLLERS::contains)
        .findFirst()
        .map(program -> "works by the API (it runs " + program + ")");
  }

  /** An image's name without registry, tag and digest. */
  private static String program(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    int end = name.indexOf('@') < 0 ? name.length() : name.indexOf('@');
    int tag = name.indexOf(':');
    return name.substring(0, tag < 0 ? end : Math.min(tag, end));
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
