package dev.postern.iptables.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A set as {@code ipset save} prints it.
 *
 * @param name its name
 * @param type such as {@code hash:ip,port}
 * @param options what follows the type
 * @param elements its elements, in the order of the dump
 */
record Ipset(String name, String type, List<String> options, List<Element> elements) {

  /**
   * An element.
   *
   * @param parts one a dimension, as printed
   * @param options what follows, such as {@code nomatch} or {@code skbmark 0x1/0xff}
   */
  record Element(List<String> parts, List<String> options) {
    boolean isException() {
      return options.contains("nomatch");
    }

    boolean expires() {
      return option("timeout").filter(seconds -> !seconds.equals("0")).isPresent();
    }

    /** What follows the name of an option. */
    Optional<String> option(String option) {
      int at = options.indexOf(option);
      return at >= 0 && at + 1 < options.size()
          ? Optional.of(options.get(at + 1))
          : Optional.empty();
    }
  }

  /** Options of a set that do not change what it matches, with how many words follow each. */
  private static final Map<String, Integer> HARMLESS = Map.ofEntries(
      Map.entry("family", 1),
      Map.entry("hashsize", 1),
      Map.entry("maxelem", 1),
      Map.entry("bucketsize", 1),
      Map.entry("initval", 1),
      Map.entry("range", 1),
      Map.entry("size", 1),
      Map.entry("timeout", 1),
      Map.entry("counters", 0),
      Map.entry("comment", 0),
      Map.entry("skbinfo", 0),
      Map.entry("forceadd", 0));

  /** The first option that may change what the set matches, such as {@code netmask}, by which it matches more than its members. */
  Optional<String> strangeOption() {
    for (int i = 0; i < options.size(); i++) {
      Integer values = HARMLESS.get(options.get(i));
      if (values == null) {
        return Optional.of(options.get(i));
      }
      i += values;
    }
    return Optional.empty();
  }

  static Ipset created(String name, String type, List<String> options) {
    return new Ipset(name, type, List.copyOf(options), new ArrayList<>());
  }

  Ipset named(String other) {
    return new Ipset(other, type, options, elements);
  }

  /** The dimensions, such as {@code ip} and {@code port}. */
  List<String> dimensions() {
    return List.of(type.substring(type.indexOf(':') + 1).split(",", -1));
  }

  boolean isIpv6() {
    int at = options.indexOf("family");
    return at >= 0 && at + 1 < options.size() && options.get(at + 1).equals("inet6");
  }
}
