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
    List<String> arguments = new ArrayList<>(Arrays.asList(dumps));
    arguments.addAll(List.of("--leave-open", "cluster-ips,non-pod"));
    return run(arguments);
  }

  /** Of pairs of an option and its value, or the text of its file. */
  private Run run(List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("prove", "-f", CLUSTER, "-f", beside("services.yaml").toString()));
    for (int i = 0; i < options.size(); i += 2) {
      String value = options.get(i + 1);
      boolean text = value.contains("\n");
      arguments.add(options.get(i));
      arguments.add(text ? Files.writeString(folder.resolve("dump" + i), value).toString() : value);
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
  void ofIptablesBesideWhatPodmanOfDebian12MadeOnANode() throws IOException {
    String podman = text("netavark-iptables.txt");

    Run right = prove("--iptables-save", iptables + podman, "--ipset-save", sets);
    Run wrong = prove(
        "--iptables-save",
        iptables
            + podman.replace(
                "-A NETAVARK_FORWARD -s 10.88.0.0/16 -j ACCEPT",
                "-A NETAVARK_FORWARD ! -s 10.88.0.0/16 -j DROP"),
        "--ipset-save",
        sets);

    assertThat(right.status()).as(right.out() + right.err()).isEqualTo(ExitStatus.YES);
    assertThat(wrong.status()).as(wrong.out() + wrong.err()).isEqualTo(ExitStatus.NO);
    assertThat(wrong.out()).contains("it has to pass", "! -s 10.88.0.0/16 -j DROP");
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

  private Run proveBesideIpvs(String rules, String ours, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(
        "--iptables-save",
        rules + text("kube-proxy-ipvs.txt"),
        "--ipset-save",
        sets + text("kube-proxy-ipvs-sets.txt"),
        "--nft",
        ours + text("netavark.nft")));
    arguments.addAll(List.of(more));
    return prove(arguments.toArray(String[]::new));
  }

  @Test
  void ofIptablesBesideKubeProxyOfIpvs() throws IOException {
    Run run = proveBesideIpvs(iptables, "");

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith("proved").contains("IPVS serves Services here");
  }

  @Test
  void ofNftablesBesideKubeProxyOfIpvs() throws IOException {
    Run run = proveBesideIpvs("", nftables);

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void rulesThatJudgeOnlyWhatIsForwardedLetIpvsPast() throws IOException {
    String forwarded = nftables.replaceAll("(?s)\tchain hook_output \\{.*?\n\t}\n", "");
    assertThat(forwarded).isNotEqualTo(nftables);
    String save = iptables.replaceAll("(?m)^-I OUTPUT .*\n", "");
    assertThat(save).isNotEqualTo(iptables);

    for (Run run : List.of(proveBesideIpvs("", forwarded), proveBesideIpvs(save, ""))) {
      assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
      assertThat(run.out())
          .contains(
              "it has to be dropped",
              "hooks: INPUT and OUTPUT, not FORWARD: IPVS takes the packet from a Service's address to the pod");
    }
    assertThat(prove("--nft", forwarded).status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void whatInputDropsOfServicesIsFound() throws IOException {
    Run run = proveBesideIpvs(
        iptables,
        "table inet wall { chain in { type filter hook input priority 0; tcp drop; }; }\n");

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.UNDECIDED);
  }

  @Test
  void whatTheNodeAndItsPodsExchangeIsJudgedIfItIsPoliced() throws IOException {
    for (String target : List.of("nftables", "iptables")) {
      Run compiled = Run.of(
          "compile",
          "--to",
          target,
          "--node-traffic-passes=false",
          "--out",
          folder.resolve(target + "-all").toString(),
          "-f",
          CLUSTER);
      assertThat(compiled.status()).as(compiled.err()).isEqualTo(ExitStatus.YES);
    }
    String all = Files.readString(folder.resolve("nftables-all/ruleset.nft"));
    String save = Files.readString(folder.resolve("iptables-all/iptables.restore"));
    String members = Files.readString(folder.resolve("iptables-all/ipset.restore"));
    String lost = all.replaceAll("(?s)\tchain hook_input \\{.*?\n\t}\n", "");
    assertThat(lost).isNotEqualTo(all);
    String policed = "--node-traffic-passes=false";

    assertThat(proved(policed, "--nft", all)).isEqualTo(ExitStatus.YES);
    assertThat(proved(policed, "--iptables-save", save, "--ipset-save", members))
        .isEqualTo(ExitStatus.YES);
    assertThat(proved(policed, "--nft", lost)).isEqualTo(ExitStatus.NO);
    assertThat(proved(policed, "--nft", nftables)).isEqualTo(ExitStatus.NO);
    assertThat(proved(
            policed,
            "--iptables-save",
            save.replaceAll("(?m)^-I OUTPUT .*\n", ""),
            "--ipset-save",
            members))
        .isEqualTo(ExitStatus.NO);
    assertThat(proved("--node-traffic-passes=true", "--nft", lost)).isEqualTo(ExitStatus.YES);
  }

  @Test
  void podsOnTheHostNetworkArePolicedByInputAndOutputOrNotAtAll() throws IOException {
    String host = Files.readString(Path.of(CLUSTER))
        .replace(
            "  containers: [{name: db, image: db}]\nstatus: {podIP: 10.244.1.6}",
            "  hostNetwork: true\n  containers: [{name: db, image: db}]\nstatus: {podIP: 192.168.7.11}");
    String manifest = Files.writeString(folder.resolve("host.yaml"), host).toString();
    String[] asPods = {"--host-network", "pod", "-f", manifest};
    for (String target : List.of("nftables", "iptables")) {
      Run refused = Run.of(
          with(asPods, "compile", "--to", target, "--out", folder.resolve("no").toString()));
      assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(refused.err()).contains("192.168.7.11", "it is on the host network");
    }
    Run compiled = Run.of(with(
        asPods,
        "compile",
        "--to",
        "nftables",
        "--node-traffic-passes=false",
        "--out",
        folder.resolve("host").toString()));
    assertThat(compiled.status()).as(compiled.err()).isEqualTo(ExitStatus.YES);
    String ruleset = folder.resolve("host/ruleset.nft").toString();
    Run whole = Run.of(with(asPods, "prove", "--node-traffic-passes=false", "--nft", ruleset));
    assertThat(whole.status()).as(whole.out() + whole.err()).isEqualTo(ExitStatus.YES);
    String text = Files.readString(Path.of(ruleset));
    String lost = text.replaceAll("(?s)\tchain hook_input \\{.*?\n\t}\n", "");
    Run broken = Run.of(with(
        asPods,
        "prove",
        "--node-traffic-passes=false",
        "--nft",
        Files.writeString(folder.resolve("lost.nft"), lost).toString()));
    assertThat(broken.status()).as(broken.out()).isEqualTo(ExitStatus.NO);
    assertThat(broken.out())
        .contains("hooks: INPUT, not FORWARD: the packet is to the node itself");
  }

  private static String[] with(String[] more, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private int proved(String option, String... dumps) throws IOException {
    List<String> arguments = new ArrayList<>(Arrays.asList(dumps));
    arguments.addAll(List.of(option.split("=", 2)));
    return run(arguments).status();
  }

  @Test
  void jsonSaysThatIpvsServes() throws IOException {
    Run run = proveBesideIpvs(iptables, "", "-o", "json");

    assertThat(run.out()).contains("IPVS serves Services here").contains("\"proved\"");
  }
}
