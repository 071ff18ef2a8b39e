package dev.postern.netfilter.reader;

import dev.postern.backend.PacketPath;
import dev.postern.backend.PacketPath.Kind;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways that packets take through a node, beside being forwarded. */
public final class NodePaths {

  private static final AddressSet LOOPBACK =
      AddressSet.of(Cidr.parse("127.0.0.0/8")).union(AddressSet.of(Cidr.parse("::1/128")));

  private final String file;
  private final List<Plane> planes;
  private final List<String> unseen;
  private final Contract contract;

  private NodePaths(String file, List<Plane> planes, List<String> unseen, Contract contract) {
    this.file = file;
    this.planes = List.copyOf(planes);
    this.unseen = List.copyOf(unseen);
    this.contract = contract;
  }

  /**
   * Reads the rules on each way.
   *
   * @param unseen what else may drop packets and was not read
   * @param contract what the target promises of forwarded packets
   * @param virtualServers whether IPVS serves Services
   * @throws UnreadableDump if a chain is missing, or leads back to itself
   */
  public static List<PacketPath> of(
      String file,
      List<Plane> planes,
      List<String> unseen,
      Contract contract,
      Cluster cluster,
      Scope scope,
      boolean virtualServers) {
    NodePaths paths = new NodePaths(file, planes, unseen, contract);
    AddressSet local = scope.addresses(cluster);
    List<PacketPath> all = new ArrayList<>();
    if (virtualServers) {
      all.add(paths.served(cluster, local));
    }
    all.add(paths.ofNode(
        Kind.TO_NODE, Journey.TO_NODE, local, new Condition.DestinationAddress(local)));
    all.add(
        paths.ofNode(Kind.FROM_NODE, Journey.FROM_NODE, local, new Condition.SourceAddress(local)));
    return all;
  }

  /** IPVS takes what opens a connection, and its further packets, on this way; answers are forwarded. */
  private PacketPath served(Cluster cluster, AddressSet local) {
    AddressSet pods = AddressSet.ofAddresses(cluster.workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .distinct()
        .toList());
    AddressSet notServed = LOOPBACK.union(NodeFacts.MULTICAST).union(pods.minus(local));
    Condition served = Condition.all(
        new Condition.IpProtocol(Stream.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)
            .map(Protocol::number)
            .collect(Collectors.toSet())),
        new Condition.Not(new Condition.SourceAddress(local)),
        new Condition.Not(new Condition.DestinationAddress(local)),
        new Condition.Not(new Condition.Reply()));
    return path(
        Kind.THROUGH_VIRTUAL_SERVER,
        Planes.rules(file, planes, unseen, Journey.served(notServed)),
        served);
  }

  private PacketPath ofNode(Kind kind, Journey journey, AddressSet local, Condition packets) {
    return local.isEmpty()
        ? path(kind, UNKNOWN_NODE, Condition.ALWAYS)
        : path(kind, Planes.rules(file, planes, unseen, journey), packets);
  }

  private PacketPath path(Kind kind, EnforcedRules rules, Condition packets) {
    return new PacketPath(
        kind,
        rules,
        packets.equals(Condition.ALWAYS)
            ? contract
            : contract.waiving("packets that take another way", new Condition.Not(packets)));
  }

  /** Where no manifest names the node's addresses, nobody knows which packets are to the node or from it. */
  private static final EnforcedRules UNKNOWN_NODE =
      unknown("which packets are to the node itself or from it: no manifest names its addresses");

  private static EnforcedRules unknown(String what) {
    EnforcedRule rule =
        new EnforcedRule(new Condition.Unknown(what), RuleAction.DROP, what, Origin.NONE);
    String name = "the node";
    return new EnforcedRules(
        List.of(new Stage(name, Condition.ALWAYS, name, Ending.ACCEPT)),
        Map.of(name, new Chain(name, List.of(rule))));
  }
}
