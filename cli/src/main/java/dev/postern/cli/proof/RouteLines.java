package dev.postern.cli.proof;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what {@code ip route} prints, also with {@code -o}, {@code -d} and {@code -6} (iproute2, {@code print_route}). */
final class RouteLines {

  private static final Set<String> FAMILIES = Set.of("inet", "inet6");

  private static final Set<String> DECIDING = Set.of("dev", "via", "table", "pref");

  /** Words with a value that do not say where a packet goes. */
  private static final Set<String> VALUED = Set.of(
      "proto",
      "scope",
      "src",
      "metric",
      "nhid",
      "weight",
      "realm",
      "realms",
      "mtu",
      "advmss",
      "window",
      "rtt",
      "rttvar",
      "rto_min",
      "ssthresh",
      "cwnd",
      "initcwnd",
      "initrwnd",
      "reordering",
      "hoplimit",
      "quickack",
      "congctl",
      "features",
      "fastopen_no_cookie",
      "ttl-propagate",
      "expires",
      "error");

  /** Words without one. */
  private static final Set<String> FLAGS = Set.of(
      "onlink",
      "pervasive",
      "offload",
      "trap",
      "linkdown",
      "rt_offload",
      "rt_trap",
      "rt_offload_failed");

  private final String file;
  private final List<Lines> all = new ArrayList<>();

  private RouteLines(String file) {
    this.file = file;
  }

  /** @throws UnreadableDump if a line is no route, or the last one is cut */
  static List<RouteEntry> read(String file, String text) {
    RouteLines lines = new RouteLines(file);
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      // With -o a backslash is where else a line ends.
      for (String part : line.split("\\\\(?=\\s|$)", -1)) {
        lines.add(List.of(part.strip().split("\\s+")), new Origin(file, number, 1, ""), part);
      }
    }
    if (!text.isBlank() && !text.endsWith("\n")) {
      throw new UnreadableDump(
          new Origin(file, number, 1, ""), "the last line has no end: it may be cut off");
    }
    return lines.all.stream().map(Lines::entry).toList();
  }

  private void add(List<String> words, Origin origin, String line) {
    switch (words.get(0)) {
      case "", "nh_info" -> {}
      case "nexthop" -> {
        if (all.isEmpty()) {
          throw new UnreadableDump(origin, "`" + line.strip() + "` is of no route in " + file);
        }
        Lines route = all.get(all.size() - 1);
        route.shared = true;
        route.read(words, 1);
      }
      default -> {
        Lines route = new Lines(origin, line);
        all.add(route);
        route.begin(words);
      }
    }
  }

  /** What is known so far of a route, which may go on over several lines. */
  private static final class Lines {

    private final Origin origin;
    private final String written;
    private final Set<String> devices = new TreeSet<>();
    private String destination = "";
    private boolean leads = true;
    private boolean certain = true;
    private boolean shared;
    private boolean ofIpv6;

    Lines(Origin origin, String written) {
      this.origin = origin;
      this.written = written;
    }

    void begin(List<String> words) {
      String first = words.get(0);
      leads = !RouteEntry.OTHER_TYPES.contains(first);
      int from = first.equals("unicast") || !leads ? 1 : 0;
      destination = from < words.size() ? words.get(from) : "";
      read(words, from + 1);
    }

    void read(List<String> words, int from) {
      int at = from;
      while (at < words.size()) {
        String word = words.get(at++);
        if (FLAGS.contains(word)) {
          continue;
        }
        if (!VALUED.contains(word) && !DECIDING.contains(word)) {
          certain = false;
          continue;
        }
        boolean ofOtherFamily = at < words.size() && FAMILIES.contains(words.get(at));
        at += ofOtherFamily || at < words.size() && words.get(at).equals("lock") ? 1 : 0;
        if (at == words.size()) {
          certain = false;
          return;
        }
        String value = words.get(at++);
        switch (word) {
          case "dev" -> devices.add(value);
          case "via" -> {
            shared = true;
            ofIpv6 |= value.contains(":") && !ofOtherFamily;
          }
          case "table" -> certain &= RouteEntry.READ.contains(value);
          case "pref" -> ofIpv6 = true;
          default -> {}
        }
      }
    }

    RouteEntry entry() {
      return new RouteEntry(
          origin, written.strip(), destination, leads, certain, shared, ofIpv6, devices);
    }
  }
}
