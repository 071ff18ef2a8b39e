package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernel takes no rules of iptables-nft that lead through more than 15 chains below a hook, gotos among them (NFT_JUMP_STACK_SIZE): it
 * refuses the whole transaction of a family, however far the other has come.
 */
class ChainsInARowTest {

  private static final int MOST = 15;

  private static final List<Iptables> BACKENDS = List.of(
      Iptables.backend(),
      Iptables.backend().denying(Deny.REJECT),
      Iptables.backend().withoutMarks(),
      Iptables.backend().withoutMarks().denying(Deny.REJECT));

  @ParameterizedTest
  @ValueSource(ints = {20, 300, 1000})
  void howeverManyGroupsThereAreNoRulesLeadDeeperThanTheKernelCounts(int pods) throws Refusal {
    holds(ManyGroups.sideBySide(pods));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 90})
  void norWhereNoPrefixHalvesTheAddresses(int pods) throws Refusal {
    Cluster cluster = ManyGroups.farApart(pods);
    holds(cluster);
    for (Iptables backend : BACKENDS) {
      Artifact artifact = backend.compile(Plan.of(cluster), Scope.CLUSTER);
      Random random = new Random(pods);
      assertThat(new ReadBack(cluster, Options.DEFAULT, random)
              .differences(IptablesReadBackTest.read(artifact), random, 500))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void norAfterAChange(long seed) throws Refusal {
    Cluster before = ManyGroups.sideBySide(300);
    Cluster after = Changes.some(before, new Random(seed));
    for (Iptables backend : BACKENDS) {
      Artifact delta = backend.delta(Plan.of(before), Plan.of(after), Scope.CLUSTER);
      Artifact old = backend.compile(Plan.of(before), Scope.CLUSTER);
      for (String name : List.of("iptables.restore", "ip6tables.restore")) {
        Map<String, Set<String>> chains = new HashMap<>();
        for (String text :
            List.of(old.file(name), delta.file("2-" + name), delta.file("5-" + name))) {
          chains.putAll(leadsTo(text));
          assertThat(depth(chains)).as("%s, %s", backend, name).isLessThanOrEqualTo(MOST);
        }
      }
    }
  }

  private static void holds(Cluster cluster) throws Refusal {
    Plan plan = Plan.of(cluster);
    for (Iptables backend : BACKENDS) {
      Artifact artifact = backend.compile(plan, Scope.CLUSTER);
      for (String name : List.of(Iptables.RULES_4, Iptables.RULES_6)) {
        assertThat(depth(leadsTo(artifact.file(name))))
            .as("%s, %s", backend, name)
            .isBetween(5, MOST);
      }
    }
  }

  /** Of each chain of mangle that lines fill, and of each hook, where its rules lead. */
  private static Map<String, Set<String>> leadsTo(String text) {
    String mangle = text.contains("*mangle") ? text.substring(text.indexOf("*mangle")) : "";
    Map<String, Set<String>> chains = new HashMap<>();
    Matcher rule = Pattern.compile("(?m)^(?::(\\S+) .*|-[AI] (\\S+) (?:.* )?-[jg] (POSTERN\\S*))$")
        .matcher(mangle);
    while (rule.find()) {
      if (rule.group(1) != null) {
        chains.put(rule.group(1), new HashSet<>());
      } else {
        chains.computeIfAbsent(rule.group(2), name -> new HashSet<>()).add(rule.group(3));
      }
    }
    return chains;
  }

  private static int depth(Map<String, Set<String>> chains) {
    Map<String, Integer> known = new HashMap<>();
    return chains.keySet().stream()
        .filter(chain -> !chain.startsWith("POSTERN"))
        .mapToInt(chain -> below(chain, chains, known))
        .max()
        .orElse(0);
  }

  private static int below(
      String chain, Map<String, Set<String>> chains, Map<String, Integer> known) {
    Integer there = known.get(chain);
    if (there != null) {
      return there;
    }
    int deepest = chains.getOrDefault(chain, Set.of()).stream()
        .mapToInt(next -> 1 + below(next, chains, known))
        .max()
        .orElse(0);
    known.put(chain, deepest);
    return deepest;
  }
}
