package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A shop of two pods: `db` takes TCP 5432 from `web` only, `web` is open; the rules are written by hand. */
class ProofExamplesTest {

  private static final String HEAD = """
      stage filter forward accept
      chain forward
        state established,related accept
        state invalid drop
        dst 10.0.0.2 goto db
      chain db
        src 10.0.0.2,192.168.0.1 return
      """;
  private static final String RIGHT = HEAD + "  src 10.0.0.1 tcp 5432 return\n  drop\n";

  private static Workload workload(String name, String address) {
    Pod pod =
        new Pod(name + "-0", Optional.of("one"), List.of(Address.parse(address)), Origin.NONE);
    return new Workload(
        "shop",
        name,
        "Deployment",
        Labels.NONE.with("app", name),
        List.of(),
        false,
        List.of(pod),
        Origin.NONE);
  }

  private static Selector app(String name) {
    return Selector.equal("app", name);
  }

  private static Cluster shop() {
    PolicyRule rule = new PolicyRule(
        Direction.INGRESS,
        0,
        "",
        Action.ALLOW,
        new Peers.AnyOf(
            List.of(new Peer.Pods(new NamespaceSelection.Named("shop"), app("web"), Origin.NONE))),
        new Ports.AnyOf(List.of(new Ports.Numbered(Protocol.TCP, PortSet.of(5432), Origin.NONE))),
        new Origin("db.yaml", 7, 5, "spec.ingress[0]"));
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        "shop",
        "db",
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named("shop"), app("db")),
        Set.of(Direction.INGRESS),
        List.of(rule),
        List.of(),
        new Origin("db.yaml", 1, 1, ""));
    return new Cluster(
        new TreeMap<>(),
        List.of(workload("web", "10.0.0.1"), workload("db", "10.0.0.2")),
        List.of(),
        List.of(new Node("one", Labels.NONE, List.of(Address.parse("192.168.0.1")), Origin.NONE)),
        List.of(),
        List.of(policy));
  }

  private static Proof prove(String rules, Contract contract) {
    return prove(RuleText.parse(rules), contract);
  }

  private static Proof prove(EnforcedRules rules, Contract contract) {
    return Prover.prove(Plan.of(shop()), Scope.CLUSTER, rules, contract, EnumSet.allOf(Way.class));
  }

  private static PacketDifference difference(Proof proof) {
    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    return proof.difference().orElseThrow();
  }

  @Test
  void theRightRulesAreProvedInBothWays() {
    Proof proof = prove(RIGHT, Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.PROVED);
    assertThat(proof.ways()).containsExactlyInAnyOrder(Way.SETS, Way.Z3);
  }

  @Test
  void aPacketTooManyIsShownWithThePolicyThatDeniesItAndTheRulesThatLetItPass() {
    PacketDifference difference =
        difference(prove(HEAD + "  src 10.0.0.1 tcp 5432-5433 return\n  drop\n", Contract.STRICT));
    assertThat(difference.shouldPass()).isFalse();
    assertThat(difference.packet().destinationPort()).isEqualTo(5433);
    assertThat(difference.judgement().orElseThrow().ingress().causes())
        .extracting(cause -> cause.policy().origin().toString())
        .containsExactly("db.yaml:1:1");
    assertThat(difference.passage().fate()).isEqualTo(Passage.Fate.ACCEPT);
    assertThat(difference.passage().hits())
        .extracting(Passage.Hit::text)
        .contains("src 10.0.0.1 tcp 5432-5433 return");
  }

  @Test
  void aPacketTooFewIsShownWithTheRuleThatAllowsIt() {
    PacketDifference difference = difference(prove(HEAD + "  drop\n", Contract.STRICT));
    assertThat(difference.shouldPass()).isTrue();
    assertThat(difference.judgement().orElseThrow().ingress().causes())
        .extracting(cause -> cause.rule().orElseThrow().origin().toString())
        .containsExactly("db.yaml:7:5");
  }

  @Test
  void repliesMustPass() {
    String forgetful = RIGHT.replace("  state established,related accept\n", "");
    PacketDifference difference = difference(prove(forgetful, Contract.STRICT));
    assertThat(difference.packet().state()).isNotEqualTo(Condition.ConnectionState.NEW);
    assertThat(difference.judgement()).isEmpty();
  }

  @Test
  void aTargetMayJudgeTheOpeningSideAgain() {
    String again =
        RIGHT.replace("state established,related accept", "state established,related reply accept");
    String related = again.replace("  state invalid", "  state related accept\n  state invalid");
    assertThat(prove(related, Contract.STRICT).verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(prove(related, Contract.STRICT.with(Established.REPLIES_PASS)).verdict())
        .isEqualTo(Verdict.PROVED);
  }

  @Test
  void trafficOfNoPodIsLeftAlone() {
    PacketDifference difference = difference(
        prove(RIGHT.replace("  dst 10.0.0.2", "  tcp 22 drop\n  dst 10.0.0.2"), Contract.STRICT));
    assertThat(difference.shouldPass()).isTrue();
  }

  @Test
  void whatATargetDoesNotSeeIsLeftOpen() {
    String blind = RIGHT.replace("  src 10.0.0.2,192.168.0.1 return\n", "");
    assertThat(prove(blind, Contract.STRICT).verdict()).isEqualTo(Verdict.DIFFERS);
    Contract loose = Contract.STRICT.leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE);
    assertThat(prove(blind, loose).verdict()).isEqualTo(Verdict.PROVED);
    assertThat(prove(RIGHT, loose).verdict()).isEqualTo(Verdict.PROVED);
  }

  @Test
  void aWaiverLeavesItsPacketsOpen() {
    String rules = RIGHT.replace("  dst 10.0.0.2", "  tcp 22 drop\n  dst 10.0.0.2");
    Condition ssh =
        Condition.all(new Condition.IpProtocol(Set.of(6)), new Condition.DestinationPort(22, 22));
    assertThat(
            prove(rules, Contract.STRICT.waiving("ssh is the firewall's", ssh)).verdict())
        .isEqualTo(Verdict.PROVED);
  }

  @Test
  void neighbourDiscoveryPasses() {
    String rules = RIGHT.replace("  dst 10.0.0.2", "  icmp 135 drop\n  dst 10.0.0.2");
    PacketDifference difference = difference(prove(rules, Contract.STRICT.only(Family.IPV6)));
    assertThat(difference.why()).contains("neighbour discovery");
  }

  @Test
  void whatIsNotUnderstoodMattersOnlyWhereTheVerdictDependsOnIt() {
    String harmless = RIGHT.replace("  drop\n", "  unless-known string drop\n  drop\n");
    assertThat(prove(
                harmless.replace("state invalid unless-known string drop", "state invalid drop"),
                Contract.STRICT)
            .verdict())
        .isEqualTo(Verdict.PROVED);
    Proof unknown = prove(
        RIGHT.replace("  src 10.0.0.1 tcp", "  unless-known string return\n  src 10.0.0.1 tcp"),
        Contract.STRICT);
    assertThat(unknown.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(unknown.difference().orElseThrow().passage().hits())
        .anyMatch(hit -> !hit.understood());
  }

  @Test
  void anActionThatIsNotUnderstoodIsUnknown() {
    assertThat(prove(
                RIGHT.replace(
                    "  src 10.0.0.1 tcp", "  tcp 80 do-unknown NFQUEUE\n  src 10.0.0.1 tcp"),
                Contract.STRICT)
            .verdict())
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aDifferenceCountsMoreThanWhatIsNotUnderstood() {
    assertThat(prove(
                HEAD + "  tcp 80 do-unknown NFQUEUE\n  src 10.0.0.1 tcp 5432-5433 return\n  drop\n",
                Contract.STRICT)
            .verdict())
        .isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void interfacesStandForTheAddressesBehindThem() {
    String rules = RIGHT
        .replace("dst 10.0.0.2 goto db", "out veth-db goto db")
        .replace("src 10.0.0.1 tcp", "in veth-web tcp");
    assertThat(prove(rules, Contract.STRICT).verdict()).isEqualTo(Verdict.UNKNOWN);
    Contract bound = Contract.STRICT.with(
        new Contract.Binding("veth-db", AddressSet.ofAddresses(List.of(Address.parse("10.0.0.2")))),
        new Contract.Binding(
            "veth-web", AddressSet.ofAddresses(List.of(Address.parse("10.0.0.1")))));
    assertThat(prove(rules, bound).verdict()).isEqualTo(Verdict.PROVED);
  }

  @Test
  void aScopeOfAnotherNodePolicesNothing() {
    Proof proof =
        Prover.prove(Plan.of(shop()), Scope.node("two"), RuleText.parse(RIGHT), Contract.STRICT);
    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(
            Prover.prove(Plan.of(shop()), Scope.node("one"), RuleText.parse(RIGHT), Contract.STRICT)
                .verdict())
        .isEqualTo(Verdict.PROVED);
  }

  @Test
  void anAddressOfTwoPodsIsUnknown() {
    Cluster cluster = shop();
    Cluster twice =
        cluster.withWorkloads(List.of(workload("web", "10.0.0.2"), workload("db", "10.0.0.2")));
    Proof proof = Prover.prove(
        Plan.of(twice), Scope.CLUSTER, RuleText.parse(RIGHT), Contract.STRICT.only(Family.IPV6));
    assertThat(proof.verdict()).isEqualTo(Verdict.PROVED);
    proof = Prover.prove(
        Plan.of(twice),
        Scope.CLUSTER,
        RuleText.parse("stage f f accept\nchain f\n state established,related accept\n"
            + " dst 10.0.0.2 drop\n"),
        Contract.STRICT);
    assertThat(proof.verdict()).isNotEqualTo(Verdict.PROVED);
    assertThat(proof.notes()).anyMatch(note -> note.contains("10.0.0.2"));
  }

  @Test
  void aQuestionThatZ3ComesToNoEndWithIsUndecided() {
    Claim claim = new Claim(Plan.of(shop()), Scope.CLUSTER, RuleText.parse(RIGHT), Contract.STRICT);
    Set<Way> z3 = EnumSet.of(Way.Z3);
    assertThat(Prover.prove(claim, z3, Limits.DEFAULT).verdict()).isEqualTo(Verdict.PROVED);
    Proof proof = Prover.prove(claim, z3, Limits.DEFAULT.withSteps(1));
    assertThat(proof.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(proof.ways()).isEmpty();
    assertThat(proof.notes())
        .anyMatch(line -> line.contains("Z3 gave up within 30000 ms and 1 steps"));
  }

  @Test
  void anotherSolverAgrees() throws IOException, InterruptedException, Z3.Missing {
    boolean there = new ProcessBuilder("sh", "-c", "command -v z3").start().waitFor() == 0;
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there).as("the z3 command, which CI must have").isTrue();
    }
    assumeTrue(there, "no z3 command: the SMT-LIB export is not re-checked");
    Plan plan = Plan.of(shop());
    Claim right = new Claim(plan, Scope.CLUSTER, RuleText.parse(RIGHT), Contract.STRICT);
    Map<String, String> questions = Prover.smtLib(right);
    assertThat(questions).hasSize(10);
    for (String question : questions.values()) {
      assertThat(solve(question)).isEqualTo("unsat");
    }
    Claim wrong =
        new Claim(plan, Scope.CLUSTER, RuleText.parse(HEAD + "  drop\n"), Contract.STRICT);
    String question = Prover.smtLib(wrong).getOrDefault("ipv4-new", "");
    assertThat(solve(question.replace("status unsat", "status unknown"))).isEqualTo("sat");
  }

  private static String solve(String question) throws IOException, InterruptedException {
    Process solver = new ProcessBuilder("z3", "-in").redirectErrorStream(true).start();
    solver.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
    solver.getOutputStream().close();
    String answer = new String(solver.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    solver.waitFor();
    return answer.trim();
  }
}
