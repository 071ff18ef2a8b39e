package dev.postern.manifest;

import java.util.List;

/** A sequence. */
record ListNode(List<YamlNode> items, int line, int column) implements YamlNode {

  @Override
  public String describe() {
    return "a list";
  }
}
