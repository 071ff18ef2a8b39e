package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ovn.ovsdb.OvsdbException;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.PodPorts;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A transaction that a real database refuses enforces nothing, so it is not read as rules either; one that it takes is. */
class RefusedTransactionsTest {

  private static final String WHOLE = """
      ["OVN_Northbound",
       {"op":"delete","table":"Port_Group","where":[["external_ids","includes",["map",[["owner","postern"]]]]]},
       {"op":"insert","table":"ACL","uuid-name":"a","row":{"direction":"to-lport","priority":1001,"match":"ip4.src == $s","action":"allow-related","name":"one"}},
       {"op":"insert","table":"ACL","uuid-name":"b","row":{"direction":"to-lport","priority":1000,"match":"ip4","action":"drop","log":false,"severity":"info","options":["map",[]]}},
       {"op":"insert","table":"Address_Set","row":{"name":"s","addresses":["set",["10.0.0.1","10.0.0.2"]]}},
       {"op":"insert","table":"Port_Group","row":{"name":"g","ports":["set",[]],"acls":["set",[["named-uuid","a"],["named-uuid","b"]]]}},
       {"op":"comment","comment":"all"}]
      """;

  /** A text of the transaction, and what stands in its place. */
  private record Change(String what, String by) {}

  private static final List<Change> REFUSED = List.of(
      new Change("\"priority\":1001", "\"priority\":32768"),
      new Change("\"priority\":1001", "\"priority\":-1"),
      new Change("\"priority\":1001", "\"priority\":\"1001\""),
      new Change("\"priority\":1001", "\"priority\":1001.5"),
      new Change("\"priority\":1001", "\"priority\":[\"set\",[]]"),
      new Change("\"priority\":1001", "\"priority\":1001,\"colour\":\"red\""),
      new Change("\"direction\":\"to-lport\"", "\"direction\":\"from_lport\""),
      new Change("\"direction\":\"to-lport\",", ""),
      new Change("\"action\":\"drop\"", "\"action\":\"deny\""),
      new Change("\"action\":\"drop\",", ""),
      new Change("\"severity\":\"info\"", "\"severity\":\"loud\""),
      new Change("\"severity\":\"info\"", "\"severity\":[\"set\",[\"info\",\"debug\"]]"),
      new Change("\"log\":false", "\"log\":\"no\""),
      new Change("\"name\":\"one\"", "\"name\":\"" + "o".repeat(64) + "\""),
      new Change("[\"map\",[]]", "{}"),
      new Change("[\"map\",[]]", "[\"map\",[[\"k\",\"v\"],[\"k\",\"w\"]]]"),
      new Change("[\"map\",[]]", "[\"map\",[[\"k\",1]]]"),
      new Change("[\"named-uuid\",\"b\"]", "[\"named-uuid\",\"c\"]"),
      new Change("[\"named-uuid\",\"b\"]", "[\"named-uuid\",\"b\"],[\"named-uuid\",\"b\"]"),
      new Change("[\"named-uuid\",\"b\"]", "\"b\""),
      new Change(
          "[\"named-uuid\",\"b\"]",
          "[\"named-uuid\",\"b\"],[\"uuid\",\"11111111-2222-3333-4444-555555555555\"]"),
      new Change("\"10.0.0.2\"", "\"10.0.0.1\""),
      new Change("\"10.0.0.2\"", "10"),
      new Change("\"uuid-name\":\"b\"", "\"uuid-name\":\"a\""),
      new Change("\"uuid-name\":\"b\"", "\"uuid-name\":\"b-b\""),
      new Change("\"name\":\"s\"", "\"name\":\"g\"},\"where\":[],\"none\":{\"name\":\"s\""),
      new Change("{\"op\":\"comment\",\"comment\":\"all\"}", "{\"op\":\"comment\"}"),
      new Change("{\"op\":\"comment\",\"comment\":\"all\"}", "\"all\""),
      new Change("{\"op\":\"comment\",\"comment\":\"all\"}", "7"),
      new Change(
          "{\"op\":\"comment\",\"comment\":\"all\"}",
          "{\"op\":\"insert\",\"table\":\"Port_Group\",\"row\":{\"name\":\"g\"}}"),
      new Change(
          "{\"op\":\"comment\",\"comment\":\"all\"}",
          "{\"op\":\"insert\",\"table\":\"Colours\",\"row\":{}}"),
      new Change("\"where\":[[", "\"when\":[["),
      new Change("\"where\":[[\"external_ids\"", "\"where\":[[\"internal_ids\""),
      new Change("\"includes\"", "\"has\""));

  private static final List<Change> TAKEN = List.of(
      new Change("\"priority\":1001", "\"priority\":[\"set\",[1001]]"),
      new Change("\"priority\":1001", "\"priority\":1001.0"),
      new Change("\"priority\":1001", "\"priority\":32767"),
      new Change("\"name\":\"one\"", "\"name\":[\"set\",[]]"),
      new Change("\"name\":\"one\"", "\"name\":[\"set\",[\"one\"]]"),
      new Change("\"name\":\"one\"", "\"name\":\"" + "\u00e4".repeat(63) + "\""),
      new Change("\"severity\":\"info\"", "\"severity\":[\"set\",[]],\"label\":4294967295"),
      new Change("[\"set\",[\"10.0.0.1\",\"10.0.0.2\"]]", "\"10.0.0.1\""));

  @Test
  void whatADatabaseRefusesIsNotRead() throws IOException {
    try (OvnLab lab = new OvnLab(OvnPrograms.installed())) {
      List<String> wrong = new ArrayList<>();
      for (Change change : REFUSED) {
        String text = changed(change);
        assertThatThrownBy(() -> lab.query(text)).as(text).isInstanceOf(OvsdbException.class);
        try {
          NorthboundReader.read(text, "t", PodPorts.NONE);
          wrong.add(change + " is read");
        } catch (IllegalArgumentException refused) {
          assertThat(refused)
              .hasMessageStartingWith("t: the database refuses the whole transaction");
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  @Test
  void whatADatabaseTakesIsReadInWhateverSpelling() throws IOException {
    try (OvnLab lab = new OvnLab(OvnPrograms.installed())) {
      List<NorthboundReader.NorthboundRules> readings = new ArrayList<>();
      for (Change change : TAKEN) {
        String text = changed(change);
        lab.query(text);
        lab.query("[\"OVN_Northbound\",{\"op\":\"delete\",\"table\":\"Port_Group\",\"where\":[]},"
            + "{\"op\":\"delete\",\"table\":\"Address_Set\",\"where\":[]}]");
        readings.add(NorthboundReader.read(text, "t", PodPorts.NONE));
      }
      NorthboundReader.NorthboundRules plain = NorthboundReader.read(WHOLE, "t", PodPorts.NONE);
      assertThat(readings.get(0).rules().toString()).contains("allow-related 1001");
      assertThat(readings.subList(0, 2)).containsOnly(plain);
    }
  }

  private static String changed(Change change) {
    assertThat(WHOLE).contains(change.what);
    return WHOLE.replaceFirst(Pattern.quote(change.what), Matcher.quoteReplacement(change.by));
  }
}
