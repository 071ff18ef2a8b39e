package dev.postern.diff;

import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What turned a row, shown by one flow of it.
 *
 * @param before how the flow was judged; empty if an end of it was not there
 * @param after how it is judged now; empty if an end of it is not there any more
 */
public record RowCause(Optional<Judgement> before, Optional<Judgement> after) {

  /**
   * One side of the flow that decides otherwise now.
   *
   * @param direction the side
   * @param before what it decided; empty if there was no such flow
   * @param after what it decides; empty if there is no such flow
   */
  public record SideChange(
      Direction direction, Optional<Decision> before, Optional<Decision> after) {

    /** Whether it lets the flow pass now. */
    public boolean opens() {
      return after.filter(decision -> decision.verdict() == FlowVerdict.ALLOWED).isPresent();
    }
  }

  /** The sides that decide otherwise; both where the flow is new or gone. */
  public List<SideChange> sides() {
    List<SideChange> sides = new ArrayList<>();
    for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
      SideChange side = new SideChange(
          direction,
          before.map(judgement -> decision(judgement, direction)),
          after.map(judgement -> decision(judgement, direction)));
      if (!side.before.map(Decision::verdict).equals(side.after.map(Decision::verdict))) {
        sides.add(side);
      }
    }
    return sides;
  }

  private static Decision decision(Judgement judgement, Direction direction) {
    return direction == Direction.EGRESS ? judgement.egress() : judgement.ingress();
  }
}
