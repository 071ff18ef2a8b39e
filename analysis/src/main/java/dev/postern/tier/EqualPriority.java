package dev.postern.tier;

import dev.postern.policy.Action;

/**
 * What ordered policies of one priority decide together: of each policy the first rule that matches speaks for it, and of several the
 * strictest word counts, deny before pass before allow (network-policy-api, "Priority": policies of one priority may be applied in any order,
 * so the safest reading is taken). Not thread-safe.
 *
 * @param <T> a condition on flows
 */
public final class EqualPriority<T> {

  private final BooleanAlgebra<T> algebra;
  private T allow;
  private T deny;
  private T pass;
  private T decided;

  public EqualPriority(BooleanAlgebra<T> algebra) {
    this.algebra = algebra;
    this.allow = algebra.no();
    this.deny = algebra.no();
    this.pass = algebra.no();
    this.decided = algebra.no();
  }

  /** Begins the rules of the next policy. */
  public void nextPolicy() {
    decided = algebra.no();
  }

  /**
   * Adds the policy's next rule.
   *
   * @param matches the flows that it is about
   */
  public void rule(Action action, T matches) {
    rule(action, matches, algebra.yes());
  }

  /**
   * Adds the policy's next rule.
   *
   * @param matches the flows that it is about, which the policy's later rules never see
   * @param counts for which of them its word counts
   */
  void rule(Action action, T matches, T counts) {
    T first = algebra.and(algebra.and(matches, algebra.not(decided)), counts);
    decided = algebra.or(decided, matches);
    switch (action) {
      case ALLOW -> allow = algebra.or(allow, first);
      case DENY -> deny = algebra.or(deny, first);
      case PASS -> pass = algebra.or(pass, first);
    }
  }

  /** What is left to the tiers below. */
  public T passed() {
    return algebra.and(pass, algebra.not(deny));
  }

  /** What is allowed, denied or passed. */
  public T decided() {
    return algebra.or(algebra.or(allow, deny), pass);
  }

  /**
   * What passes in the end.
   *
   * @param rest what the next priorities of the tier let pass
   * @param below what the tiers below let pass
   */
  public T then(T rest, T below) {
    return algebra.and(algebra.not(deny), algebra.choose(pass, below, algebra.or(allow, rest)));
  }
}
