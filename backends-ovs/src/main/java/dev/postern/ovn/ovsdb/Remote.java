package dev.postern.ovn.ovsdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a database server listens, as {@code ovn-nbctl --db} and {@code OVN_NB_DB} write it.
 *
 * @param kind how to get there
 * @param host the host; the socket's path for {@link Kind#UNIX}
 * @param port 1..65535; 0 for {@link Kind#UNIX}
 */
public record Remote(Kind kind, String host, int port) {

  /** How to get to a server. */
  public enum Kind {
    UNIX,
    TCP,
    SSL
  }

  /**
   * Reads {@code unix:/path}, {@code tcp:host:port} or {@code ssl:host:port}, or several with commas between: the members of a cluster.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static List<Remote> parse(String text) {
    List<Remote> remotes = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      remotes.add(parseOne(one.trim()));
    }
    return List.copyOf(remotes);
  }

  private static Remote parseOne(String text) {
    if (text.startsWith("unix:") && text.length() > 5) {
      return new Remote(Kind.UNIX, text.substring(5), 0);
    }
    boolean tls = text.startsWith("ssl:");
    int colon = text.lastIndexOf(':');
    if ((tls || text.startsWith("tcp:")) && colon > 4) {
      String host = text.substring(4, colon);
      String number = text.substring(colon + 1);
      if (number.matches("[0-9]{1,5}") && Integer.parseInt(number) <= 65535) {
        return new Remote(
            tls ? Kind.SSL : Kind.TCP,
            host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host,
            Integer.parseInt(number));
      }
    }
    throw new IllegalArgumentException(
        "`" + text
            + "` is no database: write it as unix:/run/ovn/ovnnb_db.sock, tcp:127.0.0.1:6641 or ssl:host:6641");
  }

  Path path() {
    return Path.of(host);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case UNIX -> "unix:" + host;
      case TCP -> "tcp:" + host + ":" + port;
      case SSL -> "ssl:" + host + ":" + port;
    };
  }
}
