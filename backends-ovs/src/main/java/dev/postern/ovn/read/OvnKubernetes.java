package dev.postern.ovn.read;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.ovn.Ovn;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is special where OVN-Kubernetes wrote the ACLs: two kinds of packets that pass whatever policies say bear addresses of its own. What a
 * node sends to its pods comes from the address of the node's management port; what a Service sends back to the pod that called it comes from
 * an address that nothing else has.
 */
final class OvnKubernetes {

  private static final String OWNER = "k8s.ovn.org/owner-controller";
  private static final String MANAGEMENT_PORT = "k8s-";
  private static final int ICMPV6 = 58;
  private static final int REDIRECT = 137;
  private static final String HAIRPIN = "hairpin_snat_ip";

  /** How owner types begin of the ACLs for multicast: of the cluster, which drop, and of namespaces, which allow. */
  private static final String MULTICAST = "Multicast";

  private static final AddressSet GROUPS =
      AddressSet.of(Cidr.parse("224.0.0.0/4")).union(AddressSet.of(Cidr.parse("ff00::/8")));
  private static final int IGMP = 2;
  private static final Set<Integer> MLD = Set.of(130, 131, 132, 143);

  private static final String OWNER_TYPE = "k8s.ovn.org/owner-type";
  private static final String NAME = "k8s.ovn.org/name";

  private OvnKubernetes() {}

  /**
   * The namespace whose EgressFirewall drops packets by an ACL: that is no policy of Kubernetes. Judged as if it were not there, the others
   * never let less pass, so that nothing open is hidden.
   */
  static Optional<String> egressFirewall(Row acl) {
    boolean drops = Set.of("drop", "reject").contains(acl.text("action"));
    return drops && acl.map("external_ids").getOrDefault(OWNER_TYPE, "").equals("EgressFirewall")
        ? Optional.of(acl.map("external_ids").getOrDefault(NAME, "?"))
        : Optional.empty();
  }

  /**
   * What a database's ACLs are held to.
   *
   * @param firewalls the namespaces whose EgressFirewalls were left out
   */
  static Contract contract(NorthboundTables tables, Topology topology, Set<String> firewalls) {
    Contract contract = Ovn.contract();
    boolean theirs = false;
    boolean multicast = false;
    for (Row acl : tables.rows("ACL")) {
      theirs |= acl.map("external_ids").containsKey(OWNER);
      multicast |= acl.map("external_ids").getOrDefault(OWNER_TYPE, "").startsWith(MULTICAST);
    }
    if (!theirs) {
      return contract;
    }
    contract = contract
        .leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE)
        .waiving(
            "ICMPv6 redirects, which routers send and not pods",
            Condition.all(
                new Condition.IpProtocol(Set.of(ICMPV6)),
                new Condition.IcmpType(Set.of(REDIRECT))));
    if (!firewalls.isEmpty()) {
      contract = contract.waiving(
          "what the EgressFirewall of " + String.join(", ", firewalls)
              + " denies, which is no policy of Kubernetes: judged as if it denied nothing",
          Condition.NEVER);
    }
    if (multicast) {
      contract = contract.waiving(
          "multicast and what manages its groups (IGMP, MLD), which OVN-Kubernetes lets pass by namespaces",
          Condition.any(
              new Condition.DestinationAddress(GROUPS),
              new Condition.IpProtocol(Set.of(IGMP)),
              Condition.all(
                  new Condition.IpProtocol(Set.of(ICMPV6)), new Condition.IcmpType(MLD))));
    }
    // An address that a pod has is that pod's, whatever it is said to be besides.
    AddressSet pods = topology.podsBesides(managementPorts(tables));
    AddressSet hairpin = hairpin(tables).minus(pods);
    if (!hairpin.isEmpty()) {
      contract = contract.waiving(
          "packets from " + words(hairpin)
              + ", which a Service sends back to the pod that called it",
          new Condition.SourceAddress(hairpin));
    }
    for (Row logical : tables.rows("Logical_Switch")) {
      String node = logical.text("name");
      AddressSet management =
          topology.addressesOf(List.of(MANAGEMENT_PORT + node)).minus(pods);
      Set<String> ports = topology.portsOfSwitch(logical.uuid());
      if (!management.isEmpty() && ports.contains(MANAGEMENT_PORT + node)) {
        contract = contract.waiving(
            "packets from " + words(management) + ", node " + node + " itself, to its pods",
            Condition.all(
                new Condition.SourceAddress(management),
                new Condition.DestinationAddress(topology.addressesOf(ports))));
      }
    }
    return contract;
  }

  /** Single addresses, with commas between. */
  static String words(AddressSet addresses) {
    return addresses.ranges().stream()
        .map(range -> range.first().toString())
        .collect(Collectors.joining(", "));
  }

  private static Set<String> managementPorts(NorthboundTables tables) {
    Set<String> ports = new HashSet<>();
    for (Row logical : tables.rows("Logical_Switch")) {
      ports.add(MANAGEMENT_PORT + logical.text("name"));
    }
    return ports;
  }

  private static AddressSet hairpin(NorthboundTables tables) {
    List<Address> addresses = new ArrayList<>();
    for (Row balancer : tables.rows("Load_Balancer")) {
      for (String word : balancer.map("options").getOrDefault(HAIRPIN, "").split(" ", -1)) {
        try {
          addresses.add(Address.parse(word));
        } catch (IllegalArgumentException notAnAddress) {
          continue;
        }
      }
    }
    return AddressSet.ofAddresses(addresses);
  }
}
