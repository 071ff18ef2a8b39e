package dev.postern.diff;

import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which endpoints of two clusters are the same. A pod is the same by its workload and its name, whatever its address; of a workload the pods with
 * new names stand for those that are gone; and where it has more pods or fewer, those are as their siblings. For one thread.
 */
final class EndpointPairs {

  private static final int IPV4 = 1;
  private static final int IPV6 = 2;
  private static final int ANY = IPV4 | IPV6;

  /**
   * An endpoint in both clusters, or in one.
   *
   * @param before its class before, or {@link JointClasses#ABSENT}
   * @param after its class after, or {@link JointClasses#ABSENT}
   * @param families the families that it may speak in both, as bits
   * @param end the endpoint, as it is after where it is there
   */
  record Pair(int before, int after, int families, End.InPod end) {

    private boolean isOfBoth() {
      return before != JointClasses.ABSENT && after != JointClasses.ABSENT;
    }
  }

  /**
   * A pod that has another address.
   *
   * @param told whether a policy's addresses tell both apart
   */
  record Moved(End.InPod before, End.InPod after, boolean told) {

    /** {@code shop/db (10.0.0.5, now 10.0.1.5)}. */
    @Override
    public String toString() {
      return after.workload().namespace() + "/" + pod(after) + " ("
          + before.address().map(Address::toString).orElse("") + ", now "
          + after.address().map(Address::toString).orElse("") + ")";
    }
  }

  /** What makes an endpoint of one cluster the same as one of the other at once. */
  private record Identity(String workload, String kind, String name, Optional<Address> address) {
    static Identity of(End.InPod end) {
      return new Identity(
          end.workload().id(), end.workload().kind(), EndpointPairs.pod(end), end.address());
    }
  }

  private record Endpoint(End.InPod end, int number) {
    int families() {
      return EndpointPairs.families(end.address());
    }
  }

  /** The endpoints of a workload that are not as they were, and the pairs of those that are. */
  private static final class Changed {
    private final List<Endpoint> before = new ArrayList<>();
    private final List<Endpoint> after = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
  }

  private final Classes before;
  private final Classes after;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Moved> moved = new ArrayList<>();

  EndpointPairs(Classes before, Classes after) {
    this.before = before;
    this.after = after;
    Map<String, Changed> changed = new LinkedHashMap<>();
    unchanged(changed);
    if (changed.isEmpty()) {
      return;
    }
    for (Pair pair : pairs) {
      Changed workload = changed.get(pair.end.workload().id());
      if (workload != null) {
        workload.pairs.add(pair);
      }
    }
    pairs.removeIf(pair -> changed.containsKey(pair.end.workload().id()));
    for (Changed workload : changed.values()) {
      pair(workload);
      pairs.addAll(workload.pairs);
    }
  }

  List<Pair> all() {
    return pairs;
  }

  List<Moved> moved() {
    return moved;
  }

  private static String pod(End.InPod end) {
    return end.pod().map(pod -> pod.name()).orElse("");
  }

  /** The bits of the families that an endpoint may speak: that of its address, or both where it has none. */
  static int families(Optional<Address> address) {
    return address.map(known -> bit(known.family())).orElse(ANY);
  }

  static int bit(Family family) {
    return family == Family.IPV4 ? IPV4 : IPV6;
  }

  private void unchanged(Map<String, Changed> changed) {
    Map<Identity, Endpoint> old = new LinkedHashMap<>();
    for (int i = 0; i < before.endpoints().size(); i++) {
      End.InPod end = before.endpoints().get(i);
      old.put(Identity.of(end), new Endpoint(end, before.classOf(i)));
    }
    for (int i = 0; i < after.endpoints().size(); i++) {
      End.InPod end = after.endpoints().get(i);
      Endpoint is = new Endpoint(end, after.classOf(i));
      Endpoint was = old.remove(Identity.of(end));
      if (was == null) {
        of(is, changed).after.add(is);
      } else {
        pairs.add(new Pair(was.number, is.number, is.families(), end));
      }
    }
    old.values().forEach(was -> of(was, changed).before.add(was));
  }

  private static Changed of(Endpoint endpoint, Map<String, Changed> changed) {
    return changed.computeIfAbsent(endpoint.end.workload().id(), id -> new Changed());
  }

