package dev.postern.openflow.reader;

import dev.postern.backend.Note;
import dev.postern.backend.Obligation;
import dev.postern.backend.PacketPath;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.EnforcedRules;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.openflow.OpenFlow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code postern prove} reads of a bridge of Open vSwitch. */
public final class FlowDumps implements Reader {

  private static final String FLOWS = "ovs-flows";

  @Override
  public String target() {
    return "ovs";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        FLOWS,
        "What `ovs-ofctl --no-names dump-flows <bridge>` prints, or flows.txt of postern compile.",
        true,
        false,
        List.of("ovs-ofctl", "-O", "OpenFlow14", "--no-names", "dump-flows", "br0")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Dump flows = dumps.getOrDefault(FLOWS, List.of()).get(0);
    try {
      AddressSet node = scope.addresses(cluster);
      FlowReader.FlowRules read =
          FlowReader.read(flows.text(), flows.file(), OpenFlow.FIRST_TABLE, node);
      Reading all = read.antrea()
          .map(bridge -> antrea(read.rules(), bridge, cluster, scope))
          .orElseGet(() -> Reading.of(read.rules(), contract(read)));
      return read.expires()
          ? all.withNotes(
              Stream.concat(all.notes().stream(), Stream.of(EXPIRES)).toList())
          : all;
    } catch (IllegalArgumentException problem) {
      return Reading.unreadable(String.valueOf(problem.getMessage()).lines().toList());
    }
  }

  private static final Note EXPIRES = Note.of(
      "some flows go by themselves (idle_timeout, hard_timeout): what is said holds while all are there");

  private static Reading antrea(
      EnforcedRules rules, AntreaBridge bridge, Cluster cluster, Scope scope) {
    Contract contract = Contract.STRICT
        .only(bridge.families().toArray(Family[]::new))
        .leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE)
        .waiving(
            "the node's own addresses on the bridge: " + bridge.gateway(),
            Condition.any(
                new Condition.SourceAddress(bridge.gateway()),
                new Condition.DestinationAddress(bridge.gateway())))
        .waiving(
            "by which of the host's port and the tunnel's a packet leaves that is to no pod of the node",
            Condition.NEVER)
        .waiving(
            "multicast and broadcast, which Antrea does not send on without its feature Multicast",
            Obligation.MULTICAST.packets(cluster, scope, Options.DEFAULT).orElseThrow())
        .waiving(
            "related packets that open a connection of their own, as of FTP",
            new Condition.State(Set.of(Condition.ConnectionState.RELATED)));
    if (bridge.families().contains(Family.IPV6)) {
      contract = contract.waiving(
          "discovery of IPv6's neighbours, which Antrea switches as any switch does, and of its routers, which it judges as other packets",
          DISCOVERY);
    }
    for (Map.Entry<String, AddressSet> port : bridge.pods().entrySet()) {
      contract = contract.with(new Binding(port.getKey(), port.getValue()));
    }
    Map<Family, Set<String>> used = new EnumMap<>(Family.class);
    bridge.families().forEach(family -> used.put(family, bridge.others()));
    contract = contract.using(used);
    List<PacketPath> paths = new ArrayList<>();
    for (EnforcedRules translated : bridge.translated()) {
      paths.add(new PacketPath(
          PacketPath.Kind.THROUGH_SERVICE_TABLES,
          translated,
          contract.waiving("packets of protocols without Services", new Condition.Not(SERVED))));
    }
    Contract direct = bridge.translated().isEmpty()
        ? contract
        : contract.waiving(
            "what is to a Service, until its destination is set to an endpoint",
            bridge.toServices());
    List<String> warnings = bridge.inconsistent().isEmpty()
        ? List.of()
        : List.of("flows do not agree at which port the pods of these addresses are: "
            + String.join(", ", bridge.inconsistent()));
    return new Reading(rules, direct, List.of(), warnings)
        .withNotes(List.of(Note.of(TAKEN_AS_GIVEN)))
        .with(paths);
  }

  /** Solicitations, advertisements and redirects: those of neighbours are all that table IPv6 knows. */
  private static final Condition DISCOVERY = Condition.all(
      new Condition.SourceAddress(AddressSet.all(Family.IPV6)),
      new Condition.IpProtocol(Set.of(58)),
      new Condition.IcmpType(Set.of(133, 134, 135, 136, 137)));

  private static final Condition SERVED = new Condition.IpProtocol(Set.of(6, 17, 132));

  private static final String TAKEN_AS_GIVEN =
      "these are flows of an Antrea agent: taken as given are that pods are behind the ports at which flows expect them, that only the node itself marks packets for the bridge,"
          + " and the kernel's datapath, which calls a connection new until it was answered";

  private static Contract contract(FlowReader.FlowRules read) {
    Contract contract = Contract.STRICT;
    if (read.isBundle()) {
      contract = contract.waiving(
          "whether the bridge's own flows send all packets to table " + OpenFlow.FIRST_TABLE
              + ": they are not in this file",
          Condition.NEVER);
    }
    return read.portsMatter()
        ? contract.waiving(
            "which port a packet leaves by, and to which Ethernet address: a dump does not say what is behind them",
            Condition.NEVER)
        : contract;
  }
}
