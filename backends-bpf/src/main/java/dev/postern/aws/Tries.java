package dev.postern.aws;

import dev.postern.algebra.Region;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PrefixTable;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A pod's tries in one direction.
 *
 * @param own what may pass
 * @param cluster what may not, where that is "everything but some ports": the admin tier comes first
 */
record Tries(List<MapEntry> own, List<MapEntry> cluster) {

  static final Tries EMPTY = new Tries(List.of(), List.of());

  Tries {
    own = List.copyOf(own);
    cluster = List.copyOf(cluster);
  }

  /** @param node whose traffic passes whole; or empty */
  static Tries of(Region allowed, String node, Places places, Family family) {
    Function<Places.Place, Traffic> traffic =
        place -> !node.isEmpty() && place.nodes().contains(node)
            ? Traffic.ALL
            : allowed.traffic(place.classNumber());
    return new Tries(
        trie(
            places,
            family,
            traffic.andThen(t -> AwsLayout.needsDenials(t) ? Traffic.ALL : t),
            AwsLayout::trie),
        trie(
            places,
            family,
            traffic.andThen(t -> AwsLayout.needsDenials(t) ? t.complement() : Traffic.NONE),
            AwsLayout::clusterTrie));
  }

  int fullest() {
    return Math.max(own.size(), cluster.size());
  }

  /** The longest prefix decides alone: what a wider network may do is repeated for those within. */
  private static List<MapEntry> trie(
      Places places,
      Family family,
      Function<Places.Place, Traffic> of,
      BiFunction<Cidr, Traffic, MapEntry> entry) {
    Map<Traffic, Integer> numbers = new LinkedHashMap<>(Map.of(Traffic.NONE, 0));
    Map<Cidr, Integer> prefixes = PrefixTable.of(
        family,
        places.runs(place -> numbers.computeIfAbsent(of.apply(place), key -> numbers.size())));
    List<Traffic> traffic = List.copyOf(numbers.keySet());
    List<MapEntry> trie = new ArrayList<>();
    prefixes.forEach((cidr, number) -> {
      if (cidr.prefix() > 0 || number > 0) {
        trie.add(entry.apply(cidr, traffic.get(number)));
      }
    });
    return trie;
  }
}
