package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.bpf.Bpf;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Routing;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Prover;
import dev.postern.testing.Engines;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prove --live bpf} says of the program that is attached in a real kernel. */
class LiveBpfKernelTest {

  private static final Cluster BEFORE = cluster(5432);
  private static final Cluster AFTER = cluster(5433);

  @TempDir
  private Path directory;

  private AttachedLab lab;

  @BeforeEach
  void aNode() throws Exception {
    Engines.require("bpftool", "clang", "tc", "ip", "nsenter", "flock");
    lab = new AttachedLab(directory);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  /** Two pods; the second can be reached at one port. */
  private static Cluster cluster(int port) {
    return Manifests.read(Source.text("lab.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: 10.0.0.1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: 10.0.0.2}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress]
          ingress: [{ports: [{port: %d}]}]
        """.formatted(port))).cluster();
  }

  private static Artifact artifact(Cluster cluster) throws Exception {
    return Bpf.backend().compile(Plan.of(cluster), Scope.CLUSTER);
  }

  /** The first packet of a connection from web to db. */
  private static byte[] packet(int port) {
    ByteBuffer packet = ByteBuffer.allocate(54);
    packet.putShort(12, (short) 0x0800).put(14, (byte) 0x45).putShort(16, (short) 40);
    packet.put(22, (byte) 64).put(23, (byte) 6);
    packet.putInt(26, 0x0a000001).putInt(30, 0x0a000002);
    packet.putShort(34, (short) 40_000).putShort(36, (short) port);
    packet.put(46, (byte) 0x50).put(47, (byte) 2);
    return packet.array();
  }

  private Reading reading(Cluster cluster, Binding... said) {
    Dumps dumps = Dumps.live("bpf", lab.machine());
    Wiring wiring =
        dumps.interfaces(new Wiring(List.of(said), Routing.UNKNOWN), cluster, Scope.CLUSTER);
    return dumps.read(cluster, Scope.CLUSTER, wiring.bindings());
  }

  private Verdict proved(Cluster cluster, Binding... said) {
    Reading reading = reading(cluster, said);
    assertThat(reading.problems()).isEmpty();
    Proof proof =
        Prover.prove(Plan.of(cluster), Scope.CLUSTER, reading.rules(), reading.contract());
    return proof.verdict();
  }

  @Test
  void whereAScriptIsKilledWhatTheProgramReadsIsProvedAndNothingElse() throws Exception {
    int steps = killed(artifact(AFTER), artifact(BEFORE));
    assertThat(steps).isGreaterThan(8);
  }

  @Test
  void soItIsWhereADeltaIsKilled() throws Exception {
    Artifact delta = Bpf.backend().delta(Plan.of(BEFORE), Plan.of(AFTER), Scope.CLUSTER);
    int steps = killed(delta, artifact(BEFORE));
    assertThat(steps).isGreaterThan(8);
  }

  /** Kills a script after each of its steps in turn, each time from the same state; says how many there are. */
  private int killed(Artifact script, Artifact start) throws Exception {
    lab.apply(start, AttachedLab.ATTACHED);
    Map<Verdict, Integer> ofBefore = new EnumMap<>(Verdict.class);
    int noted = 0;
    boolean killed = true;
    int step = 0;
    for (; killed; step++) {
      lab.apply(start);
      killed = lab.kill(script, step);
      boolean before = lab.passes("egress", packet(5432));
      assertThat(lab.passes("egress", packet(5433))).isEqualTo(!before);
      assertThat(proved(BEFORE))
          .as("the old policies after step %d, which are in force: %s", step, before)
          .isEqualTo(before ? Verdict.PROVED : Verdict.DIFFERS);
      assertThat(proved(AFTER))
          .as("the new policies after step %d, the old ones in force: %s", step, before)
          .isEqualTo(before ? Verdict.DIFFERS : Verdict.PROVED);
      ofBefore.merge(before ? Verdict.PROVED : Verdict.DIFFERS, 1, Integer::sum);
      noted +=
          reading(BEFORE).notes().stream().anyMatch(note -> note.text().contains("under the pin"))
              ? 1
              : 0;
    }
    assertThat(ofBefore).containsOnlyKeys(Verdict.PROVED, Verdict.DIFFERS);
    assertThat(noted).as("states in which the pins show something else").isBetween(1, step - 1);
    System.out.println("bpf, killed after each of " + step + " steps: " + ofBefore
        + " of the old policies, " + noted + " with other pins");
    return step;
  }

  @Test
  void aPodBehindAnInterfaceWithoutTheProgramIsNotPoliced() throws Exception {
    lab.apply(artifact(BEFORE), AttachedLab.ATTACHED);
    Binding elsewhere =
        new Binding("pod1", AddressSet.ofAddresses(List.of(Address.parse("10.0.0.2"))));
    assertThat(reading(BEFORE).notes()).anyMatch(note -> note.text().contains("taken as given"));
    assertThat(proved(BEFORE, elsewhere)).isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void theNodesRoutesSayWhichInterfaceAPodIsBehind() throws Exception {
    lab.apply(artifact(BEFORE), AttachedLab.ATTACHED);
    lab.inside("ip", "route", "add", "10.0.0.2/32", "dev", "pod1");
    lab.inside("ip", "route", "add", "10.0.0.0/24", "dev", AttachedLab.ATTACHED);
    assertThat(reading(BEFORE).notes()).noneMatch(note -> note.text().contains("taken as given"));
    assertThat(proved(BEFORE)).isEqualTo(Verdict.DIFFERS);
    lab.inside("ip", "route", "del", "10.0.0.2/32", "dev", "pod1");
    assertThat(proved(BEFORE)).isEqualTo(Verdict.PROVED);
  }

  @Test
  void whereSomebodyElseJudgesTooItIsUnknown() throws Exception {
    lab.apply(artifact(BEFORE), AttachedLab.ATTACHED);
    lab.foreign("egress");
    assertThat(proved(BEFORE)).isEqualTo(Verdict.UNKNOWN);
    assertThat(reading(BEFORE).warnings())
        .contains("the program to_pod judges packets as well at pod0 egress");
  }

  @Test
  void oneHookAloneIsNotEnough() throws Exception {
    lab.apply(artifact(BEFORE), AttachedLab.ATTACHED);
    lab.inside("tc", "filter", "del", "dev", AttachedLab.ATTACHED, "egress");
    assertThat(proved(BEFORE)).isEqualTo(Verdict.UNKNOWN);
    lab.inside("tc", "qdisc", "del", "dev", AttachedLab.ATTACHED, "clsact");
    assertThat(reading(BEFORE).problems())
        .singleElement()
        .asString()
        .contains("no program of Postern's is attached");
  }
}
