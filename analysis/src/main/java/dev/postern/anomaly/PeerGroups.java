package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.RunningTotals;
import dev.postern.algebra.Signatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Peers that no line of the ordered tiers tells apart, so that a list of such lines is worked over groups instead of classes. */
final class PeerGroups {

  /** Maximal runs of classes of one group: where they begin, and their group. */
  private final int[] runStarts;

  /** By class its run. */
  private final int[] runOf;

  private final int[] runGroups;
  private final int size;
  private final int groups;
  /** By line the groups of its peers, ascending. */
  private final int[][] groupsOf;

  PeerGroups(int classes, List<RuleLines.Line> lines) {
    this.size = classes;
    Map<ClassSet, Integer> distinct = new HashMap<>();
    Partition partition = new Partition(classes);
    for (RuleLines.Line line : lines) {
      if (distinct.putIfAbsent(line.peers(), distinct.size()) == null) {
        partition.split(line.peers());
      }
    }
    int[] groupOf = partition.groups();
    int count = 0;
    int last = -1;
    runOf = new int[classes];
    int[] starts = new int[classes];
    int[] runs = new int[classes];
    for (int number = 0; number < classes; number++) {
      if (number == 0 || groupOf[number] != groupOf[number - 1]) {
        starts[count] = number;
        runs[count++] = groupOf[number];
      }
      runOf[number] = count - 1;
      last = Math.max(last, groupOf[number]);
    }
    this.runStarts = Arrays.copyOf(starts, count);
    this.runGroups = Arrays.copyOf(runs, count);
    this.groups = last + 1;
    int[][] ofSet = new int[distinct.size()][];
    int[] stamp = new int[groups];
    distinct.forEach((set, number) -> {
      int[] found = new int[groups];
      int many = 0;
      for (int run = 0; run < set.runs(); run++) {
        int at = runOf[set.runFirst(run)];
        while (at < runStarts.length && runStarts[at] < set.runEnd(run)) {
          int group = runGroups[at++];
          if (stamp[group] != number + 1) {
            stamp[group] = number + 1;
            found[many++] = group;
          }
        }
      }
      ofSet[number] = Arrays.copyOf(found, many);
    });
    groupsOf = new int[lines.size()][];
    for (int line = 0; line < groupsOf.length; line++) {
      groupsOf[line] = ofSet[distinct.getOrDefault(lines.get(line).peers(), 0)];
    }
  }

  /** The run that holds a class. */
  int runAt(int number) {
    return runOf[number];
  }

  /** The first class of a run; after the last run, the number of classes. */
  int runStart(int run) {
    return run < runStarts.length ? runStarts[run] : size;
  }

  /** Each combination of some lines with the peers that it concerns, the empty one too. */
  final class Combined {
    private final int[] ofGroup;
    private final List<int[]> combinations = new ArrayList<>();
    private final int[] sizes;
    /** By combination its runs: where they begin in a list, and the list; empty until somebody asks. */
    private int[] firstRun = {};

    private int[] runs = {};

    /** Combines the lines with these numbers, ascending. */
    Combined(int[] numbers) {
      int[] starts = new int[groups + 1];
      for (int line : numbers) {
        for (int group : groupsOf[line]) {
          starts[group + 1]++;
        }
      }
      RunningTotals.sum(starts);
      int[] next = Arrays.copyOf(starts, groups);
      int[] all = new int[starts[groups]];
      for (int line : numbers) {
        for (int group : groupsOf[line]) {
          all[next[group]++] = line;
        }
      }
      Signatures seen = new Signatures();
      ofGroup = new int[groups];
      for (int group = 0; group < groups; group++) {
        ofGroup[group] = seen.intern(all, starts[group], starts[group + 1]);
      }
      for (int id = 0; id < seen.size(); id++) {
        combinations.add(seen.get(id));
      }
      sizes = new int[combinations.size()];
      for (int run = 0; run < runGroups.length; run++) {
        sizes[ofGroup[runGroups[run]]] += runStart(run + 1) - runStart(run);
      }
    }

    int count() {
      return combinations.size();
    }

    int[] lines(int combination) {
      return combinations.get(combination);
    }

    /** How many classes a combination concerns. */
    int size(int combination) {
      return sizes[combination];
    }

    /** The combination of a run's classes. */
    int ofRun(int run) {
      return ofGroup[runGroups[run]];
    }

    /** The classes that a combination concerns. */
    ClassSet peers(int combination) {
      if (firstRun.length == 0) {
        listRuns();
      }
      ClassSet.Builder builder = new ClassSet.Builder();
      for (int i = firstRun[combination]; i < firstRun[combination + 1]; i++) {
        builder.addRange(runStart(runs[i]), runStart(runs[i] + 1));
      }
      return builder.build();
    }

    private void listRuns() {
      firstRun = new int[combinations.size() + 1];
      for (int run = 0; run < runGroups.length; run++) {
        firstRun[ofRun(run) + 1]++;
      }
      RunningTotals.sum(firstRun);
      int[] next = Arrays.copyOf(firstRun, combinations.size());
      runs = new int[runGroups.length];
      for (int run = 0; run < runGroups.length; run++) {
        runs[next[ofRun(run)]++] = run;
      }
    }
  }
}
