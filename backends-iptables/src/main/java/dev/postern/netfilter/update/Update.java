package dev.postern.netfilter.update;

import dev.postern.backend.Reader.Dump;
import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.nftables.reader.NftablesReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An update of the rules in force: files that {@code ipset restore}, {@code iptables-restore}, {@code ip6tables-restore} and {@code nft -f}
 * take, in order. It knows an update that Postern compiled by what lies in its directory; the shell script that hands the
 * files to the tools is not read.
 */
public final class Update {

  private static final String RULES_4 = "iptables-save";
  private static final String RULES_6 = "ip6tables-save";
  private static final String SETS = "ipset-save";
  private static final String RULESET = "nft";

  private static final Pattern MARKER = Pattern.compile("postern[-_.][vw][a-z2-7]{19}");
  private static final Pattern NUMBERED = Pattern.compile("[0-9]-.*\\.(restore|txt)");

  private enum Tool {
    IPSET,
    DESTROY,
    IPTABLES,
    IP6TABLES,
    NFT
  }

  private record Command(Tool tool, Dump file) {}

  private final List<Command> commands;
  /** The mark that has to be in force before; empty where the files name none. */
  private final Optional<String> before;

  private Update(List<Command> commands, Optional<String> before) {
    this.commands = List.copyOf(commands);
    this.before = before;
  }

  /**
   * An update.
   *
   * @param files those of a directory that holds an update as Postern compiles it, or files of commands in their order
   * @throws UnreadableDump if it cannot be told which tool takes a file
   */
  public static Update of(List<Dump> files) {
    Map<String, Dump> byName = new LinkedHashMap<>();
    files.forEach(file -> byName.put(name(file), file));
    Dump steps = byName.get("steps.txt");
    if (steps != null) {
      return steps(steps, byName);
    }
    Dump marks = byName.get("marks.txt");
    if (marks != null) {
      return new Update(
          byName.entrySet().stream()
              .filter(file -> NUMBERED.matcher(file.getKey()).matches())
              .sorted(Map.Entry.comparingByKey())
              .map(file -> new Command(numbered(file.getKey()), file.getValue()))
              .toList(),
          Optional.of(marks.text().trim().split("\\s+", 2)[0]));
    }
    return new Update(
        files.stream().map(file -> new Command(tool(file), file)).toList(), Optional.empty());
  }

  private static Update steps(Dump steps, Map<String, Dump> files) {
    List<Command> commands = new ArrayList<>();
    Optional<String> before = Optional.empty();
    for (String line : steps.text().lines().toList()) {
      String[] words = line.trim().split("\\s+");
      if (words.length == 3) {
        before = before.or(() -> Optional.of(words[0]));
        Dump file = files.get(words[1]);
        if (file != null) {
          commands.add(new Command(Tool.NFT, file));
        } else if (!words[1].equals("-")) {
          throw new UnreadableDump(
              new Origin(steps.file(), 1, 1, ""), words[1] + " is missing beside it");
        }
      }
    }
    return new Update(commands, before);
  }

  private static String name(Dump file) {
    return file.file().substring(file.file().lastIndexOf('/') + 1);
  }

  private static Tool numbered(String name) {
    return name.contains("ip6tables")
        ? Tool.IP6TABLES
        : name.contains("iptables")
            ? Tool.IPTABLES
            : name.endsWith(".txt") ? Tool.DESTROY : Tool.IPSET;
  }

  private static Tool tool(Dump file) {
    String first = file.text()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .findFirst()
        .orElse("");
    if (first.startsWith("*")) {
      return name(file).contains("ip6") ? Tool.IP6TABLES : Tool.IPTABLES;
    }
    String[] words = first.split("\\s+");
    boolean ofNft = words.length > 1
        && List.of("table", "chain", "set", "map", "element", "rule", "ruleset").contains(words[1]);
    if (first.startsWith("table ") || ofNft) {
      return Tool.NFT;
    }
    if (List.of("create", "add", "del", "flush", "destroy", "swap", "rename").contains(words[0])) {
      return Tool.IPSET;
    }
    throw new UnreadableDump(
        new Origin(file.file(), 1, 1, ""),
        "these are no commands of ipset restore, iptables-restore or nft -f");
  }

  /** What is in force while the update runs. */
  private static final class Node {
    private final SetsInForce sets;
    private final Map<String, TablesInForce> rules = new LinkedHashMap<>();
    private final Map<String, RulesetInForce> ruleset = new LinkedHashMap<>();
    private final Map<String, List<Dump>> others = new HashMap<>();

    Node(Map<String, List<Dump>> dumps) {
      others.putAll(dumps);
      List.of(RULES_4, RULES_6, SETS, RULESET).forEach(others::remove);
      Dump ipset = dump(dumps, SETS);
      sets = new SetsInForce(ipset.file(), ipset.text());
      for (String each : List.of(RULES_4, RULES_6)) {
        if (dumps.containsKey(each)) {
          Dump saved = dump(dumps, each);
          rules.put(each, new TablesInForce(saved.file(), saved.text()));
        }
      }
      if (dumps.containsKey(RULESET)) {
        Dump listed = dump(dumps, RULESET);
        ruleset.put(
            RULESET,
            new RulesetInForce(listed.file(), NftablesReader.plain(listed.file(), listed.text())));
      }
    }

