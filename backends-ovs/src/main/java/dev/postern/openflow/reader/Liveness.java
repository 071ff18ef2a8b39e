package dev.postern.openflow.reader;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Which bits of {@link Registers} a table and all that follows may still ask for. What nobody asks for is forgotten, so that packets that
 * differ in it alone go on together.
 */
final class Liveness {

  private final Map<Integer, BigInteger> tables = new HashMap<>();

  Liveness(SortedMap<Integer, List<FlowEntry>> flows) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<Integer, List<FlowEntry>> table : flows.entrySet()) {
        BigInteger asked = BigInteger.ZERO;
        for (FlowEntry flow : table.getValue()) {
          asked = asked
              .or(flow.match().registers().mask())
              .or(flow.match().connection().marks().mask())
              .or(before(flow.steps(), BigInteger.ZERO));
        }
        changed |= !asked.equals(tables.put(table.getKey(), asked))
            && (asked.signum() != 0 || tables.containsKey(table.getKey()));
      }
    }
  }

  /** What a table asks for. */
  BigInteger of(int table) {
    return tables.getOrDefault(table, BigInteger.ZERO);
  }

  /** What some actions ask for if afterwards this is asked for. */
  BigInteger before(List<FlowStep> steps, BigInteger after) {
    BigInteger asked = after;
    for (int i = steps.size() - 1; i >= 0; i--) {
      asked = before(steps.get(i), asked);
    }
    return asked;
  }

  private BigInteger before(FlowStep step, BigInteger after) {
    if (step instanceof FlowStep.Write write) {
      return after.andNot(write.bits().mask());
    }
    if (step instanceof FlowStep.Forget forget) {
      return after.andNot(forget.slot().mask());
    }
    if (step instanceof FlowStep.Learn learn) {
      return learn.result().map(slot -> after.andNot(slot.mask())).orElse(after);
    }
    if (step instanceof FlowStep.Copy copy) {
      return after.and(copy.to().mask()).signum() == 0
          ? after
          : after.andNot(copy.to().mask()).or(copy.from().mask());
    }
    if (step instanceof FlowStep.Resubmit resubmit) {
      return after.or(of(resubmit.table()));
    }
    if (step instanceof FlowStep.Goto go) {
      return after.or(of(go.table()));
    }
    if (step instanceof FlowStep.Output output) {
      return output.port().map(slot -> after.or(slot.mask())).orElse(after);
    }
    if (step instanceof FlowStep.Conntrack ct) {
      BigInteger later = ct.table().map(this::of).orElse(BigInteger.ZERO);
      BigInteger asked = after.or(before(ct.marking(), later));
      return ct.zone() instanceof FlowStep.Zone.In in ? asked.or(in.slot().mask()) : asked;
    }
    if (step instanceof FlowStep.Clone clone) {
      return after.or(before(clone.steps(), BigInteger.ZERO));
    }
    if (step instanceof FlowStep.Apply apply) {
      return before(apply.steps(), after);
    }
    return after;
  }
}
