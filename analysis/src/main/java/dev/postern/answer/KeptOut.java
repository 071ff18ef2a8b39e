package dev.postern.answer;

import dev.postern.meaning.Decision;
import dev.postern.policy.Direction;
import java.util.List;

/**
 * Ends that a question found not to pass, for one cause.
 *
 * @param names who
 * @param direction the side that denies; where both do, the other end's, which all of them have in common
 * @param decision that side's decision for one of them
 * @param both whether the other side denies, too
 */
public record KeptOut(List<String> names, Direction direction, Decision decision, boolean both) {

  public KeptOut {
    names = List.copyOf(names);
  }
}
