package dev.postern.nftables.reader;

import dev.postern.nftables.reader.grammar.NftParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.tree.ParseTree;

/**
 * A set or map, named or between braces.
 *
 * @param elements keys, one value a dimension, and what a map maps them to
 * @param changing whether its members come and go by themselves or by rules
 */
record NamedSet(List<Element> elements, boolean changing) {

  private static final Set<String> FADES = Set.of("timeout", "expires", "limit", "quota");

  /**
   * A key and its data.
   *
   * @param key one text a dimension, without quotes
   * @param data what a map maps it to, word by word; nothing in a set
   * @param fades whether it goes by itself, or holds for some packets only
   */
  record Element(List<String> key, List<String> data, boolean fades) {}

  static NamedSet of(List<Element> elements) {
    return new NamedSet(elements, elements.stream().anyMatch(Element::fades));
  }

  static Element element(NftParser.ElementContext element) {
    boolean fades = element.state != null
        && element.state.children.stream().anyMatch(word -> FADES.contains(word.getText()));
    List<String> data = new ArrayList<>();
    if (element.verdict() != null) {
      data.add(element.verdict().getStart().getText());
      if (element.verdict().name() != null) {
        data.add(plain(element.verdict().name().getText()));
      }
    } else if (element.data != null) {
      element.data.children.forEach(word -> data.add(plain(word.getText())));
    }
    return new Element(dimensions(element.of), List.copyOf(data), fades);
  }

  /** The texts between the dots. */
  private static List<String> dimensions(NftParser.TupleContext tuple) {
    List<String> dimensions = new ArrayList<>(tuple.children.size());
    boolean begins = true;
    for (ParseTree word : tuple.children) {
      String text = word.getText();
      if (text.equals(".")) {
        begins = true;
      } else if (begins) {
        dimensions.add(plain(text));
        begins = false;
      } else {
        // What takes several words is understood by nobody.
        dimensions.set(dimensions.size() - 1, dimensions.get(dimensions.size() - 1) + " " + text);
      }
    }
    return List.copyOf(dimensions);
  }

  /** A text without its quotes. */
  static String plain(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /** The keys by what they map to, in the order in which that first comes. */
  Map<List<String>, List<List<String>>> keysByData() {
    Map<List<String>, List<List<String>>> result = new LinkedHashMap<>();
    elements.forEach(element ->
        result.computeIfAbsent(element.data, data -> new ArrayList<>()).add(element.key));
    return result;
  }
}
