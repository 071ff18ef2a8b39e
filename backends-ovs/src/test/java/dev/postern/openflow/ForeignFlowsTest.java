package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.ovn.OvnLab;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The scripts on a real bridge with flows of others, which are the same afterwards as before. */
class ForeignFlowsTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  private static Bridge bridge;

  @BeforeAll
  static void start() throws IOException {
    bridge = new Bridge();
  }

  @AfterAll
  static void end() throws IOException {
    if (bridge != null) {
      bridge.close();
    }
  }

  private static Artifact artifact() throws Exception {
    return OpenFlow.backend().compile(Plan.of(RandomCluster.of(3, PROFILE)), Scope.CLUSTER);
  }

  /** All flows in order, without what counts packets and time. */
  private static List<String> flows() {
    return bridge
        .dump()
        .lines()
        .filter(line -> line.contains("actions="))
        .map(line -> line.replaceAll("(duration|n_packets|n_bytes|idle_age|hard_age)=\\S+ ", ""))
        .sorted()
        .toList();
  }

  @Test
  void flowsOfOthersAreTheSameBeforeAndAfter() throws Exception {
    assertThat(bridge.replace("""
            table=0,priority=7,actions=resubmit(,100)
            cookie=0x706f737465726f,table=0,priority=5,ip,nw_src=10.0.0.0/8,actions=resubmit(,100)
            cookie=0x706f73746572,table=99,priority=0,actions=drop
            cookie=0x1706f737465726e,table=108,priority=0,actions=NORMAL
            cookie=0x1,table=107,priority=9,tcp,tp_dst=100,actions=drop
            table=107,priority=0,udp,actions=drop
            """)).isTrue();
    List<String> before = flows();
    assertThat(before).hasSize(6);
    for (int i = 0; i < 2; i++) {
      OvnLab.Ran applied = bridge.run(artifact(), "apply.sh");
      assertThat(applied.status()).as(applied.output()).isZero();
      assertThat(flows()).hasSizeGreaterThan(20).containsAll(before);
    }
    assertThat(flows().stream().filter(flow -> !flow.contains("cookie=" + OpenFlow.COOKIE + ",")))
        .isEqualTo(before);
    OvnLab.Ran removed = bridge.run(artifact(), "remove.sh");
    assertThat(removed.status()).as(removed.output()).isZero();
    assertThat(flows()).isEqualTo(before);
  }

  @Test
  void aFlowOfAnotherInOurPlaceStopsTheScript() throws Exception {
    for (String flow : List.of(
        "table=100,priority=0,actions=drop",
        "cookie=0x706f737465726f,table=103,priority=65535,ip,actions=NORMAL",
        "cookie=0x1,table=106,priority=1,ip,actions=learn(table=9,eth_type=0x800,NXM_OF_IP_SRC[])",
        "table=107,priority=0,actions=drop")) {
      assertThat(bridge.replace("table=0,priority=7,actions=resubmit(,100)\n" + flow + "\n"))
          .isTrue();
      List<String> before = flows();
      OvnLab.Ran applied = bridge.run(artifact(), "apply.sh");
      assertThat(applied.status()).as(flow + "\n" + applied.output()).isEqualTo(1);
      assertThat(applied.output())
          .contains("flows of others are in tables 100 to 107", "nothing was changed");
      assertThat(flows()).isEqualTo(before);
    }
  }
}
