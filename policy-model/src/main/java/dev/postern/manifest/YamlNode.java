package dev.postern.manifest;

/** A piece of a manifest with its place: what YAML and JSON have in common. */
sealed interface YamlNode permits MapNode, ListNode, ScalarNode {

  /** From 1. */
  int line();

  /** From 1, in characters. */
  int column();

  /** What it is, for a message: {@code a map}, {@code the number 80} … */
  String describe();
}
