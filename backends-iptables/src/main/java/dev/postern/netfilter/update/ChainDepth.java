package dev.postern.netfilter.update;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How many chains rules lead through: the kernel takes no rules that lead back, nor through more chains than it counts (NFT_JUMP_STACK_SIZE). */
final class ChainDepth {

  /** Of nftables, where a goto counts as well. */
  static final int OF_NFTABLES = 15;

  /** Of iptables-legacy, which counts only on not being led back; none are as deep. */
  static final int OF_LEGACY = 1000;

  /** What the name of a map begins with: it is on the way, and no chain. */
  static final String MAP = "@";

  private final Map<String, Set<String>> leadsTo;
  private final int most;
  private final Map<String, Integer> known = new HashMap<>();

  private ChainDepth(Map<String, Set<String>> leadsTo, int most) {
    this.leadsTo = leadsTo;
    this.most = most;
  }

  /** Whether no way is longer, wherever it begins. */
  static boolean fits(Map<String, Set<String>> leadsTo, int most) {
    ChainDepth depth = new ChainDepth(leadsTo, most);
    return leadsTo.keySet().stream().allMatch(chain -> depth.below(chain, 0) <= most);
  }

  /** The chains below one, or more than there may be. */
  private int below(String chain, int above) {
    Integer there = known.get(chain);
    if (there != null) {
      return there;
    }
    int deepest = 0;
    for (String next : leadsTo.getOrDefault(chain, Set.of())) {
      int step = next.startsWith(MAP) ? 0 : 1;
      if (above + step > most) {
        return most + 1;
      }
      deepest = Math.max(deepest, step + below(next, above + step));
    }
    known.put(chain, deepest);
    return deepest;
  }
}