    private static Dump dump(Map<String, List<Dump>> dumps, String name) {
      return dumps.getOrDefault(name, List.of()).stream().findFirst().orElse(new Dump(name, ""));
    }

    Map<String, List<Dump>> dumps(String named) {
      Map<String, List<Dump>> dumps = new HashMap<>(others);
      rules.forEach((name, tables) -> dumps.put(name, List.of(new Dump(named, tables.text()))));
      ruleset.forEach((name, rules4) -> dumps.put(name, List.of(new Dump(named, rules4.text()))));
      if (!rules.isEmpty()) {
        dumps.put(SETS, List.of(new Dump(named, sets.text())));
      }
      return dumps;
    }

    /** Whether a rule looks one of these sets up. */
    boolean isSeen(List<String> names) {
      return rules.values().stream().anyMatch(tables -> {
        String text = tables.text();
        return names.stream().anyMatch(name -> text.contains(" " + name + " "));
      });
    }
  }

  /**
   * Every state that packets can meet, in order, without that of before.
   *
   * @param dumps what the tools print before the update, by the names of {@link dev.postern.backend.Reader.Input}
   * @throws UnreadableDump if a tool would refuse a command in its state, a command is not understood, or the mark that the update asks
   *     for is not in force
   */
  public List<UpdateState> states(Map<String, List<Dump>> dumps) {
    Node node = new Node(dumps);
    Names names = names(node);
    List<UpdateState> states = new ArrayList<>();
    for (Command command : commands) {
      Dump file = command.file;
      String text = names.in(file.text());
      switch (command.tool) {
        case IPSET, DESTROY -> {
          int number = 0;
          for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
              continue;
            }
            String whole = command.tool == Tool.DESTROY ? "destroy " + names.prefix + line : line;
            Origin origin = new Origin(file.file(), number, 1, "");
            List<String> named = List.of(whole.trim().split("\\s+"));
            boolean before = node.isSeen(named);
            if (before && named.get(0).equals("destroy")) {
              throw new UnreadableDump(
                  origin, "`" + whole + "` destroys a set that rules look up: ipset refuses it");
            }
            node.sets.change(whole, origin);
            if (before) {
              states.add(new UpdateState(file.file(), number, whole, node.dumps(file.file())));
            }
          }
        }
        case IPTABLES, IP6TABLES -> {
          if (text.isBlank()) {
            continue;
          }
          String name = command.tool == Tool.IPTABLES ? RULES_4 : RULES_6;
          TablesInForce tables = node.rules.get(name);
          if (tables == null) {
            // Nothing is said of a family whose dump is not given.
            continue;
          }
          List<Integer> ends = tables.restore(file.file(), text);
          int last = ends.isEmpty() ? 1 : ends.get(ends.size() - 1);
          states.add(new UpdateState(
              file.file(), last, "the whole of this file", node.dumps(file.file())));
        }
        case NFT -> {
          RulesetInForce ruleset = node.ruleset.get(RULESET);
          if (ruleset == null) {
            throw new UnreadableDump(
                new Origin(file.file(), 1, 1, ""),
                "it changes nftables (hint: give what `nft list ruleset` prints before it as well)");
          }
          ruleset.run(file.file(), text);
          states.add(new UpdateState(
              file.file(),
              (int) Math.max(1, text.lines().count()),
              "the whole of this file",
              node.dumps(file.file())));
        }
      }
    }
    return states;
  }

  /** Under which names the artefact of before is in force: scripts give theirs the same. */
  private record Names(String prefix, String table) {
    String in(String text) {
      return text.replace(" postern-", " " + prefix)
          .replace("inet postern ", "inet " + table + " ");
    }
  }

  private Names names(Node node) {
    if (before.isEmpty()) {
      return new Names("postern-", "postern");
    }
    String mark = before.get();
    Optional<String> set = node.sets.names().stream()
        .filter(name -> MARKER.matcher(name).matches())
        .findFirst();
    if (set.filter(name -> name.endsWith(mark)).isPresent()) {
      return new Names(set.get().substring(0, 8), "postern");
    }
    Optional<String> table = node.ruleset.values().stream()
        .flatMap(rules -> rules.chains().stream())
        .flatMap(chain -> Stream.of("postern", "postern_b")
            .filter(name -> chain.equals("inet " + name + " " + mark)))
        .findFirst();
    if (table.isPresent()) {
      return new Names("postern-", table.get());
    }
    throw new UnreadableDump(
        new Origin(commands.isEmpty() ? "" : commands.get(0).file.file(), 1, 1, ""),
        "the update asks for " + mark
            + ", which this state does not have: its apply.sh would refuse and change nothing (hint: is it the dump of the node that the update is for?)");
  }
}
