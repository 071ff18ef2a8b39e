package dev.postern.nftables.reader;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.netfilter.RouterLab;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** However a match of TCP's flags is written, nft's text and its JSON are read as what was written. */
class FlagsMatchKernelTest {

  private static final List<String> NAMES =
      List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  /** Matches, and what each means. */
  private static Map<String, IntPredicate> matches() {
    Map<String, IntPredicate> all = new LinkedHashMap<>();
    for (int value : List.of(0x01, 0x02, 0x12, 0x03, 0x3f)) {
      String names = names(value, "|");
      all.put(names(value, ","), flags -> (flags & value) != 0);
      all.put("! " + names(value, ","), flags -> (flags & value) == 0);
      all.put("== " + names, flags -> flags == value);
      all.put("!= " + names, flags -> flags != value);
      all.put("& (" + names + ") != 0", flags -> (flags & value) != 0);
      all.put("& (" + names + ") == 0", flags -> (flags & value) == 0);
      all.put("{ " + names + ", rst }", flags -> flags == value || flags == 0x04);
      all.put("!= { " + names + ", rst }", flags -> flags != value && flags != 0x04);
      for (int mask : List.of(0x17, 0x3f, 0x13)) {
        if ((value & mask) == value) {
          String looked = names(mask, "|");
          all.put("& (" + looked + ") == " + names, flags -> (flags & mask) == value);
          all.put("& (" + looked + ") != " + names, flags -> (flags & mask) != value);
          all.put(names(value, ",") + " / " + names(mask, ","), flags -> (flags & mask) == value);
          all.put(
              "!= " + names(value, ",") + " / " + names(mask, ","),
              flags -> (flags & mask) != value);
          all.put(
              "& (" + looked + ") == { " + names + ", ack }",
              flags -> (flags & mask) == value || (flags & mask) == 0x10);
        }
      }
    }
    all.put("== 0x0", flags -> flags == 0);
    all.put("0x0", flags -> false);
    all.put("0x2-0x12", flags -> 0x02 <= flags && flags <= 0x12);
    all.put("> syn", flags -> flags > 0x02);
    all.put("<= ack", flags -> flags <= 0x10);
    return all;
  }

  private static String names(int flags, String between) {
    return NAMES.stream()
        .filter(name -> (flags >> NAMES.indexOf(name) & 1) == 1)
        .collect(joining(between));
  }

  @Test
  void bothFormsSayWhatWasWritten() {
    Map<String, IntPredicate> matches = matches();
    List<String> text = printed(List.copyOf(matches.keySet()), "");
    List<String> json = printed(List.copyOf(matches.keySet()), "-j");
    assertThat(text).hasSameSizeAs(matches.keySet());
    assertThat(json).hasSameSizeAs(matches.keySet());
    int rule = 0;
    for (Map.Entry<String, IntPredicate> each : matches.entrySet()) {
      List<Integer> expected = values(each.getValue());
      String written = "tcp flags " + each.getKey();
      assertThat(values(FlagsMatch.read(written).orElseThrow())).as(written).isEqualTo(expected);
      for (String line : List.of(text.get(rule), json.get(rule))) {
        String match = line.strip().replace(" drop", "");
        assertThat(FlagsMatch.read(match)).as("%s: %s", written, match).isPresent();
        assertThat(values(FlagsMatch.read(match).orElseThrow()))
            .as("%s: %s", written, match)
            .isEqualTo(expected);
      }
      rule++;
    }
  }

  private static List<Integer> values(IntPredicate predicate) {
    return IntStream.range(0, 256).filter(predicate).boxed().toList();
  }

  private static List<String> printed(List<String> matches, String option) {
    String rules = matches.stream()
        .map(match -> "add rule inet t c tcp flags " + match + " drop\n")
        .collect(joining());
    String ruleset = "flush ruleset\nadd table inet t\nadd chain inet t c\n" + rules;
    String dump = lab.apply(
        Map.of(
            "load.sh",
            "cd \"$(dirname \"$0\")\"; nft -f flags.nft; nft " + option + " list ruleset\n",
            "flags.nft",
            ruleset),
        "load.sh");
    return NftablesReader.plain("dump", dump)
        .lines()
        .filter(line -> line.contains("tcp flags"))
        .toList();
  }

  @Test
  void aDropIsTheSameInBothForms() {
    List<String> drops = new ArrayList<>(matches().keySet());
    for (String match : drops) {
      String rule = "tcp flags " + match + " drop";
      String ruleset = "flush ruleset\ntable inet t {\nchain c {\n"
          + "type filter hook forward priority 0; policy accept;\n" + rule + "\n}\n}\n";
      String both = lab.apply(
          Map.of(
              "load.sh",
              "cd \"$(dirname \"$0\")\"; nft -f flags.nft; nft list ruleset; echo ====; nft -j list ruleset\n",
              "flags.nft",
              ruleset),
          "load.sh");
      String[] dumps = both.split("====\n", 2);
      List<Fate> text = fates(dumps[0]);
      assertThat(fates(dumps[1])).as(rule).isEqualTo(text);
      boolean opening = FlagsMatch.read("tcp flags " + match).orElseThrow().test(0x02);
      boolean pickedUp = FlagsMatch.read("tcp flags " + match).orElseThrow().test(0x10);
      if (opening && !pickedUp) {
        // An ACK of a connection that conntrack does not know is a new one, too.
        assertThat(text.get(0)).as(rule).isEqualTo(Fate.UNKNOWN);
      }
    }
  }

  private static List<Fate> fates(String dump) {
    Interpreter interpreter = new Interpreter(NftablesReader.read(dump));
    Packet packet =
        Packet.opening(Address.parse("10.0.0.1"), Address.parse("10.9.9.9"), Protocol.TCP, 53);
    List<Fate> fates = new ArrayList<>();
    for (ConnectionState state : ConnectionState.values()) {
      fates.add(
          interpreter.walk(packet.in(state, false).through("eth0", "eth1")).fate());
    }
    return fates;
  }
}
