package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.ovn.OvnOptions.LogSeverity;
import dev.postern.plan.Plan;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Denials that are answered and logged, by a real ovn-controller. */
class DenialsTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: closed, namespace: shop, labels: {app: closed}}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: open, namespace: shop, labels: {app: open}}
      spec: {nodeName: worker-2}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: nothing-in, namespace: shop}
      spec: {podSelector: {matchLabels: {app: closed}}, policyTypes: [Ingress]}
      """;

  private static final Datagram CALL = new Datagram(
      Address.parse("10.0.0.2"), Address.parse("10.0.0.1"), Protocol.TCP, 8080, 30_000);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areAnsweredAndLoggedWhereThatIsAskedFor(boolean tiers) throws Exception {
    Cluster cluster = Manifests.read(Source.text("pods.yaml", MANIFESTS)).cluster();
    OvnPrograms release = tiers ? OvnPrograms.newer() : OvnPrograms.installed();
    OvnOptions options = OvnOptions.DEFAULT
        .withVersion(OvnVersion.parse(release.version()))
        .withReject(true)
        .withLogging(LogSeverity.warning, Optional.of("denials"))
        .withAclName("{policies} {direction} {action}");
    try (OvnLab lab = new OvnLab(release);
        Chassis chassis = new Chassis(lab)) {
      lab.pods(cluster);
      lab.run("ovn-nbctl", "meter-add", "denials", "drop", "100", "pktps");
      chassis.plug(List.of("shop_closed", "shop_open", OvnLab.OUTSIDE));
      lab.northbound.apply(Ovn.backend(options)
          .skipping(PolicedPods.Unaddressed.SKIP)
          .rows(Plan.of(cluster), Scope.CLUSTER));
      chassis.sync();
      String flows = lab.run("ovn-sbctl", "--bare", "--columns=actions", "list", "Logical_Flow");
      assertThat(flows).contains("meter=\"denials\"");

      chassis.send("shop_open", OvnLab.mac("", 1), OvnLab.mac("", 0), CALL);

      OvnLab.await(() -> chassis.arrived("shop_open").stream().anyMatch(DenialsTest::isReset));
      OvnLab.await(() -> logged(lab.directory)
          .contains("name=\"shop/nothing-in ingress reject\", verdict=reject, severity=warning"));
      assertThat(chassis.arrived("shop_closed")).noneMatch(CALL::isIn);
    }
  }

  /** Whether a packet is the TCP reset that answers the call. */
  private static boolean isReset(byte[] packet) {
    return packet.length >= 54 && packet[23] == Protocol.TCP.number() && (packet[47] & 4) != 0;
  }

  private static String logged(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().endsWith("ovn-controller.log")) {
          return Files.readString(file);
        }
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
