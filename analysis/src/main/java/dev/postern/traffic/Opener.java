package dev.postern.traffic;

/** Which end of a record opened the connection. */
public enum Opener {
  /** The record's source: it is a request, or the connection as a whole. */
  SOURCE,
  /** The record's destination: it is a reply. */
  DESTINATION,
  /** The log does not say; {@link FlowRecord#folded} decides by the ports where they tell. */
  UNSAID
}
