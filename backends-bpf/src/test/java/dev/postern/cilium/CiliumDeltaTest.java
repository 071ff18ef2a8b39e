package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.mapdump.MapDeltas;
import dev.postern.mapdump.ScriptedMaps;
import dev.postern.mapdump.Variants;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import dev.postern.testing.RandomCluster;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Changes of Cilium's maps. */
class CiliumDeltaTest extends MapDeltas {

  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  private static CiliumVersion version(long seed) {
    return CiliumVersion.values()[(int) Math.floorMod(seed, 4L)];
  }

  @Override
  protected Cilium backend(long seed) {
    return Cilium.backend().withVersion(version(seed));
  }

  @Override
  protected EndJudge judge(ScriptedMaps maps, long seed) {
    Datapath datapath = Datapath.over(maps.maps(), version(seed));
    return (pod, egress, peer, flow) -> {
      boolean ports = flow.protocol().hasPorts();
      boolean ipv4 = peer.bytes().length == 4;
      int protocol = ports ? flow.protocol().number() : ipv4 ? 1 : 58;
      int port = ports ? flow.port() : ipv4 ? 8 : 128;
      return !datapath.polices(pod) || datapath.passes(pod, egress, peer, protocol, port);
    };
  }

  @Override
  protected Cluster cluster(long seed) {
    return RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
  }

  @Override
  protected Options options() {
    return OPTIONS;
  }

  @Override
  protected List<Flow> flows(Plan plan, Random random, int number) {
    return CiliumAgreesTest.flows(plan, random, number);
  }

  @Override
  protected Address address(End end) {
    return CiliumAgreesTest.address(end);
  }

  @Override
  protected String refusals() {
    return "(?s).*address families change.*";
  }

  @Override
  protected boolean isForAll(String pin) {
    return !pin.startsWith("policy-");
  }

  @Override
  protected boolean isOf(String pin, String pod) {
    return pin.equals("policy-" + pod);
  }

  @Override
  protected boolean isKnown(ScriptedMaps maps, Flow flow) {
    byte[] data = new byte[20];
    Address address = CiliumAgreesTest.address(flow.source());
    data[3] = (byte) (address.bytes().length == 4 ? 1 : 2);
    return maps.maps().get("ipcache").longest(data).isPresent();
  }

  @Test
  void nothingIsEditedWhereNothingDiffers() throws Refusal {
    Plan plan = Plan.of(RandomCluster.of(3, CiliumAgreesTest.PROFILE), OPTIONS);

    assertThat(Cilium.backend().delta(plan, plan, Scope.CLUSTER).summary()).isEqualTo("""
            entries put      0
            entries deleted  0
            maps made        0
            maps removed     0
            """);
  }

  @Test
  void aMapThatWouldBeTooFullOnTheWayIsRefused() throws Refusal {
    int refused = 0;
    for (int seed = 0; seed < 12; seed++) {
      Cluster all = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
      Plan before = Plan.of(Variants.of(all, new Random(1)), OPTIONS);
      Plan after = Plan.of(Variants.of(all, new Random(2)), OPTIONS);
      int most = Math.max(fullest(before), fullest(after));
      try {
        Cilium.backend().withCapacity(most).delta(before, after, Scope.CLUSTER);
      } catch (Refusal refusal) {
        assertThat(refusal).hasMessageContaining("entries on the way and holds " + most);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static int fullest(Plan plan) throws Refusal {
    return Cilium.backend().compile(plan, Scope.CLUSTER).files().entrySet().stream()
        .filter(file -> file.getKey().startsWith("policy-") && file.getKey().endsWith(".batch"))
        .mapToInt(file -> (int) file.getValue().lines().count())
        .max()
        .orElse(0);
  }
}
