package dev.postern.spark;

import dev.postern.traffic.FlowSink;
import dev.postern.traffic.Omission;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Takes records and keeps as few as come to the same. Not thread-safe. */
interface Folding extends FlowSink {

  /** Makes foldings, wherever a task runs. */
  @FunctionalInterface
  interface Maker extends Serializable {

    /** A folding of no records yet. */
    Folding of(List<TimedSnapshot> snapshots);
  }

  /** Takes records that were folded before. */
  void takeFolded(Iterator<FoldedFlow> flows);

  /** What comes to the same. */
  Stream<FoldedFlow> folded();

  /** How many records were taken. */
  long records();

  /** How many entries say nothing, by why; replies that the ports tell among them. */
  Map<Omission, Long> omissions();
}
