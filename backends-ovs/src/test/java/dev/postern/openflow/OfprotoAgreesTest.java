package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.openflow.reader.FlowReader;
import dev.postern.ovn.Chassis;
import dev.postern.ovn.Flows;
import dev.postern.ovn.OvnLab;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A real ovs-vswitchd does with packets what the policies mean, and prints flows that are read back as such. */
class OfprotoAgreesTest {

  private static final int CLUSTERS = 25;
  private static final int FLOWS = 60;
  private static final String BRIDGE = "br0";
  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  @Test
  void randomClustersOfEveryKindOfPolicyMeanTheSameInOpenVSwitch() throws Exception {
    int verdicts = 0;
    int denials = 0;
    long installed = 0;
    try (OvnLab lab = new OvnLab();
        Chassis chassis = new Chassis(lab)) {
      lab.run(
          "ovs-vsctl",
          "--db=" + lab.remote("conf"),
          "add-br",
          BRIDGE,
          "--",
          "set",
          "bridge",
          BRIDGE,
          "datapath_type=dummy");
      String management = "unix:" + lab.directory.resolve(BRIDGE + ".mgmt");
      lab.run(
          "ovs-ofctl",
          "-O",
          "OpenFlow14",
          "add-flow",
          management,
          "table=0,priority=7,actions=resubmit(," + OpenFlow.FIRST_TABLE + ")");
      for (int seed = 0; seed < CLUSTERS; seed++) {
        Cluster cluster = RandomCluster.of(seed, PROFILE);
        Plan plan = Plan.of(cluster);
        Artifact artifact = OpenFlow.backend().compile(plan, Scope.CLUSTER);
        Path script = written(lab, artifact).resolve("apply.sh");
        lab.run("sh", script.toString(), management);
        lab.run("sh", script.toString(), management);
        String dump = lab.run("ovs-ofctl", "-O", "OpenFlow14", "dump-flows", management);
        installed += dump.lines().count();
        EnforcedRules read = FlowReader.read(dump, "dump", OpenFlow.FIRST_TABLE).rules();
        Interpreter interpreter = new Interpreter(read);
        Reference reference = new Reference(cluster, Options.DEFAULT);
        for (Flow flow : new Flows(cluster, plan, new Random(seed)).some(FLOWS)) {
          boolean allowed = reference.judge(flow).verdict() == FlowVerdict.ALLOWED;
          String trace = chassis.trace(BRIDGE, microflow(flow));
          boolean passes = trace.contains("\n" + (OpenFlow.FIRST_TABLE + 7) + ". priority 0");
          assertThat(passes).as("cluster %d: %s\n%s", seed, flow, trace).isEqualTo(allowed);
          Passage passage = interpreter.walk(Packet.opening(
              Flows.address(flow.source()),
              Flows.address(flow.destination()),
              flow.protocol(),
              flow.port()));
          assertThat(passage.fate()).isEqualTo(allowed ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
          verdicts++;
          denials += allowed ? 0 : 1;
        }
      }
      lab.run("sh", lab.directory.resolve("flows/remove.sh").toString(), management);
      assertThat(lab.run("ovs-ofctl", "-O", "OpenFlow14", "dump-flows", management))
          .contains("priority=7")
          .doesNotContain(OpenFlow.COOKIE);
    }
    System.out.println("ofproto agrees: " + verdicts + " verdicts, " + denials + " denials, "
        + installed + " flows");
    assertThat(denials).isGreaterThan(100);
  }

  private static Path written(OvnLab lab, Artifact artifact) throws Exception {
    Path directory = Files.createDirectories(lab.directory.resolve("flows"));
    for (String name : artifact.files().keySet()) {
      Files.writeString(directory.resolve(name), artifact.file(name));
    }
    return directory;
  }

  private static String microflow(Flow flow) {
    Address source = Flows.address(flow.source());
    Address destination = Flows.address(flow.destination());
    boolean ipv4 = source.family() == Family.IPV4;
    String addresses = (ipv4 ? "nw_src=" : "ipv6_src=")
        + source
        + (ipv4 ? ",nw_dst=" : ",ipv6_dst=")
        + destination;
    if (flow.protocol() == Protocol.OTHER) {
      return (ipv4 ? "icmp,icmp_type=8," : "icmp6,icmpv6_type=128,") + addresses;
    }
    String word = flow.protocol().word();
    return word + (ipv4 ? "" : "6") + "," + addresses + "," + word + "_src=49152," + word + "_dst="
        + flow.port();
  }
}
