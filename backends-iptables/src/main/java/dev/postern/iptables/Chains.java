package dev.postern.iptables;

import dev.postern.backend.TextOutput;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Chains as they are written: each rule is what follows {@code -A chain}. */
final class Chains {

  static final String MAIN = "POSTERN";
  static final String PREFIX = "POSTERN-";
  static final String DENY = PREFIX + "DENY";
  /** The chains that the kernel lets rules lead through below a hook, gotos among them: one less than its NFT_JUMP_STACK_SIZE. */
  static final int MOST_IN_A_ROW = 15;

  /** Marks a packet as refused. */
  static final String REFUSE = PREFIX + "REFUSE";
  /** Drops what was marked as refused and came by the rules that refuse it. */
  static final String LAST = PREFIX + "LAST";

  /** What {@code OUTPUT} leads to: it leaves alone what the node itself sends. */
  static final String SERVED = PREFIX + "SERVED";

  /** The chain that leads to the groups of a direction. Its name sorts before theirs, which begin with it. */
  static String root(Direction direction) {
    return PREFIX + (direction == Direction.EGRESS ? "E" : "I");
  }

  private final Map<String, List<String>> chains = new LinkedHashMap<>();

  void open(String chain) {
    chains.computeIfAbsent(chain, name -> new ArrayList<>());
  }

  void add(String chain, String rule) {
    chains.computeIfAbsent(chain, name -> new ArrayList<>()).add(rule);
  }

  boolean has(String chain) {
    return chains.containsKey(chain);
  }

  Set<String> names() {
    return chains.keySet();
  }

  /** The most chains in a row that rules lead through, the first among them. */
  int depth() {
    Map<String, Integer> known = new HashMap<>();
    return chains.keySet().stream().mapToInt(chain -> depth(chain, known)).max().orElse(0);
  }

  private int depth(String chain, Map<String, Integer> known) {
    Integer there = known.get(chain);
    if (there != null) {
      return there;
    }
    int below = 0;
    for (String rule : chains.getOrDefault(chain, List.of())) {
      String target = target(rule);
      if (chains.containsKey(target)) {
        below = Math.max(below, depth(target, known));
      }
    }
    known.put(chain, 1 + below);
    return 1 + below;
  }

  private static String target(String rule) {
    return rule.substring(rule.lastIndexOf(' ') + 1);
  }

  /** Only the chains that the other set does not have, or has with other rules. */
  Chains changedSince(Chains before) {
    Chains changed = new Chains();
    chains.forEach((name, rules) -> {
      if (!rules.equals(before.chains.get(name))) {
        changed.chains.put(name, rules);
      }
    });
    return changed;
  }

  /**
   * The lines that declare and fill all chains: each after those that it leads to, else the last name first. For every line iptables-nft
   * looks for its chain in a sorted list of those named so far, which in this order has it near the front; in any other, loading takes the
   * square of the number of chains.
   */
  void write(TextOutput out) {
    Set<String> written = new HashSet<>();
    new TreeMap<>(chains)
        .descendingMap()
        .forEach((chain, rules) -> write(chain, rules, written, out));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    write(new TextOutput(text));
    return text.toString();
  }

  private void write(String chain, List<String> rules, Set<String> written, TextOutput out) {
    if (!written.add(chain)) {
      return;
    }
    for (int i = rules.size() - 1; i >= 0; i--) {
      String target = target(rules.get(i));
      List<String> there = chains.get(target);
      if (there != null) {
        write(target, there, written, out);
      }
    }
    out.append(':').append(chain).append(" - [0:0]\n");
    rules.forEach(
        rule -> out.append("-A ").append(chain).append(' ').append(rule).append('\n'));
  }
}
