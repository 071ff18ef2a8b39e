package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What is known of a packet in part only: marks that something unseen may set, interfaces that nothing binds to an address, and nodes whose
 * addresses no rule tells apart. Two pods, on a node each; nothing may be sent out of `a`.
 */
class UnknownPartsTest {

  private static final String KNOWN = """
      stage forward forward accept
      chain forward
        state established,related accept
        src 10.0.0.1 dst 10.0.0.1,192.168.0.1 accept
      """;

  private static Workload workload(String name, String node, String address) {
    Pod pod = new Pod(name, Optional.of(node), List.of(Address.parse(address)), Origin.NONE);
    return new Workload(
        "x",
        name,
        "Pod",
        Labels.NONE.with("app", name),
        List.of(),
        false,
        List.of(pod),
        Origin.NONE);
  }

  private static Node node(String name, String address) {
    return new Node(name, Labels.NONE, List.of(Address.parse(address)), Origin.NONE);
  }

  private static Cluster cluster() {
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        "x",
        "deny-egress",
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named("x"), Selector.equal("app", "a")),
        Set.of(Direction.EGRESS),
        List.of(),
        List.of(),
        Origin.NONE);
    return new Cluster(
        new TreeMap<>(),
        List.of(workload("a", "one", "10.0.0.1"), workload("b", "two", "10.0.0.2")),
        List.of(),
        List.of(node("one", "192.168.0.1"), node("two", "192.168.0.2")),
        List.of(),
        List.of(policy));
  }

  private static Proof prove(String rules, Contract contract) {
    return Prover.prove(
        Plan.of(cluster()),
        Scope.CLUSTER,
        RuleText.parse(rules),
        contract,
        EnumSet.allOf(Way.class));
  }

  private static Binding behind(String name, String address) {
    return new Binding(name, AddressSet.ofAddresses(List.of(Address.parse(address))));
  }

  @Test
  void aVerdictThatHangsOnAMarkOfUnknownOriginIsUnknown() {
    Proof proof = prove(
        KNOWN + "  mark-lose 0x4000/0x4000\n  mark 0x4000/0x4000 accept\n  src 10.0.0.1 drop\n",
        Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(proof.difference().orElseThrow().passage().hits().toString())
        .contains("mark-lose 0x4000/0x4000 (not understood)");
  }

  @Test
  void aMarkOfUnknownOriginThatNothingHangsOnDoesNotMatter() {
    Proof proof = prove(
        KNOWN + "  mark-lose 0x4000/0x4000\n  src 10.0.0.1 drop\n  mark 0x4000/0x4000 accept\n",
        Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.PROVED);
  }

  @Test
  void whatIsWrongWhateverAnUnknownMarkIsIsRefuted() {
    Proof proof = prove(
        KNOWN + "  mark-lose 0x4000/0x4000\n  mark 0x4000/0x4000 accept\n"
            + "  src 10.0.0.1 mark 0x4000/0x4000 drop\n",
        Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void anInterfaceThatNothingBindsToAPodIsUnknownAndNoConviction() {
    Proof proof = prove(KNOWN + "  in veth1 drop\n", Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(proof.difference().orElseThrow().passage().hits().toString())
        .contains("nothing says which that is");
  }

  @Test
  void anInterfaceThatIsBoundToThePodIsJudged() {
    Proof proof =
        prove(KNOWN + "  in veth1 drop\n", Contract.STRICT.with(behind("veth1", "10.0.0.1")));
    assertThat(proof.verdict()).isEqualTo(Verdict.PROVED);
    Proof other = prove(
        KNOWN + "  in veth1 drop\n",
        Contract.STRICT.with(behind("veth1", "10.0.0.2"), behind("veth0", "10.0.0.1")));
    assertThat(other.verdict()).isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void whatIsWrongThroughAnyInterfaceIsRefuted() {
    Proof proof = prove(KNOWN + "  in veth1 return\n  not in veth1 return\n", Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
  }

  /** The range spans both nodes: a pod is exempt with the node that it runs on alone. */
  @Test
  void trafficWithTheNodeOfAnotherPodIsNotExempt() {
    String wide = KNOWN.replace("192.168.0.1", "192.168.0.1-192.168.0.2") + "  src 10.0.0.1 drop\n";
    Proof proof = prove(wide, Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    PacketDifference difference = proof.difference().orElseThrow();
    assertThat(difference.shouldPass()).isFalse();
    assertThat(difference.packet().destination()).isEqualTo(Address.parse("192.168.0.2"));
    assertThat(prove(KNOWN + "  src 10.0.0.1 drop\n", Contract.STRICT).verdict())
        .isEqualTo(Verdict.PROVED);
  }

  /** Two pods that policies and rules treat alike, on a node each: neither is exempt with the other's node. */
  @Test
  void aPodIsNotExemptWithTheNodeOfItsReplica() {
    Cluster one = cluster();
    List<Pod> pods =
        one.workloads().stream().flatMap(workload -> workload.pods().stream()).toList();
    Workload both = new Workload(
        "x", "a", "Deployment", Labels.NONE.with("app", "a"), List.of(), false, pods, Origin.NONE);
    Cluster replicas = new Cluster(
        one.namespaces(), List.of(both), one.services(), one.nodes(), List.of(), one.policies());
    String rules = """
        stage forward forward accept
        chain forward
          state established,related accept
          src 10.0.0.1-10.0.0.2 dst 192.168.0.1-192.168.0.2 accept
          src 10.0.0.1-10.0.0.2 drop
        """;

    Proof proof = Prover.prove(
        Plan.of(replicas),
        Scope.CLUSTER,
        RuleText.parse(rules),
        Contract.STRICT.leavingOpen(Exemption.SAME_POD),
        EnumSet.allOf(Way.class));

    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().shouldPass()).isFalse();
  }

  /** A question about one of many marks is not asked once for each way that leads to it. */
  @Test
  void marksThatMayBeSetBySixtyRulesAreFollowedInTheTimeOfSixty() {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rules.add("  src 10.9." + i + ".0/24 mark-set 0x10000/0x1" + "0".repeat(i % 4) + "\n");
    }
    Proof proof = prove(
        KNOWN + String.join("", rules) + "  src 10.0.0.1 drop\n  mark 0x4000/0x4000 accept\n",
        Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.PROVED);
  }
}
