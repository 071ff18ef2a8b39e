package dev.postern.nftables.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Action;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.Addressing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the rules of one table: conditions and statements from left to right (nft(8)). */
final class RuleParser {

  /** What a statement beginning with such a word does is beyond us. */
  private static final Set<String> BEYOND = Set.of(
      "queue",
      "dnat",
      "snat",
      "masquerade",
      "redirect",
      "tproxy",
      "notrack",
      "dup",
      "fwd",
      "synproxy",
      "flow",
      "xt");

  private final String file;
  private final String prefix;
  private final Map<String, NamedSet> sets;
  private final Map<String, Condition> known = new HashMap<>();

  /** @param prefix what our names of the table's chains begin with */
  RuleParser(String file, String prefix, Map<String, NamedSet> sets) {
    this.file = file;
    this.prefix = prefix;
    this.sets = sets;
  }

  /** One line may be several rules: a map of verdicts has one for each verdict. */
  List<Rule> read(Item.Line line) {
    return new Statement(line).read();
  }

  /** One rule on its way. */
  private final class Statement {
    private final Item.Line line;
    private final List<Item> items;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private int at;

    Statement(Item.Line line) {
      this.line = line;
      List<Item> all = new ArrayList<>(line.items());
      int size = all.size();
      if (size >= 2 && line.word(size - 2).equals("comment")) {
        all.subList(size - 2, size).clear();
      }
      this.items = all;
    }

    List<Rule> read() {
      while (at < items.size()) {
        int from = at;
        boolean understood;
        try {
          understood = part();
        } catch (IllegalArgumentException e) {
          understood = false;
        }
        if (!understood) {
          at = from;
          beyond();
        }
      }
      if (rules.isEmpty()) {
        add(Action.CONTINUE);
      }
      return rules;
    }

    private String word(int index) {
      return index < items.size() && items.get(index) instanceof Item.Word word ? word.text() : "";
    }

    private void add(Action action) {
      boolean remarked = rules.stream()
          .anyMatch(rule ->
              rule.action() instanceof Action.SetMark || rule.action() instanceof Action.MapMark);
      // The conditions would be asked again, of another mark.
      boolean again = remarked && conditions.stream().anyMatch(RuleParser::looksAtMark);
      rules.add(rule(condition(), again ? new Action.Unknown(line.toString()) : action));
    }

    private Condition condition() {
      return conditions.size() == 1 ? conditions.get(0) : new Condition.All(conditions);
    }

    private Rule rule(Condition condition, Action action) {
      return new Rule(condition, action, line.toString(), new Origin(file, line.number(), 1, ""));
    }

    /** From here to the verdict, or to the end, nothing is understood. */
    private void beyond() {
      int end = items.size();
      int verdict = end;
      for (int i = at + 1; i < end; i++) {
        boolean last =
            i == end - 1 && Set.of("accept", "drop", "return", "continue").contains(word(i));
        boolean jump = i == end - 2 && (word(i).equals("jump") || word(i).equals("goto"));
        if (last || jump || word(i).equals("reject")) {
          verdict = i;
          break;
        }
      }
      List<Item> strange = items.subList(at, verdict);
      String text = Item.Line.text(strange);
      boolean acts = strange.stream()
          .anyMatch(item -> item instanceof Item.Word word
              && !word.quoted()
              && (BEYOND.contains(word.text()) || Set.of("set", "vmap").contains(word.text())));
      if (acts) {
        add(new Action.Unknown(text));
      }
      conditions.add(new Condition.Unknown(text));
      at = verdict;
    }

    /** Reads a condition or a statement; false if it is not understood. */
    private boolean part() {
      switch (word(at)) {
        case "counter" -> {
          at++;
          if (word(at).equals("packets")) {
            at += 4;
          } else if (word(at).equals("name")) {
            at += 2;
          }
          return true;
        }
        case "log" -> {
          at++;
          while (Set.of("prefix", "level", "group", "snaplen", "queue-threshold", "flags")
              .contains(word(at))) {
            at += 2;
          }
          return true;
        }
        case "update", "add", "delete" -> {
          // The set is known to change; the packet is as it was.
          if (!word(at + 1).startsWith("@") || !(items.get(at + 2) instanceof Item.Block)) {
            return false;
          }
          at += 3;
          return true;
        }
        case "accept", "drop", "return", "continue", "jump", "goto", "reject" -> {
          int from = at;
          at = word(at).equals("reject")
              ? items.size()
              : at + (word(at).length() == 4 && !word(at).equals("drop") ? 2 : 1);
          Optional<Action> action = verdict(items.subList(from, at));
          action.ifPresent(this::add);
          return action.isPresent();
        }
        default -> {
          return isMark() ? mark() : match();
        }
      }
    }

