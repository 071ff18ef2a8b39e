package dev.postern.ovn.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.ovn.OvnLab;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What OVN rejects, we reject, and nothing else: random expressions as logical flows of a real southbound database, read by ovn-trace. */
class MatchReaderAgreesWithOvnTest {

  private static final int EXPRESSIONS = 6000;
  private static final String REJECTED = ": parsing expression failed (";

  /** Fields that 25.03 has no more; those that are left of {@code ct_label} are in {@code ct_mark}. */
  private static final Pattern GONE = Pattern.compile("`ct_label\\.\\w+' expecting field name");

  private static final NamedSets NAMES = new NamedSets() {
    @Override
    public Optional<List<Constant>> addressSet(String name) {
      return switch (name) {
        case "set4" -> Optional.of(constants("10.0.0.7", "10.2.0.0/16"));
        case "set6" -> Optional.of(constants("fd00::7"));
        case "empty" -> Optional.of(List.of());
        default -> Optional.empty();
      };
    }

    @Override
    public Optional<List<Constant>> portGroup(String name) {
      return name.equals("group")
          ? Optional.of(List.of(new Constant.Text("web")))
          : Optional.empty();
    }

    private List<Constant> constants(String... texts) {
      List<Constant> constants = new ArrayList<>();
      for (String text : texts) {
        constants.add(OvnMatchReader.constant(text).orElseThrow());
      }
      return constants;
    }
  };

  @Test
  void onRandomExpressions() throws IOException {
    agrees(OvnPrograms.installed());
  }

  @Test
  void onRandomExpressionsInANewerReleaseToo() throws IOException {
    agrees(OvnPrograms.newer());
  }

  private static void agrees(OvnPrograms release) throws IOException {
    Set<String> expressions = new HashSet<>();
    RandomMatches random = new RandomMatches(1);
    while (expressions.size() < EXPRESSIONS) {
      expressions.add(random.next());
    }
    Map<String, String> rejectedByOvn = new HashMap<>();
    try (OvnLab lab = new OvnLab(release)) {
      lab.southbound(flows(expressions));
      String output = lab.run("ovn-trace", "--minimal", "d", "inport == \"web\"");
      for (String line : output.split("\n")) {
        int at = line.indexOf(REJECTED);
        if (at >= 0) {
          int start = line.indexOf("|WARN|") + 6;
          rejectedByOvn.put(line.substring(start, at), line.substring(at + REJECTED.length()));
        }
      }
    }
    int accepted = 0;
    List<String> differences = new ArrayList<>();
    for (String expression : expressions) {
      Optional<String> rejected = Optional.ofNullable(rejectedByOvn.get(expression));
      try {
        new OvnMatchReader(NAMES).read(expression);
        accepted++;
        rejected
            .filter(why -> !GONE.matcher(why).find())
            .ifPresent(why -> differences.add("we take, OVN rejects `" + expression + "`: " + why));
      } catch (MatchException e) {
        assertThat(e.column()).isBetween(1, expression.length() + 1);
        if (rejected.isEmpty()) {
          differences.add("OVN takes, we reject `" + expression + "`: " + e.getMessage());
        }
      }
    }
    System.out.println("match expressions, OVN " + release.version() + ": " + accepted + " of "
        + EXPRESSIONS + " taken, by us and by OVN");
    assertThat(differences).isEmpty();
    assertThat(accepted).isBetween(EXPRESSIONS / 10, EXPRESSIONS * 9 / 10);
  }

  private static ArrayNode flows(Set<String> expressions) {
    ArrayNode transaction = JsonNodeFactory.instance.arrayNode().add("OVN_Southbound");
    ObjectNode datapath = insert(transaction, "Datapath_Binding", "dp");
    datapath.put("tunnel_key", 1);
    datapath.set("external_ids", map("name", "d"));
    ObjectNode port = insert(transaction, "Port_Binding", "port");
    port.put("logical_port", "web").put("tunnel_key", 1).set("datapath", named("dp"));
    addressSet(transaction, "set4", "10.0.0.7", "10.2.0.0/16");
    addressSet(transaction, "set6", "fd00::7");
    addressSet(transaction, "empty");
    // Newer releases look for the name after the number of the datapath, as northd writes it.
    for (String name : List.of("group", "1_group")) {
      insert(transaction, "Port_Group", "g" + name).put("name", name).put("ports", "web");
    }
    int priority = 0;
    for (String expression : expressions) {
      ObjectNode flow = insert(transaction, "Logical_Flow", "f" + priority);
      flow.put("pipeline", "ingress")
          .put("table_id", 0)
          .put("priority", priority++ % 60000)
          .put("match", expression)
          .put("actions", "drop;")
          .set("logical_datapath", named("dp"));
    }
    return transaction;
  }

  private static void addressSet(ArrayNode transaction, String name, String... addresses) {
    ObjectNode set = insert(transaction, "Address_Set", name);
    ArrayNode members = set.put("name", name).putArray("addresses").add("set").addArray();
    for (String address : addresses) {
      members.add(address);
    }
  }

  private static ObjectNode insert(ArrayNode transaction, String table, String name) {
    return transaction
        .addObject()
        .put("op", "insert")
        .put("table", table)
        .put("uuid-name", name)
        .putObject("row");
  }

  private static ArrayNode named(String name) {
    return JsonNodeFactory.instance.arrayNode().add("named-uuid").add(name);
  }

  private static ArrayNode map(String key, String value) {
    ArrayNode map = JsonNodeFactory.instance.arrayNode().add("map");
    map.addArray().addArray().add(key).add(value);
    return map;
  }
}
