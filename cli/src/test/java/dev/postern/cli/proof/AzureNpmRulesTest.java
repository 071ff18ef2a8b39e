package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules in Azure NPM's layout, loaded into a kernel and dumped from it: proved as they are, and refuted with one fault. */
class AzureNpmRulesTest {

  @TempDir
  Path folder;

  private static Path file(String name) {
    try {
      return Path.of(
          AzureNpmRulesTest.class.getResource("foreign/azure-npm/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Run prove(Path rules, Path sets) {
    return Run.of(
        "prove",
        "-f",
        file("cluster.yaml").toString(),
        "--iptables-save",
        rules.toString(),
        "--ipset-save",
        sets.toString(),
        "--dataplane",
        "azure-npm");
  }

  private Path changed(String name, String from, String to) throws IOException {
    String text = Files.readString(file(name));
    assertThat(text).contains(from);
    return Files.writeString(folder.resolve(name), text.replace(from, to));
  }

  @Test
  void anUntouchedDumpIsProved() {
    Run run = prove(file("iptables-save.txt"), file("ipset-save.txt"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith("proved");
  }

  @Test
  void anExceptThatIsLostIsRefuted() throws IOException {
    Run run = prove(
        file("iptables-save.txt"),
        changed("ipset-save.txt", "add azure-npm-1379203828 203.0.113.128/25 nomatch\n", ""));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("-> 203.0.113.", "tcp/443", "the policies deny it");
  }

  @Test
  void aRangeReadAsItsFirstPortIsRefuted() throws IOException {
    Run run = prove(
        changed("iptables-save.txt", "--dport 8000:8100", "--dport 8000"), file("ipset-save.txt"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("-> 10.244.1.8 udp/80", "they drop it");
  }

  @Test
  void aNamedPortOfAnotherNumberIsRefuted() throws IOException {
    Run run = prove(
        file("iptables-save.txt"),
        changed("ipset-save.txt", "10.244.1.7,tcp:9121", "10.244.1.7,tcp:9122"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("10.244.1.8 -> 10.244.1.7 tcp/912");
  }
}
