package dev.postern.netfilter.update;

import dev.postern.netfilter.update.NftStatements.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A chain, a set or a map of a table, or whatever else a table has. A change that nft would refuse, or that is not understood, is refused. */
final class NftPart {

  enum Kind {
    CHAIN,
    SET,
    MAP,
    OTHER
  }

  private static final Pattern PRIORITY = Pattern.compile(
      "priority (raw|mangle|dstnat|filter|security|srcnat)?(?: ?([+-]) ?)?([0-9]+)?$");

  private static final Map<String, Integer> PRIORITIES = Map.of(
      "raw", -300, "mangle", -150, "dstnat", -100, "filter", 0, "security", 50, "srcnat", 100);

  private final Kind kind;
  /** Of a chain what it says of itself, of a set all but its elements. */
  private final List<String> about = new ArrayList<>();

  private final List<String> rules = new ArrayList<>();
  private final Map<List<NftElement.Part>, NftElement> elements = new LinkedHashMap<>();

  /** What it said that may refer to others, and was taken away since the file began. */
  private final List<String> before = new ArrayList<>();

  NftPart(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Whether a line says something of its chain, and is no rule. */
  static boolean isOfChain(String line) {
    return line.matches("(type|policy|comment|flags|devices?) .*");
  }

  /**
   * What its definition says.
   *
   * @param known whether it was there before
   * @return whether nft takes it
   */
  boolean define(String file, Statement block, boolean known, boolean printed) {
    List<Statement> lines = NftStatements.of(file, block.body(), block.line());
    if (kind == Kind.CHAIN) {
      return chain(lines, known);
    }
    boolean whole = printed
        || known
        || lines.stream().filter(line -> line.text().startsWith("type ")).count() == 1;
    return block.block() && whole && set(lines, known, printed);
  }

  /** The rules that a block that defines it adds. */
  List<Statement> rules(String file, Statement block) {
    return kind == Kind.CHAIN
        ? NftStatements.of(file, block.body(), block.line()).stream()
            .filter(line -> !isOfChain(line.text()))
            .toList()
        : List.of();
  }

  private boolean chain(List<Statement> lines, boolean known) {
    boolean policy = false;
    for (Statement line : lines) {
      String text = line.text();
      if (!isOfChain(text)) {
        rules.add(text);
      } else if (text.startsWith("policy ")) {
        boolean hooked = about.stream().anyMatch(each -> each.startsWith("type "));
        if (policy || !hooked || !text.matches("policy (accept|drop)")) {
          return false;
        }
        policy = true;
        about.removeIf(each -> each.startsWith("policy "));
        about.add(text);
      } else if (!known) {
        about.add(text);
      } else if (!text.startsWith("comment ")
          && about.stream().noneMatch(each -> normal(each).equals(normal(text)))) {
        return false;
      }
    }
    return true;
  }

  /** A line that says where a chain begins, with the number of a priority in place of its name. */
  private static String normal(String line) {
    Matcher matcher = PRIORITY.matcher(line);
    if (!line.startsWith("type ") || !matcher.find()) {
      return line;
    }
    int number = Optional.ofNullable(matcher.group(1)).map(PRIORITIES::get).orElse(0)
        + ("-".equals(matcher.group(2)) ? -1 : 1)
            * Optional.ofNullable(matcher.group(3)).map(Integer::parseInt).orElse(0);
    return line.substring(0, matcher.start()) + "priority " + number;
  }

  private boolean set(List<Statement> lines, boolean known, boolean printed) {
    List<String> others = new ArrayList<>();
    List<String> listed = new ArrayList<>();
    for (Statement line : lines) {
      if (line.block() && line.head().matches("elements ?=")) {
        listed.addAll(NftStatements.elements(line.body()));
      } else if (line.head().startsWith("elements")) {
        return false;
      } else {
        others.add(line.text());
      }
    }
    if (known && !List.copyOf(about).equals(others)) {
      return false;
    }
    if (!known) {
      about.addAll(others);
    }
    return listed.stream().allMatch(each -> add(each, false, printed));
  }

  /** Whether it says no more than what its elements are. */
  private boolean isPlain() {
    return about.stream().allMatch(line -> line.matches("type .*|flags interval"));
  }

  /** Whether a map's values are verdicts. */
  boolean holdsVerdicts() {
    return about.stream().anyMatch(line -> line.matches("type .* : verdict"));
  }

  /** Of a chain that packets come to by themselves, where that is; empty of others. */
  String hook() {
    return kind == Kind.CHAIN
        ? about.stream().filter(line -> line.startsWith("type ")).findFirst().orElse("")
        : "";
  }

  List<String> types() {
    return about.stream()
        .filter(line -> line.startsWith("type "))
        .findFirst()
        .map(line -> List.of(line.substring(5).split(" : ", 2)[0].split(" \\. ")))
        .orElse(List.of());
  }

  private boolean isOfIntervals() {
    return about.stream().anyMatch(line -> line.matches("flags .*\\binterval\\b.*"));
  }

  private Optional<NftElement> element(String text, boolean map, boolean printed) {
    boolean right =
        printed || isPlain() && AddedElements.isElement(text, types(), isOfIntervals(), map);
    return right ? NftElement.of(text, types(), map, printed) : Optional.empty();
  }

  /** Adds an element; what meets another in part nft refuses, or merges in ways that are not followed here. */
  boolean add(String text, boolean create, boolean printed) {
    Optional<NftElement> element = element(text, kind == Kind.MAP, printed);
    if (element.isEmpty()) {
      return false;
    }
    NftElement now = element.get();
    NftElement there = elements.get(now.key());
    if (there != null && !printed) {
      return !create && there.value().equals(now.value()) && now.options().isEmpty();
    }
    boolean alone = printed || !isOfIntervals() || elements.values().stream().noneMatch(now::meets);
    if (alone) {
      elements.put(now.key(), now);
    }
    return alone;
  }

  /** Takes an element away; of one of a map the value need not be named. */
  boolean remove(String text) {
    Optional<NftElement> element = element(text, text.contains(" : "), false);
    if (element.isEmpty()) {
      return false;
    }
    NftElement there = elements.get(element.get().key());
    boolean same = there != null
        && (element.get().value().isEmpty() || element.get().value().equals(there.value()));
    if (same) {
      before.add(there.value());
      elements.remove(element.get().key());
    }
    return same;
  }

  void add(String rule) {
    rules.add(rule);
  }

  void insert(String rule) {
    rules.add(0, rule);
  }

  /** Takes rules or elements away. */
  void flush() {
    before.addAll(referring());
    rules.clear();
    elements.clear();
  }

  /** What it says that may refer to others: rules and what a map holds. */
  List<String> referring() {
    return kind == Kind.CHAIN
        ? rules
        : elements.values().stream().map(NftElement::value).toList();
  }

  /** A file begins. */
  void begin() {
    before.clear();
  }

  /** What it says that may refer to others, and said since the file began. */
  List<String> meanwhile() {
    List<String> all = new ArrayList<>(before);
    all.addAll(referring());
    return all;
  }

  /** As {@code nft list ruleset} prints it. */
  void write(String name, StringBuilder text) {
    text.append('\t').append(name).append(kind == Kind.OTHER ? "\n" : " {\n");
    about.forEach(line -> text.append("\t\t").append(line).append('\n'));
    rules.forEach(line -> text.append("\t\t").append(line).append('\n'));
    if (!elements.isEmpty()) {
      text.append("\t\telements = { ")
          .append(
              String.join(", ", elements.values().stream().map(NftElement::text).toList()))
          .append(" }\n");
    }
    text.append(kind == Kind.OTHER ? "" : "\t}\n");
  }
}
