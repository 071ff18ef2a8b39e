package dev.postern.testing;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Small random clusters whose parts meet often. Each workload and policy comes from a seed of its own, so that a shorter list of seeds is
 * the same cluster with less in it.
 */
public final class RandomCluster {

  private RandomCluster() {}

  /** A cluster of any size within the profile's; equal arguments give equal clusters. */
  public static Cluster of(long seed, Profile profile) {
    SeededRandom dice = new SeededRandom(seed);
    Profile.Size size = profile.size();
    int workloads = dice.between(Math.min(3, size.workloads()), size.workloads());
    int policies = dice.between(Math.min(1, size.policies()), size.policies());
    return of(dice.seed(), dice.seeds(workloads), dice.seeds(policies), profile);
  }

  /**
   * A cluster part by part.
   *
   * @param seed decides on namespaces, nodes and services
   * @param workloads a seed a workload
   * @param policies a seed a policy
   */
  static Cluster of(long seed, List<Long> workloads, List<Long> policies, Profile profile) {
    SeededRandom dice = new SeededRandom(seed);
    RandomInventory inventory = new RandomInventory(dice, profile);
    List<Workload> endpoints = new ArrayList<>();
    for (int i = 0; i < workloads.size(); i++) {
      endpoints.add(inventory.workload(i, new SeededRandom(workloads.get(i))));
    }
    List<Address> known = Stream.concat(
            endpoints.stream()
                .flatMap(w -> w.pods().stream())
                .flatMap(pod -> pod.addresses().stream()),
            inventory.nodes.stream().flatMap(node -> node.addresses().stream()))
        .distinct()
        .toList();
    List<Service> services = new ArrayList<>();
    List<Entrance> entrances = new ArrayList<>();
    RandomServices random = new RandomServices(profile, inventory, known);
    if (profile.has(ClusterFeature.SERVICES)) {
      for (int i = dice.between(0, 3); i > 0; i--) {
        Service service = random.service(i, dice);
        services.add(service);
        if (service.type() != Service.Type.EXTERNAL_NAME && dice.percent(30)) {
          entrances.add(random.entrance(i, service));
        }
      }
    }
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    inventory.namespaces.forEach(namespace -> namespaces.put(namespace.name(), namespace));
    return new Cluster(
        namespaces,
        endpoints,
        services,
        inventory.nodes,
        entrances,
        policies(new RandomPolicies(profile, inventory, known), policies, profile));
  }

  private static List<Policy> policies(RandomPolicies random, List<Long> seeds, Profile profile) {
    List<PolicyKind> kinds = kinds(profile);
    List<PolicyKind> repeatable = kinds.stream()
        .filter(k -> k != PolicyKind.BASELINE_ADMIN_NETWORK_POLICY)
        .toList();
    List<Policy> policies = new ArrayList<>();
    boolean baseline = false;
    for (int i = 0; i < seeds.size() && !kinds.isEmpty(); i++) {
      SeededRandom dice = new SeededRandom(seeds.get(i));
      PolicyKind kind = dice.pick(kinds);
      if (kind == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY && baseline) {
        if (repeatable.isEmpty()) {
          continue;
        }
        kind = dice.pick(repeatable);
      }
      baseline |= kind == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY;
      policies.add(random.policy(i, kind, dice));
    }
    return policies;
  }

  /** The kinds in a fixed order, as often as they shall come. */
  private static List<PolicyKind> kinds(Profile profile) {
    List<PolicyKind> kinds = new ArrayList<>();
    for (PolicyKind kind : PolicyKind.values()) {
      int weight = kind == PolicyKind.NETWORK_POLICY
          ? 5
          : kind == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY ? 1 : 2;
      for (int i = 0; i < weight && profile.kinds().contains(kind); i++) {
        kinds.add(kind);
      }
    }
    return kinds;
  }
}
