package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.diagnostic.ShortList;
import dev.postern.diff.AddressWords;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Those who could stand at one end of a flow, in the words that a policy's peers are written in. */
public sealed interface PossibleEnds {

  /** Whether an end is one of them in a cluster, whose labels of namespaces count. */
  boolean holds(Cluster cluster, End end);

  /** Both in one, if that says it exactly. */
  Optional<PossibleEnds> union(PossibleEnds other);

  /** Whether these are pods only at some of all addresses. */
  default boolean atSomeAddresses() {
    return false;
  }

  /** The same over other addresses, if addresses are all that differs. */
  boolean isLike(PossibleEnds other);

  /**
   * All pods, on the pod network, that are there or could come.
   *
   * @param namespaces what the labels of their namespace meet, the name among them
   * @param labels what their labels meet
   * @param addresses their addresses, if they are known
   * @param unaddressed whether pods of which no address is known are among them
   */
  record Pods(Selector namespaces, Selector labels, AddressSet addresses, boolean unaddressed)
      implements PossibleEnds {

    @Override
    public boolean holds(Cluster cluster, End end) {
      return end instanceof End.InPod pod
          && !pod.workload().hostNetwork()
          && namespaces.matches(cluster.namespace(pod.workload().namespace()).labels())
          && labels.matches(pod.workload().labels())
          && pod.address().map(addresses::contains).orElse(unaddressed);
    }

    @Override
    public Optional<PossibleEnds> union(PossibleEnds other) {
      if (!(other instanceof Pods pods)) {
        return Optional.empty();
      }
      if (isLike(other)) {
        return Optional.of(new Pods(
            namespaces, labels, addresses.union(pods.addresses), unaddressed || pods.unaddressed));
      }
      if (!addresses.equals(pods.addresses) || unaddressed != pods.unaddressed) {
        return Optional.empty();
      }
      if (namespaces.equals(pods.namespaces)) {
        return Selectors.union(labels, pods.labels)
            .map(both -> new Pods(namespaces, both, addresses, unaddressed));
      }
      return labels.equals(pods.labels)
          ? Selectors.union(namespaces, pods.namespaces)
              .map(both -> new Pods(both, labels, addresses, unaddressed))
          : Optional.empty();
    }

    @Override
    public boolean isLike(PossibleEnds other) {
      return other instanceof Pods pods
          && namespaces.equals(pods.namespaces)
          && labels.equals(pods.labels);
    }

    @Override
    public boolean atSomeAddresses() {
      return !addresses.isEmpty() && !isWhole(addresses);
    }

    /** {@code pods app=web in namespace shop}, {@code any pod}. */
    @Override
    public String toString() {
      StringBuilder words = new StringBuilder(labels.isEverything() ? "any pod" : "pods " + labels);
      words.append(where());
      if (addresses.isEmpty()) {
        words.append(" without a known address");
      } else if (atSomeAddresses()) {
        words.append(" at ").append(String.join(", ", AddressWords.of(addresses)));
      }
      return words.toString();
    }

    private static boolean isWhole(AddressSet addresses) {
      return addresses.ranges().stream()
          .allMatch(range -> range.first().isFirst() && range.last().isLast());
    }

    /** The name of a namespace before its other labels. */
    private String where() {
      List<Requirement> names = new ArrayList<>();
      List<Requirement> others = new ArrayList<>();
      namespaces
          .requirements()
          .forEach(requirement -> (requirement.key().equals(Namespace.NAME_LABEL)
                      && requirement.operator().takesValues()
                  ? names
                  : others)
              .add(requirement));
      StringBuilder words = new StringBuilder();
      for (Requirement name : names) {
        boolean in = name.operator() == Operator.IN;
        words
            .append(in ? " in namespace " : " outside namespace ")
            .append(String.join(in ? " or " : " and ", name.values()));
      }
      return others.isEmpty()
          ? words.toString()
          : words.append(" in namespaces ").append(new Selector(others)).toString();
    }
  }

  /**
   * Addresses that no pod has.
   *
   * @param addresses which
   */
  record Addresses(AddressSet addresses) implements PossibleEnds {
    @Override
    public boolean holds(Cluster cluster, End end) {
      return end instanceof End.Outside outside && addresses.contains(outside.address());
    }

    @Override
    public Optional<PossibleEnds> union(PossibleEnds other) {
      return other instanceof Addresses more
          ? Optional.of(new Addresses(addresses.union(more.addresses)))
          : Optional.empty();
    }

    @Override
    public boolean isLike(PossibleEnds other) {
      return other instanceof Addresses;
    }

    /** {@code internet}, {@code 10.0.0.0/8 except 10.1.0.0/16}. */
    @Override
    public String toString() {
      return String.join(", ", AddressWords.of(addresses));
    }
  }

  /**
   * Pods on the host network that are there: they come with their nodes, and no policy's words are about them alone.
   *
   * @param ends the pods; policies see no difference between them
   */
  record OnHost(List<End.InPod> ends) implements PossibleEnds {
    private static final int ENOUGH = 5;

    public OnHost {
      ends = List.copyOf(ends);
    }

    @Override
    public boolean holds(Cluster cluster, End other) {
      return other instanceof End.InPod pod && ends.contains(pod);
    }

    @Override
    public Optional<PossibleEnds> union(PossibleEnds other) {
      if (!(other instanceof OnHost host)) {
        return Optional.empty();
      }
      Set<End.InPod> all = new LinkedHashSet<>(ends);
      all.addAll(host.ends);
      return Optional.of(new OnHost(List.copyOf(all)));
    }

    @Override
    public boolean isLike(PossibleEnds other) {
      return other instanceof OnHost;
    }

    /** {@code kube-system/proxy on the host network}. */
    @Override
    public String toString() {
      return ends.stream()
              .map(end -> end.workload().id())
              .distinct()
              .sorted()
              .collect(ShortList.ofFirst(ENOUGH))
          + " on the host network";
    }
  }
}
