package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules in the layout of kube-network-policies, which leave the verdict to a program in user space: that all is queued that has to be. */
class QueueTest {

  private static final Path EXAMPLE = Path.of("..", "examples", "queue");

  @TempDir
  Path folder;

  private Run prove(String flag, String rules, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("rules"), rules);
    List<String> arguments = new ArrayList<>(List.of(
        "prove",
        "-f",
        EXAMPLE.resolve("cluster.yaml").toString(),
        "--dataplane",
        "kube-network-policies",
        flag,
        file.toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static String rules() throws IOException {
    return Files.readString(EXAMPLE.resolve("ruleset.nft"));
  }

  @Test
  void whatIsQueuedIsNeitherProvedNorRefuted() throws IOException {
    Run run = prove("--nft", rules());

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .startsWith("queued: ")
        .contains(
            "they hand it to a program in user space",
            "queue to 100 (",
            "while no program listens to queue 100, its packets are dropped");
    assertThat(run.out()).doesNotContain("not understood");
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    Run run = prove("--nft", rules(), "-o", "json");

    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("verdict").asText()).isEqualTo("queued");
    assertThat(json.path("difference").path("is").asText()).isEqualTo("queued");
    assertThat(json.path("differences")).isEmpty();
  }

  /** A pod's address is missing, and what one rule queues is queued by no other. */
  @Test
  void whatIsNotQueuedThoughAPolicyConcernsItIsRefuted() throws IOException {
    for (String wrong : List.of(
        rules().replace("10.244.1.5, 10.244.1.6", "10.244.1.5"),
        rules().replace("10.244.1.5, 10.244.1.6", "10.244.1.6"),
        rules().replaceFirst("\t\tip daddr @podips-v4 queue to 100\n", ""),
        rules().replaceFirst("\t\tip saddr @podips-v4 queue to 100\n", ""),
        rules().replace("udp dport != 53 accept", "udp dport 53 accept"),
        rules().replace("udp dport 53 accept", "udp dport 52-53 accept"),
        rules()
            .replace("ct label 28 ct state established,related", "ct state new tcp dport 5433"))) {
      Run run = prove("--nft", wrong);

      assertThat(run.status()).as(wrong + run.out() + run.err()).isEqualTo(ExitStatus.NO);
      assertThat(run.out())
          .contains("it has to be dropped: the policies deny it", "they let it pass");
    }
  }

  @Test
  void whatTheRulesDropWhateverTheProgramSaysIsRefuted() throws IOException {
    Run run = prove("--nft", rules() + """
            table inet late {
              chain late {
                type filter hook postrouting priority srcnat - 1; policy accept;
                tcp dport 5432 drop
              }
            }
            """);

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("it has to pass", "tcp dport 5432 drop", "they drop it");
  }

  /** A label that the dump does not show decides between passing and being queued: of a packet that has to pass neither is wrong. */
  @Test
  void connectionsThatAreKnownPassOrAreQueuedAgain() throws IOException {
    Run run = prove("--nft", rules().replace("ct label 28 ", ""));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).startsWith("queued: ");
  }

  @Test
  void aQueueThatNobodyListensToMayLetPacketsPass() throws IOException {
    Run run = prove("--iptables-save", """
            *mangle
            :PREROUTING ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            -A POSTROUTING -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A POSTROUTING -m owner --uid-owner 0 -j ACCEPT
            -A POSTROUTING -s 10.244.1.5/32 -j NFQUEUE --queue-balance 4:7 --queue-bypass
            -A POSTROUTING -d 10.244.1.6/32 -j NFQUEUE --queue-num 3
            COMMIT
            """);

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .startsWith("queued: ")
        .contains(
            "while no program listens to queue 4 to 7, its packets pass (bypass)",
            "while no program listens to queue 3, its packets are dropped");
  }
}
