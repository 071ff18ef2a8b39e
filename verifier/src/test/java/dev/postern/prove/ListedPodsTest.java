package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Rules that ask for one pod after the other, in no order, with a chain a pod that accepts, returns and drops: the addresses are numbered as the
 * rules ask for them, and both ways to prove agree.
 */
class ListedPodsTest {

  private static final int PODS = 70;

  private static String address(int pod) {
    return "10.0.1." + (pod + 1);
  }

  /** Pods of odd numbers are reached on two ports by all, those of even numbers on any by all. */
  private static Cluster cluster() {
    StringBuilder text = new StringBuilder();
    for (int pod = 0; pod < PODS; pod++) {
      text.append("""
          apiVersion: v1
          kind: Pod
          metadata: {name: p%d, namespace: x, labels: {app: %s}}
          spec: {containers: [{name: c}]}
          status: {podIP: %s}
          ---
          """.formatted(pod, pod % 2 == 0 ? "even" : "odd", address(pod)));
    }
    text.append("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: odd, namespace: x}
        spec:
          podSelector: {matchLabels: {app: odd}}
          ingress: [{ports: [{port: 80}, {port: 81}]}]
        """);
    return Manifests.read(List.of(Source.text("pods.yaml", text.toString())), ReadOptions.DEFAULT)
        .cluster();
  }

  private static List<String> jumps() {
    List<String> jumps = new ArrayList<>();
    for (int pod = 1; pod < PODS; pod += 2) {
      jumps.add("  src " + address(pod) + " dst " + address(pod) + " accept\n  dst " + address(pod)
          + " jump pod\n");
    }
    Collections.shuffle(jumps, new Random(7));
    return jumps;
  }

  private static Proof prove(List<String> jumps, String pod) {
    String rules =
        "stage forward forward accept\nchain forward\n  state established,related accept\n"
            + String.join("", jumps) + "chain pod\n" + pod;
    return Prover.prove(
        Plan.of(cluster()),
        Scope.CLUSTER,
        RuleText.parse(rules),
        Contract.STRICT.only(Family.IPV4),
        EnumSet.allOf(Way.class));
  }

  private static final String POD =
      "  mark-set 0x1/0x1\n  tcp 80 accept\n  tcp 81 return\n  drop\n";

  @Test
  void rightRulesAreProved() {
    assertThat(prove(jumps(), POD).verdict()).isEqualTo(Verdict.PROVED);
  }

  @Test
  void aPodThatIsLeftOutIsFound() {
    for (int missing : List.of(0, 17, 34)) {
      List<String> jumps = jumps();
      String gone = jumps.remove(missing);
      Proof proof = prove(jumps, POD);
      assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
      assertThat(gone).contains(proof.difference().orElseThrow().packet().destination() + " ");
    }
  }

  @Test
  void aChainThatDropsTooMuchOrTooLittleIsFound() {
    for (String wrong : List.of(
        POD.replace("81", "82"),
        POD.replace("80", "79-80"),
        POD.replace("  drop\n", "  tcp 82 drop\n"),
        POD.replace("  tcp 81 return\n", ""),
        "  drop\n" + POD)) {
      assertThat(prove(jumps(), wrong).verdict()).as(wrong).isEqualTo(Verdict.DIFFERS);
    }
  }

  /** What comes back from a chain comes to later rules. */
  @Test
  void whatAChainReturnsMeetsTheRulesThatFollow() {
    List<String> jumps = jumps();
    jumps.add("  tcp 81 mark 0x1/0x1 drop\n");
    assertThat(prove(jumps, POD).verdict()).isEqualTo(Verdict.DIFFERS);
    jumps.set(jumps.size() - 1, "  tcp 82 mark 0x1/0x1 drop\n");
    assertThat(prove(jumps, POD).verdict()).isEqualTo(Verdict.PROVED);
  }
}
