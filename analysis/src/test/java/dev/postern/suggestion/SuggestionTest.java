package dev.postern.suggestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.Lint;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.reach.Reachability;
import dev.postern.suggestion.SuggestionOptions.BlockBound;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SuggestionTest {

  private static final String SHOP = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: kube-system}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
      spec: {nodeName: n1, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cart, namespace: shop, labels: {app: cart, tier: front}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db, pod-template-hash: abc}}
      spec: {nodeName: n2, containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
      status: {podIP: 10.0.0.3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.53}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: kube-system, labels: {app: agent}}
      spec: {hostNetwork: true, nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 192.0.2.2}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec:
        clusterIP: 10.96.0.9
        selector: {app: db}
        ports: [{port: 15432, targetPort: sql}]
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}
      """;

  private static final SuggestionOptions PLAIN = SuggestionOptions.DEFAULT.withDns(false);

  private static Cluster cluster(String... more) {
    return Manifests.read(Source.text(
            "shop.yaml",
            SHOP + Stream.of(more).map(each -> "---\n" + each).reduce("", String::concat)))
        .cluster();
  }

  private static End end(Cluster cluster, String name) {
    if (Character.isDigit(name.charAt(0))) {
      return new End.Outside(Address.parse(name));
    }
    Workload workload = cluster.workloads().stream()
        .filter(each -> each.id().equals(name))
        .findFirst()
        .orElseThrow();
    return SeenTraffic.ends(workload).get(0);
  }

  /** {@code shop/web -> shop/db tcp/5432}. */
  private static List<SeenFlow> seen(Cluster cluster, String... flows) {
    List<SeenFlow> seen = new ArrayList<>();
    for (String flow : flows) {
      String[] words = flow.split(" ");
      String[] traffic = words[3].split("/");
      seen.add(new SeenFlow(
          end(cluster, words[0]),
          end(cluster, words[2]),
          Protocol.valueOf(traffic[0].toUpperCase(Locale.ROOT)),
          traffic.length > 1 ? Integer.parseInt(traffic[1]) : 0,
          Evidence.of(1)));
    }
    return seen;
  }

  private static Suggestion suggest(Cluster cluster, SuggestionOptions options, String... flows) {
    Reachability today = Reachability.of(Plan.of(cluster));
    Suggestion suggestion = Suggestion.of(today, seen(cluster, flows), options);
    assertThat(SuggestionProof.of(
                suggestion, SuggestionPropertiesTest.read(suggestion), cluster, Options.DEFAULT)
            .isWhole())
        .isTrue();
    return suggestion;
  }

  private static String text(Suggestion suggestion, String policy) {
    return suggestion.policies().stream()
        .filter(each -> each.policy().id().equals(policy))
        .map(PolicyText::of)
        .findFirst()
        .orElseThrow();
  }

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
