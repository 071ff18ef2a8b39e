package dev.postern.netfilter.update;

import dev.postern.net.Address;
import dev.postern.net.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The elements that {@code nft} is known to take, as {@code nft list ruleset} prints them without anything behind them. */
final class AddedElements {

  private static final Pattern VERDICT =
      Pattern.compile("accept|drop|return|(?:jump|goto) [A-Za-z_][A-Za-z0-9_]*");

  private AddedElements() {}

  /**
   * Whether it is an element of such keys.
   *
   * @param ranges whether keys may be more than one value
   * @param map whether it holds a verdict
   */
  static boolean isElement(String text, List<String> types, boolean ranges, boolean map) {
    String[] parts = text.split(" : ", -1);
    String[] keys = parts[0].split(" \\. ", -1);
    if (parts.length != (map ? 2 : 1) || keys.length != types.size()) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      if (!isKey(keys[i], types.get(i), ranges && keys.length == 1)) {
        return false;
      }
    }
    return !map || VERDICT.matcher(parts[1]).matches();
  }

  /** Whether it is a value of a type, or a range or network of such values, as it is printed. */
  static boolean isKey(String word, String type, boolean ranges) {
    Optional<NftElement.Part> part = NftElement.part(word, type);
    return part.isPresent()
        && (part.get().isSingle() ? word.matches("[0-9a-z.:-]+") && !word.contains("/") : ranges)
        && isPrinted(word, type, part.get().isSingle());
  }

  private static boolean isPrinted(String word, String type, boolean single) {
    if (!type.endsWith("_addr")) {
      return !(single && word.matches(".*[0-9]-.*"));
    }
    if (word.contains("/")) {
      return Cidr.parse(word).toString().equals(word);
    }
    String[] ends = word.split("-");
    for (String end : ends) {
      if (!Address.parse(end).toString().equals(end)) {
        return false;
      }
    }
    return ends.length == 1 || !single;
  }

  /** Whether no value is in two of them. */
  static boolean areApart(List<String> words, String type) {
    List<NftElement.Part> parts =
        words.stream().flatMap(word -> NftElement.part(word, type).stream()).toList();
    for (int i = 0; i < parts.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (parts.get(i).meets(parts.get(j))) {
          return false;
        }
      }
    }
    return true;
  }
}
