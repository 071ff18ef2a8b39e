package dev.postern.diff;

import dev.postern.cluster.WorkloadSelectors;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.selector.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Which endpoints of two clusters are the same. A pod is the same by its namespace and name, whatever its address, its labels and its siblings;
 * of what owns pods the ones with new names stand for those that are gone, first those of the same lasting labels. Of what is left then, one
 * that is as a pod that is in both is so in the other cluster, too: a replica more or less. Any other is in one cluster only. For one thread.
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
  private record Identity(String namespace, String name, Optional<Address> address) {
    static Identity of(End.InPod end) {
      return new Identity(end.workload().namespace(), EndpointPairs.name(end), end.address());
    }
  }

  private record Endpoint(End.InPod end, int number) {
    int families() {
      return EndpointPairs.families(end.address());
    }
  }

  /** The endpoints of one owner that are not as they were, and the pairs of those that are. */
  private static final class Changed {
    private final List<Endpoint> before = new ArrayList<>();
    private final List<Endpoint> after = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
  }

  private final Classes before;
  private final Classes after;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Moved> moved = new ArrayList<>();
  private final List<Pair> perhaps = new ArrayList<>();

  EndpointPairs(Classes before, Classes after) {
    this.before = before;
    this.after = after;
    Changed rest = unchanged();
    match(rest, each -> List.of(each.end.workload().namespace(), name(each.end), each.families()));
    named(rest);
    pairs.addAll(rest.pairs);
    Map<String, Changed> changed = new LinkedHashMap<>();
    rest.after.forEach(is -> of(is.end, changed).after.add(is));
    rest.before.forEach(was -> of(was.end, changed).before.add(was));
    if (changed.isEmpty()) {
      return;
    }
    for (Pair pair : pairs) {
      Changed owner = changed.get(owner(pair.end));
      if (owner != null) {
        owner.pairs.add(pair);
      }
    }
    pairs.removeIf(pair -> changed.containsKey(owner(pair.end)));
    for (Changed owner : changed.values()) {
      pair(owner);
      pairs.addAll(owner.pairs);
    }
  }

  List<Pair> all() {
    return pairs;
  }

  /** What pods without a known address speak in one cluster, if they are not of the family that they have in the other. */
  List<Pair> perhaps() {
    return perhaps;
  }

  List<Moved> moved() {
    return moved;
  }

  private static String pod(End.InPod end) {
    return end.pod().map(pod -> pod.name()).orElse("");
  }

  /** Of a pod its name; of what has no pods yet its own, which no pod has. */
  private static String name(End.InPod end) {
    return end.pod()
        .map(pod -> pod.name())
        .orElseGet(() -> end.workload().kind() + "/" + end.workload().name());
  }

  private static String owner(End.InPod end) {
    return end.workload().namespace() + "/" + end.workload().lastingName();
  }

  /** The bits of the families that an endpoint may speak: that of its address, or both where it has none. */
  static int families(Optional<Address> address) {
    return address.map(known -> bit(known.family())).orElse(ANY);
  }

  static int bit(Family family) {
    return family == Family.IPV4 ? IPV4 : IPV6;
  }

  /** Pairs what has the same name and address, and gives the rest. */
  private Changed unchanged() {
    Changed rest = new Changed();
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
        rest.after.add(is);
      } else {
        pairs.add(new Pair(was.number, is.number, is.families(), end));
      }
    }
    rest.before.addAll(old.values());
    return rest;
  }

  /** What is left of a name that both have is of that pod: its address is known in one only, or it has a family more, or less. */
  private void named(Changed rest) {
    Set<String> both = names(before);
    both.retainAll(names(after));
    Map<String, Changed> byName = new LinkedHashMap<>();
    rest.before.stream()
        .filter(was -> both.contains(fullName(was.end)))
        .forEach(was -> byName
            .computeIfAbsent(fullName(was.end), key -> new Changed())
            .before
            .add(was));
    rest.after.stream()
        .filter(is -> both.contains(fullName(is.end)))
        .forEach(is ->
            byName.computeIfAbsent(fullName(is.end), key -> new Changed()).after.add(is));
    rest.before.removeIf(was -> both.contains(fullName(was.end)));
    rest.after.removeIf(is -> both.contains(fullName(is.end)));
    for (Changed pod : byName.values()) {
      unknown(pod.before, pod.after, (was, is) -> matched(pod, was, is), EndpointPairs::gone);
      unknown(pod.after, pod.before, (is, was) -> matched(pod, was, is), EndpointPairs::come);
      pod.after.forEach(is -> pod.pairs.add(come(is, is.families())));
      pod.before.forEach(was -> pod.pairs.add(gone(was, was.families())));
      rest.pairs.addAll(pod.pairs);
    }
  }

  private static Set<String> names(Classes classes) {
    Set<String> names = new HashSet<>();
    classes.endpoints().forEach(end -> names.add(fullName(end)));
    return names;
  }

  private static String fullName(End.InPod end) {
    return end.workload().namespace() + "/" + name(end);
  }

  private static Changed of(End.InPod end, Map<String, Changed> changed) {
    return changed.computeIfAbsent(owner(end), id -> new Changed());
  }

  private void pair(Changed owner) {
    // By labels before unknown addresses: a template may have become pods of several kinds.
    match(
        owner,
        each -> List.of(kind(each), each.families(), lasting(each), toldBy(each.end.address())));
    match(owner, each -> List.of(kind(each), each.families(), lasting(each)));
    match(owner, each -> List.of(kind(each), each.families(), toldBy(each.end.address())));
    match(owner, each -> List.of(each.families(), toldBy(each.end.address())));
    match(owner, Endpoint::families);
    unknown(owner.before, owner.after, (was, is) -> matched(owner, was, is), EndpointPairs::gone);
    unknown(owner.after, owner.before, (is, was) -> matched(owner, was, is), EndpointPairs::come);
    siblings(owner);
  }

  private static Labels lasting(Endpoint endpoint) {
    return WorkloadSelectors.lasting(endpoint.end.workload().labels());
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

  private void matched(Changed owner, Endpoint was, Endpoint is) {
    owner.pairs.add(new Pair(was.number, is.number, was.families() & is.families(), is.end));
    Optional<Address> old = was.end.address();
    Optional<Address> now = is.end.address();
    if (pod(was.end).equals(pod(is.end)) && old.isPresent() && now.isPresent()) {
      moved.add(new Moved(was.end, is.end, !toldBy(old).equals(toldBy(now))));
    }
  }

  private void match(Changed owner, Function<Endpoint, Object> key) {
    if (owner.before.isEmpty() || owner.after.isEmpty()) {
      return;
    }
    Map<Object, Deque<Endpoint>> old = new HashMap<>();
    owner.before.forEach(
        was -> old.computeIfAbsent(key.apply(was), k -> new ArrayDeque<>(1)).add(was));
    List<Endpoint> rest = new ArrayList<>();
    for (Endpoint is : owner.after) {
      Endpoint was = old.getOrDefault(key.apply(is), new ArrayDeque<>(0)).poll();
      if (was == null) {
        rest.add(is);
      } else {
        matched(owner, was, is);
      }
    }
    owner.after.clear();
    owner.after.addAll(rest);
    Set<Endpoint> left = Collections.newSetFromMap(new IdentityHashMap<>());
    old.values().forEach(left::addAll);
    owner.before.removeIf(was -> !left.contains(was));
  }

  @FunctionalInterface
  private interface Matched {
    void accept(Endpoint unknown, Endpoint known);
  }

  /** A pod without an address may be any that has one: all of these that have its labels, else all. */
  private void unknown(
      List<Endpoint> some,
      List<Endpoint> others,
      Matched matched,
      BiFunction<Endpoint, Integer, Pair> alone) {
    for (Endpoint unknown : List.copyOf(some)) {
      if (unknown.families() != ANY) {
        continue;
      }
      List<Endpoint> alike = others.stream()
          .filter(other -> lasting(other).equals(lasting(unknown)))
          .toList();
      List<Endpoint> same = alike.isEmpty() ? List.copyOf(others) : alike;
      same.forEach(other -> matched.accept(unknown, other));
      others.removeAll(same);
      if (!same.isEmpty()) {
        some.remove(unknown);
        int rest = same.stream().map(Endpoint::families).reduce(ANY, (left, had) -> left & ~had);
        perhaps(unknown, rest, alone);
      }
    }
  }

  private void perhaps(Endpoint endpoint, int families, BiFunction<Endpoint, Integer, Pair> alone) {
    if (families != 0) {
      perhaps.add(alone.apply(endpoint, families));
    }
  }

  private static Pair come(Endpoint is, int families) {
    return new Pair(JointClasses.ABSENT, is.number, families, is.end);
  }

  private static Pair gone(Endpoint was, int families) {
    return new Pair(was.number, JointClasses.ABSENT, families, was.end);
  }

  /** What is left is a replica more or less where a pod of the owner that is in both is as it is; any other appears, or goes. */
  private void siblings(Changed owner) {
    List<Pair> both = owner.pairs.stream().filter(Pair::isOfBoth).toList();
    for (Endpoint is : owner.after) {
      int families = is.families();
      for (Pair sibling : siblings(both, is, Pair::after)) {
        int same = families & sibling.families;
        if (same != 0) {
          owner.pairs.add(new Pair(sibling.before, is.number, same, is.end));
          families &= ~same;
        }
      }
      if (families == is.families()) {
        owner.pairs.add(come(is, families));
      } else {
        perhaps(is, families, EndpointPairs::come);
      }
    }
    for (Endpoint was : owner.before) {
      int families = siblings(both, was, Pair::before).stream()
          .map(Pair::families)
          .reduce(was.families(), (left, same) -> left & ~same);
      if (families == was.families()) {
        owner.pairs.add(gone(was, families));
      } else {
        // A replica less is no name to speak of.
        perhaps(was, families, EndpointPairs::gone);
      }
    }
  }

  private static List<Pair> siblings(
      List<Pair> both, Endpoint endpoint, Function<Pair, Integer> side) {
    return both.stream()
        .filter(pair -> side.apply(pair) == endpoint.number)
        .filter(pair -> pair.end.workload().kind().equals(kind(endpoint)))
        .toList();
  }
}
