package dev.postern.benchmarks;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ObjectName;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import dev.postern.testing.shape.Shape;
import dev.postern.watch.ClusterSnapshot;
import dev.postern.watch.WatchedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A seeded cluster that is watched, and what may happen to it, drawn at random. */
@State(Scope.Benchmark)
public class WatchedShape {

  @Param({"W3_MICROSERVICES"})
  public Shape shape = Shape.W3_MICROSERVICES;

  @Param({"1"})
  public double scale = 1;

  WatchedCluster watched = WatchedCluster.empty();
  Cluster cluster = Cluster.EMPTY;
  private List<Policy> policies = List.of();
  private List<String> namespaces = List.of();
  private SplittableRandom random = new SplittableRandom(42);
  private int count;

  /** Reads nothing, draws the cluster, and asks once, so that what is found once for all is there. */
  @Setup(Level.Trial)
  public void draw() {
    random = new SplittableRandom(42);
    cluster = shape.cluster(42, scale);
    watched = WatchedCluster.of(cluster);
    policies = cluster.policies().stream()
        .filter(policy ->
            policy.kind() == PolicyKind.NETWORK_POLICY && !policy.ingress().isEmpty())
        .toList();
    namespaces = List.copyOf(cluster.namespaces().keySet());
    watched.snapshot().wouldOpen(edit());
  }

  private Workload workload() {
    return cluster.workloads().get(random.nextInt(cluster.workloads().size()));
  }

  /** One more pod that says the same of itself as one that is there. */
  ObjectEvent knownPod() {
    Workload like = workload();
    return pod(like, like.labels());
  }

  /** One more pod with labels that no pod has, of a value that a policy asks for and one that none does. */
  ObjectEvent newPod() {
    Workload like = workload();
    return pod(
        like, like.labels().with("pod", "new-" + count).with("app", "other-" + count % 1000));
  }

  private ObjectEvent pod(Workload like, Labels labels) {
    Pod pod = new Pod(
        "pod-" + count++ % 4096,
        Optional.of("node-" + count % 100),
        List.of(Address.ipv4(0x0AF0_0000L + count % 4096)),
        Origin.NONE);
    return new ObjectEvent.Applied(ClusterObject.pod(
        new ObjectName("Pod", like.namespace(), pod.name()), labels, like.ports(), false, pod));
  }

  /** A policy whose first rule passes another port. */
  ObjectEvent edit() {
    Policy policy = policies.get(random.nextInt(policies.size()));
    List<PolicyRule> rules = new ArrayList<>(policy.ingress());
    rules.set(0, rule(rules.get(0), rules.get(0).peers()));
    return applied(policy, policy.name(), rules);
  }

  /** A new policy that lets another namespace in to the pods of a policy that is there. */
  ObjectEvent opening() {
    Policy policy = policies.get(random.nextInt(policies.size()));
    Peers from = new Peers.AnyOf(List.of(new Peer.Pods(
        new NamespaceSelection.Named(namespaces.get(random.nextInt(namespaces.size()))),
        Selector.EVERYTHING,
        Origin.NONE)));
    return applied(policy, "opening", List.of(rule(policy.ingress().get(0), from)));
  }

  /** A new policy that lets everybody in to the pods of a policy that is there. */
  ObjectEvent openingToAll() {
    Policy policy = policies.get(random.nextInt(policies.size()));
    return applied(policy, "opening", List.of(rule(policy.ingress().get(0), Peers.EVERYONE)));
  }

  private PolicyRule rule(PolicyRule like, Peers peers) {
    PortSet port = PortSet.of(1 + random.nextInt(PortSet.MAX));
    Ports ports = new Ports.AnyOf(List.of(new Ports.Numbered(Protocol.TCP, port, Origin.NONE)));
    return new PolicyRule(
        like.direction(), 0, like.name(), like.action(), peers, ports, Origin.NONE);
  }

  private static ObjectEvent applied(Policy like, String name, List<PolicyRule> ingress) {
    boolean added = !name.equals(like.name());
    return new ObjectEvent.Applied(ClusterObject.of(new Policy(
        like.kind(),
        like.namespace(),
        name,
        like.tier(),
        like.priority(),
        like.subject(),
        like.isolates(),
        ingress,
        added ? List.of() : like.egress(),
        Origin.NONE)));
  }

  /** A flow from any pod to one of a namespace. */
  Flow flowTo(ClusterSnapshot snapshot, String namespace) {
    List<Workload> there = snapshot.state().workloads(namespace);
    return new Flow(
        end(workload()),
        end(there.get(random.nextInt(there.size()))),
        Protocol.TCP,
        1 + random.nextInt(1024));
  }

  Flow flow(ClusterSnapshot snapshot) {
    return flowTo(snapshot, workload().namespace());
  }

  private static End end(Workload workload) {
    Pod pod = workload.pods().get(0);
    return new End.InPod(workload, Optional.of(pod), Optional.of(pod.addresses().get(0)));
  }
}
