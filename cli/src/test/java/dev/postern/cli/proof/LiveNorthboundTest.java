package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.ovn.NorthboundDatabase;
import dev.postern.ovn.Ovn;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postern prove --ovn-nb} asks a real server, over each way there is. */
class LiveNorthboundTest {

  private static final String SHOP = "../examples/shop";
  private static final String RUNNING = "../examples/running";

  @TempDir
  private static Path home;

  private static NorthboundServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new NorthboundServer(home);
    Cluster cluster = Manifests.load(List.of(Path.of(SHOP), Path.of(RUNNING)), ReadOptions.DEFAULT)
        .cluster();
    server.pods(cluster);
    try (OvsdbClient client = server.connect()) {
      new NorthboundDatabase(client)
          .apply(Ovn.backend()
              .skipping(PolicedPods.Unaddressed.SKIP)
              .rows(Plan.of(cluster), Scope.CLUSTER));
    }
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  private static Run prove(String remote, String... more) {
    return Run.of(Stream.concat(
            Stream.of("prove", "--ovn-nb", remote, "-f", SHOP, "-f", RUNNING), Stream.of(more))
        .toArray(String[]::new));
  }

  private static String[] keys(Path keys, String authority) {
    return new String[] {
      "--ovn-private-key", keys.resolve("key.pem").toString(),
      "--ovn-certificate", keys.resolve("cert.pem").toString(),
      "--ovn-ca-cert", keys.resolve(authority).toString()
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp", "ssl"})
  void whatTheServerHasIsProved(String kind) {
    Run run = prove(
        server.remote(kind), kind.equals("ssl") ? keys(server.keys, "ca.pem") : new String[0]);

    assertThat(run.status()).as(run.err() + run.out()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith("proved: every packet is treated as the policies say (ovn");
  }

  @Test
  void theFirstMemberOfAClusterThatAnswersIsAsked() {
    Run run = prove("unix:" + home.resolve("none.sock") + "," + server.remote("tcp"));

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
  }

  /** What the monitor prints, at first all there is, brings the next look: nobody waits for an hour. */
  @Test
  void aWatchLooksAsSoonAsTheServerTellsOfAChange() {
    Run run = prove(server.remote("unix"), "--watch", "--rounds", "2", "--every", "3600");

    assertThat(run.status()).as(run.err() + run.out()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void whatSomebodyChangedThereIsFound() throws IOException {
    server.transact("""
        ["OVN_Northbound",
         {"op": "insert", "table": "ACL", "uuid-name": "a", "row": {"direction": "to-lport", "priority": 2000,
          "match": "ip4.src == 203.0.113.9", "action": "allow-related"}},
         {"op": "mutate", "table": "Logical_Switch", "where": [], "mutations": [["acls", "insert", ["named-uuid", "a"]]]}]
        """);
    try {
      Run run = prove(server.remote("unix"));

      assertThat(run.status()).isEqualTo(ExitStatus.NO);
      assertThat(run.out()).contains("differs: ", "allow-related 2000: ip4.src == 203.0.113.9");
    } finally {
      server.transact("""
          ["OVN_Northbound", {"op": "update", "table": "Logical_Switch", "where": [], "row": {"acls": ["set", []]}}]
          """);
    }
  }

  private static final String MORE = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: quarantine, namespace: monitoring}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
      """;

  /** Compiles what turns the rules of some manifests into those of others, and applies it. */
  private static void turn(Path out, List<String> from, List<String> to, String kind)
      throws Exception {
    List<String> command =
        new ArrayList<>(List.of("compile", "--to", "ovn", "--out", out.toString()));
    from.forEach(each -> command.addAll(List.of("--since", each)));
    to.forEach(each -> command.addAll(List.of("-f", each)));
    Run run = Run.of(command.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).contains("since the earlier manifests: ");
    ProcessBuilder apply = new ProcessBuilder("sh", out.resolve("apply.sh").toString())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("apply.log").toFile());
    apply.environment().put("OVN_NB_DB", server.remote(kind));
    apply.environment().put("OVN_NB_PRIVATE_KEY", server.keys.resolve("key.pem").toString());
    apply
        .environment()
        .put("OVN_NB_CERTIFICATE", server.keys.resolve("cert.pem").toString());
    apply.environment().put("OVN_NB_CA_CERT", server.keys.resolve("ca.pem").toString());
    assertThat(apply.start().waitFor())
        .as(Files.readString(home.resolve("apply.log")))
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp", "ssl"})
  void whatIsCompiledSinceEarlierManifestsIsAppliedAndProved(String kind) throws Exception {
    String more = Files.writeString(home.resolve("more.yaml"), MORE).toString();
    List<String> old = List.of(SHOP, RUNNING);
    List<String> now = List.of(SHOP, RUNNING, more);

    turn(home.resolve("forth"), old, now, kind);
    try {
      assertThat(prove(server.remote("unix")).status()).isEqualTo(ExitStatus.NO);
      assertThat(prove(server.remote("unix"), "-f", more).status()).isEqualTo(ExitStatus.YES);
    } finally {
      turn(home.resolve("back"), now, old, kind);
    }
    assertThat(prove(server.remote("unix")).status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void aServerThatIsNotThereOrNotTrustedIsAnErrorInOneLine() {
    Run none = prove("unix:" + home.resolve("none.sock"));
    assertThat(none.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(none.err())
        .isEqualTo("postern prove: error: --ovn-nb: unix:" + home.resolve("none.sock")
            + ": No such file or directory\n");

    Run bare = prove(server.remote("ssl"));
    assertThat(bare.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(bare.err())
        .contains("TLS needs --ovn-private-key and --ovn-certificate and --ovn-ca-cert");

    Run stranger = prove(server.remote("ssl"), keys(server.keys, "stranger.pem"));
    assertThat(stranger.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(stranger.err().lines()).hasSize(1);
    assertThat(stranger.err()).contains("--ovn-nb: ssl:127.0.0.2:");

    Run port = prove("tcp:127.0.0.1");
    assertThat(port.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(port.err()).contains("`tcp:127.0.0.1` is no database: write it as unix:");
  }
}
