package dev.postern.openflow.reader;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the flows that packets may match of which some bits of registers are known. Tables have a flow for each pod or each rule, told apart by
 * a register, and are looked up once for each value of it: to try every flow each time would be their product.
 */
final class FlowIndex {

  /** With fewer flows each is tried. */
  private static final int FEW = 8;

  private final List<FlowEntry> flows;
  private final Map<BigInteger, Group> byMask = new LinkedHashMap<>();

  /** The places of flows that ask for the same bits: all, and by what they want them to be. */
  private record Group(BitSet all, Map<BigInteger, BitSet> byValue) {}

  FlowIndex(List<FlowEntry> flows) {
    this.flows = List.copyOf(flows);
    for (int i = 0; i < flows.size() && flows.size() >= FEW; i++) {
      MaskedBits wanted = flows.get(i).match().registers();
      Group group =
          byMask.computeIfAbsent(wanted.mask(), mask -> new Group(new BitSet(), new HashMap<>()));
      group.all.set(i);
      group.byValue.computeIfAbsent(wanted.value(), value -> new BitSet()).set(i);
    }
  }

  /** The flows that do not want known bits to be otherwise, in their order, and perhaps others. */
  List<FlowEntry> candidates(MaskedBits known) {
    if (flows.size() < FEW) {
      return flows;
    }
    BitSet places = new BitSet();
    byMask.forEach((mask, group) -> {
      boolean told = mask.andNot(known.mask()).signum() == 0;
      BitSet some = told ? group.byValue.get(known.value().and(mask)) : group.all;
      if (some != null) {
        places.or(some);
      }
    });
    List<FlowEntry> candidates = new ArrayList<>();
    places.stream().forEach(place -> candidates.add(flows.get(place)));
    return candidates;
  }
}
