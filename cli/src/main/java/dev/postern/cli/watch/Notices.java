package dev.postern.cli.watch;

import dev.postern.cli.console.Children;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Notices of changes, from tools that go on printing them, such as {@code nft monitor}. A tool that is not there, or ends, gives none: whoever
 * waits does so no longer than is said. The processes are this object's own and end with it. For one thread that waits.
 */
public final class Notices implements AutoCloseable {

  private final Semaphore heard = new Semaphore(0);
  private final List<Process> children = new ArrayList<>();

  /** Whatever ends this process ends them, too. */
  private final Thread last = new Thread(this::end, "end of notices");

  private Notices() {}

  /**
   * Starts tools.
   *
   * @param commands the words of each; what they print is not looked at, only that they print
   */
  public static Notices of(List<List<String>> commands) {
    Notices notices = new Notices();
    Runtime.getRuntime().addShutdownHook(notices.last);
    for (List<String> command : commands) {
      if (isThere(command.get(0))) {
        notices.start(command);
      }
    }
    return notices;
  }

  private static boolean isThere(String tool) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  private void start(List<String> command) {
    try {
      Process child = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      children.add(child);
      Thread listener = new Thread(() -> listen(child), "notices of " + command.get(0));
      listener.setDaemon(true);
      listener.start();
    } catch (IOException missing) {
      // Then nothing is heard from it.
    }
  }

  private void listen(Process child) {
    byte[] some = new byte[8192];
    try (InputStream printed = child.getInputStream()) {
      while (printed.read(some) >= 0) {
        heard.release();
      }
    } catch (IOException ended) {
      // So does what it would have said.
    }
  }

  /**
   * Waits for a notice.
   *
   * @return whether there was one
   */
  boolean await(Duration longest) throws InterruptedException {
    boolean noticed = heard.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
    heard.drainPermits();
    return noticed;
  }

  private void end() {
    children.forEach(Children::end);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(last);
    end();
  }
}
