package dev.postern.iptables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads one rule: its matches in {@link MatchReader}, its target in {@link TargetReader}. */
final class RuleReader {

  private final Family family;
  private final NodeIpsets sets;
  private final NodeFacts node;
  private final TargetReader targets;

  RuleReader(Family family, NodeIpsets sets, NodeFacts node, String prefix, Set<String> chains) {
    this.node = node;
    this.family = family;
    this.sets = sets;
    this.targets = new TargetReader(family, sets, node, prefix, chains);
  }

  /** Notes which sets the rules change. */
  static void findChanges(List<SaveLines.Line> lines, NodeIpsets sets) {
    for (SaveLines.Line line : lines) {
      List<String> words = line.words();
      for (int i = 0; i + 1 < words.size(); i++) {
        if (words.get(i).equals("--add-set") || words.get(i).equals("--del-set")) {
          sets.changes(words.get(i + 1));
        }
      }
    }
  }

  /** Where a rule's target begins: the index of {@code -j} or {@code -g}, which a word follows; behind the last word if it has none. */
  static int target(List<String> words) {
    for (int i = 2; i + 1 < words.size(); i++) {
      boolean starts = words.get(i).equals("-j") || words.get(i).equals("-g");
      if (starts && !words.get(i - 1).equals("--comment")) {
        return i;
      }
    }
    return words.size();
  }

  /** Reads a line that begins with {@code -A chain}. */
  EnforcedRule read(SaveLines.Line line) {
    List<String> words = line.words();
    int target = target(words);
    boolean drops =
        target < words.size() && Set.of("DROP", "REJECT").contains(words.get(target + 1));
    MatchReader matches = new MatchReader(family, sets, node, words.subList(2, target), drops);
    List<Condition> conditions = matches.read();
    Condition condition =
        conditions.size() == 1 ? conditions.get(0) : new Condition.All(conditions);
    RuleAction action = target == words.size()
        ? RuleAction.CONTINUE
        : targets.read(
            words.get(target).equals("-g"),
            words.get(target + 1),
            new ArrayList<>(words.subList(target + 2, words.size())));
    return new EnforcedRule(condition, action, line.text(), line.origin());
  }
}
