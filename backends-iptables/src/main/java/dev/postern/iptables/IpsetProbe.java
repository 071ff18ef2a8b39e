package dev.postern.iptables;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks the kernel of this machine what its ipset can do, by making a set in a network namespace of its own, which goes with it. Takes root.
 *
 * @param ipset the command
 */
public record IpsetProbe(String ipset) {

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
   * @throws IOException if this machine cannot be asked, or has no sets of addresses and networks at all; the message says why
   */
  public boolean hasMarks() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("unshare", "--net", "sh", "-c", SCRIPT);
    Map<String, String> environment = builder.environment();
    environment.put("IPSET", ipset);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status == 0) {
        return true;
      }
      // The first sets were made: it is the marks that the kernel lacks.
      if (status == 1 && !said.startsWith("unshare:")) {
        return false;
      }
      throw new IOException(said.isEmpty() ? "exit status " + status : said);
    } catch (InterruptedException problem) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", problem);
    }
  }
}
