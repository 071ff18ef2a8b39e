package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.cluster.WorkloadSelectors;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.reach.Reachability;
import dev.postern.selector.Selector;
import dev.postern.service.Backends;
import dev.postern.service.DnsServers;
import dev.postern.suggestion.Call.Party;
import dev.postern.suggestion.Suggestion.Unsaid;
import dev.postern.traffic.Count;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The way from flows to policies: who called whom, what existing policies leave to do, rules, names. */
final class Suggesting {

  private final Reachability today;
  private final Cluster cluster;
  private final SuggestionOptions options;
  private final Predicate<Workload> whom;
  private final List<Workload> selectable;
  private final WorkloadSelectors selectors;
  private final SeenEnds ends;
  private final SeenNames names;
  private final ExistingPolicies existing;
  private final RuleMaker rules;

  private long exempt;
  private final Map<Unresolved, Unsaid> unresolved = new EnumMap<>(Unresolved.class);
  private final Set<String> covered = new TreeSet<>();
  /** Whom policies isolate that nobody asked for, since they have the labels of those that somebody did. */
  private final Set<Workload> drawnIn = Collections.newSetFromMap(new IdentityHashMap<>());

  Suggesting(Reachability today, SuggestionOptions options, Predicate<Workload> whom) {
    this.today = today;
    this.cluster = today.plan().cluster();
    this.options = options;
    this.whom = whom;
    this.selectable = cluster.workloads().stream()
        .filter(workload -> !today.plan().options().areNode(workload, options.kind()))
        .toList();
    this.selectors = WorkloadSelectors.among(selectable);
    this.ends = new SeenEnds(today, selectors, options.kind());
    this.names = new SeenNames(cluster);
    this.existing = new ExistingPolicies(cluster, today.plan().options(), options.kind());
    Map<Workload, Traffic> dns = new IdentityHashMap<>();
    DnsServers.of(cluster, Backends.of(cluster)).traffic().forEach((server, traffic) -> {
      if (ends.isSelectable(server) && selectors.choose(server).isPresent()) {
        dns.put(server, traffic);
      }
    });
    this.rules = new RuleMaker(
        options,
        selectors,
        selectable,
        cluster.workloads().stream()
            .filter(workload -> !ends.isSelectable(workload))
            .toList(),
        dns,
        new Blocks(ends.inside(), options.blocks()),
        names);
  }

  /** The calls of a subject, by direction. */
  private static final class Calls {
    final Map<Direction, List<Call>> byDirection = new EnumMap<>(Direction.class);

    void add(Direction direction, Call call) {
      byDirection.computeIfAbsent(direction, d -> new ArrayList<>()).add(call);
    }

    List<Call> in(Direction direction) {
      return byDirection.getOrDefault(direction, List.of());
    }
  }

