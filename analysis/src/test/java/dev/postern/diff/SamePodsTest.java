package dev.postern.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod is the same by its name, and a workload by its own, whatever addresses and replicas it has. */
class SamePodsTest {

  static final String OTHER = pod("w1", "10.0.0.1", "");

  static String pod(String name, String addresses, String more) {
    List<String> all = Stream.of(addresses.split(" "))
        .filter(each -> !each.isEmpty())
        .map(each -> "{ip: \"" + each + "\"}")
        .toList();
    return """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: n0, labels: {app: %s}%s}
        spec: {%scontainers: [{name: c, image: i}]}
        status: {podIPs: %s}
        """.formatted(
            name,
            name.replaceFirst("-.*", ""),
            name.contains("-")
                ? ", ownerReferences: [{apiVersion: apps/v1, kind: "
                    + (name.matches("[a-z]+-[0-9]+") ? "StatefulSet" : "Deployment")
                    + ", name: " + name.replaceFirst("-.*", "")
                    + ", uid: u, controller: true}]"
                : "",
            more,
            all);
  }

  static String policy(String peer) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: n0}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{%s}]}], egress: [{to: [{podSelector: {}}]}]}
        """.formatted(peer);
  }

  private static final String BY_LABELS = policy("podSelector: {}");

  private static Cluster cluster(String text) {
    return Manifests.read(Source.text("cluster.yaml", text)).cluster();
  }

  static Difference difference(String before, String after) {
    return Difference.between(cluster(before), cluster(after), Options.DEFAULT);
  }

  static List<String> rows(Difference difference) {
    List<String> rows = new ArrayList<>();
    difference.opened().forEach(row -> rows.add("+ " + row));
    difference.closed().forEach(row -> rows.add("- " + row));
    return rows;
  }

  @Test
  void aPodWithAnotherAddressIsTheSame() {
    for (String policies : List.of("", BY_LABELS)) {
      Difference difference = difference(
          OTHER + pod("w5", "10.0.0.5", "") + policies,
          OTHER + pod("w5", "10.0.1.5", "nodeName: b, ") + policies);
      assertThat(rows(difference)).isEmpty();
      assertThat(difference.isEmpty()).isTrue();
      assertThat(difference.notes()).isEmpty();
    }
  }

  @Test
  void whereRulesTellItsAddressesApartTheRowsHaveItsNameAndANoteSaysWhy() {
    String block = policy("ipBlock: {cidr: 10.0.0.0/24}");
    Difference difference = difference(
        OTHER + pod("w5", "10.0.0.5", "") + block, OTHER + pod("w5", "10.0.1.5", "") + block);
    assertThat(rows(difference)).containsExactly("- n0/w5 -> n0/w1 on all traffic");
    assertThat(difference.notes())
        .containsExactly(
            "ipBlocks match pods by address, and pods of the rows have another one now: n0/w5 (10.0.0.5, now 10.0.1.5)");
    assertThat(rows(Difference.between(
            cluster(OTHER + pod("w5", "10.0.0.5", "") + block),
            cluster(OTHER + pod("w5", "10.0.1.5", "") + block),
            Options.DEFAULT.withIpBlockMatchesPods(false))))
        .isEmpty();
  }

  @Test
  void aPodWithOtherLabelsAndAnotherAddressHasTheRowsOfItsLabels() {
    String policy = BY_LABELS.replace(
        "podSelector: {}, policyTypes", "podSelector: {matchLabels: {app: w5}}, policyTypes");
    assertThat(rows(difference(
            OTHER + pod("w5", "10.0.0.5", "") + policy,
            OTHER + pod("w5", "10.0.1.5", "").replace("app: w5", "app: b") + policy)))
        .containsExactlyInAnyOrder(
            "+ 0.0.0.0/0 -> n0/w5 on all traffic", "+ n0/w5 -> 0.0.0.0/0 on all traffic");
  }

  /** A rollout, more and fewer replicas, a pod that waits for its address, another owner. */
  @ParameterizedTest
  @CsvSource({
    "web-1a-x 10.0.0.2, web-1b-y 10.0.0.3",
    "web-1a-x 10.0.0.2 | web-1a-y 10.0.0.3, web-1b-a 10.0.0.4 | web-1b-b 10.0.0.2 | web-1b-c 10.0.0.3",
    "web-1a-x 10.0.0.2 | web-1a-y 10.0.0.3 | web-1a-z 10.0.0.4, web-1a-y 10.0.0.3",
    "web-1a-x 10.0.0.2, web-1a-x 10.0.0.2 | web-1a-y 10.0.0.3",
    "db-0 10.0.0.2 | db-1 10.0.0.3, db-0 10.0.1.2 | db-1 10.0.0.2",
    "web-1a-x, web-1a-x 10.0.0.2",
    "web-1a-x 10.0.0.2, web-1a-y",
    "web-1a-x | web-1a-y, web-1b-x 10.0.0.2 | web-1b-y 10.0.0.3 | web-1b-z",
    "db-0 10.0.0.2, db 10.0.0.3",
    "w5 10.0.0.2 fd00::2, w5 fd00::3 10.0.0.3"
  })
  void otherReplicasOfAWorkloadAreNoDifference(String before, String after) {
    for (String policies : List.of("", BY_LABELS, policy("ipBlock: {cidr: 10.0.0.0/8}"))) {
      // Whether a block matches a pod whose address is not known is not known.
      if (policies.contains("ipBlock") && !(areAddressed(before) && areAddressed(after))) {
        continue;
      }
      assertThat(rows(difference(OTHER + pods(before) + policies, OTHER + pods(after) + policies)))
          .as(policies)
          .isEmpty();
    }
  }

  private static boolean areAddressed(String pods) {
    return Stream.of(pods.split(" \\| ")).allMatch(pod -> pod.contains(" "));
  }

  static String pods(String words) {
    StringBuilder pods = new StringBuilder();
    for (String each : words.split(" \\| ")) {
      String[] parts = (each + " ").split(" ", 2);
      pods.append(pod(parts[0], parts[1].strip(), ""));
    }
    return pods.toString();
  }

  @Test
  void aTemplateAndThePodsOfItAreTheSame() {
    String template = """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: n0}
        spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
        """;
    String pods = template + pods("web-1a-x 10.0.0.2 | web-1a-y 10.0.0.3");
    for (String policies : List.of("", BY_LABELS)) {
      assertThat(rows(difference(template + OTHER + policies, pods + OTHER + policies)))
          .isEmpty();
      assertThat(rows(difference(pods + OTHER + policies, template + OTHER + policies)))
          .isEmpty();
    }
  }

  @Test
  void aReplicaThatABlockMatchesAndItsSiblingsAreToldApart() {
    String block = policy("ipBlock: {cidr: 10.0.1.0/24}");
    String one = OTHER + block + pods("web-1a-x 10.0.0.2");
    String more = one + pods("web-1a-y 10.0.1.2");
    assertThat(rows(difference(one, more)))
        .containsExactlyInAnyOrder(
            "+ 10.0.1.0/24 -> n0/web[web-1a-y] on all traffic",
            "+ n0/web[web-1a-y] -> n0/w1, n0/web[web-1a-x] on all traffic");
    assertThat(rows(difference(more, one)))
        .containsExactlyInAnyOrder(
            "- 10.0.1.0/24 -> n0/web[web-1a-y] on all traffic",
            "- n0/web[web-1a-y] -> n0/w1, n0/web[web-1a-x] on all traffic");
  }

  @Test
  void aSecondFamilyIsTrafficOfThatFamilyOfThePodItself() {
    String both = OTHER.replace("[{", "[{ip: \"fd00::1\"}, {");
    Difference difference = difference(
        both + BY_LABELS + pod("w5", "10.0.0.5", ""),
        both + BY_LABELS + pod("w5", "10.0.0.5 fd00::5", ""));
    assertThat(rows(difference))
        .containsExactly("+ n0/w1 -> n0/w5 on all traffic", "+ n0/w5 -> n0/w1 on all traffic");
    assertThat(difference.opened())
        .allSatisfy(row -> assertThat(row.families()).containsExactly(Family.IPV6));
  }

  @Test
  void theHostNetworkMakesADifferenceUnderThePodsName() {
    String node = "nodeName: a, hostNetwork: true, ";
    Difference difference = difference(
        OTHER + BY_LABELS + pod("w5", "10.0.0.5", ""),
        OTHER + BY_LABELS + pod("w5", "192.168.0.1", node));
    assertThat(rows(difference))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).doesNotContain("["));
    assertThat(difference.opened())
        .extracting(Difference.DifferenceRow::toString)
        .doesNotContainAnyElementsOf(
            difference.closed().stream().map(Difference.DifferenceRow::toString).toList());
  }

  /** Without rules that look at addresses, these say nothing of what passes. */
  @Property(tries = 200)
  void otherAddressesOfPodsAreNoDifference(
      @ForAll("certain") Cluster random, @ForAll Random numbers) {
    // Services know pods by their addresses.
    Cluster cluster = new Cluster(
        random.namespaces(),
        random.workloads(),
        List.of(),
        random.nodes(),
        List.of(),
        random.policies().stream().filter(policy -> !looksAtAddresses(policy)).toList());
    Cluster renewed = renewed(cluster, numbers);
    assertThat(rows(Difference.between(cluster, renewed, Options.DEFAULT))).isEmpty();
    assertThat(rows(Difference.between(
            Plan.of(cluster, Options.DEFAULT), Plan.of(renewed, Options.DEFAULT))))
        .isEmpty();
  }

  @Provide
  Arbitrary<Cluster> certain() {
    return Clusters.of(Profile.EVERYTHING);
  }

  private static boolean looksAtAddresses(Policy policy) {
    return Stream.concat(policy.ingress().stream(), policy.egress().stream())
        .map(PolicyRule::peers)
        .anyMatch(peers -> peers instanceof Peers.AnyOf any
            && any.peers().stream()
                .anyMatch(peer -> peer instanceof Peer.IpBlock || peer instanceof Peer.Networks));
  }

  /** The addresses of pods shuffled, and some of them new. */
  private static Cluster renewed(Cluster cluster, Random random) {
    List<Address> all = new ArrayList<>();
    cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .forEach(pod -> all.addAll(pod.addresses()));
    List<Address> others = new ArrayList<>(all);
    Collections.shuffle(others, random);
    for (int i = 0; i < others.size(); i++) {
      if (random.nextInt(3) == 0) {
        others.set(
            i,
            Address.parse(others.get(i).family() == Family.IPV4 ? "172.31.9." + i : "fd77::" + i));
      }
    }
    return cluster.withWorkloads(cluster.workloads().stream()
        .map(workload -> workload.hostNetwork() ? workload : renewed(workload, others))
        .toList());
  }

  private static Workload renewed(Workload workload, List<Address> others) {
    List<Pod> pods = workload.pods().stream()
        .map(pod -> new Pod(
            pod.name(),
            pod.node(),
            pod.addresses().stream()
                .map(address -> next(others, address.family()))
                .toList(),
            pod.hostname(),
            pod.origin()))
        .toList();
    return new Workload(
        workload.namespace(),
        workload.name(),
        workload.kind(),
        workload.labels(),
        workload.ports(),
        workload.hostNetwork(),
        pods,
        workload.origin());
  }

  private static Address next(List<Address> others, Family family) {
    Optional<Address> next =
        others.stream().filter(each -> each.family() == family).findFirst();
    others.remove(next.orElseThrow());
    return next.orElseThrow();
  }
}
