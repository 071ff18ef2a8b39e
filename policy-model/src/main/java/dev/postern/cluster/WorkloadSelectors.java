package dev.postern.cluster;

import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Selectors that people would write for workloads: by the fewest labels that tell a workload's pods from all others of its namespace, and
 * never by one that a controller sets on each pod, on each revision or on each run. Immutable, and safe for use by
 * several threads.
 */
public final class WorkloadSelectors {

  /** Labels that people mean by a pod's name, the most telling first. */
  private static final List<String> TELLING = List.of(
      "app.kubernetes.io/name",
      "app",
      "k8s-app",
      "name",
      "app.kubernetes.io/instance",
      "app.kubernetes.io/component",
      "component",
      "role",
      "tier");

  /**
   * What does not last as long as the workload does: set by controllers on a pod, a revision or a run (Kubernetes' "Well-Known Labels,
   * Annotations and Taints"), or by charts on a release ("Labels and Annotations" of Helm's best practices).
   */
  private static final Set<String> PASSING = Set.of(
      "pod-template-hash",
      "pod-template-generation",
      "controller-revision-hash",
      "statefulset.kubernetes.io/pod-name",
      "apps.kubernetes.io/pod-index",
      "job-name",
      "controller-uid",
      "batch.kubernetes.io/job-name",
      "batch.kubernetes.io/controller-uid",
      "batch.kubernetes.io/job-completion-index",
      "batch.kubernetes.io/cronjob-scheduled-timestamp",
      "rollouts-pod-template-hash",
      "app.kubernetes.io/version",
      "helm.sh/chart",
      "chart");

  /** Labels that say nothing of what a pod is. */
  private static final Set<String> LAST =
      Set.of("app.kubernetes.io/managed-by", "deployment", "heritage", "release", "version");

  /** More labels than this together are all of them. */
  private static final int MOST = 4;

  /**
   * A selector for a workload.
   *
   * @param selector its labels; {@link Selector#EVERYTHING} for the only pods of a namespace that have no lasting label
   * @param selected the workloads of the namespace that it selects, the one that was asked for among them
   */
  public record Chosen(Selector selector, List<Workload> selected) {
    public Chosen {
      selected = List.copyOf(selected);
    }
  }

  /** The workloads of a namespace, those of the same lasting labels together. */
  private record Space(
      Map<Labels, Integer> places, List<Labels> labels, List<List<Workload>> workloads) {

    static Space of(Map<Labels, List<Workload>> groups) {
      Map<Labels, Integer> places = new HashMap<>();
      groups.keySet().forEach(labels -> places.put(labels, places.size()));
      return new Space(places, List.copyOf(groups.keySet()), List.copyOf(groups.values()));
    }
  }

  private final Map<String, Space> spaces = new HashMap<>();

  private WorkloadSelectors(Collection<Workload> workloads) {
    Map<String, Map<Labels, List<Workload>>> all = new TreeMap<>();
    for (Workload workload : workloads) {
      all.computeIfAbsent(workload.namespace(), namespace -> new LinkedHashMap<>())
          .computeIfAbsent(lasting(workload.labels()), labels -> new ArrayList<>(1))
          .add(workload);
    }
    all.forEach((namespace, groups) -> spaces.put(namespace, Space.of(groups)));
  }

  /**
   * Selectors among these workloads.
   *
   * @param workloads all that a selector could select
   */
  public static WorkloadSelectors among(Collection<Workload> workloads) {
    return new WorkloadSelectors(workloads);
  }

  /** The labels that stay on a workload's pods for as long as it is there. */
  public static Labels lasting(Labels labels) {
    Map<String, String> lasting = labels.asMap();
    lasting.keySet().removeAll(PASSING);
    return Labels.of(lasting);
  }

  /** The workloads whose pods have the same lasting labels as a workload's, itself among them: no lasting selector tells them apart. */
  public List<Workload> alike(Workload workload) {
    Space space = space(workload);
    return Optional.ofNullable(space.places.get(lasting(workload.labels())))
        .map(space.workloads::get)
        .orElse(List.of(workload));
  }

  /**
   * A selector for a workload: of those that select the fewest others one with the fewest labels, the most telling first. It is exact
   * where it selects nobody that is not {@link #alike}.
   *
   * @return empty if the pods have no lasting label, and are not alone in their namespace
   */
  public Optional<Chosen> choose(Workload workload) {
    Space space = space(workload);
    Labels labels = lasting(workload.labels());
    List<Requirement> all = new ArrayList<>();
    labels.forEach((key, value) -> all.add(Requirement.equal(key, value)));
    if (all.isEmpty()) {
      return space.labels.size() > 1
          ? Optional.empty()
          : Optional.of(new Chosen(Selector.EVERYTHING, alike(workload)));
    }
    all.sort((one, other) -> {
      int byRank = Integer.compare(rank(one.key()), rank(other.key()));
      return byRank != 0 ? byRank : one.compareTo(other);
    });
    List<BitSet> matched = all.stream().map(each -> matched(space, each)).toList();
    BitSet fewest = everyone(space);
    matched.forEach(fewest::and);
    List<Requirement> chosen = all;
    for (int size = 1; size <= Math.min(MOST, all.size()); size++) {
      List<Integer> some = first(matched, fewest, everyone(space), size, 0);
      if (!some.isEmpty()) {
        chosen = some.stream().map(all::get).toList();
        break;
      }
    }
    List<Workload> selected = new ArrayList<>();
    fewest.stream().forEach(group -> selected.addAll(space.workloads.get(group)));
    return Optional.of(new Chosen(new Selector(chosen), selected));
  }

  /** The first so many requirements, from a place on, that together match these groups and no others; none if there are none. */
  private static List<Integer> first(
      List<BitSet> matched, BitSet wanted, BitSet before, int size, int from) {
    for (int i = from; i + size <= matched.size(); i++) {
      BitSet both = (BitSet) before.clone();
      both.and(matched.get(i));
      if (size > 1) {
        List<Integer> rest = first(matched, wanted, both, size - 1, i + 1);
        if (!rest.isEmpty()) {
          List<Integer> all = new ArrayList<>(List.of(i));
          all.addAll(rest);
          return all;
        }
      } else if (both.equals(wanted)) {
        return List.of(i);
      }
    }
    return List.of();
  }

  private Space space(Workload workload) {
    return spaces.getOrDefault(workload.namespace(), Space.of(Map.of()));
  }

  private static BitSet everyone(Space space) {
    BitSet all = new BitSet();
    all.set(0, space.labels.size());
    return all;
  }

  private static BitSet matched(Space space, Requirement requirement) {
    BitSet matched = new BitSet();
    for (int i = 0; i < space.labels.size(); i++) {
      matched.set(i, requirement.matches(space.labels.get(i)));
    }
    return matched;
  }

  private static int rank(String key) {
    int rank = TELLING.indexOf(key);
    return rank >= 0 ? rank : LAST.contains(key) ? TELLING.size() + 1 : TELLING.size();
  }
}
