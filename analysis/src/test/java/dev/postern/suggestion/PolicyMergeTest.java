package dev.postern.suggestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.reach.Reachability;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Suggested rules in policies that are there already. */
class PolicyMergeTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cart, namespace: shop, labels: {app: cart}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db, role: store}}
      spec: {containers: [{name: c, image: i}]}
      """;

  private static PolicyMerge merge(String policies) {
    Loaded loaded = Manifests.read(
        List.of(Source.text("pods.yaml", PODS), Source.text("policies.yaml", policies)),
        ReadOptions.DEFAULT.withKeepWritten(true));
    assertThat(loaded.diagnostics()).isEmpty();
    List<SeenFlow> seen = List.of(
        new SeenFlow(pod(loaded, "web"), pod(loaded, "db"), Protocol.TCP, 5432, Evidence.of(3)));
    Suggestion suggestion = Suggestion.of(
        Reachability.of(Plan.of(loaded.cluster())),
        seen,
        SuggestionOptions.DEFAULT.withDns(false),
        workload -> workload.name().equals("db"));
    PolicyMerge merge = PolicyMerge.of(
        suggestion,
        loaded,
        file -> file.equals("policies.yaml") ? Optional.of(policies) : Optional.empty());
    List<Policy> read = SuggestionPropertiesTest.read(suggestion);
    SuggestionProof proof = SuggestionProof.of(
        suggestion, read, loaded.cluster(), merge.in(loaded.cluster(), read), Options.DEFAULT);
    assertThat(proof.isWhole()).isTrue();
    return merge;
  }

  private static End pod(Loaded loaded, String name) {
    return SeenTraffic.ends(loaded.cluster().workloads().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow())
        .get(0);
  }

  private static String text(String policies) {
    PolicyMerge merge = merge(policies);
    assertThat(merge.beside()).isEmpty();
    return merge.texts().get("policies.yaml");
  }

  private static final String RULE = """
          # shop/web on tcp/5432: 3 flows
          - from:
              - podSelector:
                  matchLabels:
                    app: web
            ports:
              - protocol: TCP
                port: 5432
      """;

  @Test
  void aRuleIsWrittenAfterTheLastAndEverythingElseStays() {
    String before = """
        # the shop's database
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db,   namespace: shop} # odd blanks
        spec:
          podSelector: {matchLabels: {role: store}}
          ingress:
            - from:
                - podSelector: {matchLabels: {app: cart}}
              ports: [{port: 1}]   # the last

          # about egress
          egress: []
          policyTypes: [Ingress, Egress]
        """;
    assertThat(text(before)).isEqualTo(before.replace("# the last\n", "# the last\n" + RULE));
  }

  @Test
  void aListAtTheIndentationOfItsFieldKeepsIt() {
    String before = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes:
          - Ingress
          - Egress
          ingress:
          - ports:
            - port: 1
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c, namespace: shop}
        """;
    assertThat(text(before))
        .isEqualTo(before.replace(
            "    - port: 1\n", "    - port: 1\n" + RULE.replace("\n  ", "\n").substring(2)));
  }

  @Test
  void anEmptyListBecomesOneWithTheRule() {
    String before = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress, Egress]
          ingress: [] # nobody
        """;
    assertThat(text(before)).isEqualTo(before.replace(": [] # nobody\n", ": # nobody\n" + RULE));
  }

  @Test
  void fieldsThatAreMissingAreWrittenAtTheEnd() {
    String before = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector:
            matchLabels:
              app: db""";
    assertThat(text(before))
        .isEqualTo(before + "\n  ingress:\n" + RULE + "  policyTypes: [Ingress, Egress]");
  }

  @Test
  void aDirectionThatWasNotIsolatedIsAddedToTheTypes() {
    String before = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          policyTypes: [ Ingress ]
          podSelector: {matchLabels: {app: db}}
        """;
    assertThat(text(before))
        .contains("policyTypes: [ Ingress , Egress]\n")
        .endsWith("  ingress:\n" + RULE);
    assertThat(text(before.replace("[ Ingress ]", "\n    - Ingress")))
        .contains("    - Ingress\n    - Egress\n");
  }

  @Test
  void linesEndAsTheFilesLinesDo() {
    String before = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress, Egress]
        """.replace("\n", "\r\n");
    assertThat(text(before).replace("\r\n", "")).doesNotContain("\n");
  }

  @Test
  void whatIsWrittenInFlowStyleStaysAndTheRuleStandsBeside() {
    PolicyMerge merge = merge("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{ports: [{port: 1}]}]}
        """);
    assertThat(merge.texts()).isEmpty();
    assertThat(merge.beside())
        .extracting(each -> each.policy().id())
        .containsExactly("shop/db-seen");
  }

  @Test
  void aPolicyOfOtherPodsIsNotExtended() {
    PolicyMerge merge = merge("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: all, namespace: shop}
        spec:
          podSelector: {}
          policyTypes: [Ingress]
        """);
    assertThat(merge.texts()).isEmpty();
    assertThat(merge.beside()).hasSize(1);
  }

  /** Pods that come later are of the namespace, and not of the labels that all have by chance. */
  @Test
  void aPolicyForAWholeNamespaceIsNotWrittenIntoOneForLabelsNorTheOtherWayRound() {
    String pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, image: i}]}
        """;
    String policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: some
          namespace: shop
        spec:
          podSelector: %s
          policyTypes: [Ingress]
        """;
    for (String selector : List.of("{}", "{matchLabels: {app: db}}")) {
      boolean whole = selector.equals("{}");
      String text = policy.formatted(selector);
      for (Generality subjects : List.of(Generality.WORKLOAD, Generality.NAMESPACE)) {
        Loaded loaded = Manifests.read(
            List.of(Source.text("pod.yaml", pod), Source.text("policies.yaml", text)),
            ReadOptions.DEFAULT.withKeepWritten(true));
        End outside = new End.Outside(Address.parse("203.0.113.1"));
        Suggestion suggestion = Suggestion.of(
            Reachability.of(Plan.of(loaded.cluster())),
            List.of(new SeenFlow(outside, pod(loaded, "db"), Protocol.TCP, 5432, Evidence.of(1))),
            SuggestionOptions.DEFAULT.withDns(false).withSubjects(subjects));
        PolicyMerge merge = PolicyMerge.of(
            suggestion,
            loaded,
            file -> file.equals("policies.yaml") ? Optional.of(text) : Optional.empty());
        assertThat(merge.merged())
            .as(selector + " " + subjects)
            .hasSize(whole == (subjects == Generality.NAMESPACE) ? 1 : 0);
      }
    }
  }

  /** An alias repeats what its anchor says: rules that are written there would be another policy's as well. */
  @Test
  void whatAnotherObjectRepeatsByAnAliasIsNotWrittenInto() {
    String policies = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata:
            name: db
            namespace: shop
          spec:
            podSelector:
              matchLabels:
                app: db
            policyTypes:
            - Ingress
            ingress: %s
            - from:
              - podSelector:
                  matchLabels:
                    app: cart
        - apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata:
            name: other
            namespace: ops
          spec:
            podSelector: {}
            ingress: %s
        """;
    PolicyMerge shared = merge(policies.formatted("&rules", "*rules"));
    assertThat(shared.texts()).isEmpty();
    assertThat(shared.merged()).isEmpty();
    assertThat(shared.beside()).hasSize(1);
    assertThat(merge(policies.formatted("&rules", "[]")).texts()).hasSize(1);
  }
}
