package dev.postern.netfilter.update;

import dev.postern.backend.Reader.Dump;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update.Batch;
import dev.postern.netfilter.update.Update.Command;
import dev.postern.netfilter.update.Update.Tool;
import dev.postern.nftables.reader.NftablesDumps;
import dev.postern.nftables.reader.NftablesReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is in force on a node while an update runs. */
final class NodeInForce {

  private static final String RULES_4 = "iptables-save";
  private static final String RULES_6 = "ip6tables-save";
  private static final String SETS = "ipset-save";
  private static final String RULESET = "nft";

  private static final Pattern MARKER = Pattern.compile("postern[-_.][vw][a-z2-7]{19}");

  private final SetsInForce sets;
  private final Map<String, TablesInForce> rules = new LinkedHashMap<>();
  private final Map<String, RulesetInForce> ruleset = new LinkedHashMap<>();
  private final Map<String, List<Dump>> others;
  private final boolean hasSets;
  /** Tables of iptables in the dump of nft that `iptables-save` prints in part: these are read from the dump of nft. */
  private final Set<String> inPart = new HashSet<>();

  private final List<UpdateState> states = new ArrayList<>();

  NodeInForce(Map<String, List<Dump>> dumps) {
    others = new HashMap<>(dumps);
    List.of(RULES_4, RULES_6, SETS, RULESET).forEach(others::remove);
    hasSets = dumps.containsKey(SETS);
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
      NftablesDumps.require(listed);
      ruleset.put(
          RULESET,
          new RulesetInForce(listed.file(), NftablesReader.plain(listed.file(), listed.text())));
      inPart.addAll(NftablesReader.tablesOfIptables(listed.file(), listed.text(), true));
      inPart.removeAll(NftablesReader.tablesOfIptables(listed.file(), listed.text(), false));
    }
  }

  private static Dump dump(Map<String, List<Dump>> dumps, String name) {
    return dumps.getOrDefault(name, List.of()).stream().findFirst().orElse(new Dump(name, ""));
  }

  List<UpdateState> states() {
    return List.copyOf(states);
  }

  private Map<String, List<Dump>> dumps(String named) {
    Map<String, List<Dump>> dumps = new HashMap<>(others);
    rules.forEach((name, tables) -> dumps.put(name, List.of(new Dump(named, tables.text()))));
    ruleset.forEach((name, now) -> dumps.put(name, List.of(new Dump(named, printed(now)))));
    if (hasSets || !rules.isEmpty()) {
      dumps.put(SETS, List.of(new Dump(named, sets.text())));
    }
    return dumps;
  }

  private static String printed(RulesetInForce now) {
    String text = now.text();
    return text.isBlank() ? NftablesDumps.NO_TABLES : text;
  }

  private void state(String file, int line, String command) {
    states.add(new UpdateState(file, line, command, dumps(file)));
  }

  /** The sets that rules look up, among other words of rules. */
  private Set<String> seen() {
    Set<String> words = new HashSet<>();
    rules.values().forEach(tables -> words.addAll(tables.words()));
    others.values().stream()
        .flatMap(List::stream)
        .forEach(dump -> words.addAll(List.of(dump.text().split("\\s+"))));
    return sets.with(words);
  }

  /** Does what the files say. */
  void run(Batch batch) {
    Names names = names(batch);
    for (Command command : batch.commands()) {
      Dump file = command.file();
      String text = names.in(file.text());
      AddedText.require(file.file(), text);
      switch (command.tool()) {
        case IPSET -> sets(file.file(), text, "");
        case DESTROY -> sets(file.file(), text, "destroy " + names.prefix);
        case IPTABLES, IP6TABLES -> {
          if (!text.isBlank()) {
            tables(file.file(), text, command.tool());
          }
        }
        case NFT -> ruleset(file.file(), text);
      }
    }
  }

  private void sets(String file, String text, String before) {
    Set<String> seen = seen();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        String whole = before + line;
        List<String> changed =
            sets.change(whole, new Origin(file, number, 1 - before.length(), ""), seen);
        if (changed.stream().anyMatch(seen::contains)) {
          state(file, number, whole);
          seen = sets.with(seen);
        }
      }
    }
  }

  private void tables(String file, String text, Tool tool) {
    String name = tool == Tool.IPTABLES ? RULES_4 : RULES_6;
    String family = tool == Tool.IPTABLES ? "ip " : "ip6 ";
    TablesInForce tables = rules.get(name);
    Stream<String> ofFamily = tool == Tool.IPTABLES
        ? Stream.of("iptables-legacy-save", RULESET)
        : Stream.of("ip6tables-legacy-save", RULESET);
    if (tables == null
        && ofFamily.noneMatch(each -> others.containsKey(each) || ruleset.containsKey(each))) {
      // Nothing is said of a family whose dump is not given.
      return;
    }
    if (tables == null) {
      throw new UnreadableDump(
          new Origin(file, 1, 1, ""),
          "it changes what `" + name + "` prints (hint: give that of before it as well)");
    }
    Family of = tool == Tool.IPTABLES ? Family.IPV4 : Family.IPV6;
    Optional<AddedLines> added = Optional.of(new AddedLines(of, sets));
    tables.restore(file, text, added, (table, line) -> {
      if (inPart.contains(family + table)) {
        throw new UnreadableDump(
            new Origin(file, line, 1, ""),
            "it changes the table " + table
                + ", into which `nft` put rules: what `nft list ruleset` would print then is not known");
      }
      state(file, line, "the table " + table + " of this file");
    });
  }

  private void ruleset(String file, String text) {
    RulesetInForce now = ruleset.get(RULESET);
    if (now == null) {
      throw new UnreadableDump(
          new Origin(file, 1, 1, ""),
          "it changes nftables (hint: give what `nft list ruleset` prints before it as well)");
    }
    String before = tablesOfIptables(now);
    now.run(file, text);
    if (!before.equals(tablesOfIptables(now))) {
      throw new UnreadableDump(
          new Origin(file, 1, 1, ""),
          "it changes tables of iptables by nft: what `iptables-save` would print then is not known (hint: prove what is in force before and after it)");
    }
    state(file, (int) Math.max(1, text.lines().count()), "the whole of this file");
  }

  /** What nft holds of tables that are read from what iptables prints. */
  private String tablesOfIptables(RulesetInForce now) {
    return now.text(table -> rules.containsKey(RULES_4) && table.startsWith("ip ")
        || rules.containsKey(RULES_6) && table.startsWith("ip6 "));
  }

  /** Under which names the artefact of before is in force: scripts give theirs the same. */
  private record Names(String prefix, String table) {
    String in(String text) {
      return text.replace(" postern-", " " + prefix)
          .replace("inet postern ", "inet " + table + " ");
    }
  }

  private Names names(Batch batch) {
    if (batch.before().isEmpty()) {
      return new Names("postern-", "postern");
    }
    String mark = batch.before().get();
    Optional<String> set =
        sets.names().stream().filter(name -> MARKER.matcher(name).matches()).findFirst();
    if (set.filter(name -> name.endsWith(mark)).isPresent()) {
      return new Names(set.get().substring(0, 8), "postern");
    }
    Optional<String> table = ruleset.values().stream()
        .flatMap(now -> now.chains().stream())
        .flatMap(chain -> Stream.of("postern", "postern_b")
            .filter(name -> chain.equals("inet " + name + " " + mark)))
        .findFirst();
    if (table.isPresent()) {
      return new Names("postern-", table.get());
    }
    throw new UnreadableDump(
        new Origin(
            batch.commands().isEmpty() ? "" : batch.commands().get(0).file().file(), 1, 1, ""),
        "the update asks for " + mark
            + ", which this state does not have: its apply.sh would refuse and change nothing (hint: is it the dump of the node that the update is for?)");
  }
}
