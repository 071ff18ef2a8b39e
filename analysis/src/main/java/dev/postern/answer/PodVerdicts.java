package dev.postern.answer;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.question.Quantifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was found for the pods of one source. Cells are of one family; a pod with an address of each family is in two of them, and is one
 * pod: it reaches another if it does so by both. Pods in the same cells are alike, and one stands for them.
 */
final class PodVerdicts {

  private final Quantifier ofTargets;
  private final List<List<Integer>> pods;
  private final List<Set<Verdict>> rows = new ArrayList<>();

  PodVerdicts(Site source, Quantifier ofTargets) {
    this.ofTargets = ofTargets;
    this.pods = pods(source);
    pods.forEach(pod -> rows.add(EnumSet.noneOf(Verdict.class)));
  }

  /** For each pod the verdicts on its targets. */
  List<Set<Verdict>> rows() {
    return rows;
  }

  /** Takes a verdict on a target for whoever is in a cell. */
  void add(int cell, Verdict verdict) {
    for (int i = 0; i < pods.size(); i++) {
      if (pods.get(i).contains(cell)) {
        rows.get(i).add(verdict);
      }
    }
  }

  /** Takes a verdict on a target for all. */
  void add(Verdict verdict) {
    rows.forEach(row -> row.add(verdict));
  }

  /** Takes the verdicts on a target, cell by cell. */
  ToTarget to(Site target) {
    return new ToTarget(target);
  }

  /** The verdicts on one target, which are complete when it is closed. */
  final class ToTarget {
    private final List<List<Integer>> others;
    private final Map<Long, Set<Verdict>> between = new HashMap<>();

    private ToTarget(Site target) {
      this.others = ofTargets == Quantifier.ANY ? pods(target) : List.of();
    }

    void take(int from, int to, Verdict verdict) {
      if (ofTargets == Quantifier.ANY) {
        between
            .computeIfAbsent(key(from, to), cells -> EnumSet.noneOf(Verdict.class))
            .add(verdict);
      } else {
        add(from, verdict);
      }
    }

    void close() {
      for (int i = 0; i < pods.size() && !between.isEmpty(); i++) {
        for (List<Integer> other : others) {
          Set<Verdict> found = EnumSet.noneOf(Verdict.class);
          for (int from : pods.get(i)) {
            for (int to : other) {
              found.addAll(between.getOrDefault(key(from, to), Set.of()));
            }
          }
          if (!found.isEmpty()) {
            rows.get(i).add(PairEvaluation.fold(Quantifier.EVERY, found));
          }
        }
      }
    }

    private static long key(int from, int to) {
      return (long) from << 32 | to;
    }
  }

  /** The pods of a site, each by the cells that it is in; of those in the same cells one. */
  private static List<List<Integer>> pods(Site site) {
    List<Cell> cells = site.cells();
    if (cells.stream().map(Cell::family).distinct().count() < 2) {
      List<List<Integer>> alone = new ArrayList<>(cells.size());
      for (int i = 0; i < cells.size(); i++) {
        alone.add(List.of(i));
      }
      return alone;
    }
    Collection<List<Integer>> pods = new LinkedHashSet<>();
    Map<Pod, List<Integer>> known = new IdentityHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      for (End end : cells.get(i).ends()) {
        if (end instanceof End.InPod inPod && inPod.pod().isPresent()) {
          known.computeIfAbsent(inPod.pod().get(), pod -> new ArrayList<>(2)).add(i);
        } else {
          pods.add(List.of(i));
        }
      }
    }
    pods.addAll(known.values());
    return List.copyOf(pods);
  }
}
