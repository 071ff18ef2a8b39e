package dev.postern.wording;

import dev.postern.answer.PairReason;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The reasons of a pair for a person, what passes first. */
public final class PairReasonLines {

  private PairReasonLines() {}

  /**
   * Words a pair.
   *
   * @param direction the side whose reasons are wanted; both where absent
   */
  public static List<String> of(
      PairReason reason, Optional<Direction> direction, Abridgement abridgement) {
    List<String> lines = new ArrayList<>();
    lines.add(reason.source() + " -> " + reason.destination());
    for (PairReason.Part part : reason.parts()) {
      lines.add("  " + part.verdict().name().toLowerCase(Locale.ROOT) + ": " + words(reason, part)
          + sample(reason, part));
      Judgement judgement = part.sample().judgement();
      if (judgement.exemption() != Judgement.Exemption.NONE) {
        lines.add("    " + ExplanationLines.exemption(judgement));
        continue;
      }
      for (Direction side : List.of(Direction.EGRESS, Direction.INGRESS)) {
        if (direction.isEmpty() || direction.get() == side) {
          lines.addAll(SideLines.of(
              side == Direction.EGRESS ? part.sample().egress() : part.sample().ingress(),
              "    ",
              abridgement));
        }
      }
    }
    return lines;
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
