package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Stage;
import java.util.ArrayList;
import java.util.List;
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
   */
  public record Reading(EnforcedRules rules, boolean isBundle, boolean portsMatter) {}

  /**
   * Reads flows.
   *
   * @param text what {@code ovs-ofctl dump-flows} prints, or a file for {@code add-flows}
   * @param file its name, for messages
   * @param bundled the table in which packets come in where it is such a file: the bridge's own tables are not in it
   * @throws IllegalArgumentException if something is no flow or missing; one line for each problem, with its place
   */
  public static Reading read(String text, String file, int bundled) {
    FlowSyntax flows = FlowSyntax.parse(text, file);
    if (!flows.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", flows.problems()));
    }
    SortedMap<Integer, List<FlowEntry>> tables = new TreeMap<>();
    for (FlowEntry flow : flows.flows()) {
      tables.computeIfAbsent(flow.table(), t -> new ArrayList<>()).add(flow);
      learned(flow, flow.steps(), tables);
    }
    int first = flows.isBundle() ? bundled : 0;
    Pipeline pipeline = new Pipeline(file, flows.tables(), first, tables);
    EnforcedRules rules = new EnforcedRules(
        List.of(new Stage("flows", Condition.ALWAYS, "packets", Ending.DROP)), pipeline.chains());
    return new Reading(rules, flows.isBundle(), pipeline.portsMatter());
  }

  /** What {@code learn} adds later may match anything and do anything. */
  private static void learned(
      FlowEntry flow, List<FlowStep> steps, SortedMap<Integer, List<FlowEntry>> tables) {
    for (FlowStep step : steps) {
      if (step instanceof FlowStep.Learn learn) {
        tables
            .computeIfAbsent(learn.table(), t -> new ArrayList<>())
            .add(new FlowEntry(
                learn.table(),
                learn.priority(),
                FlowMatch.unknown("what is learned"),
                List.of(new FlowStep.Unknown(learn.text())),
                List.of(),
                learn.text(),
                flow.line()));
      } else if (step instanceof FlowStep.Clone clone) {
        learned(flow, clone.steps(), tables);
      } else if (step instanceof FlowStep.Apply apply) {
        learned(flow, apply.steps(), tables);
      }
    }
  }
}
