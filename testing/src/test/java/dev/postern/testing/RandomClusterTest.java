package dev.postern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import dev.postern.selector.Requirement;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomClusterTest {

  private static final Profile ALL = Profile.EVERYTHING.with(ClusterFeature.UNWRITABLE);

  @Test
  void equalSeedsGiveEqualClustersAndOthersDiffer() {
    assertThat(RandomCluster.of(7, ALL)).isEqualTo(RandomCluster.of(7, ALL));
    assertThat(clusters(ALL).distinct().count()).isGreaterThan(490);
  }

  @Test
  void everyKindOfPolicyComes() {
    for (PolicyKind kind : EnumSet.complementOf(EnumSet.of(PolicyKind.UNDETERMINED))) {
      assertThat(clusters(ALL))
          .anyMatch(cluster -> cluster.policies().stream().anyMatch(p -> p.kind() == kind));
    }
  }

  @Test
  void thereIsAtMostOneBaselineAdminNetworkPolicyAndNamesAreUnique() {
    assertThat(clusters(ALL)).allSatisfy(cluster -> {
      assertThat(cluster.policies().stream()
              .filter(p -> p.kind() == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY))
          .hasSizeLessThan(2);
      assertThat(cluster.policies().stream().map(Policy::toString)).doesNotHaveDuplicates();
      assertThat(cluster.workloads().stream().map(Workload::id)).doesNotHaveDuplicates();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFeatureComesWhereTheProfileHasItAndNeverElse(ClusterFeature feature) {
    assertThat(clusters(ALL)).as("with").anyMatch(shows(feature));
    assertThat(clusters(ALL.without(feature))).as("without").noneMatch(shows(feature));
  }

  @Test
  void aSingleFamilyHoldsNoAddressOfTheOther() {
    for (Family family : Family.values()) {
      assertThat(clusters(ALL.only(family)).flatMap(RandomClusterTest::addresses))
          .isNotEmpty()
          .allMatch(a -> a.family() == family);
    }
  }

  @Test
  void podsThatAreNotOnTheirNodesNetworkHaveAddressesOfTheirOwn() {
    assertThat(clusters(ALL)).allSatisfy(cluster -> {
      List<Address> own = cluster.workloads().stream()
          .filter(workload -> !workload.hostNetwork())
          .flatMap(workload -> workload.pods().stream())
          .flatMap(pod -> pod.addresses().stream())
          .toList();
      assertThat(own).doesNotHaveDuplicates();
    });
  }

  @Test
  void exceptsAreStrictSubsetsAsTheApiDemands() {
    assertThat(clusters(ALL)
            .flatMap(RandomClusterTest::peers)
            .filter(Peer.IpBlock.class::isInstance)
            .map(Peer.IpBlock.class::cast))
        .anyMatch(block -> block.except().size() > 1)
        .allSatisfy(block -> assertThat(block.except())
            .allMatch(e -> block.cidr().contains(e) && e.prefix() > block.cidr().prefix()));
  }

  @Test
  void selectorsUseAllOperatorsSeveralRequirementsAndContradictions() {
    Set<Requirement.Operator> operators = new HashSet<>();
    Set<Boolean> contradictory = new HashSet<>();
    clusters(ALL)
        .flatMap(c -> c.policies().stream())
        .map(p -> p.subject().pods())
        .forEach(selector -> {
          selector.requirements().forEach(requirement -> operators.add(requirement.operator()));
          long keys =
              selector.requirements().stream().map(Requirement::key).distinct().count();
          contradictory.add(keys < selector.requirements().size());
        });
    assertThat(operators).containsExactlyInAnyOrder(Requirement.Operator.values());
    assertThat(contradictory).contains(true);
  }

  @Test
  void aSelectorMatchesSomePodsAndNotOthersMoreOftenThanNot() {
    List<Cluster> some =
        clusters(Profile.NETWORK_POLICY).filter(c -> c.policies().size() > 2).toList();
    long telling = some.stream()
        .filter(cluster -> cluster.policies().stream().anyMatch(policy -> {
          long matched = cluster.workloads().stream()
              .filter(w -> policy.subject().pods().matches(w.labels()))
              .count();
          return matched > 0 && matched < cluster.workloads().size();
        }))
        .count();
    assertThat(telling).isGreaterThan(some.size() * 3L / 4);
  }

  @Property(tries = 200)
  void jqwikGivesClustersWithoutBeingTold(@ForAll Cluster cluster) {
    assertThat(cluster.workloads()).hasSizeLessThanOrEqualTo(Profile.SMALL.workloads());
    assertThat(cluster.policies()).hasSizeLessThanOrEqualTo(Profile.SMALL.policies());
  }

  private static Stream<Cluster> clusters(Profile profile) {
    return LongStream.range(0, 500).mapToObj(seed -> RandomCluster.of(seed, profile));
  }

  private static Predicate<Cluster> shows(ClusterFeature feature) {
    return switch (feature) {
      case NODES ->
        cluster ->
            !cluster.nodes().isEmpty() || peers(cluster).anyMatch(Peer.Nodes.class::isInstance);
      case HOST_NETWORK -> cluster -> cluster.workloads().stream().anyMatch(Workload::hostNetwork);
      case MISSING_ADDRESSES ->
        cluster -> cluster.workloads().stream()
            .anyMatch(w -> w.pods().isEmpty()
                || w.pods().stream().anyMatch(pod -> pod.addresses().size() < 2));
      case UNDECLARED_NAMESPACES ->
        cluster -> cluster.namespaces().values().stream().anyMatch(n -> !n.declared());
      case SERVICES ->
        cluster -> !cluster.services().isEmpty() || !cluster.entrances().isEmpty();
      case SCTP ->
        cluster -> cluster.workloads().stream()
                .flatMap(w -> w.ports().stream())
                .map(ContainerPort::protocol)
                .anyMatch(Protocol.SCTP::equals)
            || matches(cluster)
                .anyMatch(m -> m instanceof Ports.Numbered n && n.protocol() == Protocol.SCTP);
      case NAMED_PORTS -> cluster -> matches(cluster).anyMatch(Ports.Named.class::isInstance);
      case PORT_RANGES ->
        cluster -> matches(cluster)
            .anyMatch(m -> m instanceof Ports.Numbered n && n.ports().size() > 1);
      case IP_BLOCKS -> cluster -> peers(cluster).anyMatch(Peer.IpBlock.class::isInstance);
      case EXCEPTS ->
        cluster -> peers(cluster)
            .anyMatch(
                peer -> peer instanceof Peer.IpBlock block && !block.except().isEmpty());
      case NETWORKS -> cluster -> peers(cluster).anyMatch(Peer.Networks.class::isInstance);
      case DOMAIN_NAMES -> cluster -> peers(cluster).anyMatch(Peer.DomainNames.class::isInstance);
      case UNKNOWN_PEERS -> cluster -> peers(cluster).anyMatch(Peer.Unknown.class::isInstance);
      case PASS -> cluster -> rules(cluster).anyMatch(rule -> rule.action() == Action.PASS);
      case CONFLICTING_PRIORITIES ->
        cluster -> Stream.of(Tier.ADMIN, Tier.BASELINE).anyMatch(tier -> {
          List<Integer> priorities = cluster.policies().stream()
              .filter(p -> p.tier() == tier)
              .map(Policy::priority)
              .toList();
          return new HashSet<>(priorities).size() < priorities.size();
        });
      case UNWRITABLE ->
        cluster -> rules(cluster)
            .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf p && p.peers().isEmpty()
                || rule.ports() instanceof Ports.AnyOf t && t.matches().isEmpty());
    };
  }

  private static Stream<PolicyRule> rules(Cluster cluster) {
    return cluster.policies().stream()
        .flatMap(policy -> Stream.concat(policy.ingress().stream(), policy.egress().stream()));
  }

  private static Stream<Peer> peers(Cluster cluster) {
    return rules(cluster)
        .flatMap(rule ->
            rule.peers() instanceof Peers.AnyOf some ? some.peers().stream() : Stream.empty());
  }

  private static Stream<Ports.PortMatch> matches(Cluster cluster) {
    return rules(cluster)
        .flatMap(rule ->
            rule.ports() instanceof Ports.AnyOf some ? some.matches().stream() : Stream.empty());
  }

  private static Stream<Address> addresses(Cluster cluster) {
    Stream<Address> held = Stream.concat(
        cluster.workloads().stream()
            .flatMap(w -> w.pods().stream())
            .flatMap(pod -> pod.addresses().stream()),
        cluster.nodes().stream().flatMap(node -> node.addresses().stream()));
    return Stream.concat(
        held,
        peers(cluster)
            .flatMap(peer -> peer instanceof Peer.IpBlock block
                ? Stream.of(block.cidr().network())
                : peer instanceof Peer.Networks networks
                    ? networks.cidrs().stream().map(c -> c.network())
                    : Stream.empty()));
  }
}
