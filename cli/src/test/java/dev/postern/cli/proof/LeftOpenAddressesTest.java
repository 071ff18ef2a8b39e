package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left open of addresses is never a pod's traffic, also where a pod has such an address. Rules that drop nothing. */
class LeftOpenAddressesTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: worker-1}
      status: {addresses: [{type: InternalIP, address: 192.168.7.11}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: worker-1, containers: [{name: db, image: db}]}
      status: {podIP: ADDRESS}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: other, namespace: shop}
      spec: {clusterIP: 10.96.0.10, selector: {app: other}, ports: [{port: 80}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny, namespace: shop}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
      """;

  @TempDir
  Path folder;

  private Run prove(String address, String open) throws IOException {
    Path manifest =
        Files.writeString(folder.resolve("c.yaml"), CLUSTER.replace("ADDRESS", address));
    Path rules = Files.writeString(
        folder.resolve("rules.nft"),
        "table inet t { chain forward { type filter hook forward priority 0; policy accept; }; }\n");
    return Run.of(
        "prove", "-f", manifest.toString(), "--nft", rules.toString(), "--leave-open", open);
  }

  @Test
  void aPodsAddressIsNoServicesAndNoNodes() throws IOException {
    for (String[] each : new String[][] {
      {"10.96.0.10", "cluster-ips"},
      {"169.254.7.7", "infrastructure"},
      {"10.96.0.10", "cluster-ips,infrastructure,node-networks,non-pod"}
    }) {
      Run run = prove(each[0], each[1]);

      assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
      assertThat(run.out()).contains("it has to be dropped", "more open, policies: ");
    }
  }

  /** Of OVN-Kubernetes' rows: what comes from the address that Services answer with passes, so a pod that has it gets past the policies. */
  @Test
  void aPodsAddressIsNotTheOneThatServicesAnswerWith() throws IOException {
    Path example = Path.of("..", "examples", "ovn-kubernetes");
    List<String> arguments = new ArrayList<>(List.of("prove"));
    for (String[] file : new String[][] {{"-f", "cluster.yaml"}, {"--ovn-nb", "nb.json"}}) {
      String text = Files.readString(example.resolve(file[1]))
          .replaceAll("10\\.244\\.0\\.11\\b", "169.254.169.5");
      arguments.add(file[0]);
      arguments.add(Files.writeString(folder.resolve(file[1]), text).toString());
    }
    Run run = Run.of(arguments.toArray(String[]::new));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("packet    169.254.169.5 -> ", "it has to be dropped");
  }
}