  Suggestion of(List<SeenFlow> seen) {
    List<Call> calls = Call.together(calls(seen));
    Map<String, SubjectPods> subjects = new TreeMap<>();
    Map<String, Calls> callsOf = new HashMap<>();
    Set<Workload> met = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Call call : calls) {
      note(call, Direction.EGRESS, call.source(), subjects, callsOf, met);
      note(call, Direction.INGRESS, call.destination(), subjects, callsOf, met);
    }
    boolean disjoint = subjects.values().stream().allMatch(SubjectPods::isExact);
    PolicyMaker maker = new PolicyMaker(cluster, options, rules, disjoint);
    List<SuggestedPolicy> policies = new ArrayList<>();
    subjects.forEach((key, subject) -> {
      Deadline.current().check();
      policies.addAll(policies(subject, callsOf.getOrDefault(key, new Calls()), maker));
    });
    if (!drawnIn.isEmpty()) {
      return new Suggesting(today, options, each -> whom.test(each) || drawnIn.contains(each))
          .of(seen);
    }
    if (options.defaultDeny()) {
      subjects.values().stream()
          .map(SubjectPods::namespace)
          .distinct()
          .forEach(namespace -> policies.addAll(defaultDeny(namespace, policies, maker)));
    }
    policies.sort(Comparator.comparing(each -> each.policy().id()));
    Set<String> unseen = new TreeSet<>();
    selectable.stream()
        .filter(whom)
        .filter(workload -> !met.contains(workload))
        .forEach(workload -> unseen.add(names.of(new Party.Pods(workload, List.of(workload)))));
    Set<Flow> flows = new LinkedHashSet<>();
    calls.forEach(call -> flows.addAll(call.flows()));
    return new Suggestion(
        policies,
        rules.grants(),
        rules.edges(calls),
        List.copyOf(flows),
        exempt,
        unresolved,
        unseen,
        covered);
  }

  /** What denies a namespace the rest, where nothing does, and where policies may be suggested for all of its pods. */
  private List<SuggestedPolicy> defaultDeny(
      String namespace, List<SuggestedPolicy> suggested, PolicyMaker maker) {
    SubjectPods all = namespace(namespace);
    if (!all.meant().stream().allMatch(whom)) {
      return List.of();
    }
    Set<Direction> open = EnumSet.noneOf(Direction.class);
    for (Direction direction : options.directions()) {
      boolean closed = existing.isolateAll(namespace, direction)
          || suggested.stream()
              .anyMatch(each -> each.subject().namespace().equals(namespace)
                  && each.subject().selector().isEverything()
                  && (each.policy().isolates().contains(direction)
                      || !each.rules(direction).isEmpty()));
      if (!closed) {
        open.add(direction);
      }
    }
    return open.isEmpty() ? List.of() : List.of(maker.defaultDeny(all, open));
  }

  private List<Call> calls(List<SeenFlow> seen) {
    List<Call> calls = new ArrayList<>();
    for (SeenFlow flow : seen) {
      SeenEnds.Resolution resolution = ends.resolve(flow);
      if (resolution instanceof SeenEnds.Resolution.Calls some) {
        calls.addAll(some.calls());
      } else if (resolution instanceof SeenEnds.Resolution.Not not) {
        if (!concerns(flow)) {
          continue;
        }
        unresolved.merge(not.why(), new Unsaid(flow.evidence().flows(), flow), Unsaid::plus);
      } else {
        exempt = Count.plus(exempt, flow.evidence().flows());
      }
    }
    return calls;
  }

  /** Whether a flow is one of the workloads that policies may be suggested for, for all that is known. */
  private boolean concerns(SeenFlow flow) {
    List<Workload> known = Stream.of(flow.source(), flow.destination())
        .filter(End.InPod.class::isInstance)
        .map(end -> ((End.InPod) end).workload())
        .toList();
    return known.isEmpty() || known.stream().anyMatch(whom);
  }

  private void note(
      Call call,
      Direction direction,
      Party party,
      Map<String, SubjectPods> subjects,
      Map<String, Calls> callsOf,
      Set<Workload> met) {
    if (!(party instanceof Party.Pods pods)) {
      return;
    }
    met.addAll(pods.alike());
    if (!whom.test(pods.workload())) {
      return;
    }
    boolean whole = options.subjects() == Generality.NAMESPACE;
    Workload first = pods.key();
    String key =
        whole ? first.namespace() : first.namespace() + "/" + first.name() + "/" + first.kind();
    subjects.computeIfAbsent(key, k -> whole ? namespace(first.namespace()) : subject(pods));
    callsOf.computeIfAbsent(key, k -> new Calls()).add(direction, call);
  }

  private SubjectPods subject(Party.Pods pods) {
    WorkloadSelectors.Chosen chosen = selectors.choose(pods.key()).orElseThrow();
    return new SubjectPods(
        pods.key().namespace(), names.of(pods), pods.alike(), chosen.selector(), chosen.selected());
  }

  private SubjectPods namespace(String name) {
    List<Workload> all =
        selectable.stream().filter(each -> each.namespace().equals(name)).toList();
    return new SubjectPods(name, "namespace " + name, all, Selector.EVERYTHING, all);
  }

  /** What existing policies leave to say: all where they do not isolate, else what they do not let pass. */
  private List<SuggestedPolicy> policies(SubjectPods subject, Calls calls, PolicyMaker maker) {
    Map<Direction, List<Call>> missing = new EnumMap<>(Direction.class);
    Set<Direction> anew = EnumSet.noneOf(Direction.class);
    for (Direction direction : options.directions()) {
      List<Call> all = calls.in(direction);
      if (!existing.isolate(subject, direction)) {
        missing.put(direction, all);
        anew.add(direction);
        continue;
      }
      List<Call> rest = all.stream()
          .filter(call -> !existing.pass(call, direction)
              && !existing.denyBefore(call, direction, options.priority()))
          .toList();
      if (!rest.isEmpty()) {
        missing.put(direction, rest);
      }
    }
    if (missing.isEmpty()) {
      covered.add(subject.name());
      return List.of();
    }
    if (!anew.isEmpty()) {
      subject.selected().stream().filter(whom.negate()).forEach(drawnIn::add);
    }
    return maker.policies(subject, missing, anew);
  }
}
