package dev.postern.traffic;

/** Takes what a log holds, entry by entry, in its order. */
public interface FlowSink {

  /** Takes a record. */
  void flow(FlowRecord flow);

  /** Takes note of an entry that says nothing about policies. */
  void leftOut(Omission why);
}
