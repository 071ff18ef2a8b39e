package dev.postern.ovn;

import dev.postern.net.AddressSet;

/**
 * An ACL before its sets have names.
 *
 * @param toPort ingress of the pod, else egress
 * @param priority as {@link PriorityLayers} orders them
 * @param peers of one family, or all addresses
 * @param inline whether the peers are written into the match
 * @param rest what the match says besides; may be empty
 * @param part which part of its group's table it is of
 */
record Rule(
    boolean toPort,
    int priority,
    Outcome outcome,
    AddressSet peers,
    boolean inline,
    String rest,
    String part) {

  /** What becomes of a connection that an ACL matches. */
  enum Outcome {
    DENY,
    PASS,
    ALLOW
  }

  static Rule any(boolean toPort, int priority, Outcome outcome, String rest) {
    return new Rule(toPort, priority, outcome, AddressSet.ALL, true, rest, "");
  }
}
