package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.solver.Limits;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A chain a pod that also accepts and comes back with another mark, as kube-router writes it: Z3 is asked about each end alone, without the
 * chains of the other, and what is wrong between the two is found. `web` may send to the others, to port 80; `db` takes that from the others;
 * `any` is open.
 */
class LeftOutJumpsTest {

  private static final Plan PLAN = Plan.of(Manifests.read(
          List.of(
              Source.text("shop.yaml", """
              apiVersion: v1
              kind: Node
              metadata: {name: n1}
              status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
              """ + pod("web", 1) + pod("db", 2) + pod("any", 3) + """
              ---
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: out, namespace: shop}
              spec:
                podSelector: {matchLabels: {app: web}}
                policyTypes: [Egress]
                egress: [{to: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [db, any]}]}}], ports: [{port: 80}]}]
              ---
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: in, namespace: shop}
              spec:
                podSelector: {matchLabels: {app: db}}
                ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, any]}]}}], ports: [{port: 80}]}]
              """)),
          ReadOptions.DEFAULT)
      .cluster());

  private static String pod(String name, int number) {
    return """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
        spec: {nodeName: n1, containers: [{name: c}]}
        status: {podIP: 10.0.0.%2$d}
        """.formatted(name, number);
  }

  private static final String RIGHT = """
      stage filter forward accept
      chain forward
        dst 10.0.0.3 jump any
        src 10.0.0.1 jump web
        dst 10.0.0.2 jump db
        src 10.0.0.3 jump any
        dst 10.0.0.1 jump web
        src 10.0.0.2 jump db
        mark 0x20000/0x20000 accept
      chain open
        mark-set 0x10000/0x10000
      chain web
        state established,related accept
        dst 10.0.0.1 src 192.168.0.1 accept
        dst 10.0.0.1 jump open
        src 10.0.0.1 jump out
        not mark 0x10000/0x10000 drop
        mark-set 0/0x10000
        mark-set 0x20000/0x20000
      chain out
        dst 10.0.0.1,192.168.0.1 mark-set 0x10000/0x10000
        dst 10.0.0.2,10.0.0.3 tcp 80 mark-set 0x10000/0x10000
        mark 0x10000/0x10000 return
      chain db
        state established,related accept
        dst 10.0.0.2 src 192.168.0.1 accept
        dst 10.0.0.2 jump in
        src 10.0.0.2 jump open
        not mark 0x10000/0x10000 drop
        mark-set 0/0x10000
        mark-set 0x20000/0x20000
      chain in
        src 10.0.0.2,192.168.0.1 mark-set 0x10000/0x10000
        src 10.0.0.1,10.0.0.3 tcp 80 mark-set 0x10000/0x10000
        mark 0x10000/0x10000 return
      chain any
        state established,related accept
        dst 10.0.0.3 src 192.168.0.1 accept
        jump open
        not mark 0x10000/0x10000 drop
        mark-set 0/0x10000
        mark-set 0x20000/0x20000
      """;

  private record Outcome(boolean differs, boolean oneSided) {}

  private static Outcome outcome(String text) {
    EnforcedRules rules = RuleText.parse(text);
    Claim claim = new Claim(PLAN, Scope.CLUSTER, rules, Contract.STRICT);
    MentionedSets mentioned = new MentionedSets(claim);
    AddressClasses classes =
        new AddressClasses(PLAN, Scope.CLUSTER, Family.IPV4, mentioned.addresses);
    boolean differs = new SetProof(claim, classes, mentioned).run().isPresent();
    Z3Proof z3 = new Z3Proof(claim, Family.IPV4, mentioned, Set.of(), Limits.DEFAULT);
    List<PacketQuestion> questions = z3.questions().byPolicies();
    Z3Proof.Result result = z3.run(questions);
    assertThat(result.undecided()).isEmpty();
    assertThat(result.difference().isPresent())
        .as("%s%n%s", result.difference(), text)
        .isEqualTo(differs);
    return new Outcome(differs, questions.stream().anyMatch(q -> !q.isOfBothSides()));
  }

  private static String with(String before, String after) {
    assertThat(RIGHT).contains(before);
    return RIGHT.replace(before, after);
  }

  private static String inChain(String chain, String line) {
    return with("chain " + chain + "\n", "chain " + chain + "\n  " + line + "\n");
  }

