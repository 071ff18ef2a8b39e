package dev.postern.lowering;

import dev.postern.algebra.ClassSet;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where classes are: turns a set of classes into the addresses whose class is in it, as targets that see only addresses need them. It
 * trusts the plan's classes. Every address has one class: that of the pod which has it, else that of its outside range.
 * For one thread: it remembers what it was asked.
 */
public final class PeerAddresses {

  private final Classes classes;
  private final Address[] podAddresses;
  private final int[] podClasses;
  private final AddressSet pods;
  private final List<String> conflicts;
  private final Map<ClassSet, AddressSet> exact = new HashMap<>();
  private final Map<ClassSet, AddressSet> inside = new HashMap<>();

  private record Held(Address address, int number, End.InPod by) {}

  private PeerAddresses(Classes classes) {
    this.classes = classes;
    List<Held> held = new ArrayList<>(classes.endpoints().size());
    for (int i = 0; i < classes.endpoints().size(); i++) {
      End.InPod endpoint = classes.endpoints().get(i);
      if (endpoint.address().isPresent()) {
        held.add(new Held(endpoint.address().get(), classes.classOf(i), endpoint));
      }
    }
    held.sort(Comparator.comparing(Held::address).thenComparingInt(Held::number));
    List<Held> distinct = new ArrayList<>(held.size());
    List<String> clashes = new ArrayList<>();
    for (Held next : held) {
      Held last = distinct.isEmpty() ? next : distinct.get(distinct.size() - 1);
      if (distinct.isEmpty() || !last.address.equals(next.address)) {
        distinct.add(next);
      } else if (last.number != next.number) {
        clashes.add(
            last.by + " and " + next.by + " have the same address, but not the same policies");
      }
    }
    this.podAddresses = distinct.stream().map(Held::address).toArray(Address[]::new);
    this.podClasses = distinct.stream().mapToInt(Held::number).toArray();
    this.pods = AddressSet.ofAddresses(Arrays.asList(podAddresses));
    this.conflicts = List.copyOf(clashes);
  }

  public static PeerAddresses of(Plan plan) {
    return new PeerAddresses(plan.classes());
  }

  /** Addresses that two pods of different classes have: a target that sees only addresses cannot tell them apart. One line each. */
  public List<String> conflicts() {
    return conflicts;
  }

  /** All addresses that some pod has. */
  public AddressSet pods() {
    return pods;
  }

  /** The class of the pod that has this address; empty if no pod has it. */
  public OptionalInt podClass(Address address) {
    int at = Arrays.binarySearch(podAddresses, address);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(podClasses[at]);
  }

  /** The class of any address. */
  public int classOf(Address address) {
    return podClass(address).orElseGet(() -> classes.classOf(address));
  }

  /** The addresses of the pods in these classes. */
  public synchronized AddressSet inside(ClassSet peers) {
    ClassSet insiders = peers.intersect(classes.insiders());
    return inside.computeIfAbsent(insiders, set -> {
      if (set.equals(classes.insiders())) {
        return pods;
      }
      List<AddressRange> ranges = new ArrayList<>();
      set.forEach(number -> classes
          .members(number)
          .mapToObj(member -> classes.endpoints().get(member).address())
          .forEach(address -> address.ifPresent(a -> ranges.add(new AddressRange(a, a)))));
      return new AddressSet(ranges);
    });
  }

  /**
   * The ranges of the outside classes among these, whole: an address in them that a pod has is not of these classes. A target that first
   * asks whether an address is a pod's can use them as they are, and they stay the same when pods come and go.
   */
  public AddressSet outside(ClassSet peers) {
    ClassSet outsiders = peers.intersect(classes.outsiders());
    List<AddressRange> ranges = new ArrayList<>();
    for (int run = 0; run < outsiders.runs(); run++) {
      AddressRange first = classes.range(outsiders.runFirst(run));
      AddressRange last = classes.range(outsiders.runEnd(run) - 1);
      if (first.family() == last.family()) {
        ranges.add(new AddressRange(first.first(), last.last()));
      } else {
        ranges.add(new AddressRange(first.first(), Address.last(Family.IPV4)));
        ranges.add(new AddressRange(Address.first(Family.IPV6), last.last()));
      }
    }
    return new AddressSet(ranges);
  }

  /**
   * Exactly the addresses whose class is one of these: the outside ranges without the pods of other classes, and the pods of these. A block
   * all of whose pods are among them comes out whole.
   */
  public synchronized AddressSet exactly(ClassSet peers) {
    return exact.computeIfAbsent(peers, set -> {
      List<AddressRange> ranges = new ArrayList<>();
      for (AddressRange range : outside(set).ranges()) {
        cut(range, set, ranges);
      }
      ranges.addAll(inside(set).ranges());
      return new AddressSet(ranges);
    });
  }

  /** Adds a range without the addresses of pods of other classes. */
  private void cut(AddressRange range, ClassSet set, List<AddressRange> into) {
    int at = Arrays.binarySearch(podAddresses, range.first());
    Address from = range.first();
    for (int i = at < 0 ? -at - 1 : at;
        i < podAddresses.length && podAddresses[i].compareTo(range.last()) <= 0;
        i++) {
      Address pod = podAddresses[i];
      if (set.contains(podClasses[i])) {
        continue;
      }
      if (from.compareTo(pod) < 0) {
        into.add(new AddressRange(from, pod.previous()));
      }
      if (pod.equals(range.last())) {
        return;
      }
      from = pod.next();
    }
    into.add(new AddressRange(from, range.last()));
  }
}
