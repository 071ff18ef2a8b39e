package dev.postern.testing.shape;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What happens to a running cluster: of eleven changes ten are pods that come or go, and one is a NetworkPolicy whose first rule's ports are
 * edited. A second of shape W6 is a hundred and ten changes.
 */
public final class Churn {

  /** One change. */
  public sealed interface ClusterChange {

    /** The cluster with this change made to it. */
    Cluster after(Cluster before);
  }

  /**
   * Pods of a workload came or went.
   *
   * @param before the workload as it was
   * @param after with one pod more or less
   */
  public record PodsChanged(Workload before, Workload after) implements ClusterChange {
    @Override
    public Cluster after(Cluster cluster) {
      return cluster.withWorkloads(replace(cluster.workloads(), before, after));
    }
  }

  /**
   * A policy was edited.
   *
   * @param before the policy as it was
   * @param after with other ports in its first rule
   */
  public record PolicyEdited(Policy before, Policy after) implements ClusterChange {
    @Override
    public Cluster after(Cluster cluster) {
      return cluster.withPolicies(replace(cluster.policies(), before, after));
    }
  }

  private final SplittableRandom random;
  private final List<Workload> workloads;
  private final List<Policy> policies;
  private int count;

  private Churn(Cluster cluster, long seed) {
    this.random = new SplittableRandom(seed);
    this.workloads = new ArrayList<>(cluster.workloads());
    this.policies = new ArrayList<>(cluster.policies().stream()
        .filter(policy ->
            policy.kind() == PolicyKind.NETWORK_POLICY && !policy.ingress().isEmpty())
        .toList());
  }

  /**
   * The changes of a cluster from now on.
   *
   * @throws IllegalArgumentException if it has no workload, or no NetworkPolicy with an ingress rule
   */
  public static Churn of(Cluster cluster, long seed) {
    Churn churn = new Churn(cluster, seed);
    if (churn.workloads.isEmpty() || churn.policies.isEmpty()) {
      throw new IllegalArgumentException("nothing in this cluster changes");
    }
    return churn;
  }

  /** The next change, to the cluster as all changes before have left it. */
  public ClusterChange next() {
    return ++count % 11 == 0 ? edit() : pods();
  }

  private ClusterChange pods() {
    int place = random.nextInt(workloads.size());
    Workload before = workloads.get(place);
    List<Pod> pods = new ArrayList<>(before.pods());
    if (pods.size() > 1 && random.nextBoolean()) {
      pods.remove(random.nextInt(pods.size()));
    } else {
      // From a range of its own, so that no address comes twice.
      Address address = Address.ipv4(0x0AF0_0000L + count % 0x000F_0000);
      pods.add(new Pod(
          "churn-" + count, Optional.of("node-" + count % 100), List.of(address), Origin.NONE));
    }
    Workload after = new Workload(
        before.namespace(),
        before.name(),
        before.kind(),
        before.labels(),
        before.ports(),
        before.hostNetwork(),
        pods,
        before.origin());
    workloads.set(place, after);
    return new PodsChanged(before, after);
  }

  private ClusterChange edit() {
    int place = random.nextInt(policies.size());
    Policy before = policies.get(place);
    List<PolicyRule> rules = new ArrayList<>(before.ingress());
    PolicyRule rule = rules.get(0);
    PortSet port = PortSet.of(PortSet.MIN + random.nextInt(PortSet.MAX));
    Ports ports = new Ports.AnyOf(List.of(new Ports.Numbered(Protocol.TCP, port, Origin.NONE)));
    rules.set(
        0,
        new PolicyRule(
            rule.direction(),
            rule.index(),
            rule.name(),
            rule.action(),
            rule.peers(),
            ports,
            rule.origin()));
    Policy after = new Policy(
        before.kind(),
        before.namespace(),
        before.name(),
        before.tier(),
        before.priority(),
        before.subject(),
        before.isolates(),
        rules,
        before.egress(),
        before.origin());
    policies.set(place, after);
    return new PolicyEdited(before, after);
  }

  /** The same list with one item replaced, which must be in it. */
  private static <T> List<T> replace(List<T> items, T before, T after) {
    List<T> changed = new ArrayList<>(items);
    changed.set(changed.indexOf(before), after);
    return changed;
  }
}
