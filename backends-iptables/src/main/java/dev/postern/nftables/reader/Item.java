package dev.postern.nftables.reader;

import java.util.List;

/** A part of a ruleset's text. */
sealed interface Item {

  /** A word, a comma, or a text in quotes without them. */
  record Word(String text, boolean quoted) implements Item {
    @Override
    public String toString() {
      return quoted ? '"' + text + '"' : text;
    }
  }

  /** What stands between braces, line by line. */
  record Block(List<Line> lines) implements Item {
    /** All items of all lines. */
    List<Item> items() {
      return lines.stream().flatMap(line -> line.items().stream()).toList();
    }

    @Override
    public String toString() {
      List<Item> items = items();
      return items.size() > 12
          ? "{ " + Line.text(items.subList(0, 11)) + " … }"
          : "{ " + Line.text(items) + " }";
    }
  }

  /**
   * What stands on one line, or before a semicolon.
   *
   * @param number the line's number
   */
  record Line(List<Item> items, int number) {
    /** The word at a place; empty if there is none or it is a block. */
    String word(int at) {
      return at < items.size() && items.get(at) instanceof Word word ? word.text() : "";
    }

    static String text(List<? extends Item> items) {
      return String.join(" ", items.stream().map(Object::toString).toList()).replace(" ,", ",");
    }

    @Override
    public String toString() {
      return text(items);
    }
  }
}
