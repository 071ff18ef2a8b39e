package dev.postern.tier;

import dev.postern.policy.Action;

/**
 * {@link EqualPriority} over the 64 bits of a word: the same rule without an object for each intermediate result, for those who decide
 * millions of steps. Reused from step to step. Not thread-safe.
 */
public final class EqualPriorityBits {

  private long allow;
  private long deny;
  private long pass;
  private long decided;

  /** Begins the policies of another priority. */
  public void clear() {
    allow = 0;
    deny = 0;
    pass = 0;
    decided = 0;
  }

  /** Begins the rules of the next policy. */
  public void nextPolicy() {
    decided = 0;
  }

  /**
   * Adds the policy's next rule.
   *
   * @param matches the flows that it is about
   */
  public void rule(Action action, long matches) {
    long first = matches & ~decided;
    decided |= matches;
    switch (action) {
      case ALLOW -> allow |= first;
      case DENY -> deny |= first;
      case PASS -> pass |= first;
    }
  }

  /** What is left to the tiers below. */
  public long passed() {
    return pass & ~deny;
  }

  /** What is allowed, denied or passed. */
  public long decided() {
    return allow | deny | pass;
  }

  /**
   * What passes in the end.
   *
   * @param rest what the next priorities of the tier let pass
   * @param below what the tiers below let pass
   */
  public long then(long rest, long below) {
    return ~deny & ((pass & below) | (~pass & (allow | rest)));
  }
}
