package dev.postern.prove;

import dev.postern.algebra.RunningTotals;
import dev.postern.backend.Scope;
import dev.postern.cluster.Node;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * The addresses of one family, cut into classes that neither the artefact nor the policies tell apart. A class belongs to one class of the
 * plan; its addresses are all pods that are policed here, or none is. Classes are numbered in the order of the plan's.
 *
 * <p>Which sets hold an address is noted as the sum of 128 random bits a set: that two different collections of sets come to the same sum
 * has a probability below 2^-90 for any cluster that fits into memory.
 */
final class AddressClasses {

  private static final List<Address> READABLE = List.of(
      Address.parse("203.0.113.7"),
      Address.parse("8.8.8.8"),
      Address.parse("192.168.1.10"),
      Address.parse("2001:db8::7"));

  final Family family;
  /** Addresses of more than one endpoint with different policies: whose packets they are can't be told. */
  final Set<Address> ambiguous = new TreeSet<>();

  private final Address[] starts;
  private final int[] classOfAtom;
  private final int[] planClass;
  private final boolean[] policed;
  /** Atoms by class: those of class k are members[memberStarts[k]] to members[memberStarts[k + 1] - 1]. */
  private final int[] memberStarts;

  private final int[] members;
  /** The first atom of each class in ascending order, and the class. */
  private final int[] firstAtoms;

  private final int[] classOfFirstAtom;
  private final int[] planStarts;
  /** The classes in the order of the plan's. */
  private final int[] byPlan;

  private final Map<Address, List<End.InPod>> pods = new HashMap<>();
  private final Map<AddressSet, int[]> known = new HashMap<>();

  AddressClasses(Plan plan, Scope scope, Family family, Collection<AddressSet> sets) {
    this(plan, scope, family, sets, List.of());
  }

