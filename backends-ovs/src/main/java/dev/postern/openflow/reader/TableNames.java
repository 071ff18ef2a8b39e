package dev.postern.openflow.reader;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers of tables that a dump calls by number or by name; a name whose number it does not tell gets one past all real ones. */
final class TableNames {

  private static final int FIRST_UNNUMBERED = 1000;
  private static final int LAST = 254;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private Optional<String> unnumbered = Optional.empty();

  /** Says which number a name stands for. */
  void put(String name, int number) {
    numbers.put(name, number);
    names.put(number, name);
  }

  /** The number of a table. What is no number, or too large for one, is a name. */
  int number(String text) {
    Optional<MaskedBits> bits = MaskedBits.parse(text, 8);
    if (bits.isPresent() && bits.get().value().intValue() <= LAST) {
      return bits.get().value().intValue();
    }
    String name = text.replace("\"", "");
    Integer known = numbers.get(name);
    if (known == null) {
      known = FIRST_UNNUMBERED + numbers.size();
      put(name, known);
      unnumbered = unnumbered.isEmpty() ? Optional.of(name) : unnumbered;
    }
    return known;
  }

  /** A number below 65,536 that is no table; 65,535 where it is none. */
  int small(String text) {
    return MaskedBits.parse(text, 16).map(bits -> bits.value().intValue()).orElse(0xffff);
  }

  /** How a table is called. */
  String name(int number) {
    String name = names.get(number);
    return name == null ? "table " + number : "table " + name;
  }

  /** A name whose number nothing says. */
  Optional<String> unnumbered() {
    return unnumbered;
  }
}
