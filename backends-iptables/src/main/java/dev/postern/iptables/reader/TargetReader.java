package dev.postern.iptables.reader;

import dev.postern.enforced.RuleAction;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import java.util.List;
import java.util.Set;

/** Reads what a rule does: {@code -j} or {@code -g}, a target and its options (iptables-extensions(8)). */
final class TargetReader {

  /** Targets after which the packet goes on as it was, as far as any condition that we understand can see. */
  private static final Set<String> HARMLESS = Set.of(
      "LOG",
      "NFLOG",
      "ULOG",
      "TRACE",
      "TOS",
      "DSCP",
      "CLASSIFY",
      "TCPMSS",
      "CHECKSUM",
      "AUDIT",
      "LED",
      "RATEEST",
      "SECMARK",
      "CONNSECMARK",
      "TCPOPTSTRIP",
      "ECN");

  private final Family family;
  private final NodeIpsets sets;
  private final NodeFacts node;
  private final String prefix;
  private final Set<String> chains;

  TargetReader(Family family, NodeIpsets sets, NodeFacts node, String prefix, Set<String> chains) {
    this.family = family;
    this.node = node;
    this.sets = sets;
    this.prefix = prefix;
    this.chains = chains;
  }

  RuleAction read(boolean goTo, String target, List<String> options) {
    RuleAction unknown = new RuleAction.Unknown(target + " " + String.join(" ", options));
    if (chains.contains(target)) {
      return goTo ? new RuleAction.Goto(prefix + target) : new RuleAction.Jump(prefix + target);
    }
    if (HARMLESS.contains(target)) {
      return RuleAction.CONTINUE;
    }
    return switch (target) {
      case "ACCEPT" -> RuleAction.ACCEPT;
      case "DROP", "REJECT" -> RuleAction.DROP;
      case "RETURN" -> RuleAction.RETURN;
      case "TTL", "HL" -> lifetime(options, unknown);
      case "MARK" -> mark(options, unknown);
      case "CONNMARK" ->
        options.contains("--restore-mark") ? restored(options, unknown) : RuleAction.CONTINUE;
      case "SET" -> set(options, unknown);
      case "NFQUEUE" -> queue(options, unknown);
      default -> unknown;
    };
  }

  private static RuleAction queue(List<String> options, RuleAction unknown) {
    int first = 0;
    int last = 0;
    boolean bypass = false;
    try {
      for (int i = 0; i < options.size(); i++) {
        switch (options.get(i)) {
          case "--queue-num" -> {
            first = MatchReader.number(options.get(++i));
            last = first;
          }
          case "--queue-balance" -> {
            String[] bounds = options.get(++i).split(":", 2);
            first = MatchReader.number(bounds[0]);
            last = MatchReader.number(bounds[1]);
          }
          case "--queue-bypass" -> bypass = true;
          case "--queue-cpu-fanout" -> {}
          default -> {
            return unknown;
          }
        }
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return unknown;
    }
    return new RuleAction.Queue(first, last, bypass);
  }

  /** A packet that has no hop left is dropped where it is routed: one whose hops are made fewer may be. */
  private static RuleAction lifetime(List<String> options, RuleAction unknown) {
    boolean enough = options.size() == 2
        && (options.get(0).endsWith("-inc")
            || options.get(0).endsWith("-set") && MatchReader.number(options.get(1)) > 1);
    return enough ? RuleAction.CONTINUE : unknown;
  }

  private static RuleAction mark(List<String> options, RuleAction unknown) {
    if (options.size() != 2) {
      return unknown;
    }
    try {
      String[] parts = options.get(1).split("/", 2);
      int value = MatchReader.number(parts[0]);
      int mask = parts.length < 2 ? -1 : MatchReader.number(parts[1]);
      return switch (options.get(0)) {
        case "--set-xmark" -> new RuleAction.SetMark(value, mask);
        case "--set-mark" -> new RuleAction.SetMark(value, mask | value);
        case "--or-mark" -> new RuleAction.SetMark(value, value);
        case "--and-mark" -> new RuleAction.SetMark(0, ~value);
        case "--xor-mark" -> new RuleAction.SetMark(value, 0);
        default -> unknown;
      };
    } catch (NumberFormatException e) {
      return unknown;
    }
  }

  /** {@code mark = (mark & ~nfmask) ^ (connection's mark & ctmask)}: the connection's mark is 0, or not known. */
  private RuleAction restored(List<String> options, RuleAction unknown) {
    try {
      int packet = -1;
      int connection = -1;
      for (int i = 0; i < options.size(); i++) {
        switch (options.get(i)) {
          case "--restore-mark" -> {}
          case "--nfmask" -> packet = MatchReader.number(options.get(++i));
          case "--ctmask" -> connection = MatchReader.number(options.get(++i));
          case "--mask" -> {
            packet = MatchReader.number(options.get(++i));
            connection = packet;
          }
          default -> {
            return unknown;
          }
        }
      }
      return node.connectionMarks()
          ? new RuleAction.UnknownMark(packet | connection)
          : new RuleAction.SetMark(0, packet);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return unknown;
    }
  }

  private RuleAction set(List<String> options, RuleAction unknown) {
    if (options.size() >= 3 && options.get(0).equals("--map-set")) {
      List<String> maps = options.subList(3, options.size());
      if (maps.equals(List.of("--map-mark"))) {
        return sets.mapMark(options.get(1), List.of(options.get(2).split(",", -1)), family)
            .orElse(unknown);
      }
      return maps.contains("--map-mark") ? unknown : RuleAction.CONTINUE;
    }
    // Adding and deleting changes the set, which its matches say, but not the packet.
    return options.size() >= 3
            && (options.get(0).equals("--add-set") || options.get(0).equals("--del-set"))
        ? RuleAction.CONTINUE
        : unknown;
  }
}
