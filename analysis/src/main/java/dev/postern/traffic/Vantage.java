package dev.postern.traffic;

/** At which end of a connection a record was written. */
public enum Vantage {
  /** Where it left: the other end may have denied it later. */
  SOURCE,
  /** Where it arrived: nothing could deny it later. */
  DESTINATION,
  /** At both, or at one that the log does not name. */
  UNSAID
}
