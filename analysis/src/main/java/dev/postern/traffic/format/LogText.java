package dev.postern.traffic.format;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.UnreadableEntry;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the texts of logs mean, whatever the format. */
final class LogText {

  /** Protocols of IANA's registry that logs call by a name, and what connection tracking calls one that it does not know. */
  private static final Set<String> OTHERS = Set.of(
      "ah",
      "dccp",
      "egp",
      "eigrp",
      "encap",
      "esp",
      "etherip",
      "fc",
      "ggp",
      "gre",
      "hip",
      "hopopt",
      "icmp",
      "icmp4",
      "icmp6",
      "icmpv4",
      "icmpv6",
      "igmp",
      "igp",
      "ip",
      "ipcomp",
      "ipencap",
      "ipip",
      "ipv4",
      "ipv6",
      "ipv6-frag",
      "ipv6-icmp",
      "ipv6-nonxt",
      "ipv6-opts",
      "ipv6-route",
      "isis",
      "l2tp",
      "manet",
      "mpls-in-ip",
      "ospf",
      "ospfigp",
      "pim",
      "rdp",
      "rsvp",
      "skip",
      "st",
      "udplite",
      "unknown",
      "vrrp",
      "wesp",
      "xtp");

  private static final int LAST_PROTOCOL = 255;

  private LogText() {}

  /**
   * An address; what stands for one of IPv4 among those of IPv6 ({@code ::ffff:10.0.0.1}, RFC 4291 2.5.5.2), as programs write it that know
   * one length only, is the one of IPv4.
   *
   * @throws UnreadableEntry if it is none
   */
  static Address address(String text) throws UnreadableEntry {
    try {
      Address address = Address.parse(withoutZone(text));
      return address.isIpv4Mapped() ? address.ofIpv4() : address;
    } catch (IllegalArgumentException problem) {
      throw new UnreadableEntry("`" + text + "` is no address");
    }
  }

  /** What stands after an address of IPv6 says which of a node's interfaces it is of ({@code fe80::1%eth0}, RFC 4007 11). */
  private static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return zone > 0 && zone + 1 < text.length() && text.indexOf(':') >= 0
        ? text.substring(0, zone)
        : text;
  }

  /** An address, where an empty text and a dash mean that it is not said. */
  static Optional<Address> addressIfSaid(String text) throws UnreadableEntry {
    return isSaid(text) ? Optional.of(address(text)) : Optional.empty();
  }

  /** Whether a field has a value: logs of columns have a dash where there is none. */
  static boolean isSaid(String text) {
    return !text.isEmpty() && !text.equals("-");
  }

  /**
   * A destination port.
   *
   * @param field what the log calls it
   * @return 0 for a protocol without ports
   * @throws UnreadableEntry if it is no port
   */
  static int port(Protocol protocol, String text, String field) throws UnreadableEntry {
    if (!protocol.hasPorts()) {
      return 0;
    }
    int port = sourcePort(text);
    if (port == 0) {
      throw new UnreadableEntry("the flow has no " + field + " between 1 and 65535");
    }
    return port;
  }

  /** A source port; 0 if it is none, which is no reason to reject a record. */
  static int sourcePort(String text) {
    long port = number(whole(text));
    return port > 65535 ? 0 : (int) port;
  }

  /** A whole number as tools write it that know none beside an empty one: 12.0. */
  private static String whole(String text) {
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** A count; 0 if it is not said, and {@link Long#MAX_VALUE} if it is more. */
  static long number(String text) {
    // Of most records of some formats it is not said, and an exception takes longer than all else
    // that is read.
    // Java takes the digits of other scripts and a sign for a number, too.
    if (!isSaid(text) || !isDigits(text)) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException more) {
      return Long.MAX_VALUE;
    }
  }

  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each < '0' || each > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * A protocol by its name or its number of IANA.
   *
   * @throws UnreadableEntry if it is not said, or is neither
   */
  static Protocol protocol(String text) throws UnreadableEntry {
    if (!isSaid(text)) {
      throw new UnreadableEntry("the flow has no protocol");
    }
    String name = text.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "tcp", "tcp6", "t" -> Protocol.TCP;
      case "udp", "udp6", "u" -> Protocol.UDP;
      case "sctp", "sctp6" -> Protocol.SCTP;
      default -> {
        String whole = whole(name);
        if (OTHERS.contains(name)) {
          yield Protocol.OTHER;
        } else if (whole.isEmpty() || !isDigits(whole) || number(whole) > LAST_PROTOCOL) {
          throw new UnreadableEntry("`" + text + "` is no protocol");
        }
        yield protocol((int) number(whole));
      }
    };
  }

  private static Protocol protocol(int number) {
    return switch (number) {
      case 6 -> Protocol.TCP;
      case 17 -> Protocol.UDP;
      case 132 -> Protocol.SCTP;
      default -> Protocol.OTHER;
    };
  }

  /**
   * A time, as far as it is said.
   *
   * @throws UnreadableEntry if what is said is none
   */
  static Optional<Instant> time(String text) throws UnreadableEntry {
    if (!isSaid(text)) {
      return Optional.empty();
    }
    Optional<Instant> time = LogTime.of(text);
    if (time.isEmpty()) {
      throw new UnreadableEntry(
          "`" + text + "` is no time as RFC 3339 writes it, and no number since 1970");
    }
    return time;
  }

  /**
   * A count that a user says is one, which is not guessed at.
   *
   * @return 0 if it is not said, and {@link Long#MAX_VALUE} if it is more
   * @throws UnreadableEntry if it is none
   */
  static long count(String text, String field) throws UnreadableEntry {
    String whole = whole(text);
    if (isSaid(text) && (whole.isEmpty() || !isDigits(whole))) {
      throw new UnreadableEntry("`" + text + "` is no number for " + field);
    }
    return number(whole);
  }
}
