package dev.postern.suggestion;

import static dev.postern.suggestion.SuggestedShop.PLAIN;
import static dev.postern.suggestion.SuggestedShop.cluster;
import static dev.postern.suggestion.SuggestedShop.seen;
import static dev.postern.suggestion.SuggestedShop.suggest;
import static dev.postern.suggestion.SuggestedShop.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.Lint;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.reach.Reachability;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is suggested where a cluster has policies already. */
class SuggestionsBesidePoliciesTest {

  @Test
  void existingPoliciesThatIsolateAndAllowAreEnough() {
    Cluster cluster = cluster("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress, Egress]
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
        """);
    Suggestion suggestion = suggest(cluster, PLAIN, "shop/web -> shop/db tcp/5432");
    assertThat(suggestion.policies())
        .extracting(each -> each.policy().id())
        .containsExactly("shop/web");
    assertThat(suggestion.covered()).containsExactly("shop/db");
    // Only what is missing is added, under a name that is free.
    Suggestion more =
        suggest(cluster, PLAIN, "shop/web -> shop/db tcp/5432", "shop/cart -> shop/db tcp/5432");
    assertThat(text(more, "shop/db-seen"))
        .contains("app: cart")
        .doesNotContain("app: web")
        .contains("policyTypes: [Ingress]\n");
  }

  @Test
  void existingPoliciesThatLetMorePassAreNamed() {
    Cluster cluster = cluster("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: loose, namespace: shop}
        spec:
          podSelector: {}
          ingress: [{ports: [{port: 80}]}]
        """);
    Suggestion suggestion = Suggestion.of(
        Reachability.of(Plan.of(cluster)), seen(cluster, "shop/web -> shop/db tcp/5432"), PLAIN);
    SuggestionProof proof = SuggestionProof.of(
        suggestion, SuggestionPropertiesTest.read(suggestion), cluster, Options.DEFAULT);
    assertThat(proof.wider()).containsExactly("NetworkPolicy shop/loose");
    assertThat(proof.difference().opened())
        .extracting(Object::toString)
        .containsExactly("shop/web -> shop/db on tcp/5432");
  }

  @Test
  void whatAPassToAnUnknownPeerDeniesBeforeIsNotSuggestedAgain() {
    String pass = """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: pass}
        spec:
          tier: Baseline
          priority: 0
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}
          egress: [{action: Pass, to: [{fieldOfANewerApi: {}}]}]
        """;
    SuggestionOptions options =
        PLAIN.withKind(PolicyKind.CLUSTER_NETWORK_POLICY).withPriority(500);
    String[] seen = {"shop/web -> shop/db tcp/5432", "shop/web -> 203.0.113.1 tcp/443"};
    Cluster before = cluster(pass);
    Suggestion first = Suggestion.of(Reachability.of(Plan.of(before)), seen(before, seen), options);
    assertThat(first.policies()).isNotEmpty();
    Cluster after = cluster(pass, PolicyText.of(first.policies()));
    Suggestion again = Suggestion.of(Reachability.of(Plan.of(after)), seen(after, seen), options);
    assertThat(again.policies()).isEmpty();
  }

  @Test
  void anAdminPolicyThatStopsWhatWasSeenIsTold() {
    Cluster cluster = cluster("""
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: no-web}
        spec:
          priority: 1
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}
          ingress: [{action: Deny, from: [{namespaces: {}}]}]
        """);
    Suggestion suggestion = Suggestion.of(
        Reachability.of(Plan.of(cluster)), seen(cluster, "shop/web -> shop/db tcp/5432"), PLAIN);
    SuggestionProof proof = SuggestionProof.of(
        suggestion, SuggestionPropertiesTest.read(suggestion), cluster, Options.DEFAULT);
    assertThat(proof.stopped()).hasSize(1);
    assertThat(proof.isWhole()).isFalse();
  }

  @Test
  void aLintOfWhatIsSuggestedFindsNoErrorAndNothingToWarnOf() {
    Cluster cluster = cluster();
    Suggestion suggestion = suggest(
        cluster,
        SuggestionOptions.DEFAULT,
        "shop/web -> shop/db tcp/5432",
        "shop/cart -> shop/db tcp/5432",
        "203.0.113.7 -> shop/web tcp/8080",
        "shop/cart -> kube-system/dns udp/53",
        "shop/web -> shop/cart tcp/7000");
    List<Policy> all = SuggestionPropertiesTest.read(suggestion);
    assertThat(Lint.of(Plan.of(cluster.withPolicies(all))))
        .filteredOn(finding -> finding.severity() != Severity.INFO)
        .extracting(Diagnostic::toString)
        .isEmpty();
  }

  @Test
  void pathsToDnsThatExistingPoliciesDecideAreLeftToThem() {
    Cluster cluster = cluster("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: none, namespace: shop}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
        """);
    Suggestion suggestion =
        suggest(cluster, SuggestionOptions.DEFAULT, "shop/web -> shop/db tcp/5432");
    assertThat(text(suggestion, "shop/web")).doesNotContain("DNS");
  }
}
