package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Postern's own artefacts beside what lives on a node as well, written by hand in the layouts of kube-proxy (modes nftables and ipvs) and of
 * podman's netavark: proved, and refuted where one of them lets packets past.
 */
class BesideTest {

  private static final String CLUSTER = "../examples/queue/cluster.yaml";

  @TempDir
  Path folder;

  private String nftables = "";
  private String iptables = "";
  private String sets = "";

  @BeforeEach
  void ours() throws IOException {
    for (String target : List.of("nftables", "iptables")) {
      Run run = Run.of(
          "compile", "--to", target, "--out", folder.resolve(target).toString(), "-f", CLUSTER);
      assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    }
    nftables = Files.readString(folder.resolve("nftables/ruleset.nft"));
    iptables = Files.readString(folder.resolve("iptables/iptables.restore"));
    sets = Files.readString(folder.resolve("iptables/ipset.restore"));
  }

  private static Path beside(String name) {
    try {
      return Path.of(BesideTest.class.getResource("beside/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(String name) throws IOException {
    return Files.readString(beside(name));
  }

  private Run prove(String... dumps) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(
        "prove",
        "-f",
        CLUSTER,
        "-f",
        beside("services.yaml").toString(),
        "--leave-open",
        "cluster-ips,non-pod"));
    for (int i = 0; i < dumps.length; i += 2) {
      arguments.add(dumps[i]);
      arguments.add(Files.writeString(folder.resolve("dump" + i), dumps[i + 1]).toString());
    }
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void ofNftablesBesideKubeProxyOfNftablesAndPodman() throws IOException {
    Run run = prove("--nft", nftables + text("kube-proxy.nft") + text("netavark.nft"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).doesNotContain("IPVS");
  }

  @Test
  void ofIptablesBesideKubeProxyOfNftablesAndPodman() throws IOException {
    Run run = prove(
        "--iptables-save",
        iptables,
        "--ipset-save",
        sets,
        "--nft",
        text("kube-proxy.nft") + text("netavark.nft"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void whatKubeProxyIsMadeToDropIsFound() throws IOException {
    Run run = prove(
        "--nft",
        nftables
            + text("kube-proxy.nft")
                .replace("ct state new jump cluster-ips-check", "ip daddr 10.244.1.6 drop"));

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("it has to pass", "ip daddr 10.244.1.6 drop");
  }

  @Test
  void ofIptablesBesideKubeProxyOfIpvsIsProvedForWhatIsForwarded() throws IOException {
    Run run = prove(
        "--iptables-save",
        iptables + text("kube-proxy-ipvs.txt"),
        "--ipset-save",
        sets + text("kube-proxy-ipvs-sets.txt"),
        "--nft",
        text("netavark.nft"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out())
        .startsWith("proved for what was read alone: ")
        .contains("kube-proxy serves Services by IPVS here", "not by FORWARD, and is not judged");
  }

  @Test
  void jsonSaysWhatIpvsTakes() throws IOException {
    List<String> dumps = new ArrayList<>(Arrays.asList(
        "--iptables-save",
        iptables + text("kube-proxy-ipvs.txt"),
        "--ipset-save",
        sets + text("kube-proxy-ipvs-sets.txt")));
    Path rules = Files.writeString(folder.resolve("rules"), dumps.get(1));
    Path members = Files.writeString(folder.resolve("members"), dumps.get(3));
    Run run = Run.of(
        "prove",
        "-o",
        "json",
        "-f",
        CLUSTER,
        "--iptables-save",
        rules.toString(),
        "--ipset-save",
        members.toString());

    assertThat(run.out()).contains("what IPVS takes from Services to pods");
  }
}
