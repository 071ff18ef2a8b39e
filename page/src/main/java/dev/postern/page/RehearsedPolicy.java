package dev.postern.page;

import dev.postern.cluster.Workload;
import dev.postern.policy.Direction;
import java.util.Set;

/** A policy that an edit adds for rehearsal: it isolates pods of a workload and lets them call each other and a few addresses. */
final class RehearsedPolicy {

  /** Of a kind that edits write, with addresses for documentation (RFC 5737). */
  private static final String TEXT = """

      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: rehearsal
        namespace: NAMESPACE
      spec:
        podSelector: PODS
        policyTypes: TYPES
        ingress:
          - from:
              - podSelector: PODS
            ports:
              - port: PORT
        egress:
          - to:
              - ipBlock:
                  cidr: 198.51.100.0/24
            ports:
              - port: PORT
      """;

  private RehearsedPolicy() {}

  /**
   * A document to be appended to a source; another one for each number.
   *
   * @param isolated in which directions it isolates the workload: one that isolates it anew is about the whole cluster, and costs more than most edits
   */
  static String of(Workload workload, Set<Direction> isolated, int number) {
    String pods = workload.labels().asMap().entrySet().stream()
        .findFirst()
        .map(label ->
            "{matchLabels: {" + quoted(label.getKey()) + ": " + quoted(label.getValue()) + "}}")
        .orElse("{}");
    return TEXT.replace("PORT", Integer.toString(1 + number % 1000))
        .replace("PODS", pods)
        .replace(
            "TYPES",
            isolated.stream().sorted().map(RehearsedPolicy::type).toList().toString())
        .replace("NAMESPACE", quoted(workload.namespace()));
  }

  private static String type(Direction direction) {
    return direction == Direction.INGRESS ? "Ingress" : "Egress";
  }

  private static String quoted(String text) {
    return new ScriptJson().value(text).toString();
  }
}
