package dev.postern.suggestion;

import static dev.postern.suggestion.SuggestedShop.PLAIN;
import static dev.postern.suggestion.SuggestedShop.cluster;
import static dev.postern.suggestion.SuggestedShop.end;
import static dev.postern.suggestion.SuggestedShop.seen;
import static dev.postern.suggestion.SuggestedShop.suggest;
import static dev.postern.suggestion.SuggestedShop.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyKind;
import dev.postern.reach.Reachability;
import dev.postern.suggestion.SuggestionOptions.BlockBound;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SuggestionTest {

  @Test
  void aWorkloadIsIsolatedBothWaysAndAllowedWhatWasSeen() {
    Suggestion suggestion = suggest(cluster(), PLAIN, "shop/web -> shop/db tcp/5432");
    assertThat(suggestion.policies())
        .extracting(each -> each.policy().id())
        .containsExactly("shop/db", "shop/web");
    assertThat(text(suggestion, "shop/db")).isEqualTo("""
        # shop/db: 1 edge, 1 flow
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: db
          namespace: shop
        spec:
          podSelector:
            matchLabels:
              app: db
          policyTypes: [Ingress, Egress]
          ingress:
            # shop/web on tcp/5432: 1 flow
            - from:
                - podSelector:
                    matchLabels:
                      app: web
              ports:
                - protocol: TCP
                  port: sql
          # it was not seen to call anybody
          egress: []
        """);
  }

  @Test
  void aRuleSaysHowOftenAndWhenItsTrafficWasSeen() {
    Cluster cluster = cluster();
    Evidence early = new Evidence(
        2,
        Optional.of(Instant.parse("2026-11-20T09:00:01Z")),
        Optional.of(Instant.parse("2026-11-20T09:00:05Z")));
    Evidence late = new Evidence(
        3,
        Optional.of(Instant.parse("2026-11-20T08:00:00Z")),
        Optional.of(Instant.parse("2026-11-20T09:00:02Z")));
    List<SeenFlow> seen = Stream.of(early, late)
        .map(evidence -> new SeenFlow(
            end(cluster, "shop/web"), end(cluster, "shop/cart"), Protocol.TCP, 80, evidence))
        .toList();
    Suggestion suggestion = Suggestion.of(Reachability.of(Plan.of(cluster)), seen, PLAIN);
    assertThat(text(suggestion, "shop/cart"))
        .contains(
            "# shop/web on tcp/80: 5 flows, seen from 2026-11-20T08:00:00Z to 2026-11-20T09:00:05Z");
  }

  @Test
  void aServiceStandsForThePodsAndPortsBehindIt() {
    Suggestion suggestion = suggest(cluster(), PLAIN, "shop/web -> 10.96.0.9 tcp/15432");
    assertThat(text(suggestion, "shop/web")).contains("app: db").contains("port: sql");
    assertThat(text(suggestion, "shop/db")).contains("app: web");
  }

  @Test
  void peersInOtherNamespacesAreNamedByTheNamespacesName() {
    assertThat(text(suggest(cluster(), PLAIN, "kube-system/dns -> shop/db tcp/5432"), "shop/db"))
        .contains("        - namespaceSelector:\n            matchLabels:\n"
            + "              kubernetes.io/metadata.name: kube-system\n"
            + "          podSelector:\n            matchLabels:\n"
            + "              k8s-app: kube-dns\n");
  }

  @Test
  void whoeverCallsSomebodyMayAskTheClustersDns() {
    Suggestion suggestion =
        suggest(cluster(), SuggestionOptions.DEFAULT, "shop/web -> shop/db tcp/5432");
    assertThat(text(suggestion, "shop/web"))
        .contains("# names: the cluster's DNS, though it was not seen to ask")
        .contains("k8s-app: kube-dns")
        .contains("- protocol: UDP\n          port: 53")
        .contains("- protocol: TCP\n          port: 53");
    assertThat(text(suggestion, "shop/db")).doesNotContain("DNS");
  }

  @Test
  void aNameServerThatIsIsolatedAnswersAllPods() {
    Suggestion suggestion =
        suggest(cluster(), SuggestionOptions.DEFAULT, "shop/web -> kube-system/dns udp/53");
    assertThat(text(suggestion, "kube-system/dns"))
        .contains("# names: it is the cluster's DNS, which all pods may ask")
        .contains("# shop/web on udp/53: 1 flow")
        .contains("- namespaceSelector: {}");
  }

  @Test
  void portsThatFollowOneAnotherAreOneRange() {
    assertThat(text(
            suggest(
                cluster(),
                PLAIN,
                "shop/web -> shop/cart tcp/7001",
                "shop/web -> shop/cart tcp/7000",
                "shop/web -> shop/cart tcp/7002"),
            "shop/cart"))
        .contains("port: 7000\n          endPort: 7002");
  }

  @Test
  void peersWithTheSamePortsShareARule() {
    Suggestion suggestion = suggest(
        cluster(),
        PLAIN,
        "shop/web -> shop/db tcp/5432",
        "shop/cart -> shop/db tcp/5432",
        "kube-system/dns -> shop/db tcp/5432");
    assertThat(suggestion.policies().stream()
            .filter(each -> each.policy().id().equals("shop/db"))
            .flatMap(each -> each.rules(Direction.INGRESS).stream()))
        .hasSize(1);
  }

  @Test
  void rulesAreAsGeneralAsIsAskedFor() {
    assertThat(text(
            suggest(
                cluster(), PLAIN.withPeers(Generality.NAMESPACE), "shop/web -> shop/db tcp/5432"),
            "shop/db"))
        .contains("- podSelector: {}");
    assertThat(text(
            suggest(cluster(), PLAIN.withPeers(Generality.CLUSTER), "shop/web -> shop/db tcp/5432"),
            "shop/db"))
        .contains("- namespaceSelector: {}");
    assertThat(text(
            suggest(
                cluster(),
                PLAIN.withSubjects(Generality.NAMESPACE),
                "shop/web -> shop/db tcp/5432"),
            "shop/shop"))
        .contains("podSelector: {}\n  policyTypes");
  }

  @Test
  void egressIsLeftAloneWhereOnlyIngressIsAskedFor() {
    Suggestion suggestion = suggest(
        cluster(),
        PLAIN.withDirections(EnumSet.of(Direction.INGRESS)),
        "shop/web -> shop/db tcp/5432");
    assertThat(text(suggestion, "shop/db"))
        .contains("policyTypes: [Ingress]\n")
        .doesNotContain("egress");
  }

  @Test
  void addressesOutsideAreThemselvesUnlessABoundIsGiven() {
    Cluster cluster = cluster();
    String[] flows = {
      "shop/web -> 203.0.113.7 tcp/443",
      "shop/web -> 203.0.113.9 tcp/443",
      "shop/web -> 198.51.100.1 tcp/443"
    };
    assertThat(text(suggest(cluster, PLAIN, flows), "shop/web"))
        .contains("203.0.113.7/32", "203.0.113.9/32", "198.51.100.1/32")
        .contains("# 3 addresses outside on tcp/443: 3 flows")
        .doesNotContain("admits");
    assertThat(text(
            suggest(cluster, PLAIN.withBlocks(new BlockBound(OptionalInt.of(2), Map.of())), flows),
            "shop/web"))
        .contains("203.0.113.0/28", "198.51.100.1/32")
        .contains("# 203.0.113.0/28 admits 14 addresses that were not seen, beside 2 that were");
    assertThat(text(
            suggest(
                cluster,
                PLAIN.withBlocks(new BlockBound(OptionalInt.empty(), Map.of(Family.IPV4, 24))),
                flows),
            "shop/web"))
        .contains("203.0.113.0/24", "198.51.100.0/24");
  }

  @Test
  void aWideBlockLeavesOutWhatIsInsideTheCluster() {
    Suggestion suggestion = suggest(
        cluster(),
        PLAIN.withBlocks(new BlockBound(OptionalInt.of(1), Map.of())),
        "shop/web -> 1.1.1.1 tcp/443",
        "shop/web -> 203.0.113.9 tcp/443");
    assertThat(text(suggestion, "shop/web"))
        .contains("cidr: \"0.0.0.0/0\"")
        .contains("- \"10.0.0.0/8\"")
        .contains("- \"192.0.0.0/16\"");
  }

  @Test
  void workloadsThatOnlyPassingLabelsTellApartAreOneSubject() {
    Suggestion suggestion = suggest(
        cluster("""
            apiVersion: v1
            kind: Pod
            metadata: {name: db-2, namespace: shop, labels: {app: db, pod-template-hash: other}}
            spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
            """), PLAIN, "shop/web -> shop/db tcp/5432", "shop/cart -> shop/db-2 tcp/5432");
    assertThat(suggestion.policies())
        .extracting(each -> each.policy().name())
        .containsExactly("cart", "db", "web");
    assertThat(text(suggestion, "shop/db")).contains("app: web").contains("app: cart");
  }

  @Test
  void aSelectorThatCannotLeaveOthersOutSaysWhom() {
    Suggestion suggestion = suggest(cluster("""
            apiVersion: v1
            kind: Pod
            metadata: {name: standby, namespace: shop, labels: {app: db, role: standby}}
            spec: {containers: [{name: c, image: i}]}
            """), PLAIN, "shop/web -> shop/db tcp/5432");
    assertThat(text(suggestion, "shop/db"))
        .contains("# its labels select as well: shop/standby")
        .contains("port: 5432");
    assertThat(text(suggestion, "shop/web")).contains("# its labels admit as well: shop/standby");
  }

  @Test
  void twoLabelsTellApartWhatOneDoesNot() {
    Suggestion suggestion = suggest(cluster("""
            apiVersion: v1
            kind: Pod
            metadata: {name: other, namespace: shop, labels: {app: web, tier: back}}
            spec: {containers: [{name: c, image: i}]}
            """), PLAIN, "shop/web -> shop/db tcp/5432");
    assertThat(text(suggestion, "shop/web"))
        .contains("    matchLabels:\n      app: web\n      tier: front\n");
  }

  @Test
  void whatNoPolicyCanNameIsCountedByWhy() {
    Cluster cluster = cluster("""
        apiVersion: v1
        kind: Pod
        metadata: {name: bare, namespace: shop}
        spec: {containers: [{name: c, image: i}]}
        """);
    Suggestion suggestion = suggest(
        cluster,
        PLAIN,
        "192.0.2.1 -> shop/db tcp/5432",
        "shop/web -> kube-system/agent tcp/80",
        "shop/web -> 10.96.0.9 tcp/1",
        "1.1.1.1 -> 2.2.2.2 tcp/1",
        "shop/web -> shop/db other",
        "shop/bare -> shop/db tcp/5432",
        "shop/bare -> shop/db tcp/5433");
    assertThat(suggestion.policies()).isEmpty();
    assertThat(suggestion.unresolved())
        .extractingFromEntries(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            Unresolved.NODE,
            Unresolved.HOST_NETWORK,
            Unresolved.NO_BACKEND,
            Unresolved.BOTH_OUTSIDE,
            Unresolved.NO_PORTS,
            Unresolved.UNLABELLED);
    assertThat(suggestion.unresolved().get(Unresolved.UNLABELLED).flows()).isEqualTo(2);
    assertThat(suggestion.unseen()).contains("shop/web", "shop/db");
  }

  @Test
  void whatAPodExchangesWithItsOwnNodeNeedsNoPolicy() {
    Suggestion suggestion = suggest(cluster(), PLAIN, "192.0.2.2 -> shop/db tcp/5432");
    assertThat(suggestion.exempt()).isEqualTo(1);
    assertThat(suggestion.unresolved()).isEmpty();
  }

  @Test
  void aClusterNetworkPolicyAcceptsWhatWasSeenAndDeniesTheRest() {
    Cluster cluster = cluster();
    Suggestion suggestion = suggest(
        cluster,
        PLAIN.withKind(PolicyKind.CLUSTER_NETWORK_POLICY),
        "shop/web -> shop/db tcp/5432",
        "203.0.113.7 -> shop/db tcp/5432");
    assertThat(suggestion.policies())
        .extracting(each -> each.policy().id())
        .containsExactly("shop-db", "shop-web");
    assertThat(text(suggestion, "shop-db"))
        .contains("  tier: Baseline\n  priority: 500\n")
        .contains("        - destinationNamedPort: sql\n")
        .contains("addresses that call pass")
        .contains("- action: Deny\n      from:\n        - namespaces: {}\n")
        .doesNotContain("203.0.113.7");
  }

  @Test
  void nothingIsSuggestedForWhatGoesBetweenTwoFamilies() {
    Suggestion suggestion = suggest(
        cluster(), PLAIN, "shop/web -> 2001:db8::1 tcp/443", "2001:db8::1 -> 10.96.0.9 tcp/15432");
    assertThat(suggestion.unresolved().get(Unresolved.TWO_FAMILIES).flows()).isEqualTo(2);
    assertThat(suggestion.policies()).isEmpty();
  }

  @Test
  void onlyWhoIsAskedForGetsPoliciesAndIsCounted() {
    Cluster cluster = cluster();
    Suggestion suggestion = Suggestion.of(
        Reachability.of(Plan.of(cluster)),
        seen(
            cluster,
            "shop/web -> shop/db tcp/5432",
            "192.0.2.1 -> kube-system/dns udp/53",
            "192.0.2.1 -> shop/db tcp/1"),
        PLAIN,
        workload -> workload.id().equals("shop/db"));
    assertThat(suggestion.policies())
        .extracting(each -> each.policy().id())
        .containsExactly("shop/db");
    assertThat(suggestion.unresolved().get(Unresolved.NODE).flows()).isEqualTo(1);
    assertThat(suggestion.unseen()).isEmpty();
  }
}
