package dev.postern.lint.rule;

import dev.postern.algebra.ClassSet;
import dev.postern.anomaly.Anomalies;
import dev.postern.anomaly.Finding;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic.Related;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ObjectName;
import dev.postern.manifest.Written;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.selector.Selector;
import dev.postern.service.Backends;
import dev.postern.why.NearMatch;
import dev.postern.why.WorkloadIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the rules look at. What several rules need is computed once, when first asked for. Not thread-safe. */
public final class LintInput {

  private final Plan plan;
  private final List<Written> written;
  private final Function<Origin, Optional<String>> lines;
  private final LintOptions options;
  private final Map<Origin, Written> byOrigin = new HashMap<>();
  private final Set<String> mixed;
  private final Map<String, List<Workload>> workloads = new HashMap<>();
  private final Map<String, List<Service>> services = new HashMap<>();
  private final Map<Workload, List<Policy>> selecting = new IdentityHashMap<>();
  private final Map<Object, Optional<NearMatch>> near = new HashMap<>();
  /** By class its workloads; none for one that nobody asked for. */
  private final List<List<Workload>> members;

  private final Map<ClassSet, List<Workload>> ofClasses = new HashMap<>();
  private final Map<ClassSet, Listeners> listeners = new HashMap<>();
  private final ListeningPorts listening = new ListeningPorts(this);
  private Optional<NameServers> nameServers = Optional.empty();
  private Optional<WorkloadIndex> index = Optional.empty();
  private Optional<List<Finding>> anomalies = Optional.empty();
  private final Map<Finding.Kind, List<Finding>> byKind = new EnumMap<>(Finding.Kind.class);
  private final Map<Object, Related> related = new IdentityHashMap<>();
  private Optional<Set<Policy>> isolatingByRules = Optional.empty();
  private Optional<Backends> backends = Optional.empty();

  private LintInput(
      Plan plan,
      List<Written> written,
      Set<String> mixed,
      Function<Origin, Optional<String>> lines,
      LintOptions options) {
    this.plan = plan;
    this.written = List.copyOf(written);
    this.lines = lines;
    this.options = options;
    this.members =
        new ArrayList<>(Collections.nCopies(plan.classes().inside(), List.<Workload>of()));
    this.mixed = Set.copyOf(mixed);
    written.forEach(object -> byOrigin.put(object.origin(), object));
    plan.cluster()
        .services()
        .forEach(service -> services
            .computeIfAbsent(service.namespace(), namespace -> new ArrayList<>())
            .add(service));
    plan.cluster()
        .workloads()
        .forEach(workload -> workloads
            .computeIfAbsent(workload.namespace(), namespace -> new ArrayList<>())
            .add(workload));
  }

  /** What was read. Rules about how something is written need {@link dev.postern.manifest.ReadOptions#keepWritten}. */
  public static LintInput of(Loaded loaded, LintOptions options) {
    // Of several dataplanes each has its own choices; the common reading serves them all.
    Options choices = options.dataplanes().size() == 1
        ? options.dataplanes().get(0).on(Options.DEFAULT)
        : Options.DEFAULT;
    return of(loaded, Plan.of(loaded.cluster(), choices), options);
  }

  /**
   * What was read.
   *
   * @param plan the plan of its cluster
   */
  public static LintInput of(Loaded loaded, Plan plan, LintOptions options) {
    // Not by what is kept as written: a pod of a controller, as a dump has it, is none of that.
    Set<String> mixed = loaded.diagnostics().stream()
        .filter(diagnostic -> diagnostic.code().equals(Code.DUPLICATE_OBJECT))
        .flatMap(diagnostic -> loaded.places().object(diagnostic.origin()).stream())
        .map(ObjectName::namespace)
        .collect(Collectors.toSet());
    return new LintInput(plan, loaded.written(), mixed, loaded.lines()::shortLine, options);
  }

  /** A cluster without its text: rules about how something is written find nothing. */
  public static LintInput of(Plan plan, LintOptions options) {
    return new LintInput(plan, List.of(), Set.of(), origin -> Optional.empty(), options);
  }

  public Plan plan() {
    return plan;
  }

  public Cluster cluster() {
    return plan.cluster();
  }

  public LintOptions options() {
    return options;
  }

  /** The objects as they were written, also those of kinds that Postern does not read. */
  public List<Written> written() {
    return written;
  }

  /** A policy as it was written. */
  public Optional<Written> written(Policy policy) {
    return Optional.ofNullable(byOrigin.get(policy.origin()));
  }

  /** A workload as it was written. */
  public Optional<Written> written(Workload workload) {
    return Optional.ofNullable(byOrigin.get(workload.origin()));
  }

  /** The source line that an origin names; empty for one that is so long that it holds whole objects. */
  public Optional<String> line(Origin origin) {
    return lines.apply(origin);
  }

  /** The workloads of a namespace. */
  public List<Workload> workloads(String namespace) {
    return workloads.getOrDefault(namespace, List.of());
  }

  /** Whether the pods of a namespace are in the input, as far as one can tell: some are, or the input is complete. */
  public boolean hasPods(String namespace) {
    return options.closed() || (workloads.containsKey(namespace) && !isMixed(namespace));
  }

  /**
   * Whether the input holds several versions of a namespace, as a repository does with its variants and tests: an object in it is declared
   * twice. What policies do there together says nothing.
   */
  public boolean isMixed(String namespace) {
    return !options.closed() && mixed.contains(namespace);
  }

