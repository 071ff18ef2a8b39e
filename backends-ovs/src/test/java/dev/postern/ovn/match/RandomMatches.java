package dev.postern.ovn.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random match expressions, right ones and nearly right ones. */
final class RandomMatches {

  private static final List<String> CONSTANTS = List.of(
      "0",
      "1",
      "2",
      "6",
      "17",
      "80",
      "65535",
      "65536",
      "0x50",
      "0x1f40/0xffc0",
      "80/0xfff0",
      "0/0x1",
      "0x0/0x0",
      "08",
      "10.0.0.1",
      "10.0.0.0/8",
      "10.0.0.0/33",
      "10.1.2.3/255.0.255.0",
      "fd00::1",
      "fd00::/16",
      "fd00::/129",
      "::1",
      "::ffff:10.0.0.1",
      "0a:00:00:00:00:01",
      "0a:00:00:00:00:01/ff:00:00:00:00:00",
      "\"web\"",
      "\"a\\\"b\"",
      "\"\\u0041\"",
      "\"\\x\"",
      "$set4",
      "$set6",
      "$empty",
      "$nothing",
      "$set-4",
      "@group",
      "@nobody",
      "10.0.0",
      "0xzz",
      "1.2.3.4.5",
      "18446744073709551616",
      "255.255.255.256",
      "0X1F",
      "99999",
      "1/",
      "1/2/3",
      "fd00::1/ffff::",
      "010.0.0.1",
      "0x1",
      "12345:678",
      "1.2.3.4:80",
      "{",
      "}",
      "");
  private static final List<String> RELATIONS =
      List.of("==", "==", "==", "!=", "<", "<=", ">", ">=", "=");
  private static final List<String> JUNK = List.of(
      "&",
      "|",
      "!",
      "&&",
      "||",
      "(",
      ")",
      "{",
      "}",
      "..",
      ".",
      "[0]",
      "/* a */",
      "// b",
      "/*",
      "#",
      "\"",
      "$",
      "@",
      ",",
      ";",
      " ",
      "^x",
      "is_chassis_resident(\"web\")",
      "log(1)");

  private final Random random;
  private final List<String> symbols = new ArrayList<>();

  RandomMatches(long seed) {
    random = new Random(seed);
    Symbols.names().forEach(symbols::add);
    symbols.sort(null);
  }

  String next() {
    String text = expression(random.nextInt(3));
    return random.nextInt(4) == 0 ? mutated(text) : text;
  }

  private String expression(int depth) {
    int terms = 1 + random.nextInt(3);
    String operator = random.nextBoolean() ? " && " : " || ";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < terms; i++) {
      String between = random.nextInt(20) == 0 ? " && " : operator;
      text.append(i == 0 ? "" : between).append(term(depth));
    }
    return text.toString();
  }

  private String term(int depth) {
    String not = random.nextInt(6) == 0 ? "!" : "";
    if (depth > 0 && random.nextInt(3) == 0) {
      return not + "(" + expression(depth - 1) + ")";
    }
    return switch (random.nextInt(10)) {
      case 0 -> not + random.nextInt(3);
      case 1, 2 -> not + field();
      case 3 -> constants() + " " + pick(RELATIONS) + " " + field();
      case 4 ->
        constants() + " " + pick(RELATIONS) + " " + field() + " " + pick(RELATIONS) + " "
            + constants();
      case 5 -> not + "(" + field() + " " + pick(RELATIONS) + " " + constants() + ")";
      case 6 -> not + "is_chassis_resident(\"web\")";
      default -> fitting(not);
    };
  }

  /** A comparison that is likely to be right. */
  private String fitting(String not) {
    return switch (random.nextInt(6)) {
      case 0 -> not + "(ip4.src == {10.0.0.1, 10.1.0.0/16 $set4})";
      case 1 -> "inport == {\"web\", @group,}";
      case 2 -> "tcp.dst == {80, 0x1f40/0xffc0}";
      case 3 -> "100 <= udp.dst <= 200";
      case 4 -> "ip6.dst == $set6";
      default -> not + "ct.est";
    };
  }

  private String field() {
    String name = random.nextInt(30) == 0 ? "no.such" : pick(symbols);
    return switch (random.nextInt(12)) {
      case 0 -> name + "[" + random.nextInt(40) + "]";
      case 1 -> name + "[" + random.nextInt(9) + ".." + random.nextInt(40) + "]";
      default -> name;
    };
  }

  private String constants() {
    if (random.nextInt(3) > 0) {
      return pick(CONSTANTS);
    }
    StringBuilder text = new StringBuilder("{");
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(pick(CONSTANTS)).append(random.nextBoolean() ? ", " : " ");
    }
    return text.append('}').toString();
  }

  private String mutated(String text) {
    int at = random.nextInt(text.length() + 1);
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, at) + pick(JUNK) + text.substring(at);
      case 1 -> at < text.length() ? text.substring(0, at) + text.substring(at + 1) : text;
      default -> text.substring(0, at);
    };
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
