package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads flows as Open vSwitch does: a packet comes into table 0 by any port, the flow of the highest priority that matches acts, and what no
 * flow matches is dropped. Registers, conjunctions, connection tracking, copies and actions that are kept for the end are followed; what is
 * not understood is unknown where a packet meets it.
 */
public final class FlowReader {

  private FlowReader() {}

  /**
   * What was read.
   *
   * @param rules what becomes of packets
   * @param isBundle whether it was a bundle that adds flows to those of a bridge, read from the table where these begin
   * @param portsMatter whether packets are sent to single ports, of which a dump does not say what is behind them
   * @param expires whether a flow goes by itself, with time
   * @param antrea what the flows of an Antrea agent say besides; empty if they are none
   */
  public record FlowRules(
      EnforcedRules rules,
      boolean isBundle,
      boolean portsMatter,
      boolean expires,
      Optional<AntreaBridge> antrea) {}

  /**
   * Reads flows.
   *
   * @param text what {@code ovs-ofctl dump-flows} prints, or a file for {@code add-flows}
   * @param file its name, for messages
   * @param bundled the table in which packets come in where it is such a file: the bridge's own tables are not in it
   * @throws IllegalArgumentException if something is no flow or missing; one line for each problem, with its place
   */
  public static FlowRules read(String text, String file, int bundled) {
    return read(text, file, bundled, AddressSet.EMPTY);
  }

  /**
   * The same on a node whose addresses are known.
   *
   * @param node the node's own addresses
   */
  static FlowRules read(String text, String file, int bundled, AddressSet node) {
    FlowSyntax flows = FlowSyntax.parse(text, file);
    if (!flows.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", flows.problems()));
    }
    SortedMap<Integer, List<FlowEntry>> tables = new TreeMap<>();
    for (FlowEntry flow : flows.flows()) {
      tables.computeIfAbsent(flow.table(), t -> new ArrayList<>()).add(flow);
      LearnedFlow.add(flow, tables);
    }
    int first = flows.isBundle() ? bundled : 0;
    Optional<Antrea> antrea = flows.isBundle() ? Optional.empty() : Antrea.of(tables);
    Optional<Attachments> attached = antrea.map(it -> it.attachments(node));
    if (antrea.isPresent()) {
      EnforcedRules rules = byFamily(file, flows, antrea.get(), tables, attached);
      AntreaBridge bridge = AntreaBridge.of(
          antrea.get(),
          antrea.get().translated().stream()
              .map(changed -> byFamily(file, flows, antrea.get(), changed, attached))
              .toList());
      return new FlowRules(rules, false, true, flows.expires(), Optional.of(bridge));
    }
    Pipeline pipeline =
        new Pipeline(file, flows.tables(), first, tables, Optional.empty(), Optional.empty());
    EnforcedRules rules = new EnforcedRules(
        List.of(new Stage("flows", Condition.ALWAYS, PACKETS, Ending.DROP)), pipeline.chains());
    return new FlowRules(
        rules, flows.isBundle(), pipeline.portsMatter(), flows.expires(), Optional.empty());
  }

  private static final String PACKETS = "packets";

  /** Each family's packets apart, since what is asked of all of one can then be left out. */
  private static EnforcedRules byFamily(
      String file,
      FlowSyntax flows,
      Antrea antrea,
      SortedMap<Integer, List<FlowEntry>> tables,
      Optional<Attachments> attached) {
    List<Stage> stages = new ArrayList<>();
    Map<String, Chain> all = new LinkedHashMap<>();
    for (Family family : antrea.families()) {
      String word = antrea.families().size() == 1 ? "" : family.word() + " ";
      Map<String, Chain> chains =
          new Pipeline(file, flows.tables(), 0, tables, attached, Optional.of(family)).chains();
      chains.forEach((name, chain) -> all.put(word + name, renamed(chain, word)));
      stages.add(new Stage(
          word + "flows",
          new Condition.SourceAddress(AddressSet.all(family)),
          word + PACKETS,
          Ending.DROP));
    }
    return new EnforcedRules(stages, all);
  }

  private static Chain renamed(Chain chain, String word) {
    if (word.isEmpty()) {
      return chain;
    }
    return new Chain(
        word + chain.name(),
        chain.rules().stream()
            .map(rule -> new EnforcedRule(
                rule.condition(), renamed(rule.action(), word), rule.text(), rule.origin()))
            .toList());
  }

  private static RuleAction renamed(RuleAction action, String word) {
    if (action instanceof RuleAction.Goto go) {
      return new RuleAction.Goto(word + go.chain());
    }
    return action instanceof RuleAction.Jump jump
        ? new RuleAction.Jump(word + jump.chain())
        : action;
  }
}
