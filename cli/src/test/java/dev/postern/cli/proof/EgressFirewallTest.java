package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An EgressFirewall of OVN-Kubernetes, and its rows for multicast, beside the rows of its policies: what they deny is told apart, what they open past policies is not. */
class EgressFirewallTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  /** The port group of all pods. */
  private static final String EVERY_POD = "a13298398610555951118";

  private static final String TO_PARTNER = "ip4.dst == 203.0.113.0/24 && inport == @" + EVERY_POD;

  private static final Path EXAMPLE = Path.of("..", "examples", "ovn-kubernetes");

  @TempDir
  private Path directory;

  private static JsonNode table(List<JsonNode> tables, String name) {
    return tables.stream()
        .filter(table -> table.path("caption").asText().startsWith(name + " "))
        .findFirst()
        .orElseThrow();
  }

  private static int column(JsonNode table, String name) {
    List<String> headings = new ArrayList<>();
    table.path("headings").forEach(heading -> headings.add(heading.asText()));
    return headings.indexOf(name);
  }

  /** The example's rows and one more, above all ACLs of policies of its tier. */
  private Path with(String action, String direction, String match, String owner)
      throws IOException {
    List<JsonNode> tables = new ArrayList<>();
    for (String line : Files.readAllLines(EXAMPLE.resolve("nb.json"))) {
      if (!line.isBlank()) {
        tables.add(JSON.readTree(line));
      }
    }
    JsonNode acls = table(tables, "ACL");
    ArrayNode row = acls.path("data").get(0).deepCopy();
    JsonNode uuid = JSON.readTree("[\"uuid\",\"11111111-2222-3333-4444-555555555555\"]");
    row.set(column(acls, "_uuid"), uuid);
    row.set(column(acls, "action"), JSON.getNodeFactory().textNode(action));
    row.set(column(acls, "direction"), JSON.getNodeFactory().textNode(direction));
    row.set(column(acls, "priority"), JSON.getNodeFactory().numberNode(9999));
    row.set(column(acls, "match"), JSON.getNodeFactory().textNode(match));
    row.set(column(acls, "external_ids"), JSON.readTree("""
            ["map",[["k8s.ovn.org/name","shop"],["k8s.ovn.org/owner-controller","default-network-controller"],
                    ["k8s.ovn.org/owner-type","OWNER"]]]
            """.replace("OWNER", owner)));
    ((ArrayNode) acls.path("data")).add(row);
    JsonNode groups = table(tables, "Port_Group");
    for (JsonNode group : groups.path("data")) {
      if (group.get(column(groups, "name")).asText().equals(EVERY_POD)) {
        ((ArrayNode) group.get(column(groups, "acls")).get(1)).add(uuid);
      }
    }
    List<String> lines = new ArrayList<>();
    tables.forEach(table -> lines.add(table.toString()));
    return Files.write(directory.resolve("nb.json"), lines);
  }

  private static Run prove(Path database) {
    return Run.of(
        "prove", "-f", EXAMPLE.resolve("cluster.yaml").toString(), "--ovn-nb", database.toString());
  }

  @Test
  void whatItDeniesIsNoMatterOfPolicies() throws IOException {
    Run run = prove(with("drop", "from-lport", TO_PARTNER, "EgressFirewall"));

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.YES);
    assertThat(run.out())
        .contains("left open by the target: what the EgressFirewall of shop denies");
  }

  /** As the controller writes them: nothing to groups passes, but within a namespace that is annotated for it. */
  @ParameterizedTest
  @ValueSource(strings = {"MulticastCluster", "MulticastNS"})
  void whatRowsSayOfMulticastIsLeftOpen(String owner) throws IOException {
    String groups =
        "(ip4.mcast || mldv1 || mldv2 || (ip6.dst[120..127] == 0xff && ip6.dst[116] == 1))";
    String match = "inport == @" + EVERY_POD + " && " + groups;
    for (String action : List.of("drop", "allow")) {
      Run run = prove(with(action, "from-lport", match, owner));

      assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.YES);
      assertThat(run.out()).contains("left open by the target: multicast");
    }
    Run wider = prove(with("drop", "from-lport", "ip4 && inport == @" + EVERY_POD, owner));
    assertThat(wider.status()).as(wider.out()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void theSameRowOfAnotherOwnerIsConvicted() throws IOException {
    Run run = prove(with("drop", "from-lport", TO_PARTNER, "NetworkPolicy"));

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("-> 203.0.113.", "they drop it").doesNotContain("Firewall of");
  }

  @Test
  void whatItOpensAgainstThePoliciesIsConvicted() throws IOException {
    Run run = prove(
        with("allow-related", "to-lport", "ip4 && outport == @" + EVERY_POD, "EgressFirewall"));

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("they let it pass");
  }
}
