package dev.postern.cli.answer;

import dev.postern.answer.PairReason;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.policy.Direction;
import dev.postern.wording.PairReasonLines;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reasons of pairs for a person: a block for each. */
public final class PairReasonText {

  private final Printer out;

  /** Writes to a console. */
  public PairReasonText(Console console) {
    this.out = console.out();
  }

  /**
   * Writes all blocks, and what else must be known.
   *
   * @param direction the side whose reasons are wanted; both where absent
   * @param notes what else must be known
   */
  public void write(Stream<PairReason> reasons, Optional<Direction> direction, List<String> notes) {
    boolean first = true;
    for (Iterator<PairReason> each = reasons.iterator(); each.hasNext(); first = false) {
      if (!first) {
        out.println("");
      }
      PairReasonLines.of(each.next(), direction, AnswerText.ABRIDGED).forEach(out::println);
    }
    if (first) {
      out.println("there is no such pair");
    }
    notes.forEach(note -> out.println("note: " + note));
  }
}
