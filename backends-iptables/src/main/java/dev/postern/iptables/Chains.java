package dev.postern.iptables;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chains as they are written: each rule is what follows {@code -A chain}. */
final class Chains {

  static final String MAIN = "POSTERN";
  static final String PREFIX = "POSTERN-";
  static final String DENY = PREFIX + "DENY";
  /** Marks a packet as refused. */
  static final String REFUSE = PREFIX + "REFUSE";
  /** Drops what was marked as refused and came by the rules that refuse it. */
  static final String LAST = PREFIX + "LAST";

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

  /** The lines that declare and then fill all chains. */
  String text() {
    StringBuilder out = new StringBuilder();
    chains.keySet().forEach(chain -> out.append(':').append(chain).append(" - [0:0]\n"));
    chains.forEach((chain, rules) -> rules.forEach(
        rule -> out.append("-A ").append(chain).append(' ').append(rule).append('\n')));
    return out.toString();
  }
}
