package dev.postern.manifest;

import java.util.List;

/** A sequence. */
record ListNode(List<Node> items, int line, int column) implements Node {

  @Override
  public String describe() {
    return "a list";
  }
}
