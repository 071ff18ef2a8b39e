package dev.postern.openflow.reader;

import java.util.List;

/**
 * A flow.
 *
 * @param table its table
 * @param priority 0..65535
 * @param match which packets it matches
 * @param steps its actions
 * @param clauses the conjunctions that it is an alternative of; then it has no other actions
 * @param text the flow as it is printed, for messages
 * @param line the line it was read from
 */
record FlowEntry(
    int table,
    int priority,
    FlowMatch match,
    List<FlowStep> steps,
    List<FlowStep.Conjunction> clauses,
    String text,
    int line) {}
