package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * After every line of a delta that a rule can see, what is in force lies between old and new, for every packet; and steps in another order
 * do not.
 */
class DeltaStatesTest {

  static final Profile SMALL = NftablesKernelTest.PROFILE.sized(new Profile.Size(2, 6, 3, 6, 2));

  /** What became of a delta's states. */
  private record Walk(int states, int lines, List<String> differences) {}

  @Test
  void everyStateLiesBetweenOldAndNew() throws Refusal {
    int states = 0;
    int inPlace = 0;
    for (int seed = 0; seed < 80; seed++) {
      for (Iptables backend : List.of(Iptables.backend(), Iptables.backend().withoutMarks())) {
        Walk walk = walk(backend, seed, files -> files);
        assertThat(walk.differences).as("cluster %d", seed).isEmpty();
        states += walk.states;
        inPlace += walk.lines;
      }
    }
    System.out.println(states + " states of 160 deltas, " + inPlace + " members changed in place");
    assertThat(states).isGreaterThan(300);
    assertThat(inPlace).isGreaterThan(200);
  }

  @Test
  void stepsInAnotherOrderAreCaught() throws Refusal {
    Map<String, UnaryOperator<Map<String, String>>> mutants = new TreeMap<>();
    mutants.put("members in the opposite order", files -> lines(files, Collections::reverse));
    mutants.put(
        "members before what they lead to",
        files -> moved(files, "2-iptables.restore", "2-ip6tables.restore"));
    mutants.put("what goes, before all have left", files -> {
      Map<String, String> early = new TreeMap<>(files);
      early.put("3-members.restore", "");
      early.put("5-late", files.getOrDefault("3-members.restore", ""));
      return early;
    });
    mutants.put(
        "a member forgotten",
        files -> lines(files, lines -> {
          if (!lines.isEmpty()) {
            lines.remove(lines.size() / 2);
          }
        }));
    for (Map.Entry<String, UnaryOperator<Map<String, String>>> mutant : mutants.entrySet()) {
      int seed = 0;
      while (seed < 1000 && !isCaught(seed, mutant.getValue())) {
        seed++;
      }
      assertThat(seed).as(mutant.getKey()).isLessThan(1000);
    }
  }

  private static boolean isCaught(int seed, UnaryOperator<Map<String, String>> mutant)
      throws Refusal {
    try {
      return !walk(Iptables.backend(), seed, mutant).differences.isEmpty();
    } catch (IllegalStateException refusedByTheKernel) {
      return true;
    }
  }

  private static Map<String, String> lines(Map<String, String> files, Consumer<List<String>> edit) {
    Map<String, String> changed = new TreeMap<>(files);
    List<String> lines =
        new ArrayList<>(files.getOrDefault("3-members.restore", "").lines().toList());
    edit.accept(lines);
    changed.put("3-members.restore", lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    return changed;
  }

  /** Makes steps after the members that belong before them. */
  private static Map<String, String> moved(Map<String, String> files, String... late) {
    Map<String, String> changed = new TreeMap<>(files);
    for (String name : late) {
      changed.put(name.replace("2-", "4-"), files.getOrDefault(name, ""));
      changed.remove(name);
    }
    return changed;
  }

  /** Goes through a random delta's steps as its script does; files are taken in the order of their names. */
  private static Walk walk(Iptables backend, int seed, UnaryOperator<Map<String, String>> mutant)
      throws Refusal {
    Random random = new Random(seed);
    Cluster cluster = RandomCluster.of(seed, SMALL);
    Plan old = Plan.of(cluster);
    Plan now = Plan.of(Changes.some(cluster, random));
    SimulatedKernel kernel = new SimulatedKernel();
    whole(kernel, backend.compile(old, Scope.CLUSTER));
    Between between = new Between(old, now);
    Map<String, String> files =
        mutant.apply(backend.delta(old, now, Scope.CLUSTER).files());
    int states = 0;
    List<String> differences = new ArrayList<>(between.differences(kernel.dump()));
    for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
      String name = file.getKey();
      if (name.matches("[0-9].*tables.restore")) {
        if (!file.getValue().isEmpty()) {
          kernel.rules(name.contains("ip6") ? Family.IPV6 : Family.IPV4, file.getValue());
          differences.addAll(between.differences(kernel.dump()));
          states++;
        }
      } else if (name.startsWith("6-")) {
        file.getValue().lines().forEach(set -> kernel.set("destroy postern-" + set));
      } else if (name.matches("[0-9].*")) {
        for (String line : file.getValue().lines().toList()) {
          if (kernel.set(line)) {
            differences.addAll(between.differences(kernel.dump()));
            states++;
          }
        }
      }
    }
    SimulatedKernel fresh = new SimulatedKernel();
    whole(fresh, backend.compile(now, Scope.CLUSTER));
    if (!kernel.toString().equals(fresh.toString())) {
      List<String> here = new ArrayList<>(kernel.toString().lines().toList());
      here.removeAll(fresh.toString().lines().toList());
      differences.add("not as compiled anew: " + here);
    }
    int lines = (int) files.getOrDefault("3-members.restore", "").lines().count();
    return new Walk(states, lines, differences);
  }

  private static void whole(SimulatedKernel kernel, Artifact artifact) {
    artifact.file(Iptables.SETS).lines().forEach(kernel::set);
    kernel.rules(Family.IPV4, artifact.file(Iptables.RULES_4));
    kernel.rules(Family.IPV6, artifact.file(Iptables.RULES_6));
  }
}
