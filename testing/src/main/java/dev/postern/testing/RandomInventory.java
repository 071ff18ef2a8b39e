package dev.postern.testing;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The things that policies are about: namespaces and nodes, made once, and workloads, each from a seed of its own. */
final class RandomInventory {

  private static final List<String> NAMES = List.of(
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
      "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi",
      "psi", "omega", "stigma", "koppa");
  private static final String UNDECLARED = "ghost";
  private static final List<String> CONTROLLERS =
      List.of("Deployment", "StatefulSet", "ReplicaSet");

  static final List<String> PORT_NAMES = List.of("http", "dns", "metrics");
  static final List<Integer> PORT_NUMBERS = List.of(1, 53, 80, 81, 8080, 65535);

  private final Profile profile;
  private final RandomAddresses addresses;
  final List<Namespace> namespaces = new ArrayList<>();
  final List<Node> nodes = new ArrayList<>();

  RandomInventory(SeededRandom dice, Profile profile) {
    this.profile = profile;
    this.addresses = new RandomAddresses(profile.familyList());
    int namespaceCount = Math.min(dice.pick(2, 2, 2, 3, 26), profile.size().namespaces());
    for (String name : NAMES.subList(0, namespaceCount)) {
      namespaces.add(
          new Namespace(name, RandomSelectors.NAMESPACES.labels(dice), true, Origin.NONE));
    }
    int nodeCount = profile.has(ClusterFeature.NODES) ? dice.between(1, 3) : 0;
    for (int i = 0; i < nodeCount; i++) {
      int number = i;
      boolean missing = profile.has(ClusterFeature.MISSING_ADDRESSES) && dice.percent(10);
      List<Address> own = missing
          ? List.of()
          : profile.familyList().stream()
              .map(family -> RandomAddresses.node(family, number))
              .toList();
      nodes.add(new Node("node-" + number, RandomSelectors.NODES.labels(dice), own, Origin.NONE));
    }
  }

  /** The namespaces that things may lie in, declared or not. */
  List<String> places() {
    List<String> places =
        new ArrayList<>(namespaces.stream().map(Namespace::name).toList());
    if (profile.has(ClusterFeature.UNDECLARED_NAMESPACES)) {
      places.add(UNDECLARED);
    }
    return places;
  }

  Workload workload(int index, SeededRandom dice) {
    boolean onHost =
        profile.has(ClusterFeature.HOST_NETWORK) && !nodes.isEmpty() && dice.percent(15);
    boolean mayMiss = profile.has(ClusterFeature.MISSING_ADDRESSES);
    boolean template = mayMiss && dice.percent(15);
    boolean single = !template && dice.percent(30);
    String kind = onHost ? "DaemonSet" : single ? "Pod" : dice.pick(CONTROLLERS);
    String name = "w" + index;
    List<Pod> pods = new ArrayList<>();
    if (onHost && !template) {
      for (Node node : dice.some(dice.between(1, profile.size().pods()), nodes)) {
        pods.add(new Pod(
            name + "-" + pods.size(), Optional.of(node.name()), node.addresses(), Origin.NONE));
      }
    } else if (!template) {
      int count = single ? 1 : dice.between(1, profile.size().pods());
      for (int i = 0; i < count; i++) {
        Optional<String> node = nodes.isEmpty() || dice.percent(20)
            ? Optional.empty()
            : Optional.of(dice.pick(nodes).name());
        String podName = kind.equals("Pod") ? name : name + "-" + i;
        pods.add(new Pod(
            podName,
            node,
            addresses.ofPod(dice, index, i, mayMiss),
            RandomServices.hostname(index, i),
            Origin.NONE));
      }
    }
    return new Workload(
        dice.pick(places()),
        name,
        kind,
        RandomSelectors.PODS.labels(dice),
        containerPorts(dice),
        onHost,
        pods,
        Origin.NONE);
  }

  /** Container ports; a name may come twice, on another protocol or number. */
  private List<ContainerPort> containerPorts(SeededRandom dice) {
    List<ContainerPort> ports = new ArrayList<>();
    for (int i = dice.between(0, 3); i > 0; i--) {
      String name = dice.percent(20) ? "" : dice.pick(PORT_NAMES);
      ContainerPort port = new ContainerPort(name, protocol(dice), dice.pick(PORT_NUMBERS));
      if (!ports.contains(port)) {
        ports.add(port);
      }
    }
    return ports;
  }

  Protocol protocol(SeededRandom dice) {
    return profile.has(ClusterFeature.SCTP) && dice.percent(15)
        ? Protocol.SCTP
        : dice.percent(70) ? Protocol.TCP : Protocol.UDP;
  }
}
