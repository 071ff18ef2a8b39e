package dev.postern.cli.answer;

import dev.postern.answer.PairReason;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.meaning.FlowVerdict;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.wording.FlowWords;
import dev.postern.wording.SideLines;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reasons of pairs for a person: a block for each, what passes first. */
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
      write(each.next(), direction);
    }
    if (first) {
      out.println("there is no such pair");
    }
    notes.forEach(note -> out.println("note: " + note));
  }

  private void write(PairReason reason, Optional<Direction> direction) {
    out.println(reason.source() + " -> " + reason.destination());
    for (PairReason.Part part : reason.parts()) {
      out.println("  " + part.verdict().name().toLowerCase(Locale.ROOT) + ": " + words(reason, part)
          + sample(reason, part));
      for (Direction side : List.of(Direction.EGRESS, Direction.INGRESS)) {
        if (direction.isEmpty() || direction.get() == side) {
          SideLines.of(
                  side == Direction.EGRESS
                      ? part.sample().egress()
                      : part.sample().ingress(),
                  "    ",
                  AnswerText.ABRIDGED)
              .forEach(out::println);
        }
      }
    }
  }

  /** All that was asked, or what of it; what is left is told by what it leaves out where that is shorter. */
  private static String words(PairReason reason, PairReason.Part part) {
    Traffic rest = reason.asked().minus(part.traffic());
    return part.verdict() == FlowVerdict.DENIED && reason.asked().isAll() && !rest.isEmpty()
        ? "all but " + rest
        : part.traffic().toString();
  }

  /** The flow that the reasons are of, unless it is all there is. */
  private static String sample(PairReason reason, PairReason.Part part) {
    String flow = FlowWords.traffic(part.sample().judgement().flow());
    return flow.equals(words(reason, part)) ? "" : ", as " + flow;
  }
}
