package dev.postern.openflow.reader;

/** What is wrong with a line of a dump; the message begins with the file and the line. */
final class FlowProblem extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  FlowProblem(String file, int line, String what) {
    super(file + ":" + line + ":1: error: " + what);
  }
}
