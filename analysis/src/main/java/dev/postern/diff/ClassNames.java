package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Says a set of joint classes in words: whole namespaces before workloads, workloads before pods, each said for one family, since a pod may have an address of each. */
final class ClassNames {

  private final JointClasses joint;
  private final boolean whole;
  private final SortedMap<String, SortedSet<String>> workloadsOf = new TreeMap<>();
  private final Map<String, Integer> endpointsOf = new HashMap<>();

  /**
   * Words for the endpoints of some classes.
   *
   * @param whole whether these are all pods that there are
   */
  ClassNames(JointClasses joint, Family family, boolean whole) {
    this.joint = joint;
    this.whole = whole;
    for (int number = 0; number < joint.inside(); number++) {
      if (!joint.speaks(number, family)) {
        continue;
      }
      for (End.InPod end : joint.members(number)) {
        Workload workload = end.workload();
        workloadsOf.computeIfAbsent(workload.namespace(), n -> new TreeSet<>()).add(workload.id());
        endpointsOf.merge(workload.id(), 1, Integer::sum);
      }
    }
  }

  RowSide who(ClassSet classes) {
    SortedMap<String, List<End.InPod>> ends = new TreeMap<>();
    classes
        .intersect(ClassSet.range(0, joint.inside()))
        .forEach(number -> joint
            .members(number)
            .forEach(end -> ends.computeIfAbsent(end.workload().id(), id -> new ArrayList<>())
                .add(end)));
    SortedSet<String> complete = new TreeSet<>();
    List<String> parts = new ArrayList<>();
    SortedSet<String> all = new TreeSet<>();
    ends.forEach((id, some) -> {
      if (some.size() == endpointsOf.get(id)) {
        complete.add(id);
        all.add(id);
      } else {
        some.forEach(end -> parts.add(name(end)));
        some.forEach(end -> all.add(name(end)));
      }
    });
    List<String> words = new ArrayList<>();
    if (whole
        && !complete.isEmpty()
        && complete.size() == endpointsOf.size()
        && workloadsOf.size() > 1) {
      words.add("every pod");
    } else {
      workloadsOf.forEach((namespace, workloads) -> {
        if (workloads.size() > 1 && complete.containsAll(workloads)) {
          words.add("namespace " + namespace);
          complete.removeAll(workloads);
        }
      });
      words.addAll(complete);
    }
    words.addAll(parts);
    return new RowSide(words, all, joint.addresses(classes));
  }

  private static String name(End.InPod end) {
    return end.pod()
        .map(pod -> end.workload().id() + "[" + pod.name() + "]")
        .orElse(end.workload().id());
  }
}