  @Test
  void whatIsRightIsProvedEndByEnd() {
    assertThat(outcome(RIGHT)).isEqualTo(new Outcome(false, true));
  }

  @Test
  void aChainThatAcceptsWhatTheOtherEndDeniesIsNotLeftOut() {
    // The destination's chain comes first, and lets pass what the source's would drop.
    assertThat(
            outcome(inChain("any", "dst 10.0.0.3 src 10.0.0.1 tcp 443 accept")).differs())
        .isTrue();
    assertThat(outcome(inChain("web", "dst 10.0.0.2 tcp 80 accept")).differs()).isFalse();
    assertThat(outcome(inChain("web", "dst 10.0.0.2 tcp 80-81 accept")).differs())
        .isTrue();
  }

  @Test
  void aChainThatAcceptsByAMarkIsNotLeftOut() {
    String first = "  dst 10.0.0.3 jump any\n";
    String marked = with(first, "  src 10.0.0.1 mark-set 0x40000/0x40000\n" + first);
    assertThat(outcome(marked)).isEqualTo(new Outcome(false, true));
    String accepts = "chain any\n  mark 0x40000/0x40000 accept\n";
    assertThat(outcome(marked.replace("chain any\n", accepts)).differs()).isTrue();
  }

  @Test
  void aMarkThatAChainLeavesIsSeenByTheNextThoughTheChainIsLeftOut() {
    String left = RIGHT.replace("  mark-set 0/0x10000\n", "");
    assertThat(outcome(left).differs()).isTrue();
    // The one chain's mark stands for the other's: web's allows what db's would drop.
    assertThat(outcome(with(
                "  dst 10.0.0.3 jump any\n",
                "  dst 10.0.0.3 jump any\n  src 10.0.0.3 mark-set 0x10000/0x10000\n"))
            .differs())
        .isTrue();
  }

  @Test
  void whatIsDroppedForWantOfTheMarkThatChainsLeaveIsFound() {
    String last = "  mark 0x20000/0x20000 accept\n";
    String dropped = last + "  src 10.0.0.1-10.0.0.3 drop\n";
    assertThat(outcome(with(last, dropped)).differs()).isFalse();
    assertThat(outcome(with(last, dropped).replace("  src 10.0.0.3 jump any\n", ""))
            .differs())
        .isTrue();
    assertThat(outcome(with(last, "  mark 0x20000/0x20000 drop\n")).differs()).isTrue();
  }

  @Test
  void aWrongPeerPortOrPodInOneChainIsFound() {
    for (String chain : List.of("in", "out")) {
      String right = (chain.equals("in") ? "src 10.0.0.1" : "dst 10.0.0.2") + ",10.0.0.3 tcp 80";
      for (String wrong :
          List.of(right + "-81", right.replace("80", "81"), right.replace(",10.0.0.3", ""))) {
        assertThat(outcome(with(right, wrong)).differs()).as(wrong).isTrue();
      }
    }
    assertThat(outcome(with("  src 10.0.0.1 jump web\n", "")).differs()).isTrue();
    assertThat(outcome(with("  dst 10.0.0.2 jump db\n", "")).differs()).isTrue();
    assertThat(outcome(with("  dst 10.0.0.1 jump web\n", "")).differs()).isFalse();
  }

  /** Packets from 198.51.100.0/24 to `any` come back from a chain with the mark of `web`, before it is cleared for all others. */
  @Test
  void whomElseAMarkStandsForIsFound() {
    assertThat(outcome("""
        stage filter forward accept
        chain forward
          jump note
          mark-map src 10.0.0.1=0x10/0xff
          mark 0x10/0x10 jump out
          dst 10.0.0.2 jump in
        chain note
          mark-set 0x10/0xff
          src 198.51.100.0/24 dst 10.0.0.3 return
          mark-set 0/0xff
        chain out
          state established,related return
          dst 10.0.0.1,192.168.0.1 return
          dst 10.0.0.2,10.0.0.3 tcp 80 return
          drop
        chain in
          state established,related return
          src 10.0.0.2,192.168.0.1 return
          src 10.0.0.1,10.0.0.3 tcp 80 return
          drop
        """).differs()).isTrue();
  }
}
