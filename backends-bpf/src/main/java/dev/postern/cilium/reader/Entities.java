package dev.postern.cilium.reader;

import dev.postern.backend.Note;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.ShortList;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Leeway;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Addresses that an agent knows as a part of the cluster that is no pod: nodes, what they check each other's health with, and where the
 * ingress proxy calls from. An agent gives them identities of {@code pkg/identity/numericidentity.go}, each address by an entry of its own,
 * and an {@code ipBlock} selects none of these. No policy of Kubernetes makes an entry for such an identity, but each endpoint lets its
 * own host in ({@code --allow-localhost}).
 *
 * @param host addresses of the agent's own node, without those that are known as another node's
 * @param all addresses of any such identity; none of them is a pod's
 * @param guests the pods of the agent's node, as far as it is known where they run
 * @param notes which of the addresses no node of the manifests has
 */
record Entities(AddressSet host, AddressSet all, AddressSet guests, List<Note> notes) {

  private static final int MOST_NAMED = 5;
  private static final int HOST = 1;
  private static final int FIRST_OF_NODES = 2 << 24;
  private static final int LAST_OF_NODES = (3 << 24) - 1;

  /** What the agent says of an address by its identity. */
  private static final Map<Integer, String> NAMES = new TreeMap<>(Map.of(
      HOST,
      "its own node (host)",
      4,
      "a node's health check (health)",
      6,
      "another node (remote-node)",
      7,
      "a node of the API server (kube-apiserver)",
      8,
      "an ingress proxy (ingress)"));

  static Entities of(Ipcache ipcache, Cluster cluster, Scope scope) {
    AddressSet pods = AddressSet.EMPTY;
    for (Workload workload : cluster.workloads()) {
      if (!workload.hostNetwork()) {
        for (Pod pod : workload.pods()) {
          pods = pods.union(AddressSet.ofAddresses(pod.addresses()));
        }
      }
    }
    // An agent gives these identities to single addresses.
    AddressSet single = ipcache.own().minus(pods);
    AddressSet nodes = AddressSet.EMPTY;
    for (Node node : cluster.nodes()) {
      nodes = nodes.union(addresses(node));
    }
    AddressSet all = AddressSet.EMPTY;
    List<Note> notes = new ArrayList<>();
    for (Map.Entry<Integer, AddressSet> entry : ipcache.identities().entrySet()) {
      int identity = entry.getKey();
      if (NAMES.containsKey(identity) || identity >= FIRST_OF_NODES && identity <= LAST_OF_NODES) {
        AddressSet here = entry.getValue().intersect(single);
        AddressSet unknown = here.minus(nodes);
        if (!unknown.isEmpty()) {
          notes.add(Note.of("the agent takes " + some(unknown.each()) + " for "
              + NAMES.getOrDefault(identity, "another node")
              + "; no node of the manifests has "
              + (unknown.each().size() == 1 ? "this address" : "these addresses")));
        }
        all = all.union(here);
      }
    }
    AddressSet host = ipcache.identities().getOrDefault(HOST, AddressSet.EMPTY).intersect(single);
    Set<String> own = new HashSet<>();
    AddressSet others = AddressSet.EMPTY;
    for (Node node : cluster.nodes()) {
      AddressSet addresses = addresses(node);
      if (scope.node().filter(name -> !name.equals(node.name())).isPresent()) {
        others = others.union(addresses);
      } else if (!addresses.intersect(host).isEmpty()) {
        own.add(node.name());
      }
    }
    if (own.size() > 1) {
      // An agent that takes other nodes for its own does not tell which one is.
      others = nodes;
    }
    return new Entities(host.minus(others), all, guests(cluster, scope, own), notes);
  }

  /** The addresses of a node, also those that only its agent tells ({@code CiliumNode}). */
  private static AddressSet addresses(Node node) {
    return AddressSet.ofAddresses(node.addresses())
        .union(AddressSet.ofAddresses(node.agentAddresses()));
  }

  private static String some(List<Address> addresses) {
    return addresses.stream().collect(ShortList.ofFirst(MOST_NAMED));
  }

  private static AddressSet guests(Cluster cluster, Scope scope, Set<String> own) {
    AddressSet guests = AddressSet.EMPTY;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        boolean here =
            own.isEmpty() || pod.node().filter(node -> !own.contains(node)).isEmpty();
        if (here && !workload.hostNetwork() && scope.contains(pod)) {
          guests = guests.union(AddressSet.ofAddresses(pod.addresses()));
        }
      }
    }
    return guests;
  }

  /** What the agent does about them, whatever policies say. */
  Contract on(Contract contract, Cluster cluster, Scope scope) {
    Contract open = contract;
    AddressSet noHost = all.minus(host);
    if (!all.isEmpty()) {
      open = open.waiving(
          "packets from and to other nodes, health checks and ingress proxies may be dropped where only"
              + " an `ipBlock` allows them: it selects no such address",
          new BlocksAlone(cluster, scope).between(noHost, all),
          Leeway.MAY_DROP);
    }
    return host.isEmpty()
        ? open
        : open.waiving(
            "packets from the agent's own node may pass, whichever of its addresses they bear",
            Condition.all(
                new Condition.SourceAddress(host), new Condition.DestinationAddress(guests)),
            Leeway.MAY_PASS);
  }
}
