package dev.postern.watch;

import dev.postern.answer.Analysis;
import dev.postern.answer.Answer;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diff.Difference;
import dev.postern.manifest.ClusterState;
import dev.postern.manifest.ObjectEvent;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.question.BadSentence;
import dev.postern.question.Question;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster at one moment. Immutable and safe for use by many threads; what is worked out for one question is kept for the next.
 *
 * <p>A flow is judged out of the policies that may select one of its ends, so that the answer costs the same however large the cluster is and
 * whatever happened before. What is about the whole cluster ({@link #analysis}) plans it when first asked for, starting from what was planned
 * last.
 */
public final class ClusterSnapshot {

  /** A change that may be about so many workloads costs more by itself than beside a plan of all. */
  private static final int MANY = 2_000;

  private final ClusterState state;
  private final Options options;
  private final long revision;
  private final MissingController controller;
  private final LatestAnalysis latest;
  private Optional<Analysis> analysis = Optional.empty();

  ClusterSnapshot(ClusterState state, Options options) {
    this(state, options, 0, new MissingController(state), new LatestAnalysis());
  }

  private ClusterSnapshot(
      ClusterState state,
      Options options,
      long revision,
      MissingController controller,
      LatestAnalysis latest) {
    this.latest = latest;
    this.state = state;
    this.options = options;
    this.revision = revision;
    this.controller = controller;
  }

  /** How many events changed the cluster until now. */
  public long revision() {
    return revision;
  }

  /** How it reads what Kubernetes leaves open. */
  public Options options() {
    return options;
  }

  /** Its objects, each by itself. */
  public ClusterState state() {
    return state;
  }

  /** All that is there, the same as if it had been read at once. */
  public Cluster cluster() {
    return state.cluster();
  }

  /**
   * Everything that can be asked about the whole cluster; planned when the first question comes. Where an earlier or later snapshot was planned
   * that differs in policies and pods alone, no more is planned than these have a part in; where a pod is of a class that is not there yet, or was the last
   * of its class, that is the rules of all policies.
   */
  public synchronized Analysis analysis() {
    Analysis all = analysis.orElseGet(() -> latest.of(state, options));
    analysis = Optional.of(all);
    return all;
  }

  /**
   * Answers a question in words about the whole cluster.
   *
   * @throws BadSentence if it is no question, or names something that is not in the cluster
   */
  public Answer ask(String question) {
    return analysis().ask(question);
  }

  /**
   * Answers a question about the whole cluster.
   *
   * @throws BadSentence if it names something that is not in the cluster
   */
  public Answer ask(Question question) {
    return analysis().ask(question);
  }

  // --- what happens, or would

  /** The snapshot that there will be if this happens; this one if it changes nothing. Nobody else sees it. */
  public ClusterSnapshot after(ObjectEvent event) {
    return after(List.of(event));
  }

  /** The snapshot that there will be if all of this happens. */
  public ClusterSnapshot after(List<? extends ObjectEvent> events) {
    ClusterState next = state;
    long happened = revision;
    for (ObjectEvent event : events) {
      ClusterState before = next;
      next = next.after(event);
      happened += next == before ? 0 : 1;
    }
    return next == state
        ? this
        : new ClusterSnapshot(
            next,
            options,
            happened,
            next.hasSameInhabitants(state) ? controller : new MissingController(next),
            latest);
  }

  /**
   * What an event would open and close: the difference between this snapshot and the one that there would be.
   *
   * @return nothing in it is certain where the event leaves something undecided, which it then says
   */
  public Difference wouldOpen(ObjectEvent event) {
    return to(after(event));
  }

  /** What events would open and close together. */
  public Difference wouldOpen(List<? extends ObjectEvent> events) {
    return to(after(events));
  }

  /**
   * What has opened and closed from this snapshot to another of the same cluster. Where nothing but policies changed, only what their change
   * may be about is looked at, or if that is much, what it changes of the plan of the whole cluster; else both are planned as a whole.
   */
  public Difference to(ClusterSnapshot later) {
    return to(later, MANY);
  }

  /** @param many of how many workloads on a change is compared beside the plan of the whole cluster */
  Difference to(ClusterSnapshot later, int many) {
    Optional<List<Policy>> added = state.policiesAddedBy(later.state);
    Optional<List<Policy>> removed = later.state.policiesAddedBy(state);
    return added.isPresent() && removed.isPresent() && !controller.isMissing()
        ? Difference.between(
            new StateLookup(state),
            new StateLookup(later.state),
            removed.get(),
            added.get(),
            options,
            many,
            () -> latest.planned(this))
        : Difference.between(cluster(), later.cluster(), options);
  }

  // --- flows

  /**
   * The ends that a pod is: one for each of its addresses, or one without where none is known.
   *
   * @return none if there is no such pod
   */
  public List<End.InPod> pod(String namespace, String name) {
    Optional<Workload> workload = state.workloadOf(namespace, name);
    Optional<Pod> pod = workload.flatMap(
        w -> w.pods().stream().filter(p -> p.name().equals(name)).findFirst());
    if (workload.isEmpty() || pod.isEmpty()) {
      return List.of();
    }
    if (pod.get().addresses().isEmpty()) {
      return List.of(new End.InPod(workload.get(), pod, Optional.empty()));
    }
    return pod.get().addresses().stream()
        .map(address -> new End.InPod(workload.get(), pod, Optional.of(address)))
        .toList();
  }

  /** The verdict on a flow between ends of this snapshot. */
  public FlowVerdict verdict(Flow flow) {
    return judge(flow).verdict();
  }

  /** The verdict on a flow between ends of this snapshot, with its reasons. */
  public Judgement judge(Flow flow) {
    return new Reference(between(flow.source(), flow.destination()), options).judge(flow);
  }

  /** All that passes from one end of this snapshot to another. */
  public Reach reach(End source, End destination) {
    return Reachability.of(Plan.of(between(source, destination), options))
        .traffic(source, destination);
  }

  /**
   * As much of the cluster as can matter between two ends: these, and the policies that may select them. A policy elsewhere selects neither;
   * what rules say of peers is asked for these two only.
   */
  private Cluster between(End source, End destination) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    List<Workload> workloads = new ArrayList<>(2);
    List<Policy> policies = new ArrayList<>(state.clusterPolicies());
    for (End end : List.of(source, destination)) {
      if (end instanceof End.InPod pod) {
        String namespace = pod.workload().namespace();
        if (namespaces.putIfAbsent(namespace, state.namespace(namespace)) == null) {
          policies.addAll(state.policies(namespace));
        }
        if (workloads.isEmpty() || workloads.get(0) != pod.workload()) {
          workloads.add(pod.workload());
        }
      }
    }
    if (dependsOnFamilies(workloads)) {
      return Undetermined.in(state.cluster());
    }
    return Undetermined.in(new Cluster(
        namespaces, workloads, List.of(), state.nodes(), List.of(), policies, state.unread()));
  }

  /** Whether it matters which addresses there are elsewhere: what is not known of a pod's address depends on the families in use. */
  private boolean dependsOnFamilies(List<Workload> workloads) {
    boolean known = workloads.stream()
        .allMatch(workload -> !workload.pods().isEmpty()
            && workload.pods().stream().noneMatch(pod -> pod.addresses().isEmpty()));
    if (known) {
      return false;
    }
    Set<Family> here = EnumSet.noneOf(Family.class);
    workloads.forEach(workload -> workload
        .pods()
        .forEach(pod -> pod.addresses().forEach(address -> here.add(address.family()))));
    state.nodes().forEach(node -> node.addresses().forEach(address -> here.add(address.family())));
    return here.isEmpty() || !here.equals(state.families());
  }
}
