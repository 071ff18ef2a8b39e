package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExposureCommandTest {

  /** Whoever has the label may come to a; nobody to b, which may go nowhere. */
  private static final String MANIFESTS = """
      {apiVersion: v1, kind: Namespace, metadata: {name: x}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x, labels: {app: a}}, spec: {containers: []}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x, labels: {app: b}}, spec: {containers: []}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: x}
      spec: {podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {matchLabels: {role: client}}}], ports: [{port: 80}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: x}
      spec: {podSelector: {matchLabels: {app: b}}, policyTypes: [Ingress, Egress]}
      """;

  private static Run exposure(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "exposure";
    arguments[1] = "-f";
    arguments[2] = "-";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Run.withInput(MANIFESTS, arguments);
  }

  @Test
  void theTableSaysWhoReachesWhomAndSumsUp() {
    Run run = exposure();
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).isEqualTo("""
        WORKLOAD  REACHED BY  REACHES                      ISOLATED  POLICIES
        x/a       nobody      the internet on all traffic  ingress   x/a
        x/b       nobody      nobody                       both      x/b

        2 workloads: reached by nobody 2; reach the internet 1, nobody 1; isolated: both ways 1, ingress only 1, egress only 0, not at all 0
        """);
  }

  @Test
  void podsThatCouldComeAreSaidOrProvedAway() throws IOException {
    JsonNode workloads =
        new ObjectMapper().readTree(exposure("--open", "-o", "json").out()).get("workloads");
    assertThat(workloads.get(0).get("couldBeReachedBy").asText())
        .isEqualTo("a pod in namespace x with labels role=client");
    assertThat(workloads.get(1).get("couldBeReachedBy").asText()).isEqualTo("no pod, ever");
    assertThat(workloads.get(1).get("couldReach").asText()).isEqualTo("no pod, ever");
    assertThat(workloads.get(0).get("egress").get("reach").asText()).isEqualTo("internet");
  }

  /** Of a pod in a cluster of both families. */
  private static JsonNode egress(String addresses, String networks) throws IOException {
    return new ObjectMapper()
            .readTree(Run.withInput(
                    """
                {apiVersion: v1, kind: Namespace, metadata: {name: x}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x, labels: {app: a}}, spec: {containers: []}, status: {podIPs: [%s]}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x}, spec: {containers: []}, status: {podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: a, namespace: x}
                spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [%s]}]}
                """.formatted(addresses, networks), "exposure", "-f", "-", "-o", "json")
                .out())
            .get("workloads")
            .findParents("id")
            .stream()
            .filter(each -> each.get("id").asText().equals("x/a"))
            .findFirst()
            .orElseThrow()
            .get("egress");
  }

  @Test
  void networksAreRangesOfAddressesOneByOne() throws IOException {
    String networks = "{ipBlock: {cidr: 192.0.2.0/24}}, {ipBlock: {cidr: 198.51.100.0/24}}";
    JsonNode peers = egress("{ip: 10.0.0.1}", networks).get("peers");
    List<String> addresses = new ArrayList<>();
    peers.forEach(peer -> peer.get("addresses").forEach(each -> addresses.add(each.asText())));
    assertThat(addresses)
        .containsExactlyInAnyOrder("192.0.2.0-192.0.2.255", "198.51.100.0-198.51.100.255");
  }

  @Test
  void aPodOfOneFamilyThatReachesAllOfItReachesTheInternet() throws IOException {
    String all = "{ipBlock: {cidr: 0.0.0.0/0}}";
    assertThat(egress("{ip: 10.0.0.1}", all).get("reach").asText()).isEqualTo("internet");
    assertThat(egress("{ip: 10.0.0.1}, {ip: \"fd00::1\"}", all).get("reach").asText())
        .isEqualTo("outside");
    assertThat(egress("", all).get("reach").asText()).isEqualTo("outside");
  }

  @Test
  void csvAndMarkdownHaveALineForEachWorkload() {
    assertThat(exposure("-o", "csv").out().lines()).hasSize(3);
    assertThat(exposure("-o", "md").out()).contains("| x/b | nobody | nobody | both | x/b |");
  }

  @Test
  void whatWasNotUnderstoodIsSaid() {
    Run run = Run.withInput(
        MANIFESTS
            + "---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: c, namespace: x}, spec: {}}\n",
        "exposure",
        "-f",
        "-");
    assertThat(run.out())
        .contains("x/b       the internet, x/a on perhaps all traffic")
        .contains("1 CiliumNetworkPolicy");
  }
}
