package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Classes of two clusters at once: endpoints that neither tells apart, and that have addresses of the same family. Which endpoints are the
 * same is for {@link EndpointPairs} to say; one may be in one cluster only.
 */
final class JointClasses {

  /** No class: the endpoint is not in that cluster. */
  static final int ABSENT = -1;

  /** A joint class: its class before, its class after, and the families that its endpoints speak. */
  private record Key(int before, int after, int families) {}

  private final List<Key> keys = new ArrayList<>();
  private final List<List<End.InPod>> members = new ArrayList<>();
  private final List<AddressRange> ranges = new ArrayList<>();
  private final List<EndpointPairs.Moved> moved = new ArrayList<>();
  private final List<EndpointPairs.Pair> perhaps = new ArrayList<>();
  private final List<List<Integer>> jointOfBefore;
  private final List<List<Integer>> jointOfAfter;
  private final int inside;
  private final ClassSet ipv4;
  private final ClassSet ipv6;

  JointClasses(Classes before, Classes after) {
    this(before, after, false);
  }

  /**
   * Classes of two clusters.
   *
   * @param all whether pods without a known address have those of their family in the other cluster and of the other family, too
   */
  JointClasses(Classes before, Classes after, boolean all) {
    if (before == after) {
      shared(before);
    } else {
      joined(before, after, all);
    }
    inside = keys.size();
    outside(before, after);
    ipv4 = speakers(Family.IPV4);
    ipv6 = speakers(Family.IPV6);
    jointOfBefore = lists(before.size());
    jointOfAfter = lists(after.size());
    for (int joint = 0; joint < keys.size(); joint++) {
      if (keys.get(joint).before != ABSENT) {
        jointOfBefore.get(keys.get(joint).before).add(joint);
      }
      if (keys.get(joint).after != ABSENT) {
        jointOfAfter.get(keys.get(joint).after).add(joint);
      }
    }
  }

  /** One cluster's classes serve for both: only families are still to be told apart. */
  private void shared(Classes classes) {
    for (int number = 0; number < classes.inside(); number++) {
      Map<Integer, List<End.InPod>> byFamilies = new TreeMap<>();
      classes
          .members(number)
          .mapToObj(classes.endpoints()::get)
          .forEach(end -> byFamilies
              .computeIfAbsent(EndpointPairs.families(end.address()), f -> new ArrayList<>())
              .add(end));
      int shared = number;
      byFamilies.forEach((families, ends) -> {
        keys.add(new Key(shared, shared, families));
        members.add(ends);
      });
    }
  }

  private void joined(Classes before, Classes after, boolean all) {
    EndpointPairs pairs = new EndpointPairs(before, after);
    moved.addAll(pairs.moved());
    perhaps.addAll(pairs.perhaps());
    Map<Key, List<End.InPod>> byKey = new HashMap<>();
    List<EndpointPairs.Pair> each = new ArrayList<>(pairs.all());
    if (all) {
      each.addAll(perhaps);
    }
    for (EndpointPairs.Pair pair : each) {
      Key key = new Key(pair.before(), pair.after(), pair.families());
      byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(pair.end());
    }
    byKey.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparingInt(Key::after)
            .thenComparingInt(Key::before)
            .thenComparingInt(Key::families)))
        .forEach(entry -> {
          keys.add(entry.getKey());
          members.add(entry.getValue());
        });
  }

  private void outside(Classes before, Classes after) {
    SortedSet<Address> starts = new TreeSet<>();
    before.outsiders().forEach(number -> starts.add(before.range(number).first()));
    after.outsiders().forEach(number -> starts.add(after.range(number).first()));
    List<Address> sorted = List.copyOf(starts);
    for (int i = 0; i < sorted.size(); i++) {
      Address first = sorted.get(i);
      boolean lastOfFamily = i + 1 == sorted.size() || sorted.get(i + 1).family() != first.family();
      Address last =
          lastOfFamily ? Address.last(first.family()) : sorted.get(i + 1).previous();
      keys.add(new Key(
          before.classOf(first), after.classOf(first), EndpointPairs.families(Optional.of(first))));
      ranges.add(new AddressRange(first, last));
    }
  }

  private static List<List<Integer>> lists(int size) {
    List<List<Integer>> lists = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      lists.add(new ArrayList<>(1));
    }
    return lists;
  }

  int size() {
    return keys.size();
  }

  int inside() {
    return inside;
  }

  /** The class before, or {@link #ABSENT}. */
  int before(int joint) {
    return keys.get(joint).before;
  }

  /** The class after, or {@link #ABSENT}. */
  int after(int joint) {
    return keys.get(joint).after;
  }

  List<End.InPod> members(int joint) {
    return members.get(joint);
  }

  /** The pods that have another address. */
  List<EndpointPairs.Moved> moved() {
    return List.copyOf(moved);
  }

  /** The pods that are of one family in one cluster and of no known address in the other, where they may be of the other family. */
  List<End.InPod> perhapsOfOtherFamily() {
    return perhaps.stream().map(EndpointPairs.Pair::end).toList();
  }

  /** Whether a joint class is one pod and nobody else. */
  boolean isOnePod(int joint) {
    if (joint >= inside) {
      return false;
    }
    End.InPod first = members.get(joint).get(0);
    return first.pod().isPresent()
        && members.get(joint).stream()
            .allMatch(end -> end.pod().equals(first.pod())
                && end.workload().id().equals(first.workload().id()));
  }

  /** The addresses of those joint classes that are outside. */
  AddressSet addresses(ClassSet joint) {
    List<AddressRange> held = new ArrayList<>();
    joint.forEach(number -> {
      if (number >= inside) {
        held.add(ranges.get(number - inside));
      }
    });
    return new AddressSet(held);
  }

  /** The joint classes whose endpoints may speak a family: of that family, or of no known address. */
  ClassSet speaking(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  private ClassSet speakers(Family family) {
    Deadline deadline = Deadline.current();
    ClassSet.Builder builder = new ClassSet.Builder();
    for (int number = 0; number < keys.size(); number++) {
      deadline.check();
      if (speaks(number, family)) {
        builder.add(number);
      }
    }
    return builder.build();
  }

  boolean speaks(int joint, Family family) {
    return (keys.get(joint).families & EndpointPairs.bit(family)) != 0;
  }

  /** Regions over the classes before, over joint classes; one conversion for each region, which many classes share. */
  Conversion fromBefore() {
    return new Conversion(jointOfBefore);
  }

  /** Regions over the classes after, over joint classes. */
  Conversion fromAfter() {
    return new Conversion(jointOfAfter);
  }

  /** From the classes of one cluster to joint classes. */
  static final class Conversion {
    private final List<List<Integer>> jointOf;
    private final boolean isIdentity;
    private final Map<Region, Region> converted = new IdentityHashMap<>();

    private Conversion(List<List<Integer>> jointOf) {
      this.jointOf = jointOf;
      boolean identity = true;
      for (int number = 0; identity && number < jointOf.size(); number++) {
        identity = jointOf.get(number).equals(List.of(number));
      }
      this.isIdentity = identity;
    }

    Region of(Region region) {
      return isIdentity ? region : converted.computeIfAbsent(region, this::convert);
    }

    private Region convert(Region region) {
      Region result = Region.EMPTY;
      for (Region.Part part : region.parts()) {
        int[] joint = part.peers().stream()
            .flatMap(number -> jointOf.get(number).stream().mapToInt(j -> j))
            .toArray();
        result = result.union(Region.of(ClassSet.of(joint), part.traffic()));
      }
      return result;
    }
  }
}