    // --- marks

    private boolean isMark() {
      return word(at).equals("meta") && word(at + 1).equals("mark");
    }

    private boolean mark() {
      at += 2;
      if (word(at).equals("set")) {
        at++;
        return setMark();
      }
      int mask = -1;
      if (word(at).equals("&")) {
        mask = number(word(at + 1));
        at += 2;
      }
      boolean negated = word(at).equals("!=");
      at += negated || word(at).equals("==") ? 1 : 0;
      List<Condition> any = new ArrayList<>();
      for (List<String> value : values()) {
        any.add(new Condition.Mark(number(value.get(0)), mask));
      }
      Condition condition = Condition.any(any.toArray(Condition[]::new));
      conditions.add(negated ? new Condition.Not(condition) : condition);
      return true;
    }

    private boolean setMark() {
      if (word(at).equals("meta") && word(at + 1).equals("mark")) {
        at += 2;
        int and = -1;
        int or = 0;
        int xor = 0;
        while (Set.of("&", "|", "^").contains(word(at))) {
          int value = number(word(at + 1));
          switch (word(at)) {
            case "&" -> {
              and &= value;
              or &= value;
              xor &= value;
            }
            case "|" -> {
              or |= value;
              xor &= ~value;
            }
            default -> xor ^= value;
          }
          at += 2;
        }
        // ((mark & and) | or) ^ xor
        done(new Action.SetMark(or ^ xor, ~and | or));
        return true;
      }
      Optional<Key> key = Key.of(word(at), word(at + 1));
      if (key.isPresent() && key.get().isAddress() && word(at + 2).equals("map")) {
        NamedSet map = set(items.get(at + 3));
        at += 4;
        List<Action.MapMark.Entry> entries = new ArrayList<>();
        for (NamedSet.Element element : map.elements()) {
          AddressSet addresses = Addressing.parse(element.key().get(0));
          entries.add(
              new Action.MapMark.Entry(addresses, number(Item.Line.text(element.data())), -1));
        }
        conditions.add(key.get().dependency());
        done(new Action.MapMark(key.get().isSource(), entries));
        return true;
      }
      done(new Action.SetMark(number(word(at)), -1));
      at++;
      return true;
    }

    /** A mark is set; what stands to the right of it would see the new one. */
    private void done(Action action) {
      add(action);
    }

    private static int number(String text) {
      return text.startsWith("0x")
          ? Integer.parseUnsignedInt(text.substring(2), 16)
          : Integer.parseUnsignedInt(text);
    }

    // --- matches

    private boolean match() {
      List<Key> keys = new ArrayList<>();
      while (true) {
        Optional<Key> key = Key.of(word(at), word(at + 1));
        if (key.isEmpty()) {
          return false;
        }
        keys.add(key.get());
        at += key.get().words(word(at));
        if (!word(at).equals(".")) {
          break;
        }
        at++;
      }
      for (Key key : keys) {
        if (!key.dependency().equals(Condition.ALWAYS)) {
          conditions.add(key.dependency());
        }
      }
      if (word(at).equals("vmap")) {
        at++;
        return vmap(keys);
      }
      boolean negated = word(at).equals("!=");
      String operator = Set.of("==", "!=", "<", ">", "<=", ">=").contains(word(at)) ? word(at) : "";
      at += operator.isEmpty() ? 0 : 1;
      Condition condition;
      if (operator.startsWith("<") || operator.startsWith(">")) {
        condition = compared(keys.get(0), operator, word(at++));
      } else if (word(at).startsWith("@")) {
        condition =
            known.computeIfAbsent(keys + word(at), key -> oneOf(keys, keysOf(set(items.get(at)))));
        at++;
      } else {
        condition = oneOf(keys, values());
      }
      conditions.add(negated ? new Condition.Not(condition) : condition);
      return true;
    }

