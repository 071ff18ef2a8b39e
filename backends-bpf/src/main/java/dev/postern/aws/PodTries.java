package dev.postern.aws;

import dev.postern.aws.AwsLayout.PodState;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PrefixTable;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A pod's maps in one direction.
 *
 * @param own what may pass
 * @param cluster what may not, where that is "everything but some ports": the admin tier comes first
 * @param states whether the tries count at all
 */
record PodTries(List<MapEntry> own, List<MapEntry> cluster, List<MapEntry> states) {

  PodTries {
    own = List.copyOf(own);
    cluster = List.copyOf(cluster);
    states = List.copyOf(states);
  }

  /**
   * Addresses to or from which the same passes.
   *
   * @param traffic what passes
   */
  record Span(AddressRange addresses, Traffic traffic) {}

  /** The maps of a pod that is not policed. */
  static final PodTries OPEN = new PodTries(
      List.of(), List.of(), AwsLayout.states(PodState.DEFAULT_ALLOW, PodState.DEFAULT_ALLOW));

  /** The maps of a policed pod; together the spans are the whole family. */
  static PodTries of(Family family, List<Span> spans) {
    List<MapEntry> cluster = denials(family, spans);
    return new PodTries(
        trie(
            family,
            spans,
            traffic -> AwsLayout.needsDenials(traffic) ? Traffic.ALL : traffic,
            AwsLayout::trie),
        cluster,
        AwsLayout.states(
            PodState.POLICIES_APPLIED,
            cluster.isEmpty() ? PodState.DEFAULT_ALLOW : PodState.POLICIES_APPLIED));
  }

  /** What is denied of traffic that is everything but some ports. */
  static List<MapEntry> denials(Family family, List<Span> spans) {
    return trie(
        family,
        spans,
        traffic -> AwsLayout.needsDenials(traffic) ? traffic.complement() : Traffic.NONE,
        AwsLayout::clusterTrie);
  }

  /** What passes by both of two lists of spans, or what their function makes of each two. */
  static List<Span> combined(
      List<Span> some, List<Span> others, BiFunction<Traffic, Traffic, Traffic> function) {
    List<Span> spans = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < some.size() && j < others.size()) {
      Span one = some.get(i);
      Span other = others.get(j);
      spans.add(new Span(
          overlap(one.addresses, other.addresses), function.apply(one.traffic, other.traffic)));
      int order = one.addresses.last().compareTo(other.addresses.last());
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return spans;
  }

  private static AddressRange overlap(AddressRange one, AddressRange other) {
    return new AddressRange(
        one.first().compareTo(other.first()) > 0 ? one.first() : other.first(),
        one.last().compareTo(other.last()) < 0 ? one.last() : other.last());
  }

  int fullest() {
    return Math.max(own.size(), cluster.size());
  }

  /** The longest prefix decides alone: what a wider network may do is repeated for those within. */
  private static List<MapEntry> trie(
      Family family,
      List<Span> spans,
      UnaryOperator<Traffic> of,
      BiFunction<Cidr, Traffic, MapEntry> entry) {
    Map<Traffic, Integer> numbers = new LinkedHashMap<>(Map.of(Traffic.NONE, 0));
    List<PrefixTable.Run> runs = new ArrayList<>();
    for (Span span : spans) {
      int number = numbers.computeIfAbsent(of.apply(span.traffic), key -> numbers.size());
      runs.add(new PrefixTable.Run(span.addresses, number));
    }
    List<Traffic> traffic = List.copyOf(numbers.keySet());
    List<MapEntry> trie = new ArrayList<>();
    PrefixTable.of(family, runs).forEach((cidr, number) -> {
      if (cidr.prefix() > 0 || number > 0) {
        trie.add(entry.apply(cidr, traffic.get(number)));
      }
    });
    return trie;
  }
}
