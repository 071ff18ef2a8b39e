package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod exchanges with its own node whatever it likes: where nobody says on which node it runs, every command says that it does not know. */
class UnplacedTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: ops, labels: {app: agent}}
      spec: {hostNetwork: true, nodeName: one, containers: [{name: c}]}
      status: {hostIP: 192.168.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {%scontainers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      """;

  private static final String CLOSED = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {}, policyTypes: [Ingress]}
      """;

  private static final String PLACED = "nodeName: two, ";
  private static final String NOTE = "no manifest says on which node shop/db runs; ";

  @TempDir
  private Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static JsonNode json(Run run) throws IOException {
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void connectivitySaysSo() throws IOException {
    String unplaced = file("unplaced.yaml", PODS.formatted("") + CLOSED);
    String placed = file("placed.yaml", PODS.formatted(PLACED) + CLOSED);

    assertThat(Run.of("connectivity", "-f", unplaced).err()).contains("note: " + NOTE);
    assertThat(json(Run.of("connectivity", "-f", unplaced, "-o", "json"))
            .path("notes")
            .toString())
        .contains(NOTE);
    assertThat(Run.of("connectivity", "-f", unplaced, "--why").out()).contains("note: " + NOTE);
    Run why = Run.of("connectivity", "-f", unplaced, "--why", "-o", "json");
    assertThat(json(why).path("notes").toString()).contains(NOTE);

    assertThat(Run.of("connectivity", "-f", placed).err()).doesNotContain("which node");
    assertThat(json(Run.of("connectivity", "-f", placed, "-o", "json")).path("notes"))
        .isEmpty();
    Run judged = Run.of("connectivity", "-f", unplaced, "--node-traffic-passes=false");
    assertThat(judged.err()).doesNotContain("which node");
  }

  @Test
  void eachRowSaysThatItIsNotKnown() throws IOException {
    String unplaced = file("unplaced.yaml", PODS.formatted("") + CLOSED);
    String placed = file("placed.yaml", PODS.formatted(PLACED) + CLOSED);

    assertThat(Run.of("can", "ops/agent", "reach", "shop/db", "-f", unplaced).status())
        .isEqualTo(ExitStatus.UNDECIDED);
    assertThat(Run.of("connectivity", "-f", unplaced).out().lines())
        .anyMatch(line -> line.matches("ops/agent +shop/db +perhaps all traffic"));
    assertThat(Run.of("connectivity", "-f", unplaced, "-o", "csv").out())
        .contains("ops/agent,shop/db,all,,,no\r\n");
    assertThat(Run.of("connectivity", "-f", unplaced, "-o", "json").out())
        .contains("{\"src\":\"ops/agent\",\"dst\":\"shop/db\",\"traffic\":[],\"unknown\":\"all\"}");
    assertThat(Run.of("connectivity", "-f", unplaced, "--denied", "-o", "json").out())
        .contains("{\"src\":\"ops/agent\",\"dst\":\"shop/db\",\"denied\":[],\"unknown\":\"all\"}");
    assertThat(Run.of("connectivity", "-f", unplaced, "--why").out())
        .contains("ops/agent -> shop/db");
    Run exposure = Run.of("exposure", "-f", unplaced);
    assertThat(exposure.out()).contains("ops/agent on perhaps all traffic");
    JsonNode db = null;
    for (JsonNode workload :
        json(Run.of("exposure", "-f", unplaced, "-o", "json")).path("workloads")) {
      db = workload.path("id").asText().equals("shop/db") ? workload : db;
    }
    assertThat(
            java.util.Objects.requireNonNull(db).path("ingress").path("peers").toString())
        .contains("\"traffic\":[],\"unknown\":\"all\"");

    assertThat(Run.of("connectivity", "-f", placed, "-o", "csv").out())
        .doesNotContain("ops/agent,shop/db");
    assertThat(Run.of("exposure", "-f", placed).out()).doesNotContain("perhaps");
    assertThat(Run.of("connectivity", "-f", unplaced, "--node-traffic-passes=false", "-o", "csv")
            .out())
        .doesNotContain("ops/agent,shop/db");
  }

  @Test
  void aListSaysSoAndWhatWasNotRead() throws IOException {
    String other = """
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: db, namespace: shop}
        spec: {endpointSelector: {}}
        """;
    String unplaced = file("unplaced.yaml", PODS.formatted("") + CLOSED + other);
    String placed = file("placed.yaml", PODS.formatted(PLACED) + CLOSED);

    for (String question :
        new String[] {"what can ops/agent reach on 80", "who can reach shop/db on 80"}) {
      Run list = Run.of("can", question, "-f", unplaced);
      assertThat(list.out())
          .contains("ops/agent -> shop/db", "perhaps")
          .contains("note: no manifest says on which node shop/db ")
          .contains("note: not read: 1 CiliumNetworkPolicy");
      assertThat(json(Run.of("can", question, "-f", unplaced, "-o", "json"))
              .path("notes")
              .toString())
          .contains("on which node shop/db ", "not read: 1 CiliumNetworkPolicy");
      assertThat(Run.of("can", question, "-f", placed).out())
          .doesNotContain("which node", "not read", "perhaps");
    }
  }

  @Test
  void aDifferenceSaysSo() throws IOException {
    String open = file("open.yaml", PODS.formatted(""));
    String closed = file("closed.yaml", PODS.formatted("") + CLOSED);

    Run text = Run.of("diff", open, closed);
    assertThat(text.status()).isEqualTo(ExitStatus.NO);
    assertThat(text.out()).contains(NOTE);
    assertThat(json(Run.of("diff", open, closed, "-o", "json")).path("notes").toString())
        .contains(NOTE);

    String before = file("before.yaml", PODS.formatted(PLACED));
    String after = file("after.yaml", PODS.formatted(PLACED) + CLOSED);
    assertThat(Run.of("diff", before, after).out()).contains("ops/agent").doesNotContain(NOTE);
    assertThat(json(Run.of("diff", before, after, "-o", "json")).path("notes")).isEmpty();
    assertThat(Run.of("diff", open, open).out()).doesNotContain("which node");
  }

  @Test
  void replayDoesNotKnowWhetherTrafficThatPassedWouldBreak() throws IOException {
    String flow = file("flows.json", """
        {"flow": {"time": "2026-01-01T00:00:00Z", "verdict": "FORWARDED", "IP": {"source": "192.168.0.1", "destination": "10.0.0.2"}, \
        "l4": {"TCP": {"source_port": 40000, "destination_port": 5432}}, "source": {"namespace": "ops", "pod_name": "agent"}, \
        "destination": {"namespace": "shop", "pod_name": "db"}, "Type": "L3_L4", "traffic_direction": "INGRESS", "is_reply": false}}
        """);
    String unplaced = file("unplaced.yaml", PODS.formatted("") + CLOSED);
    String reason = "no manifest says on which node shop/db";

    Run text = Run.of("replay", flow, "-f", unplaced);
    assertThat(text.status()).as(text.out()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(text.out()).contains("not known", reason);
    JsonNode json = json(Run.of("replay", flow, "-f", unplaced, "-o", "json"));
    assertThat(json.path("unknown").path(0).path("reason").asText()).contains(reason);

    String placed = file("placed.yaml", PODS.formatted(PLACED) + CLOSED);
    assertThat(Run.of("replay", flow, "-f", placed).status()).isEqualTo(ExitStatus.NO);
  }
}
