package dev.postern.plan;

import dev.postern.algebra.Rectangle;
import dev.postern.policy.Action;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * A policy's rule over classes.
 *
 * @param policy the policy
 * @param rule the rule as written
 * @param action what it does; a pass to an unknown peer is a denial here (fail closed)
 * @param rectangles what it covers: one rectangle, or a few where named ports mean other numbers on other pods; none of them empty
 * @param byName what it may cover besides: DNS names whose addresses are not known, and peers of which it is not known that it means them
 * @param byPlace what it covers besides of pods whose address or node is not known, should they be there
 */
public record PlanRule(
    Policy policy,
    PolicyRule rule,
    Action action,
    List<Rectangle> rectangles,
    List<Rectangle> byName,
    List<InPlace> byPlace) {

  /**
   * A rectangle whose peers are meant if they are somewhere.
   *
   * @param rectangle what is covered then
   * @param place where its peers must be
   */
  public record InPlace(Rectangle rectangle, PeerPlace place) {}

  public PlanRule {
    rectangles = List.copyOf(rectangles);
    byName = List.copyOf(byName);
    byPlace = List.copyOf(byPlace);
  }

  /** Whether it is known of every class whether the rule covers it. */
  public boolean isCertain() {
    return byName.isEmpty() && byPlace.isEmpty();
  }

  /** What it covers at most. */
  List<Rectangle> possible() {
    return byName.isEmpty()
        ? rectangles
        : Stream.concat(rectangles.stream(), byName.stream()).toList();
  }
}
