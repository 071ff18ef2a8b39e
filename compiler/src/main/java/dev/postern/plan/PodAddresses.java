package dev.postern.plan;

import dev.postern.algebra.Signatures;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which of the mentioned address sets hold each endpoint's address, as the number of a list of them: equal lists have equal numbers. */
final class PodAddresses {

  /** The list of no sets. */
  static final int NONE = 0;

  /** In place of the list of an endpoint whose address is not known, where there are sets. */
  static final int UNKNOWN = -1;

  private final Signatures lists = new Signatures();
  /** Atoms that hold an endpoint, ascending, and for each the list of its sets. */
  private final int[] atoms;

  private final int[] forPods;
  private final int[] forNodes;
  private final int[] atomOf;
  private final boolean isTrivial;

  /**
   * The lists of all endpoints.
   *
   * @param sets the address sets; their place is their number
   * @param matchPods for each set whether it also matches addresses of pods that are not their node
   */
  PodAddresses(
      EndpointList endpoints, AddressAtoms space, List<AddressSet> sets, boolean[] matchPods) {
    lists.intern(new int[0], 0);
    this.atomOf = sets.isEmpty() ? new int[0] : atomsOf(endpoints, space);
    this.atoms =
        Arrays.stream(atomOf).filter(atom -> atom >= 0).sorted().distinct().toArray();
    int[][] holding = new int[atoms.length][0];
    int[] sizes = new int[atoms.length];
    for (int set = 0; set < sets.size() && atoms.length > 0; set++) {
      for (AddressRange range : sets.get(set).ranges()) {
        int last = space.atomOf(range.last());
        for (int i = place(space.atomOf(range.first()));
            i < atoms.length && atoms[i] <= last;
            i++) {
          if (sizes[i] == holding[i].length) {
            holding[i] = Arrays.copyOf(holding[i], Math.max(4, 2 * sizes[i]));
          }
          holding[i][sizes[i]++] = set;
        }
      }
    }
    this.forPods = new int[atoms.length];
    this.forNodes = new int[atoms.length];
    for (int i = 0; i < atoms.length; i++) {
      forNodes[i] = lists.intern(holding[i], sizes[i]);
      int kept = 0;
      for (int j = 0; j < sizes[i]; j++) {
        if (matchPods[holding[i][j]]) {
          holding[i][kept++] = holding[i][j];
        }
      }
      forPods[i] = lists.intern(holding[i], kept);
    }
    this.isTrivial = lists.size() == 1 && Arrays.stream(atomOf).noneMatch(atom -> atom < 0);
  }

  private static int[] atomsOf(EndpointList endpoints, AddressAtoms space) {
    int[] result = new int[endpoints.size()];
    List<Workload> workloads = endpoints.workloads();
    for (int w = 0; w < workloads.size(); w++) {
      for (int i = endpoints.start(w); i < endpoints.start(w + 1); i++) {
        Optional<Address> address = endpoints.address(workloads.get(w), i);
        result[i] = address.isPresent() ? space.atomOf(address.get()) : -1;
      }
    }
    return result;
  }

  /** The first of the atoms that is not below this one. */
  private int place(int atom) {
    int at = Arrays.binarySearch(atoms, atom);
    return at >= 0 ? at : -at - 1;
  }

  /** Whether no set holds any endpoint or may do so, so that all lists are {@link #NONE}. */
  boolean isTrivial() {
    return isTrivial;
  }

  /** The number of an endpoint's list, or {@link #UNKNOWN}. */
  int listOf(int endpoint, boolean isNode) {
    if (atomOf.length == 0) {
      return NONE;
    }
    if (atomOf[endpoint] < 0) {
      return UNKNOWN;
    }
    int place = place(atomOf[endpoint]);
    return isNode ? forNodes[place] : forPods[place];
  }

  /** The numbers of the sets that are known to be in a list, ascending. */
  int[] sets(int list) {
    return list == UNKNOWN ? new int[0] : lists.get(list);
  }
}
