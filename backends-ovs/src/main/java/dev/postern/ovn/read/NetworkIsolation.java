package dev.postern.ovn.read;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Leeway;
import dev.postern.net.AddressSet;
import dev.postern.ovn.read.NorthboundTables.Row;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How OVN-Kubernetes keeps pods on a primary network of their own off the default one, of which they have a port as well: whatever policies
 * say, nothing passes there but what comes from their node, and what they open by an annotation (OVN-Kubernetes, {@code udn_isolation.go}).
 */
final class NetworkIsolation {

  private static final String OWNER_TYPE = "k8s.ovn.org/owner-type";
  private static final String NAME = "k8s.ovn.org/name";

  /** The ACLs and the group of ports by which pods are kept off the default network. */
  private static final String LOCK = "UDNIsolation";

  /** The ACLs by which networks are kept apart that routers outside are told of. */
  private static final String ADVERTISED = "AdvertisedNetwork";

  private static final String OPEN_PORT = "OpenPort-";

  /** The label without which a namespace is on no primary network, and by which it is kept off the default one. */
  private static final String LABEL = "k8s.ovn.org/primary-user-defined-network";

  private final Topology topology;
  private final AddressSet locked;
  private final List<String> opening = new ArrayList<>();
  private final List<Condition> opened = new ArrayList<>();
  private final List<Condition> apart = new ArrayList<>();
  private boolean used;

  NetworkIsolation(NorthboundTables tables, Topology topology, boolean used) {
    this.topology = topology;
    this.used = used;
    AddressSet all = AddressSet.EMPTY;
    for (Row group : tables.rows("Port_Group")) {
      if (is(group, LOCK)) {
        this.used = true;
        all = all.union(topology.addressesOf(topology.ports(group)));
      }
    }
    this.locked = all;
  }

  private static boolean is(Row row, String type) {
    return row.map("external_ids").getOrDefault(OWNER_TYPE, "").equals(type);
  }

  /** Looks at an ACL of the default network. */
  void add(Row acl, Condition matched) {
    boolean allows = acl.text("action").startsWith("allow");
    String name = acl.map("external_ids").getOrDefault(NAME, "");
    if (is(acl, LOCK)
        && allows
        && acl.text("direction").equals("to-lport")
        && name.startsWith(OPEN_PORT)) {
      opening.add(name.substring(OPEN_PORT.length()) + " by `" + acl.text("match") + "`");
      opened.add(MatchMeaning.all(List.of(new Condition.DestinationAddress(locked), matched)));
    }
    if (is(acl, ADVERTISED) && Set.of("drop", "reject").contains(acl.text("action"))) {
      AddressSet pods = topology.pods();
      apart.add(MatchMeaning.all(List.of(
          matched,
          new Condition.Not(Condition.all(
              new Condition.SourceAddress(pods), new Condition.DestinationAddress(pods))))));
    }
  }

  Contract waiving(Contract contract) {
    Contract waiving = contract;
    if (!opened.isEmpty()) {
      waiving = waiving.waiving(
          "what pods on primary networks of their own open to the default one"
              + " (k8s.ovn.org/open-default-ports): " + String.join(", ", opening),
          MatchMeaning.any(opened),
          Leeway.MAY_PASS);
    }
    if (!apart.isEmpty()) {
      waiving = waiving.waiving(
          "packets between networks that are advertised to routers outside, which OVN-Kubernetes"
              + " may keep apart",
          MatchMeaning.any(apart),
          Leeway.MAY_DROP);
    }
    return waiving;
  }

  /** What decides before all policies on the default network; nothing where there are no primary networks. */
  List<Policy> policies() {
    if (!used) {
      return List.of();
    }
    Selector labelled = new Selector(List.of(new Requirement(LABEL, Operator.EXISTS, List.of())));
    return List.of(new Policy(
        PolicyKind.UNDETERMINED,
        "",
        "primary-user-defined-networks",
        Tier.ADMIN,
        Policy.FIRST,
        new Subject(new NamespaceSelection.Matching(labelled), Selector.EVERYTHING),
        Set.of(),
        List.of(denial(Direction.INGRESS)),
        List.of(denial(Direction.EGRESS)),
        Origin.NONE));
  }

  private static PolicyRule denial(Direction direction) {
    return new PolicyRule(direction, 0, "", Action.DENY, Peers.EVERYONE, Ports.ALL, Origin.NONE);
  }
}
