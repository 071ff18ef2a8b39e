package dev.postern.testing.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ShapeTest {

  @ParameterizedTest
  @CsvSource({
    "W1_TENANT_TEMPLATE,  1403,   5006, 14000",
    "W2_SMALL_NAMESPACES, 25000, 100000, 75000",
    "W2_LARGE_NAMESPACES, 100,   100000, 10000",
    "W2_ONE_NAMESPACE,    1,     10000, 10000",
    "W3_MICROSERVICES,    1000,  100000, 10000",
    "W4_CIDR_EGRESS,      500,   10000,  5000",
    "W5_UNIQUE,           100,   10000,  1000",
    "W6_ADMIN_TIERS,      500,   10000,  5101",
    "W7_OVERLAPPING,      1,     10000,  64",
  })
  void atScaleOneAShapeHasItsPublishedSize(Shape shape, int namespaces, int pods, int policies) {
    Cluster cluster = shape.cluster(1, 1);
    assertThat(cluster.namespaces()).hasSize(namespaces);
    assertThat(cluster.workloads().stream()
            .mapToInt(workload -> workload.pods().size())
            .sum())
        .isEqualTo(pods);
    assertThat(cluster.policies()).hasSize(policies);
  }

  @ParameterizedTest
  @EnumSource
  void aShapeIsTheSameForTheSameSeedAndSmallerForASmallerScale(Shape shape) {
    Cluster cluster = shape.cluster(3, 0.02);
    assertThat(cluster).isEqualTo(shape.cluster(3, 0.02));
    assertThat(cluster.policies())
        .hasSizeLessThan(shape.cluster(3, 0.1).policies().size());
    assertThat(cluster.workloads().stream().map(Workload::id)).doesNotHaveDuplicates();
    assertThat(cluster.policies().stream().map(Policy::toString)).doesNotHaveDuplicates();
  }

  @Test
  void aboutAQuarterOfTheTenantsPoliciesSelectNoPod() {
    Cluster cluster = Shape.W1_TENANT_TEMPLATE.cluster(1, 0.1);
    long idle = cluster.policies().stream()
        .filter(policy -> cluster.workloads().stream()
            .noneMatch(workload -> workload.namespace().equals(policy.namespace())
                && policy.subject().pods().matches(workload.labels())))
        .count();
    assertThat(100.0 * idle / cluster.policies().size()).isBetween(24.0, 28.0);
  }

  @Test
  void podsOfMicroservicesHaveEightToFifteenLabelsOfWhichFiveAreTheirOwn() {
    Cluster cluster = Shape.W3_MICROSERVICES.cluster(1, 0.01);
    assertThat(cluster.workloads())
        .allMatch(workload -> workload.labels().size() >= 8 && workload.labels().size() <= 15);
    assertThat(cluster.workloads().stream().map(Workload::labels)).doesNotHaveDuplicates();
  }

  @Test
  void aTwentiethOfTheMicroservicesPeersLooksIntoOtherNamespaces() {
    List<Peer> peers = peers(Shape.W3_MICROSERVICES.cluster(1, 0.2)).toList();
    long wide = peers.stream()
        .filter(peer -> peer instanceof Peer.Pods pods
            && pods.namespaces() instanceof NamespaceSelection.Matching)
        .count();
    assertThat(100.0 * wide / peers.size()).isBetween(4.0, 6.0);
  }

  @Test
  void networksHaveExceptsSomeListsAreLongAndBothFamiliesCome() {
    Cluster cluster = Shape.W4_CIDR_EGRESS.cluster(1, 1);
    assertThat(rules(cluster)
            .mapToInt(rule -> ((Peers.AnyOf) rule.peers()).peers().size())
            .max())
        .hasValue(2000);
    assertThat(peers(cluster)
            .map(peer -> (Peer.IpBlock) peer)
            .map(block -> block.cidr().family())
            .distinct())
        .hasSize(2);
    assertThat(peers(cluster)
            .map(peer -> (Peer.IpBlock) peer)
            .filter(block -> !block.except().isEmpty()))
        .allMatch(block -> block.except().stream()
            .allMatch(e -> block.cidr().contains(e) && e.prefix() > block.cidr().prefix()));
  }

  @Test
  void nothingInTheUniqueShapeComesTwice() {
    Cluster cluster = Shape.W5_UNIQUE.cluster(1, 0.5);
    List<Selector> selectors = new ArrayList<>(
        cluster.policies().stream().map(policy -> policy.subject().pods()).toList());
    peers(cluster).forEach(peer -> selectors.add(((Peer.Pods) peer).pods()));
    assertThat(new HashSet<>(selectors)).hasSameSizeAs(selectors);
    List<Ports> ports = rules(cluster).map(PolicyRule::ports).toList();
    assertThat(new HashSet<>(ports)).hasSameSizeAs(ports);
  }

  @Test
  void aTenthOfTheAdminPoliciesShareTheirPriority() {
    Cluster cluster = Shape.W6_ADMIN_TIERS.cluster(1, 1);
    Map<Integer, Integer> priorities = new HashMap<>();
    cluster.policies().stream()
        .filter(p -> p.tier() == Tier.ADMIN)
        .forEach(p -> priorities.merge(p.priority(), 1, Integer::sum));
    assertThat(priorities.values().stream().filter(count -> count == 2)).hasSize(10);
    assertThat(cluster.policies().stream().filter(p -> p.tier() == Tier.ADMIN))
        .allMatch(policy -> policy.ingress().size() + policy.egress().size() == 25);
    assertThat(cluster.policies().stream()
            .filter(p -> p.kind() == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY))
        .hasSize(1);
  }

  @Test
  void overlappingSelectorsLeaveNoTwoPodsAlike() {
    Cluster cluster = Shape.W7_OVERLAPPING.cluster(1, 1);
    assertThat(cluster.workloads().stream().map(Workload::labels)).doesNotHaveDuplicates();
  }

  private static Stream<PolicyRule> rules(Cluster cluster) {
    return cluster.policies().stream()
        .flatMap(policy -> Stream.concat(policy.ingress().stream(), policy.egress().stream()));
  }

  private static Stream<Peer> peers(Cluster cluster) {
    return rules(cluster).flatMap(rule -> ((Peers.AnyOf) rule.peers()).peers().stream());
  }
}
