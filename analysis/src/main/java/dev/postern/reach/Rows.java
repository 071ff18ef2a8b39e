package dev.postern.reach;

/** Makes rows, in any order; fastest if asked in ascending order. For one thread. */
interface Rows {

  /** The row of a source class. */
  Row row(int source);
}
