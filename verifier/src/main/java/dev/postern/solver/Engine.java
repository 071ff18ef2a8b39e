package dev.postern.solver;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * A Z3 for many queries, one after the other. What it keeps in native memory does not grow with their number: after some dozen queries
 * it starts afresh. It is given back when it is closed, or when nobody holds it any more. Not for use by several threads at once.
 */
public final class Engine implements AutoCloseable {

  /** After so many queries a logic is left for a new one, which takes less than a millisecond. */
  private static final int QUERIES = 500;

  private static final Cleaner CLEANER = Cleaner.create();

  private final Held held = new Held();
  private final Cleaner.Cleanable cleanable = CLEANER.register(this, held);
  private int queries;

  /** The logic, apart from its holder, so that it can outlive it until it is closed. */
  private static final class Held implements Runnable {
    private @Nullable Logic logic;

    @Override
    public synchronized void run() {
      if (logic != null) {
        logic.close();
        logic = null;
      }
    }

    private synchronized Logic open() throws Z3.Missing {
      if (logic == null) {
        logic = Z3.open();
      }
      return logic;
    }
  }

  /**
   * A logic for one more query; what was made in an earlier one may be gone.
   *
   * @throws Z3.Missing if the library is not there
   */
  public Logic logic() throws Z3.Missing {
    if (queries++ == QUERIES) {
      held.run();
      queries = 1;
    }
    return held.open();
  }

  @Override
  public void close() {
    cleanable.clean();
  }
}
