package dev.postern.policy;

/** The side of a connection that a rule judges. */
public enum Direction {
  /** Into the subject: the destination's side. */
  INGRESS("ingress"),
  /** Out of the subject: the source's side. */
  EGRESS("egress");

  private final String field;

  Direction(String field) {
    this.field = field;
  }

  /** The field of a policy that holds the rules, {@code ingress} or {@code egress}. */
  public String field() {
    return field;
  }
}
