package dev.postern.ovn;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A region told port by port: for each traffic all peers that have it, as policies are written, instead of for each peer all of its traffic.
 * "8080 from everyone, 9090 from monitoring" is then two rows, and nobody has to say "everyone but monitoring".
 */
final class PortRows {

  /** Peers that all have this traffic, and maybe more. */
  record Row(ClassSet peers, Traffic traffic) {}

  private PortRows() {}

  /** The rows of a region that mention fewest peers: peer by peer, as the region is, or port by port. */
  static List<Row> fewest(Region region, ClassSet everyone) {
    List<Row> asItIs = region.parts().stream()
        .filter(part -> part.traffic().isAll() || !part.traffic().other())
        .map(part -> new Row(part.peers(), part.traffic()))
        .toList();
    List<Row> byPort = of(region);
    return mentioned(byPort, everyone) < mentioned(asItIs, everyone) ? byPort : asItIs;
  }

  private static long mentioned(List<Row> rows, ClassSet everyone) {
    return rows.stream()
        .filter(row -> !row.peers.equals(everyone))
        .mapToLong(row -> row.peers.size())
        .sum();
  }

  /** Rows that together cover exactly a region. Peers that have other protocols without all ports are not
   * covered: what they have is told best by what they lack. */
  static List<Row> of(Region region) {
    Map<ClassSet, Traffic> rows = new LinkedHashMap<>();
    ClassSet covered = ClassSet.EMPTY;
    for (Region.Part part : region.parts()) {
      if (part.traffic().isAll()) {
        rows.put(part.peers(), Traffic.ALL);
      }
      covered = part.traffic().other() ? covered.union(part.peers()) : covered;
    }
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      List<Region.Part> parts = region.parts().stream()
          .filter(part -> !part.traffic().ports(protocol).isEmpty())
          .toList();
      if (parts.stream().allMatch(part -> part.traffic().isAll())) {
        continue;
      }
      for (PortSet.Interval atom : atoms(parts, protocol)) {
        ClassSet peers = ClassSet.EMPTY;
        for (Region.Part part : parts) {
          if (part.traffic().contains(protocol, atom.first())) {
            peers = peers.union(part.peers());
          }
        }
        if (!covered.containsAll(peers)) {
          Traffic traffic = Traffic.of(protocol, PortSet.range(atom.first(), atom.last()));
          rows.merge(peers, traffic, Traffic::union);
        }
      }
    }
    List<Row> result = new ArrayList<>();
    rows.forEach((peers, traffic) -> result.add(new Row(peers, traffic)));
    return result;
  }

  /** The ports of some parts, cut wherever one of them begins or ends; only those that are not in all traffic alone. */
  private static List<PortSet.Interval> atoms(List<Region.Part> parts, Protocol protocol) {
    SortedSet<Integer> starts = new TreeSet<>();
    PortSet some = PortSet.NONE;
    for (Region.Part part : parts) {
      if (!part.traffic().isAll()) {
        some = some.union(part.traffic().ports(protocol));
        for (PortSet.Interval interval : part.traffic().ports(protocol).intervals()) {
          starts.add(interval.first());
          starts.add(interval.last() + 1);
        }
      }
    }
    List<PortSet.Interval> atoms = new ArrayList<>();
    int from = 0;
    for (int next : starts) {
      if (from > 0 && some.contains(from)) {
        atoms.add(new PortSet.Interval(from, next - 1));
      }
      from = next;
    }
    return atoms;
  }
}
