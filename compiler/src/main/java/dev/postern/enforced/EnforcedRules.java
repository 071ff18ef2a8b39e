package dev.postern.enforced;

import dev.postern.diagnostic.Origin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rules that a dataplane enforces on forwarded packets.
 *
 * <p>A packet passes the stages in order and is dropped as soon as one drops it; a stage that accepts hands it to the next. Marks set in
 * one stage are seen in the later ones. {@link Interpreter} is the definition of what each part does.
 *
 * @param stages what a packet passes, in order, as the kernel or OVN calls them
 * @param chains by name; every {@link RuleAction.Jump}, {@link RuleAction.Goto} and {@link Stage#chain} names one of them, and none leads back to
 *     itself
 */
public record EnforcedRules(List<Stage> stages, Map<String, Chain> chains) {

  /**
   * A place where a packet is judged, such as a hook of a netfilter table or a pipeline of OVN.
   *
   * @param name as the product calls it, for messages
   * @param applies which packets come by here at all; the others pass the stage
   * @param chain where it starts
   * @param otherwise what becomes of a packet that no rule decides (the chain policy)
   */
  public record Stage(String name, Condition applies, String chain, Ending otherwise) {}

  /** How a stage can end. */
  public enum Ending {
    ACCEPT,
    DROP
  }

  /**
   * Rules in order.
   *
   * @param name its name
   * @param rules the first whose condition holds acts; unless its action ends the walk, the next ones follow
   */
  public record Chain(String name, List<EnforcedRule> rules) {
    public Chain {
      rules = List.copyOf(rules);
    }
  }

  /**
   * One rule.
   *
   * @param condition when it acts
   * @param action what it does
   * @param text the rule as the node prints it, for messages
   * @param origin the file and line it was read from
   */
  public record EnforcedRule(Condition condition, RuleAction action, String text, Origin origin) {}

  public EnforcedRules {
    stages = List.copyOf(stages);
    Map<String, Chain> all = Collections.unmodifiableMap(new LinkedHashMap<>(chains));
    chains = all;
    for (Stage stage : stages) {
      require(chains, stage.chain());
    }
    for (Chain chain : chains.values()) {
      next(chain).forEach(name -> require(all, name));
    }
    requireNoLoop(chains);
  }

  /**
   * A chain by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Chain chain(String name) {
    require(chains, name);
    return Objects.requireNonNull(chains.get(name));
  }

  /** The queues to programs in user space that rules hand packets to, each once, in the order of the rules. */
  public List<RuleAction.Queue> queues() {
    List<RuleAction.Queue> queues = new ArrayList<>();
    for (Chain chain : chains.values()) {
      for (EnforcedRule rule : chain.rules()) {
        if (rule.action() instanceof RuleAction.Queue queue && !queues.contains(queue)) {
          queues.add(queue);
        }
      }
    }
    return queues;
  }

  /** A walk must end: the kernel, too, refuses chains that lead back to themselves. */
  private static void requireNoLoop(Map<String, Chain> chains) {
    Map<String, Integer> callers = new HashMap<>();
    chains
        .values()
        .forEach(chain -> next(chain).forEach(name -> callers.merge(name, 1, Integer::sum)));
    Deque<Chain> free = new ArrayDeque<>();
    chains.values().stream().filter(c -> !callers.containsKey(c.name())).forEach(free::add);
    int left = chains.size();
    while (!free.isEmpty()) {
      left--;
      for (String name : next(free.pop())) {
        if (callers.merge(name, -1, Integer::sum) == 0) {
          free.add(Objects.requireNonNull(chains.get(name)));
        }
      }
    }
    if (left > 0) {
      throw new IllegalArgumentException("chains lead back to themselves: "
          + callers.entrySet().stream()
              .filter(entry -> entry.getValue() > 0)
              .map(Map.Entry::getKey)
              .sorted()
              .toList());
    }
  }

  private static List<String> next(Chain chain) {
    List<String> names = new ArrayList<>();
    for (EnforcedRule rule : chain.rules()) {
      if (rule.action() instanceof RuleAction.Jump jump) {
        names.add(jump.chain());
      } else if (rule.action() instanceof RuleAction.Goto go) {
        names.add(go.chain());
      }
    }
    return names;
  }

  private static void require(Map<String, Chain> chains, String name) {
    if (!chains.containsKey(name)) {
      throw new IllegalArgumentException("no chain " + name);
    }
  }
}
