package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.reach.NaturalOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says a set of joint classes in words: whole namespaces before workloads, workloads before pods, each said for one family, since a pod may have an
 * address of each. A namespace that is meant as a whole costs the same however large it is. Safe for use by many threads once made.
 */
final class ClassNames {

  private static final int[] NOWHERE = {};

  private final JointClasses joint;
  private final boolean whole;
  private final List<Place> places = new ArrayList<>();
  /** By joint class the places of its endpoints; more than one only of pods that are their node. */
  private final int[][] placesOf;

  /** A namespace: its classes, and how many endpoints each of its workloads has. */
  private static final class Place {
    private final String namespace;
    private final List<Integer> classes = new ArrayList<>();
    private final SortedMap<String, Integer> endpointsOf = new TreeMap<>(NaturalOrder.BY_NUMBERS);

    Place(String namespace) {
      this.namespace = namespace;
    }
  }

  /**
   * Words for the endpoints of some classes.
   *
   * @param whole whether these are all pods that there are
   */
  ClassNames(JointClasses joint, Family family, boolean whole) {
    this.joint = joint;
    this.whole = whole;
    SortedMap<String, Place> byName = new TreeMap<>(NaturalOrder.BY_NUMBERS);
    for (int number = 0; number < joint.inside(); number++) {
      if (!joint.speaks(number, family)) {
        continue;
      }
      for (End.InPod end : joint.members(number)) {
        Workload workload = end.workload();
        Place place = byName.computeIfAbsent(workload.namespace(), Place::new);
        place.endpointsOf.merge(workload.id(), 1, Integer::sum);
        int last = place.classes.size() - 1;
        if (last < 0 || place.classes.get(last) != number) {
          place.classes.add(number);
        }
      }
    }
    places.addAll(byName.values());
    this.placesOf = new int[joint.inside()][];
    Arrays.fill(placesOf, NOWHERE);
    for (int place = 0; place < places.size(); place++) {
      for (int number : places.get(place).classes) {
        int[] others = placesOf[number];
        placesOf[number] = Arrays.copyOf(others, others.length + 1);
        placesOf[number][others.length] = place;
      }
    }
  }

  RowSide who(ClassSet classes) {
    return new RowSide(
        () -> inside(classes.intersect(ClassSet.range(0, joint.inside()))),
        joint.addresses(classes));
  }

  private RowSide.Inside inside(ClassSet inside) {
    int[] found = new int[places.size()];
    inside.forEach(number -> {
      for (int place : placesOf[number]) {
        found[place]++;
      }
    });
    List<Place> complete = new ArrayList<>();
    SortedMap<String, List<End.InPod>> ends = new TreeMap<>(NaturalOrder.BY_NUMBERS);
    Map<String, Integer> endpointsOf = new HashMap<>();
    for (int i = 0; i < found.length; i++) {
      Place place = places.get(i);
      if (found[i] == place.classes.size()) {
        complete.add(place);
      } else if (found[i] > 0) {
        endpointsOf.putAll(place.endpointsOf);
        addEnds(place, inside, ends);
      }
    }
    SortedSet<String> workloads = new TreeSet<>(NaturalOrder.BY_NUMBERS);
    List<String> parts = new ArrayList<>();
    NavigableMap<String, String> apart = new TreeMap<>(NaturalOrder.BY_NUMBERS);
    ends.forEach((id, some) -> {
      if (some.size() == endpointsOf.getOrDefault(id, 0)) {
        workloads.add(id);
      } else {
        some.forEach(end -> {
          parts.add(name(end));
          apart.put(name(end), id);
        });
      }
    });
    workloads.forEach(id -> apart.put(id, id));
    return new RowSide.Inside(words(complete, workloads, parts), () -> all(complete, apart));
  }

  private void addEnds(Place place, ClassSet inside, SortedMap<String, List<End.InPod>> ends) {
    for (int number : place.classes) {
      if (inside.contains(number)) {
        for (End.InPod end : joint.members(number)) {
          if (end.workload().namespace().equals(place.namespace)) {
            ends.computeIfAbsent(end.workload().id(), id -> new ArrayList<>()).add(end);
          }
        }
      }
    }
  }

  private List<String> words(
      List<Place> complete, SortedSet<String> workloads, List<String> parts) {
    List<String> words = new ArrayList<>();
    if (whole && complete.size() == places.size() && places.size() > 1) {
      words.add("every pod");
      return words;
    }
    SortedSet<String> single = new TreeSet<>(workloads);
    for (Place place : complete) {
      if (place.endpointsOf.size() > 1) {
        words.add("namespace " + place.namespace);
      } else {
        single.addAll(place.endpointsOf.keySet());
      }
    }
    words.addAll(single);
    words.addAll(parts);
    return words;
  }

  private static NavigableMap<String, String> all(
      List<Place> complete, NavigableMap<String, String> apart) {
    NavigableMap<String, String> all = new TreeMap<>(apart);
    complete.forEach(place -> place.endpointsOf.keySet().forEach(id -> all.put(id, id)));
    return all;
  }

  static String name(End.InPod end) {
    return end.pod()
        .map(pod ->
            end.workload().namespace() + "/" + end.workload().ownerName() + "[" + pod.name() + "]")
        .orElse(end.workload().id());
  }
}
