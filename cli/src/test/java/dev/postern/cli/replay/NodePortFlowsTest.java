package dev.postern.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node port leads to pods that a log of addresses does not tell. */
class NodePortFlowsTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Node
      metadata: {name: w0}
      status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: b}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: s1, namespace: b, labels: {app: s}}
      spec: {nodeName: w0, containers: [{name: c}]}
      status: {podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: lb, namespace: b}
      spec:
        type: NodePort
        externalTrafficPolicy: Local
        clusterIP: 10.96.0.9
        selector: {app: s}
        ports: [{port: 80, nodePort: 30080}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed, namespace: b}
      spec: {podSelector: {}, ingress: []}
      """;

  @TempDir
  private Path directory;

  private Run replay(String destination, int port) throws IOException {
    Path manifests = Files.writeString(directory.resolve("cluster.yaml"), MANIFESTS);
    Path log = Files.writeString(
        directory.resolve("flows.csv"),
        "source,destination,protocol,port\n203.0.113.9," + destination + ",tcp," + port + "\n");
    return Run.of("replay", log.toString(), "-f", manifests.toString());
  }

  @Test
  void whatReachesANodePortIsNotKnown() throws IOException {
    Run run = replay("192.168.0.1", 30080);
    assertThat(run.status()).as(run::toString).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .contains(
            "30080 is the node port of Service b/lb, and the log does not say which pod it chose");
  }

  @Test
  void otherPortsOfANodeAndTheNodePortElsewhereStayAsTheyWere() throws IOException {
    assertThat(replay("192.168.0.1", 30081).status()).isEqualTo(ExitStatus.YES);
    assertThat(replay("192.0.2.7", 30080).status()).isEqualTo(ExitStatus.YES);
  }
}
