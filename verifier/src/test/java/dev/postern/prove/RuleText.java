package dev.postern.prove;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small rule language, by which the prover is tested without any product's format.
 *
 * <pre>
 * stage NAME CHAIN accept|drop          a stage, what it does with what no rule decides
 * set NAME ADDRESS|CIDR|FIRST-LAST...
 * chain NAME                            the lines that follow are its rules
 * [not] src|dst ADDRESSES|@SET   tcp|udp|sctp PORTS   dport|sport PORTS   proto NUMBERS   icmp TYPES
 *       state WORDS   reply   mark VALUE/MASK   in|out NAME[*]   unless-known TEXT
 *   accept | drop | return | continue | jump CHAIN | goto CHAIN | mark-set VALUE/MASK
 *   | mark-map src|dst ADDRESSES=VALUE/MASK... | mark-lose MASK | do-unknown TEXT
 * </pre>
 */
final class RuleText {

  private final List<Stage> stages = new ArrayList<>();
  private final Map<String, List<EnforcedRule>> chains = new LinkedHashMap<>();
  private final Map<String, AddressSet> sets = new LinkedHashMap<>();

  private RuleText() {}

  static EnforcedRules parse(String text) {
    RuleText parser = new RuleText();
    String chain = "";
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Deque<String> words = Stream.of(line.replaceFirst("#.*", "").trim().split("\\s+"))
          .filter(word -> !word.isEmpty())
          .collect(Collectors.toCollection(ArrayDeque::new));
      if (words.isEmpty()) {
        continue;
      }
      switch (words.peek()) {
        case "stage" -> {
          words.pop();
          parser.stages.add(new Stage(
              words.pop(),
              Condition.ALWAYS,
              words.pop(),
              Ending.valueOf(words.pop().toUpperCase(Locale.ROOT))));
        }
        case "set" -> {
          words.pop();
          parser.sets.put(words.pop(), parser.addresses(String.join(",", words)));
        }
        case "chain" -> {
          words.pop();
          chain = words.pop();
          parser.chains.putIfAbsent(chain, new ArrayList<>());
        }
        default ->
          parser
              .chains
              .get(chain)
              .add(parser.rule(words, line.trim(), new Origin("rules", number, 1, "")));
      }
    }
    Map<String, Chain> all = new LinkedHashMap<>();
    parser.chains.forEach((name, rules) -> all.put(name, new Chain(name, rules)));
    return new EnforcedRules(parser.stages, all);
  }

  private EnforcedRule rule(Deque<String> words, String text, Origin origin) {
    List<Condition> conditions = new ArrayList<>();
    boolean not = false;
    while (true) {
      String word = words.pop();
      Condition condition = switch (word) {
        case "src" -> new Condition.SourceAddress(addresses(words.pop()));
        case "dst" -> new Condition.DestinationAddress(addresses(words.pop()));
        case "tcp" -> ports(6, words.pop());
        case "udp" -> ports(17, words.pop());
        case "sctp" -> ports(132, words.pop());
        case "dport" -> ports(words.pop(), true);
        case "sport" -> ports(words.pop(), false);
        case "proto" -> new Condition.IpProtocol(numbers(words.pop()));
        case "icmp" -> new Condition.IcmpType(numbers(words.pop()));
        case "state" ->
          new Condition.State(Stream.of(words.pop().split(","))
              .map(state -> ConnectionState.valueOf(state.toUpperCase(Locale.ROOT)))
              .collect(Collectors.toSet()));
        case "reply" -> new Condition.Reply();
        case "mark" -> new Condition.Mark(value(words.peek()), mask(words.pop()));
        case "in" -> new Condition.InInterface(plain(words.peek()), words.pop().endsWith("*"));
        case "out" ->
          new Condition.OutInterface(plain(words.peek()), words.pop().endsWith("*"));
        case "unless-known" -> new Condition.Unknown(words.pop());
        default -> Condition.ALWAYS;
      };
      if (word.equals("not")) {
        not = true;
      } else if (condition != Condition.ALWAYS) {
        conditions.add(not ? new Condition.Not(condition) : condition);
        not = false;
      } else {
        return new EnforcedRule(
            Condition.all(conditions.toArray(Condition[]::new)), action(word, words), text, origin);
      }
    }
  }

  private RuleAction action(String word, Deque<String> words) {
    return switch (word) {
      case "accept" -> RuleAction.ACCEPT;
      case "drop" -> RuleAction.DROP;
      case "return" -> RuleAction.RETURN;
      case "continue" -> RuleAction.CONTINUE;
      case "jump" -> new RuleAction.Jump(words.pop());
      case "goto" -> new RuleAction.Goto(words.pop());
      case "mark-set" -> new RuleAction.SetMark(value(words.peek()), mask(words.pop()));
      case "mark-map" -> {
        boolean source = words.pop().equals("src");
        yield new RuleAction.MapMark(
            source,
            words.stream()
                .map(entry -> entry.split("="))
                .map(parts -> new RuleAction.MapMark.Entry(
                    addresses(parts[0]), value(parts[1]), mask(parts[1])))
                .toList());
      }
      case "mark-lose" -> new RuleAction.UnknownMark(value(words.pop()));
      case "queue" -> new RuleAction.Queue(100, 100, words.contains("bypass"));
      case "do-unknown" -> new RuleAction.Unknown(words.pop());
      default -> throw new IllegalArgumentException("what is `" + word + "`?");
    };
  }

  private AddressSet addresses(String text) {
    if (text.startsWith("@")) {
      return sets.get(text.substring(1));
    }
    List<AddressRange> ranges = new ArrayList<>();
    for (String part : text.split(",")) {
      if (part.contains("/")) {
        ranges.add(Cidr.parse(part).range());
      } else if (!part.isEmpty()) {
        String[] ends = part.split("-");
        ranges.add(new AddressRange(Address.parse(ends[0]), Address.parse(ends[ends.length - 1])));
      }
    }
    return new AddressSet(ranges);
  }

  private static Condition ports(int protocol, String text) {
    return Condition.all(new Condition.IpProtocol(Set.of(protocol)), ports(text, true));
  }

  private static Condition ports(String text, boolean destination) {
    return Condition.any(Stream.of(text.split(","))
        .map(part -> part.split("-"))
        .map(ends -> {
          int first = Integer.parseInt(ends[0]);
          int last = Integer.parseInt(ends[ends.length - 1]);
          return destination
              ? new Condition.DestinationPort(first, last)
              : new Condition.SourcePort(first, last);
        })
        .toArray(Condition[]::new));
  }

  private static Set<Integer> numbers(String text) {
    return Stream.of(text.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
  }

  private static int value(String text) {
    return Integer.decode(text.split("/")[0]);
  }

  private static int mask(String text) {
    return text.contains("/") ? (int) (long) Long.decode(text.split("/")[1]) : -1;
  }

  private static String plain(String name) {
    return name.replace("*", "");
  }
}