  private void pair(Changed workload) {
    match(workload, each -> List.of(kind(each), pod(each.end), each.families()));
    match(workload, each -> List.of(kind(each), each.families(), toldBy(each.end.address())));
    match(workload, each -> List.of(each.families(), toldBy(each.end.address())));
    match(workload, Endpoint::families);
    unknown(workload.before, workload.after, (was, is) -> matched(workload, was, is));
    unknown(workload.after, workload.before, (is, was) -> matched(workload, was, is));
    siblings(workload);
  }

  private static String kind(Endpoint endpoint) {
    return endpoint.end.workload().kind();
  }

  /** Between which bounds of the policies of either cluster an address lies. */
  private List<Integer> toldBy(Optional<Address> address) {
    return address
        .map(known -> List.of(before.classOf(known), after.classOf(known)))
        .orElse(List.of());
  }

  private void matched(Changed workload, Endpoint was, Endpoint is) {
    workload.pairs.add(new Pair(was.number, is.number, was.families() & is.families(), is.end));
    Optional<Address> old = was.end.address();
    Optional<Address> now = is.end.address();
    if (pod(was.end).equals(pod(is.end)) && old.isPresent() && now.isPresent()) {
      moved.add(new Moved(was.end, is.end, !toldBy(old).equals(toldBy(now))));
    }
  }

  private void match(Changed workload, Function<Endpoint, Object> key) {
    if (workload.before.isEmpty() || workload.after.isEmpty()) {
      return;
    }
    Map<Object, Deque<Endpoint>> old = new HashMap<>();
    workload.before.forEach(
        was -> old.computeIfAbsent(key.apply(was), k -> new ArrayDeque<>(1)).add(was));
    List<Endpoint> rest = new ArrayList<>();
    for (Endpoint is : workload.after) {
      Endpoint was = old.getOrDefault(key.apply(is), new ArrayDeque<>(0)).poll();
      if (was == null) {
        rest.add(is);
      } else {
        matched(workload, was, is);
      }
    }
    workload.after.clear();
    workload.after.addAll(rest);
    Set<Endpoint> left = Collections.newSetFromMap(new IdentityHashMap<>());
    old.values().forEach(left::addAll);
    workload.before.removeIf(was -> !left.contains(was));
  }

  @FunctionalInterface
  private interface Matched {
    void accept(Endpoint unknown, Endpoint known);
  }

  /** A pod without an address may be any that has one: the pod of its name, else all of its workload. */
  private static void unknown(List<Endpoint> some, List<Endpoint> others, Matched matched) {
    for (Endpoint unknown : List.copyOf(some)) {
      if (unknown.families() != ANY) {
        continue;
      }
      List<Endpoint> known = others.stream()
          .filter(other -> pod(other.end).equals(pod(unknown.end)))
          .toList();
      List<Endpoint> same = known.isEmpty() ? List.copyOf(others) : known;
      same.forEach(other -> matched.accept(unknown, other));
      others.removeAll(same);
      if (!same.isEmpty()) {
        some.remove(unknown);
      }
    }
  }

  /** What is left is as a pod of the same workload is that is in both; it is alone where none speaks its family. */
  private static void siblings(Changed workload) {
    List<Pair> both = workload.pairs.stream().filter(Pair::isOfBoth).toList();
    for (Endpoint is : workload.after) {
      Optional<Pair> sibling = sibling(both, is, Pair::after);
      workload.pairs.add(new Pair(
          sibling.map(Pair::before).orElse(JointClasses.ABSENT),
          is.number,
          is.families() & sibling.map(Pair::families).orElse(ANY),
          is.end));
    }
    for (Endpoint was : workload.before) {
      Optional<Pair> sibling = sibling(both, was, Pair::before);
      // A pod that is gone and was as one that stays is no name to speak of.
      if (sibling.isEmpty() || sibling.get().before != was.number) {
        workload.pairs.add(new Pair(
            was.number,
            sibling.map(Pair::after).orElse(JointClasses.ABSENT),
            was.families() & sibling.map(Pair::families).orElse(ANY),
            was.end));
      }
    }
  }

  private static Optional<Pair> sibling(
      List<Pair> both, Endpoint endpoint, Function<Pair, Integer> side) {
    List<Pair> speaking =
        both.stream().filter(pair -> (pair.families & endpoint.families()) != 0).toList();
    return speaking.stream()
        .filter(pair -> side.apply(pair) == endpoint.number)
        .findFirst()
        .or(() -> speaking.stream().findFirst());
  }
}
