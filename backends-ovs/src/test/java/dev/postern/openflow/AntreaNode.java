package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.openflow.reader.FlowDumps;
import dev.postern.ovn.Flows;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cluster and the node of it whose flows are looked at. */
record AntreaNode(Cluster cluster, Plan plan, Scope scope, AntreaLayout layout) {

  private static final Profile PROFILE = Profile.NETWORK_POLICY
      .with(ClusterFeature.NODES)
      .without(
          ClusterFeature.DOMAIN_NAMES,
          ClusterFeature.MISSING_ADDRESSES,
          ClusterFeature.HOST_NETWORK,
          ClusterFeature.UNKNOWN_PEERS)
      .sized(new Profile.Size(2, 4, 2, 4, 2));

  private static final Pattern SENT = Pattern.compile("(?m)-> output port is (\\d+)");

  static Optional<AntreaNode> of(int seed) {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster);
    return cluster.nodes().stream()
        .map(node -> Scope.node(node.name()))
        .map(scope -> new AntreaNode(cluster, plan, scope, new AntreaLayout(cluster, plan, scope)))
        .filter(node -> node.layout.ports().size() > 1)
        .findFirst();
  }

  Proof proof(String dump) {
    Reading reading =
        new FlowDumps().read(Map.of("ovs-flows", List.of(new Dump("dump", dump))), cluster, scope);
    assertThat(reading.problems()).isEmpty();
    return Prover.prove(
        Claim.of(
            plan,
            scope,
            reading,
            contract -> Obligation.NON_POD.leftOpen(contract, cluster, scope, Options.DEFAULT)),
        Set.of(Way.SETS),
        Limits.DEFAULT);
  }

  /** A flow that the switch treats otherwise than the policies. */
  Optional<Flow> difference(Bridge bridge, Random random, int probes) throws IOException {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : new Flows(cluster, plan, random).some(probes)) {
      if (isAsked(flow, reference) && connects(bridge, flow) != isAllowed(flow, reference)) {
        return Optional.of(flow);
      }
    }
    return Optional.empty();
  }

  private boolean isAsked(Flow flow, Reference reference) {
    Address source = Flows.address(flow.source());
    Address destination = Flows.address(flow.destination());
    boolean local = layout.ports().containsKey(source) || layout.ports().containsKey(destination);
    return source.family() == Family.IPV4
        && local
        && !source.equals(destination)
        && isOrdinary(source)
        && isOrdinary(destination)
        && reference.judge(flow).exemption() == Exemption.NONE;
  }

  private static boolean isOrdinary(Address address) {
    long first = address.low() >>> 24;
    return first > 0
        && first < 224
        && first != 127
        && address.low() >>> 16 != 0xA9FE
        && !address.equals(AntreaLayout.GATEWAY_ADDRESS);
  }

  /** The egress of a pod elsewhere, and the ingress, are enforced there. */
  private boolean isAllowed(Flow flow, Reference reference) {
    boolean out = !layout.ports().containsKey(Flows.address(flow.source()))
        || reference.judge(flow).egress().verdict() == FlowVerdict.ALLOWED;
    boolean in = !layout.ports().containsKey(Flows.address(flow.destination()))
        || reference.judge(flow).ingress().verdict() == FlowVerdict.ALLOWED;
    return out && in;
  }

  /** Whether the first packet goes to where its destination is; by the host or by the tunnel, if that is elsewhere. */
  boolean connects(Bridge bridge, Flow flow) throws IOException {
    Address source = Flows.address(flow.source());
    Address destination = Flows.address(flow.destination());
    int from = layout
        .ports()
        .getOrDefault(
            source, layout.remote().contains(source) ? AntreaLayout.TUNNEL : AntreaLayout.GATEWAY);
    int to = layout
        .ports()
        .getOrDefault(
            destination,
            layout.remote().contains(destination) ? AntreaLayout.TUNNEL : AntreaLayout.GATEWAY);
    String frame = "in_port=" + from + ",dl_src="
        + (layout.ports().containsKey(source) ? AntreaLayout.mac(from) : AntreaLayout.GATEWAY_MAC)
        + ",dl_dst="
        + (layout.ports().containsKey(destination)
            ? AntreaLayout.mac(to)
            : AntreaLayout.GATEWAY_MAC);
    String packet =
        new Bridge.Microflow(source, destination, flow.protocol(), flow.port()).text(false);
    Matcher sent = SENT.matcher(bridge.trace(frame + "," + packet + ",nw_ttl=64", "trk,new"));
    boolean local = layout.ports().containsKey(destination);
    return sent.find()
        && (local
            ? sent.group(1).equals("" + to)
            : Set.of("" + AntreaLayout.TUNNEL, "" + AntreaLayout.GATEWAY).contains(sent.group(1)));
  }

  private static void attach(Bridge bridge, Set<Integer> attached, int port) {
    if (attached.add(port)) {
      bridge.attach(port);
    }
  }

  /** Puts flows into the bridge; empty if it does not take them. */
  Optional<String> loaded(Bridge bridge, Set<Integer> attached, String flows) throws IOException {
    attach(bridge, attached, AntreaLayout.TUNNEL);
    attach(bridge, attached, AntreaLayout.GATEWAY);
    layout.ports().values().forEach(port -> attach(bridge, attached, port));
    bridge.replaceGroups(layout.groups());
    return bridge.replace(flows) ? Optional.of(bridge.dump()) : Optional.empty();
  }
}
