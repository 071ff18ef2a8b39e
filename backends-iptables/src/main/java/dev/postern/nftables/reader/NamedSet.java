package dev.postern.nftables.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A set or map, named or between braces.
 *
 * @param elements keys, one value a dimension, and what a map maps them to; empty text in a set
 * @param changing whether its members come and go by themselves or by rules
 */
record NamedSet(List<Element> elements, boolean changing) {

  /** A key and its data. */
  record Element(List<String> key, List<Item> data) {}

  private static final Set<String> ATTRIBUTES =
      Set.of("timeout", "expires", "counter", "comment", "limit", "quota");

  static NamedSet of(List<Item> items) {
    List<Element> elements = new ArrayList<>();
    boolean changing = false;
    List<Item> element = new ArrayList<>();
    for (int i = 0; i <= items.size(); i++) {
      boolean end = i == items.size() || isWord(items.get(i), ",");
      if (!end) {
        element.add(items.get(i));
      } else if (!element.isEmpty()) {
        changing |= element.stream().anyMatch(item -> isWord(item, "timeout"));
        elements.add(element(element));
        element.clear();
      }
    }
    return new NamedSet(List.copyOf(elements), changing);
  }

  private static Element element(List<Item> items) {
    List<String> key = new ArrayList<>();
    int at = 0;
    while (at < items.size() && !isWord(items.get(at), ":") && !isAttribute(items.get(at))) {
      if (!isWord(items.get(at), ".")) {
        key.add(
            items.get(at) instanceof Item.Word word
                ? word.text()
                : items.get(at).toString());
      }
      at++;
    }
    while (at < items.size() && !isWord(items.get(at), ":")) {
      at++;
    }
    return new Element(
        List.copyOf(key),
        at < items.size() ? List.copyOf(items.subList(at + 1, items.size())) : List.of());
  }

  private static boolean isAttribute(Item item) {
    return item instanceof Item.Word word && !word.quoted() && ATTRIBUTES.contains(word.text());
  }

  private static boolean isWord(Item item, String text) {
    return item instanceof Item.Word word && !word.quoted() && word.text().equals(text);
  }

  /** The keys by what they map to, in the order in which that first comes. */
  Map<List<Item>, List<List<String>>> keysByData() {
    Map<List<Item>, List<List<String>>> result = new LinkedHashMap<>();
    elements.forEach(element ->
        result.computeIfAbsent(element.data, data -> new ArrayList<>()).add(element.key));
    return result;
  }
}
