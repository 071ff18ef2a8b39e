package dev.postern.cli.console;

/**
 * One line on standard error that says what is going on, for a person who has waited for a second; it is wiped when the work is done.
 * Where nobody watches it does nothing at all.
 */
public final class Progress {

  private static final long SECOND_MILLIS = 1_000;

  private static final String WIPE = "\r\u001b[2K";

  /** What is to be done. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  private final Printer err;
  private boolean done;
  private boolean shown;

  private Progress(Printer err) {
    this.err = err;
  }

  /**
   * Does the work.
   *
   * @param what a gerund, such as {@code reading manifests}
   */
  public static <T, E extends Exception> T during(Console console, String what, Work<T, E> work)
      throws E {
    return during(console, what, SECOND_MILLIS, work);
  }

  static <T, E extends Exception> T during(
      Console console, String what, long patienceMillis, Work<T, E> work) throws E {
    if (!console.errIsTerminal()) {
      return work.run();
    }
    Progress progress = new Progress(console.err());
    Thread watcher = new Thread(() -> progress.watch(what, patienceMillis), "progress");
    watcher.setDaemon(true);
    watcher.start();
    try {
      return work.run();
    } finally {
      progress.end();
    }
  }

  private synchronized void watch(String what, long patienceMillis) {
    long begun = System.nanoTime();
    try {
      while (!done) {
        long waited = (System.nanoTime() - begun) / 1_000_000;
        if (waited >= patienceMillis) {
          err.write(WIPE + "postern: " + what + " … " + waited / 1_000 + " s");
          err.flush();
          shown = true;
        }
        wait(shown ? SECOND_MILLIS : Math.max(1, patienceMillis - waited));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void end() {
    done = true;
    notifyAll();
    if (shown) {
      err.write(WIPE);
      err.flush();
    }
  }
}
