package dev.postern.traffic;

/** Why an entry of a log says nothing about policies. */
public enum Omission {
  REPLY("replies"),
  PROXY("what a proxy saw of a connection"),
  SERVICE_ADDRESS("a Service's address, before it was translated"),
  NOT_BY_POLICY("dropped, but not by a policy"),
  NEITHER("a verdict that says neither that it passed nor that a policy dropped it"),
  NO_VERDICT("no verdict"),
  NO_TRANSPORT("no transport protocol"),
  LOST_EVENTS("a gap: events were lost"),
  NO_DATA("no traffic in the interval"),
  NO_ANSWER("never answered: it may not have passed"),
  NOT_YET_ANSWERED("not yet answered; a later event says whether it was"),
  NO_DESTINATION("a proxy found no destination"),
  DROPPED("dropped, and the log does not say by what"),
  NO_SNAPSHOT("seen when no snapshot of the cluster was valid"),
  NOT_A_FLOW("not a flow");

  private final String words;

  Omission(String words) {
    this.words = words;
  }

  /** The reason in plain words, after a number of entries. */
  public String words() {
    return words;
  }
}
