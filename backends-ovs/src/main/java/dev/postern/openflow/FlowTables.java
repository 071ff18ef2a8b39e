package dev.postern.openflow;

/**
 * The tables by number.
 *
 * @param first where packets come in
 */
record FlowTables(int first) {

  static final int COUNT = 8;

  /** After connection tracking: known connections leave here. */
  int state() {
    return first + 1;
  }

  /** Which group the source is in. */
  int egressGroup() {
    return first + 2;
  }

  int egress() {
    return first + 3;
  }

  /** Which group the destination is in. */
  int ingressGroup() {
    return first + 4;
  }

  int ingress() {
    return first + 5;
  }

  /** New connections are remembered here. */
  int commit() {
    return first + 6;
  }

  /** What passes goes here. */
  int onward() {
    return first + 7;
  }
}
