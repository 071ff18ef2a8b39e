package dev.postern.cilium;

import dev.postern.mapdump.MapEntry;
import java.util.Collection;
import java.util.List;

/**
 * What the maps cost.
 *
 * @param endpoints how many policy maps
 * @param distinct how many of them differ
 * @param entries entries of all policy maps: every endpoint has its own copy
 * @param worst entries of the fullest
 * @param capacity entries that a policy map holds
 * @param identities identities
 * @param prefixes entries of {@code ipcache}
 */
record CiliumCost(
    int endpoints,
    int distinct,
    long entries,
    int worst,
    int capacity,
    int identities,
    int prefixes) {

  static CiliumCost of(
      Collection<List<MapEntry>> maps, int distinct, int identities, int prefixes, int capacity) {
    return new CiliumCost(
        maps.size(),
        distinct,
        maps.stream().mapToLong(List::size).sum(),
        maps.stream().mapToInt(List::size).max().orElse(0),
        capacity,
        identities,
        prefixes);
  }

  String text(CiliumVersion version) {
    return """
        target                      cilium, layout of %s
        endpoints                   %d
        policy entries              %d
          fullest map               %d of %d
          typical map               %d
          if equal maps were shared %d maps
        identities                  %d
        ipcache entries             %d
        look-ups for a new packet
          ipcache                   1 at each policed end
          policy map                1 or 2 at each policed end
        """.formatted(
            version,
            endpoints,
            entries,
            worst,
            capacity,
            endpoints == 0 ? 0 : entries / endpoints,
            distinct,
            identities,
            prefixes);
  }
}