  /**
   * Whether a policy and a workload are meant to lie in one namespace: both say which, or they lie in one directory. Parts of a
   * kustomization that name no namespace meet in the default one by accident.
   */
  public boolean areTogether(Policy policy, Workload workload) {
    Optional<Written> one = written(policy);
    Optional<Written> other = written(workload);
    return !isMixed(workload.namespace())
        && (options.closed()
            || one.isEmpty()
            || other.isEmpty()
            || (!one.get().namespace().isEmpty() && !other.get().namespace().isEmpty())
            || directory(policy.origin()).equals(directory(workload.origin())));
  }

  private static String directory(Origin origin) {
    return origin.file().substring(0, origin.file().lastIndexOf('/') + 1);
  }

  /** The Services of a namespace. */
  public List<Service> services(String namespace) {
    return services.getOrDefault(namespace, List.of());
  }

  /** The policies of all tiers that select a workload's pods, in the cluster's order. */
  public List<Policy> selecting(Workload workload) {
    if (selecting.isEmpty()) {
      for (Policy policy : plan.cluster().policies()) {
        workloads(plan.targets(policy))
            .forEach(
                each -> selecting.computeIfAbsent(each, w -> new ArrayList<>()).add(policy));
      }
    }
    return selecting.getOrDefault(workload, List.of());
  }

  /** The workloads of which some pod is in these classes; each once. */
  public List<Workload> workloads(ClassSet classes) {
    // Rules of one policy ask for the same, again and again.
    return ofClasses.computeIfAbsent(classes, this::find);
  }

  private List<Workload> find(ClassSet classes) {
    ClassSet inside = classes.intersect(plan.classes().insiders());
    if (inside.size() == 1) {
      return members(inside.runFirst(0));
    }
    Set<Workload> found = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Workload> ordered = new ArrayList<>();
    inside.forEach(number -> members(number).forEach(workload -> {
      if (found.add(workload)) {
        ordered.add(workload);
      }
    }));
    return Collections.unmodifiableList(ordered);
  }

  /** The workloads of which some pod is in an inside class; each once. */
  List<Workload> members(int number) {
    List<Workload> known = members.get(number);
    if (known.isEmpty()) {
      List<Workload> ordered = new ArrayList<>(1);
      // The endpoints of a workload stand together.
      plan.classes().members(number).forEach(member -> {
        Workload workload = plan.classes().endpoints().get(member).workload();
        if (ordered.isEmpty() || ordered.get(ordered.size() - 1) != workload) {
          ordered.add(workload);
        }
      });
      known = List.copyOf(ordered);
      members.set(number, known);
    }
    return known;
  }

  /**
   * The pods at the receiving end of a rule, as far as selectors name them: the policy's own for ingress, the peers for egress; none if a
   * peer is no selector of pods, since anyone may be there.
   */
  Listeners receivers(Policy policy, PolicyRule rule) {
    ClassSet classes = ClassSet.EMPTY;
    if (rule.direction() == Direction.INGRESS) {
      classes = plan.targets(policy);
    } else if (rule.peers() instanceof Peers.AnyOf any
        && any.peers().stream().allMatch(Peer.Pods.class::isInstance)) {
      classes = ClassSet.union(
          any.peers().stream().map(peer -> plan.matched(policy, rule, peer)).toList());
    }
    // Rules of one policy, and of its copies, are about the same.
    return listeners.computeIfAbsent(classes, each -> new Listeners(this, each));
  }

  /** Where pods listen. */
  ListeningPorts listening() {
    return listening;
  }

  /** The cluster's DNS. */
  NameServers nameServers() {
    if (nameServers.isEmpty()) {
      nameServers = Optional.of(new NameServers(this));
    }
    return nameServers.get();
  }

  /** What comes closest to selectors that match nobody. */
  public Optional<NearMatch> nearMatch(
      NamespaceSelection namespaces, Selector pods, PolicyKind kind) {
    return near.computeIfAbsent(
        List.of(namespaces, pods, kind),
        key -> NearMatch.of(namespaces, pods, kind, index(), plan.options()));
  }

  private WorkloadIndex index() {
    if (index.isEmpty()) {
      index = Optional.of(WorkloadIndex.of(plan.cluster()));
    }
    return index.get();
  }

  /** What is behind the Services. */
  public Backends backends() {
    if (backends.isEmpty()) {
      backends = Optional.of(Backends.of(plan.cluster()));
    }
    return backends.get();
  }

  /** What is odd about rules among themselves. */
  public List<Finding> anomalies() {
    if (anomalies.isEmpty()) {
      anomalies = Optional.of(Anomalies.of(plan));
    }
    return anomalies.get();
  }

  /** What is odd in one way, in the same order. */
  List<Finding> anomalies(Finding.Kind kind) {
    if (byKind.isEmpty()) {
      for (Finding.Kind each : Finding.Kind.values()) {
        byKind.put(each, new ArrayList<>());
      }
      anomalies()
          .forEach(finding -> byKind.getOrDefault(finding.kind(), List.of()).add(finding));
    }
    return byKind.getOrDefault(kind, List.of());
  }

  /** The place of a rule, or a policy, that has to do with a finding. */
  Related related(Cause cause) {
    Object of = cause.rule().isPresent() ? cause.rule().get() : cause.policy();
    return related.computeIfAbsent(
        of,
        key -> new Related(
            FindingNames.cause(cause),
            cause.rule().map(PolicyRule::origin).orElse(cause.policy().origin())));
  }

  /** The policies of {@link Finding#isolatingByRules}. */
  Set<Policy> isolatingByRules() {
    if (isolatingByRules.isEmpty()) {
      isolatingByRules = Optional.of(Finding.isolatingByRules(anomalies()));
    }
    return isolatingByRules.get();
  }
}
