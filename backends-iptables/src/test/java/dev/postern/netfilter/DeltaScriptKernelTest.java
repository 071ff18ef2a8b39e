package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.shape.Churn;
import dev.postern.testing.shape.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a delta's script does to a real kernel: step by step, twice, interrupted, or where it does not belong. */
class DeltaScriptKernelTest {

  private static final List<Incremental> TARGETS =
      List.of(Nftables.backend(), Iptables.backend(), Iptables.backend().withoutMarks());
  private static final List<Incremental> REFUSING =
      List.of(Nftables.backend().denying(Deny.REJECT), Iptables.backend().denying(Deny.REJECT));

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "ipset", "nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static Artifact whole(Incremental target, Plan plan) throws Refusal {
    return target.compile(plan, Scope.CLUSTER);
  }

  private static EnforcedRules dump(Incremental target) {
    return dump(lab, target);
  }

  static EnforcedRules dump(RouterLab lab, Incremental target) {
    return target instanceof Nftables
        ? NftablesReader.read(lab.inRouter("nft", "list", "ruleset"))
        : IptablesReader.read(
            lab.inRouter("iptables-save"),
            lab.inRouter("ip6tables-save"),
            lab.inRouter("ipset", "save"));
  }

  /** All that is in force, as it is printed; what changes by itself left out. */
  private static String state() {
    return (lab.inRouter("nft", "list", "ruleset") + lab.inRouter("ipset", "save"))
        .replaceAll("counter packets [0-9]+ bytes [0-9]+ ", "");
  }

  /** Every packet, after every change. */
  @Test
  void afterEachOfManyChangesTheKernelEnforcesTheNewPolicies() throws Refusal {
    List<Incremental> all = new ArrayList<>(TARGETS);
    all.addAll(REFUSING);
    for (Incremental target : all) {
      for (int seed = 0; seed < 2; seed++) {
        Random random = new Random(seed);
        Cluster first = RandomCluster.of(seed, DeltaStatesTest.SMALL);
        Plan plan = Plan.of(first);
        lab.apply(whole(target, plan).files(), "apply.sh");
        Cluster cluster = first;
        for (int change = 0; change < 8; change++) {
          cluster = Changes.some(cluster, random);
          Plan next = Plan.of(cluster);
          lab.apply(target.delta(plan, next, Scope.CLUSTER).files(), "apply.sh");
          plan = next;
          assertThat(new Between(plan, plan).differences(dump(target)))
              .as("%s, cluster %d, change %d", target, seed, change)
              .isEmpty();
        }
        lab.apply(whole(target, plan).files(), "remove.sh");
      }
    }
  }

  @Test
  void aSecondOfChurnChangesMembersAndFewChains() throws Refusal {
    for (Incremental target : TARGETS.subList(0, 2)) {
      Cluster cluster = Shape.W6_ADMIN_TIERS.cluster(1, 0.01);
      Plan plan = Plan.of(cluster);
      lab.apply(whole(target, plan).files(), "apply.sh");
      Churn churn = Churn.of(cluster, 1);
      for (int i = 0; i < 22; i++) {
        Churn.ClusterChange change = churn.next();
        cluster = change.after(cluster);
        Plan next = Plan.of(cluster);
        Artifact delta = target.delta(plan, next, Scope.CLUSTER);
        lab.apply(delta.files(), "apply.sh");
        plan = next;
        if (change instanceof Churn.PodsChanged) {
          assertThat(number(delta, "members|elements")).isBetween(1, 200);
          assertThat(number(delta, "chains changed|sets and chains made")).isZero();
        } else {
          assertThat(number(delta, "chains changed|sets and chains made")).isLessThan(20);
          assertThat(number(delta, "sets replaced at once")).isZero();
        }
      }
      String byDeltas = text(target);
      lab.apply(whole(target, plan).files(), "apply.sh");
      assertThat(byDeltas).isEqualTo(text(target));
      lab.apply(whole(target, plan).files(), "remove.sh");
    }
  }

  private static String text(Incremental target) {
    return target instanceof Nftables ? DeltaKernelTest.ruleset(lab) : DeltaKernelTest.rules(lab);
  }

  private static int number(Artifact delta, String line) {
    Matcher matcher =
        Pattern.compile("(?m)^(?:" + line + ")[a-z ]* ([0-9]+)$").matcher(delta.summary());
    assertThat(matcher.find()).as(delta.summary()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  @Test
  void aDeltaIsRefusedWhereTheRulesOfBeforeAreNotInForce() throws Refusal {
    Plan one = Plan.of(RandomCluster.of(2, DeltaStatesTest.SMALL));
    Plan two = Plan.of(RandomCluster.of(4, DeltaStatesTest.SMALL));
    Plan three = Plan.of(RandomCluster.of(5, DeltaStatesTest.SMALL));
    for (Incremental target : TARGETS) {
      Artifact delta = target.delta(one, two, Scope.CLUSTER);
      assertThatThrownBy(() -> lab.apply(delta.files(), "apply.sh"))
          .hasMessageContaining("apply the whole artefact");
      lab.apply(whole(target, three).files(), "apply.sh");
      String before = state();
      assertThatThrownBy(() -> lab.apply(delta.files(), "apply.sh"))
          .hasMessageContaining("apply the whole artefact");
      assertThat(state()).isEqualTo(before);
      lab.apply(whole(target, three).files(), "remove.sh");
    }
  }

  @Test
  void aSetThatSomebodyElseChangedIsNotEditedBlindly() throws Refusal {
    Cluster cluster = Shape.W6_ADMIN_TIERS.cluster(1, 0.01);
    Plan old = Plan.of(cluster);
    Plan now = Plan.of(Churn.of(cluster, 1).next().after(cluster));
    for (Incremental target : TARGETS.subList(0, 2)) {
      Artifact delta = target.delta(old, now, Scope.CLUSTER);
      lab.apply(whole(target, old).files(), "apply.sh");
      boolean nft = target instanceof Nftables;
      Matcher edit = Pattern.compile(
              nft
                  ? "(create|delete) element inet postern (\\S+) \\{ (\\S+)"
                  : "(add|del) (\\S+) (\\S+)")
          .matcher(String.join("\n", delta.files().values()));
      assertThat(edit.find()).isTrue();
      // Somebody was there first: has added what is to be added, or taken away what is to go.
      boolean adds = edit.group(1).equals("create") || edit.group(1).equals("add");
      Pattern line = Pattern.compile("(?m)^" + edit.group().replace("{", "\\{") + ".*$");
      Matcher whole = line.matcher(String.join("\n", delta.files().values()));
      assertThat(whole.find()).isTrue();
      lab.inRouterWithInput(whole.group() + "\n", nft ? "nft -f /dev/stdin" : "ipset restore");
      String before = state();
      assertThatThrownBy(() -> lab.apply(delta.files(), "apply.sh"))
          .as("%s, %s", target, adds ? "adds" : "takes away");
      assertThat(state()).isEqualTo(before);
      lab.apply(whole(target, now).files(), "apply.sh");
      lab.apply(whole(target, now).files(), "remove.sh");
    }
  }

  @Test
  void anInterruptedDeltaGoesOnAndTwiceIsOnce() throws Refusal {
    Random random = new Random(3);
    Cluster cluster = RandomCluster.of(14, DeltaStatesTest.SMALL);
    Plan old = Plan.of(cluster);
    Plan now = Plan.of(Changes.some(Changes.some(cluster, random), random));
    Between between = new Between(old, now);
    Between after = new Between(now, now);
    for (Incremental target : TARGETS) {
      Artifact delta = target.delta(old, now, Scope.CLUSTER);
      int call = 0;
      while (true) {
        lab.apply(whole(target, old).files(), "apply.sh");
        boolean interrupted = lab.applyInterrupted(delta.files(), call);
        assertThat(between.differences(dump(target))).isEmpty();
        lab.apply(delta.files(), "apply.sh");
        assertThat(after.differences(dump(target)))
            .as("interrupted at %d", call)
            .isEmpty();
        String done = state();
        lab.apply(delta.files(), "apply.sh");
        assertThat(state()).isEqualTo(done);
        if (!interrupted) {
          break;
        }
        call++;
      }
      assertThat(call).isGreaterThan(3);
      lab.apply(whole(target, now).files(), "remove.sh");
    }
  }
}
