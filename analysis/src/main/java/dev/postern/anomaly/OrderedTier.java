package dev.postern.anomaly;

import dev.postern.policy.Action;
import dev.postern.tier.EqualPriorityBits;
import java.util.Arrays;

/**
 * An ordered tier at one point, for one word of traffic: steps with what reaches each and what passes from each on. A step is one rule, or
 * all rules of policies that share a priority, since those have no order among them. The rules stand in the arrays of a {@link ClassPair}.
 */
final class OrderedTier {

  private final ClassPair point;
  private final EqualPriorityBits together = new EqualPriorityBits();
  private int[] starts = new int[16];
  private boolean[] shared = new boolean[16];
  private long[] reaching = new long[16];
  private long[] passing = new long[16];
  private long[] passed = new long[16];
  private int steps;
  private long below;

  OrderedTier(ClassPair point) {
    this.point = point;
  }

  /** Finds the steps of the point's rules from one place up to, not including, another. */
  void steps(int from, int to) {
    steps = 0;
    int start = from;
    while (start < to) {
      int end = start + 1;
      boolean several = false;
      while (end < to && point.priority(end) == point.priority(start)) {
        several |= point.policy(end) != point.policy(start);
        end++;
      }
      if (several) {
        add(start, true);
      } else {
        for (int i = start; i < end; i++) {
          add(i, false);
        }
      }
      start = end;
    }
    starts[steps] = to;
  }

  private void add(int start, boolean several) {
    if (steps + 2 > starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      shared = Arrays.copyOf(shared, starts.length);
      reaching = Arrays.copyOf(reaching, starts.length);
      passing = Arrays.copyOf(passing, starts.length);
      passed = Arrays.copyOf(passed, starts.length);
    }
    starts[steps] = start;
    shared[steps++] = several;
  }

  /**
   * Works out the current word.
   *
   * @param arriving what reaches the first step
   * @param lower what the lower tiers let pass
   * @return what passes through this tier and the lower ones, of everything
   */
  long work(long arriving, long lower) {
    below = lower;
    passing[steps] = lower;
    for (int i = steps - 1; i >= 0; i--) {
      EqualPriorityBits step = decide(i, -1, 0, Action.ALLOW, -1);
      passing[i] = step.then(passing[i + 1], below);
      passed[i] = step.passed();
      // For a moment what the step decides.
      reaching[i] = step.decided();
    }
    arrive(arriving);
    return passing[0];
  }

  private void arrive(long arriving) {
    long here = arriving;
    for (int step = 0; step < steps; step++) {
      long decided = reaching[step];
      reaching[step] = here;
      long own = 0;
      for (int i = starts[step]; i < starts[step + 1]; i++) {
        own = i > starts[step] && point.policy(i) == point.policy(i - 1) ? own : 0;
        point.fresh(i, here & point.mask(i) & ~own);
        own |= point.mask(i);
      }
      here &= ~decided;
    }
    reaching[steps] = here;
  }

  /** What this tier leaves to the lower ones: what arrives and is not decided, or is passed. */
  long left() {
    long left = reaching[steps];
    for (int i = 0; i < steps; i++) {
      left |= passed[i] & reaching[i];
    }
    return left;
  }

  /** Decides a step. One rule may be another, one policy left out. */
  private EqualPriorityBits decide(int step, int changed, long mask, Action action, int without) {
    together.clear();
    int policy = -1;
    for (int i = starts[step]; i < starts[step + 1]; i++) {
      if (point.policy(i) != policy) {
        policy = point.policy(i);
        together.nextPolicy();
      }
      if (policy != without) {
        together.rule(i == changed ? action : point.action(i), i == changed ? mask : point.mask(i));
      }
    }
    return together;
  }

  int steps() {
    return steps;
  }

  int start(int step) {
    return starts[step];
  }

  int end(int step) {
    return starts[step + 1];
  }

  /** Whether policies of one priority share a step. */
  boolean isShared(int step) {
    return shared[step];
  }

  long reaching(int step) {
    return reaching[step];
  }

  /** What a step's rule passes on to the lower tiers. */
  long passedBy(int step, int rule) {
    return passed[step] & point.fresh(rule);
  }

  /** Where the verdict is another without a step's rule. */
  long differsWithout(int step, int rule) {
    if (!shared[step]) {
      return reaching[step] & (passing[step] ^ passing[step + 1]);
    }
    return reaching[step]
        & (passing[step] ^ decide(step, rule, 0, Action.ALLOW, -1).then(passing[step + 1], below));
  }

  /** Where the verdict is another if a step's rule does something else. */
  long differsAs(int step, int rule, Action action) {
    return reaching[step]
        & (passing[step]
            ^ decide(step, rule, point.mask(rule), action, -1).then(passing[step + 1], below));
  }

  /** Where the verdict is another without a policy that shares a step. */
  long differsWithoutPolicy(int step, int policy) {
    return reaching[step]
        & (passing[step]
            ^ decide(step, -1, 0, Action.ALLOW, policy).then(passing[step + 1], below));
  }

  /** Where the verdict is another without the steps from one up to, not including, another. */
  long differsWithoutSteps(int from, int to) {
    return reaching[from] & (passing[from] ^ passing[to]);
  }
}
