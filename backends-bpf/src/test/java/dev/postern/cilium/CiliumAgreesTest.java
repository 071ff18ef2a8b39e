package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Maps of random clusters, looked up as Cilium looks them up, against the definition. */
class CiliumAgreesTest {

  static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  @Property(tries = 400)
  void theMapsSayWhatTheDefinitionSays(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 7) int kind) throws Refusal {
    Options options =
        Options.DEFAULT.withIpBlockMatchesPods(false).withNodeTrafficPasses(kind % 2 == 0);
    CiliumVersion version = CiliumVersion.values()[kind / 2];
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Artifact artifact = Cilium.backend().withVersion(version).compile(plan, Scope.CLUSTER);
    Datapath datapath = new Datapath(artifact.files(), version);
    Reference reference = new Reference(cluster, options);
    for (Flow flow : flows(plan, new Random(seed), 80)) {
      Judgement judgement = reference.judge(flow);
      if (judgement.exemption() != Exemption.SAME_POD) {
        assertThat(passes(datapath, flow))
            .as("%s of seed %d, layout of %s", flow, seed, version)
            .isEqualTo(judgement.verdict() == FlowVerdict.ALLOWED);
      }
    }
  }

  /** Packets of other protocols are echo requests; ICMP is looked up with its type for the port. */
  static boolean passes(Datapath datapath, Flow flow) {
    boolean ipv4 = address(flow.source()).family() == Family.IPV4;
    boolean ports = flow.protocol().hasPorts();
    int protocol = ports ? flow.protocol().number() : ipv4 ? 1 : 58;
    int port = ports ? flow.port() : ipv4 ? 8 : 128;
    return end(datapath, flow.source(), true, address(flow.destination()), protocol, port)
        && end(datapath, flow.destination(), false, address(flow.source()), protocol, port);
  }

  private static boolean end(
      Datapath datapath, End end, boolean egress, Address peer, int protocol, int port) {
    if (end instanceof End.InPod pod && !pod.workload().hostNetwork()) {
      String name = pod.workload().namespace() + "-" + pod.pod().orElseThrow().name();
      return datapath.passes(name, egress, peer, protocol, port);
    }
    return true;
  }

  static Address address(End end) {
    return end instanceof End.InPod pod
        ? pod.address().orElseThrow()
        : ((End.Outside) end).address();
  }

  /** Flows between addresses at the borders of what policies mention. */
  static List<Flow> flows(Plan plan, Random random, int count) {
    Probes probes = Probes.of(plan.cluster(), random);
    Map<Address, End> pods = new HashMap<>();
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> pods.put(address, end)));
    List<Address> inside = pods.keySet().stream().sorted().toList();
    List<Address> nodes = plan.cluster().nodes().stream()
        .flatMap(node -> node.addresses().stream())
        .toList();
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < 4 * count && flows.size() < count && !inside.isEmpty(); i++) {
      Address one = inside.get(random.nextInt(inside.size()));
      Address other = switch (random.nextInt(4)) {
        case 0 -> probes.address(random);
        case 1 ->
          nodes.isEmpty() ? probes.address(random) : nodes.get(random.nextInt(nodes.size()));
        default -> inside.get(random.nextInt(inside.size()));
      };
      if (one.family() != other.family()) {
        continue;
      }
      boolean out = random.nextBoolean();
      Address source = out ? one : other;
      Address destination = out ? other : one;
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      flows.add(new Flow(
          pods.getOrDefault(source, new End.Outside(source)),
          pods.getOrDefault(destination, new End.Outside(destination)),
          protocol,
          protocol.hasPorts() ? probes.port(random) : 0));
    }
    return flows;
  }
}