    private Condition compared(Key key, String operator, String value) {
      int number = Integer.parseInt(value);
      return switch (operator) {
        case "<" -> key.oneOf(List.of("0-" + (number - 1)));
        case "<=" -> key.oneOf(List.of("0-" + number));
        case ">" -> key.oneOf(List.of(number + 1 + "-65535"));
        default -> key.oneOf(List.of(number + "-65535"));
      };
    }

    /** A value, several between braces, or several with commas; each a list with a text a dimension. */
    private List<List<String>> values() {
      if (at < items.size() && items.get(at) instanceof Item.Block) {
        return keysOf(set(items.get(at++)));
      }
      List<List<String>> values = new ArrayList<>();
      List<String> value = new ArrayList<>();
      while (true) {
        if (word(at).isEmpty()) {
          throw new IllegalArgumentException("no value");
        }
        value.add(word(at++));
        if (word(at).equals(".")) {
          at++;
          continue;
        }
        values.add(List.copyOf(value));
        value.clear();
        if (!word(at).equals(",")) {
          return values;
        }
        at++;
      }
    }

    private boolean vmap(List<Key> keys) {
      NamedSet map = set(items.get(at++));
      List<Rule> cases = new ArrayList<>();
      for (Map.Entry<List<Item>, List<List<String>>> entry : map.keysByData().entrySet()) {
        List<Condition> all = new ArrayList<>(conditions);
        all.add(oneOf(keys, entry.getValue()));
        Optional<Action> action = verdict(entry.getKey());
        cases.add(rule(
            new Condition.All(all),
            action.orElse(new Action.Unknown(Item.Line.text(entry.getKey())))));
      }
      rules.addAll(cases);
      if (rules.isEmpty()) {
        rules.add(rule(Condition.NEVER, Action.CONTINUE));
      }
      return at == items.size();
    }

    private NamedSet set(Item item) {
      if (item instanceof Item.Block block) {
        return NamedSet.of(block.items());
      }
      String name = item.toString();
      NamedSet set = name.startsWith("@") ? sets.get(name.substring(1)) : null;
      if (set == null) {
        throw new IllegalArgumentException("no set " + name);
      }
      if (set.changing()) {
        throw new IllegalArgumentException("the members of " + name + " change");
      }
      return set;
    }
  }

  private Optional<Action> verdict(List<Item> items) {
    String first = Item.Line.text(items.subList(0, Math.min(1, items.size())));
    String chain = items.size() == 2 ? prefix + Item.Line.text(items.subList(1, 2)) : "";
    return switch (first) {
      case "accept" -> Optional.of(Action.ACCEPT);
      case "drop", "reject" -> Optional.of(Action.DROP);
      case "return" -> Optional.of(Action.RETURN);
      case "continue" -> Optional.of(Action.CONTINUE);
      case "jump" -> Optional.of(new Action.Jump(chain));
      case "goto" -> Optional.of(new Action.Goto(chain));
      default -> Optional.empty();
    };
  }

  private static boolean looksAtMark(Condition condition) {
    return condition instanceof Condition.Mark
        || condition instanceof Condition.Not not && looksAtMark(not.condition())
        || condition instanceof Condition.Any any
            && any.conditions().stream().anyMatch(RuleParser::looksAtMark);
  }

  private static List<List<String>> keysOf(NamedSet set) {
    return set.elements().stream().map(NamedSet.Element::key).toList();
  }

  /** Keys that agree on all but the first dimension share one condition. */
  private static Condition oneOf(List<Key> keys, List<List<String>> values) {
    if (values.isEmpty()) {
      return Condition.NEVER;
    }
    if (keys.size() == 1) {
      return keys.get(0).oneOf(values.stream().map(value -> value.get(0)).toList());
    }
    Map<List<String>, List<String>> byRest = new LinkedHashMap<>();
    for (List<String> value : values) {
      if (value.size() != keys.size()) {
        throw new IllegalArgumentException("a key of another length");
      }
      byRest
          .computeIfAbsent(value.subList(1, value.size()), rest -> new ArrayList<>())
          .add(value.get(0));
    }
    List<Condition> any = new ArrayList<>();
    byRest.forEach((rest, firsts) -> {
      List<Condition> all = new ArrayList<>();
      all.add(keys.get(0).oneOf(firsts));
      for (int i = 0; i < rest.size(); i++) {
        all.add(keys.get(i + 1).oneOf(List.of(rest.get(i))));
      }
      any.add(new Condition.All(all));
    });
    return new Condition.Any(any);
  }
}
