package dev.postern.answer;

import dev.postern.meaning.Decision;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.why.Explanation;
import java.util.List;

/**
 * What happens between two endpoints, and why.
 *
 * @param source who calls, as a matrix names it
 * @param destination who is called
 * @param asked the traffic that was asked about
 * @param parts what of it passes, what may pass and what does not, as far as there is any; each with its reasons
 */
public record PairReason(String source, String destination, Traffic asked, List<Part> parts) {

  public PairReason {
    parts = List.copyOf(parts);
  }

  /**
   * Traffic to which one thing happens.
   *
   * @param verdict what happens to it
   * @param traffic the traffic
   * @param sample one flow of it, judged by the definition, with the reasons of both sides; it has no changes
   */
  public record Part(dev.postern.meaning.FlowVerdict verdict, Traffic traffic, Explanation sample) {

    /** The decision of one side. */
    public Decision decision(Direction direction) {
      return direction == Direction.EGRESS
          ? sample.judgement().egress()
          : sample.judgement().ingress();
    }
  }
}
