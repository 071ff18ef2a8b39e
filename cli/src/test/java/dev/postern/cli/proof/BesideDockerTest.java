package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Postern's own artefact beside docker, with the node's routes: what Docker Engine 20.10 printed on a node with two bridges and flannel, and
 * the same in the layout of Docker Engine 28, which drops what is to ports that no container publishes.
 */
class BesideDockerTest {

  private static final String CLUSTER = "../examples/queue/cluster.yaml";
  private static final String OPEN = "cluster-ips,non-pod,node-networks";

  @TempDir
  Path folder;

  private String iptables = "";
  private String sets = "";

  @BeforeEach
  void ours() throws IOException {
    Run run = Run.of("compile", "--to", "iptables", "--out", folder.toString(), "-f", CLUSTER);
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    iptables = Files.readString(folder.resolve("iptables.restore"));
    sets = folder.resolve("ipset.restore").toString();
  }

  private static Path beside(String name) {
    try {
      return Path.of(BesideDockerTest.class.getResource("beside/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String docker(String version) throws IOException {
    return Files.readString(beside("docker-" + version + ".txt"));
  }

  private Run prove(String docker, String open, String... more) throws IOException {
    Path save = Files.writeString(folder.resolve("save.txt"), iptables + docker);
    List<String> arguments = new ArrayList<>(List.of(
        "prove",
        "-f",
        CLUSTER,
        "--iptables-save",
        save.toString(),
        "--ipset-save",
        sets,
        "--leave-open",
        open));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private Run routed(String docker, String open) throws IOException {
    return prove(docker, open, "--routes", beside("docker-routes.txt").toString());
  }

  @Test
  void aNodeWithDockerIsProvedByItsRoutes() throws IOException {
    for (String version : List.of("20.10", "28")) {
      Run run = routed(docker(version), OPEN);

      assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    }
    assertThat(routed(docker("20.10"), "cluster-ips,non-pod").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void withoutRoutesItIsNotKnownWhatLeavesByDockersBridges() throws IOException {
    Run run = prove(docker("28"), OPEN);

    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("nothing says which that is");
  }

  @Test
  void whatDockerDropsOfItsOwnNetworksIsADifferenceOfItsOwnKind() throws IOException {
    Run run = routed(docker("28"), "cluster-ips,non-pod");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains(
            "kinds of difference: 1 (0 more open, 1 more closed)",
            "more closed, node-networks: 10.244.1.5 -> 172.17.0.",
            "--leave-open node-networks");
  }

  @Test
  void realFaultsBesideItAreRefuted() throws IOException {
    String docker = docker("28");
    for (String wrong : List.of(
        docker.replaceAll("(?m)^-A FLANNEL-FWD .*\n", ""),
        docker
            .replace("-A DOCKER ! -i docker0 -o docker0 -j DROP", "-A DOCKER -o eth0 -j DROP")
            .replace("-A DOCKER-BRIDGE -o docker0 -j DOCKER", "-A DOCKER-BRIDGE -j DOCKER"),
        docker.replace("-A FLANNEL-FWD -d 10.244.0.0/16", "-A FLANNEL-FWD -d 10.245.0.0/16"))) {
      assertThat(wrong).isNotEqualTo(docker);
      Run run = routed(wrong, OPEN);

      assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
      assertThat(run.out()).contains("it has to pass: the policies allow it");
    }
    iptables = iptables.replace("-I FORWARD 1 -j POSTERN\n", "");
    Run open = routed(docker, OPEN);
    assertThat(open.status()).as(open.out()).isEqualTo(ExitStatus.NO);
    assertThat(open.out()).contains("it has to be dropped: the policies deny it");
  }

  /** Only what ought to pass is left open of a node's own networks: what a container may send to a pod and must not is a hole. */
  @Test
  void aHoleToOrFromANodesNetworkIsNeverLeftOpen() throws IOException {
    iptables = iptables.replace(
        "-I FORWARD 1 -j POSTERN\n",
        "-I FORWARD 1 -j POSTERN\n-I FORWARD 1 -s 172.17.0.0/16 -j ACCEPT\n");
    Run run = routed(docker("28"), OPEN);

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains("packet    172.17.", "it has to be dropped", "more open, policies: 172.17.");
  }

  @Test
  void aHoleThatOnlyAWrittenSourceOpensIsNotProvedAndNotRefuted() throws IOException {
    iptables = iptables.replace(
        "-I FORWARD 1 -j POSTERN\n",
        "-I FORWARD 1 -j POSTERN\n-I FORWARD 1 -i docker0 ! -s 172.17.0.0/16 -j ACCEPT\n");
    Run run = routed(docker("28"), OPEN);

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("it has to be dropped", "come in");
  }
}