  /**
   * Classes.
   *
   * @param listed addresses that rules ask for one after the other: their classes come first, in this order, so that what the first few of such
   *     rules say together is a run
   */
  AddressClasses(
      Plan plan, Scope scope, Family family, Collection<AddressSet> sets, List<Address> listed) {
    this.family = family;
    Map<Address, Integer> places = new HashMap<>();
    listed.forEach(address -> places.putIfAbsent(address, places.size()));
    Classes classes = plan.classes();
    Map<Address, Integer> podClass = new HashMap<>();
    Map<Address, Boolean> podPoliced = new HashMap<>();
    List<End.InPod> endpoints = classes.endpoints();
    for (int i = 0; i < endpoints.size(); i++) {
      Deadline.current().check();
      End.InPod end = endpoints.get(i);
      if (end.address().isEmpty() || end.address().get().family() != family) {
        continue;
      }
      Address address = end.address().get();
      pods.computeIfAbsent(address, a -> new ArrayList<>(1)).add(end);
      Integer before = podClass.put(address, classes.classOf(i));
      boolean here = isPoliced(end, plan.options(), scope);
      Boolean policedBefore = podPoliced.put(address, here);
      if ((before != null && before != classes.classOf(i))
          || (policedBefore != null && policedBefore != here)) {
        ambiguous.add(address);
      }
    }
    Map<Address, Integer> nodes = new HashMap<>();
    int number = 1;
    for (Node node : plan.cluster().nodes()) {
      for (Address address : node.addresses()) {
        nodes.put(address, number);
      }
      number++;
    }
    this.starts = starts(sets, podClass.keySet(), nodes.keySet(), classes);
    long[][] sums = sums(sets);
    int size = starts.length;
    int[] planOfAtom = new int[size];
    boolean[] policedAtom = new boolean[size];
    Map<Key, Integer> keys = new HashMap<>();
    int[] temporary = new int[size];
    List<Integer> firsts = new ArrayList<>();
    for (int atom = 0; atom < size; atom++) {
      Deadline.current().check();
      Integer inside = podClass.get(starts[atom]);
      planOfAtom[atom] = inside == null ? classes.classOf(starts[atom]) : inside;
      policedAtom[atom] = podPoliced.getOrDefault(starts[atom], false);
      Key key = new Key(
          sums[0][atom],
          sums[1][atom],
          planOfAtom[atom],
          policedAtom[atom],
          nodes.getOrDefault(starts[atom], 0),
          hostNode(starts[atom]),
          ambiguous.contains(starts[atom]));
      Integer seen = keys.putIfAbsent(key, keys.size());
      temporary[atom] = seen == null ? keys.size() - 1 : seen;
      if (seen == null) {
        firsts.add(atom);
      }
    }
    int count = firsts.size();
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparing(
                (Integer i) -> places.getOrDefault(starts[firsts.get(i)], Integer.MAX_VALUE))
            .thenComparing(i -> planOfAtom[firsts.get(i)]));
    int[] rank = new int[count];
    this.planClass = new int[count];
    this.policed = new boolean[count];
    for (int i = 0; i < count; i++) {
      rank[order[i]] = i;
      planClass[i] = planOfAtom[firsts.get(order[i])];
      policed[i] = policedAtom[firsts.get(order[i])];
    }
    this.firstAtoms = firsts.stream().mapToInt(Integer::intValue).toArray();
    this.classOfFirstAtom = rank;
    this.classOfAtom = new int[size];
    this.memberStarts = new int[count + 1];
    for (int atom = 0; atom < size; atom++) {
      Deadline.current().check();
      classOfAtom[atom] = rank[temporary[atom]];
      memberStarts[classOfAtom[atom] + 1]++;
    }
    RunningTotals.sum(memberStarts);
    this.members = new int[size];
    int[] next = memberStarts.clone();
    for (int atom = 0; atom < size; atom++) {
      Deadline.current().check();
      members[next[classOfAtom[atom]]++] = atom;
    }
    this.planStarts = new int[classes.size() + 1];
    for (int plan1 : planClass) {
      planStarts[plan1 + 1]++;
    }
    RunningTotals.sum(planStarts);
    this.byPlan = new int[count];
    int[] free = planStarts.clone();
    for (int i = 0; i < count; i++) {
      byPlan[free[planClass[i]]++] = i;
    }
  }

  private record Key(
      long high,
      long low,
      int planClass,
      boolean policed,
      int node,
      String hostNode,
      boolean ambiguous) {}

  /** The node whose network the pods at an address use; empty if they use their own. */
  private String hostNode(Address address) {
    return podsAt(address).stream()
        .filter(end -> end.workload().hostNetwork())
        .findFirst()
        .flatMap(end -> end.pod())
        .flatMap(pod -> pod.node())
        .orElse("");
  }

  /** Whether the artefact of this scope is to police an endpoint. */
  static boolean isPoliced(End.InPod end, Options options, Scope scope) {
    boolean isNode =
        end.workload().hostNetwork() && options.hostNetwork() == Options.HostNetwork.NODE;
    return !isNode && end.pod().filter(scope::contains).isPresent();
  }

  private Address[] starts(
      Collection<AddressSet> sets,
      Collection<Address> podAddresses,
      Collection<Address> nodeAddresses,
      Classes classes) {
    List<Address> bounds = new ArrayList<>();
    bounds.add(Address.first(family));
    for (AddressSet set : sets) {
      for (AddressRange range : set.ranges()) {
        if (range.family() == family) {
          cut(bounds, range);
        }
      }
    }
    podAddresses.forEach(address -> cut(bounds, new AddressRange(address, address)));
    for (Address address : nodeAddresses) {
      if (address.family() == family) {
        cut(bounds, new AddressRange(address, address));
      }
    }
    for (int outside = classes.inside(); outside < classes.size(); outside++) {
      if (classes.range(outside).family() == family) {
        bounds.add(classes.range(outside).first());
      }
    }
    Address[] sorted = bounds.toArray(Address[]::new);
    Arrays.sort(sorted);
    int size = 0;
    for (Address bound : sorted) {
      if (size == 0 || !sorted[size - 1].equals(bound)) {
        sorted[size++] = bound;
      }
    }
    return Arrays.copyOf(sorted, size);
  }

  private static void cut(List<Address> bounds, AddressRange range) {
    bounds.add(range.first());
    if (!range.last().isLast()) {
      bounds.add(range.last().next());
    }
  }

  private long[][] sums(Collection<AddressSet> sets) {
    long[] high = new long[starts.length + 1];
    long[] low = new long[starts.length + 1];
    SplittableRandom random = new SplittableRandom();
    for (AddressSet set : sets) {
      long h = random.nextLong();
      long l = random.nextLong();
      for (AddressRange range : set.ranges()) {
        if (range.family() == family) {
          int from = atomOf(range.first());
          int to = atomOf(range.last()) + 1;
          high[from] ^= h;
          low[from] ^= l;
          high[to] ^= h;
          low[to] ^= l;
        }
      }
    }
    for (int atom = 1; atom < starts.length; atom++) {
      high[atom] ^= high[atom - 1];
      low[atom] ^= low[atom - 1];
    }
    return new long[][] {high, low};
  }

  private int atomOf(Address address) {
    int at = Arrays.binarySearch(starts, address);
    return at >= 0 ? at : -at - 2;
  }

  /** How many classes. */
  int size() {
    return planClass.length;
  }

  /** The plan's class that a class belongs to. */
  int planClass(int number) {
    return planClass[number];
  }

  /** Whether the artefact polices the pods of a class. */
  boolean isPoliced(int number) {
    return policed[number];
  }

  /** The classes that belong to some classes of the plan, given as pairs of first and end, as runs. */
  int[] ofPlan(int[] planRuns) {
    int[] found = new int[16];
    int size = 0;
    for (int run = 0; run < planRuns.length; run += 2) {
      int first = planStarts[planRuns[run]];
      int end = planStarts[planRuns[run + 1]];
      if (size + end - first > found.length) {
        found = Arrays.copyOf(found, 2 * (size + end - first));
      }
      System.arraycopy(byPlan, first, found, size, end - first);
      size += end - first;
    }
    Arrays.sort(found, 0, size);
    return runs(found, size);
  }

  int classOf(Address address) {
    return classOfAtom[atomOf(address)];
  }

  /** The pods that have an address. */
  List<End.InPod> podsAt(Address address) {
    return pods.getOrDefault(address, List.of());
  }

  /** Whether a class is a single address. */
  boolean isSingle(int number) {
    return memberStarts[number + 1] - memberStarts[number] == 1
        && range(members[memberStarts[number]])
            .first()
            .equals(range(members[memberStarts[number]]).last());
  }

  /** The ranges of addresses of a class. */
  List<AddressRange> ranges(int number) {
    return Arrays.stream(members, memberStarts[number], memberStarts[number + 1])
        .mapToObj(this::range)
        .toList();
  }

  private AddressRange range(int atom) {
    Address last = atom + 1 == starts.length ? Address.last(family) : starts[atom + 1].previous();
    return new AddressRange(starts[atom], last);
  }

  /** An address of a class that reads well. */
  Address example(int number) {
    List<AddressRange> ranges = ranges(number);
    for (Address address : READABLE) {
      if (ranges.stream().anyMatch(range -> range.contains(address))) {
        return address;
      }
    }
    return ranges.get(0).first();
  }

  /** The classes in a set that was given when the classes were made, as runs: pairs of first and end. */
  int[] runs(AddressSet set) {
    return known.computeIfAbsent(set, this::computeRuns);
  }

  private int[] computeRuns(AddressSet set) {
    int[] found = new int[16];
    int size = 0;
    for (AddressRange range : set.ranges()) {
      if (range.family() != family) {
        continue;
      }
      int from = lowerBound(atomOf(range.first()));
      int to = lowerBound(atomOf(range.last()) + 1);
      for (int i = from; i < to; i++) {
        if (size == found.length) {
          found = Arrays.copyOf(found, 2 * size);
        }
        found[size++] = classOfFirstAtom[i];
      }
    }
    Arrays.sort(found, 0, size);
    return runs(found, size);
  }

  /** Runs of sorted numbers. */
  static int[] runs(int[] sorted, int size) {
    int[] runs = new int[16];
    int length = 0;
    for (int i = 0; i < size; i++) {
      if (length > 0 && runs[length - 1] == sorted[i]) {
        runs[length - 1]++;
      } else {
        if (length == runs.length) {
          runs = Arrays.copyOf(runs, 2 * length);
        }
        runs[length++] = sorted[i];
        runs[length++] = sorted[i] + 1;
      }
    }
    return Arrays.copyOf(runs, length);
  }

  private int lowerBound(int atom) {
    int at = Arrays.binarySearch(firstAtoms, atom);
    return at >= 0 ? at : -at - 1;
  }
}
