package dev.postern.iptables;

import dev.postern.deadline.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks the kernel of this machine what its ipset can do, by making a set in a network namespace of its own, which goes with it. Takes root.
 *
 * @param ipset the command
 */
public record IpsetProbe(String ipset) {

  /** It prints a line where it fails, and nothing else. */
  private static final int MOST = 1 << 16;

  private static final String SCRIPT = """
      "$IPSET" create postern hash:ip && "$IPSET" create postern6 hash:net family inet6 || exit 2
      "$IPSET" create marks hash:net skbinfo && "$IPSET" create marks6 hash:ip family inet6 skbinfo
      """;

  /** With the command that the environment variable {@code IPSET} names, as {@code apply.sh} does; else {@code ipset}. */
  public static IpsetProbe here() {
    return new IpsetProbe(System.getenv().getOrDefault("IPSET", "ipset"));
  }

  /**
   * Whether sets can map addresses to marks ({@code skbinfo}).
   *
   * @throws Deadline.Passed if the command does not end before the deadline of this thread; then it is ended
   * @throws IOException if this machine cannot be asked, or has no sets of addresses and networks at all; the message says why
   */
  public boolean hasMarks() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("unshare", "--net", "sh", "-c", SCRIPT);
    Map<String, String> environment = builder.environment();
    environment.put("IPSET", ipset);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    try {
      Said said =
          Deadline.current().await("`" + ipset + "`", () -> said(process), () -> end(process));
      if (said.status() == 0) {
        return true;
      }
      // The first sets were made: it is the marks that the kernel lacks.
      if (said.status() == 1 && !said.text().startsWith("unshare:")) {
        return false;
      }
      throw new IOException(said.text().isEmpty() ? "exit status " + said.status() : said.text());
    } catch (UncheckedIOException problem) {
      throw new IOException(problem.getMessage(), problem);
    } finally {
      end(process);
    }
  }

  /** How it ended, and what it printed. */
  private record Said(int status, String text) {}

  private static Said said(Process process) {
    try (InputStream output = process.getInputStream()) {
      byte[] printed = output.readNBytes(MOST);
      if (printed.length == MOST) {
        throw new IOException("it prints more than " + MOST + " characters");
      }
      return new Said(process.waitFor(), new String(printed, StandardCharsets.UTF_8).strip());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem.getMessage(), problem);
    } catch (InterruptedException problem) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException("interrupted", new IOException(problem));
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
