package dev.postern.cilium.reader;

import dev.postern.mapdump.LongestPrefix;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The identities of addresses.
 *
 * @param identities the addresses of each identity, together all there are
 * @param own the addresses that have an entry of their own, as those of the agent's own pods have
 * @param value the size of its values, which tells releases apart
 */
record Ipcache(Map<Integer, AddressSet> identities, AddressSet own, int value) {

  private static final int KEY = 24;
  private static final int VALUE_1_16 = 12;
  private static final int VALUE_1_18 = 24;
  private static final int STATIC_BITS = 32;
  private static final int WORLD = 2;
  private static final int WORLD_IPV4 = 9;
  private static final int WORLD_IPV6 = 10;

  /**
   * Decodes a dump.
   *
   * @throws UnreadableMap if an entry does not have the layout's form
   */
  static Ipcache of(String file, List<MapDump.Placed> entries) {
    SortedMap<Cidr, Integer> table = new TreeMap<>();
    int size = entries.isEmpty() ? VALUE_1_18 : entries.get(0).entry().value().length;
    for (MapDump.Placed placed : entries) {
      byte[] value = placed.entry().value();
      if (value.length != size || size != VALUE_1_16 && size != VALUE_1_18) {
        throw unreadable(
            file, placed, "values of ipcache have 24 bytes, or 12 before Cilium 1.18, not " + size);
      }
      ByteBuffer key = ByteBuffer.wrap(placed.entry().key()).order(ByteOrder.LITTLE_ENDIAN);
      if (key.capacity() != KEY) {
        throw unreadable(file, placed, "keys of ipcache have 24 bytes, not " + key.capacity());
      }
      // Addresses of other clusters of a mesh are looked up with those clusters' numbers.
      if (key.getShort(4) == 0) {
        int identity = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        if (table.put(cidr(file, placed, key), identity) != null) {
          throw unreadable(file, placed, "the prefix is there twice");
        }
      }
    }
    AddressSet own = AddressSet.ofAddresses(table.keySet().stream()
        .filter(cidr -> cidr.first().equals(cidr.last()))
        .map(Cidr::first)
        .toList());
    boolean both = table.keySet().stream().map(Cidr::family).distinct().count() > 1;
    // What is in no entry is the world.
    table.putIfAbsent(Cidr.all(Family.IPV4), both ? WORLD_IPV4 : WORLD);
    table.putIfAbsent(Cidr.all(Family.IPV6), both ? WORLD_IPV6 : WORLD);
    return new Ipcache(LongestPrefix.addresses(table), own, size);
  }

  private static Cidr cidr(String file, MapDump.Placed placed, ByteBuffer key) {
    int prefix = key.getInt(0) - STATIC_BITS;
    int family = key.get(7);
    int bits = family == 1 ? 32 : 128;
    if (family != 1 && family != 2 || key.get(6) != 0 || prefix < 0 || prefix > bits) {
      throw unreadable(
          file,
          placed,
          "family " + family + " with a prefix length of " + (prefix + STATIC_BITS)
              + " (family 1 has 32 to 64, family 2 has 32 to 160)");
    }
    ByteBuffer address = key.duplicate().order(ByteOrder.BIG_ENDIAN);
    return new Cidr(
        family == 1
            ? Address.ipv4(address.getInt(8) & 0xFFFFFFFFL)
            : Address.ipv6(address.getLong(8), address.getLong(16)),
        prefix);
  }

  private static UnreadableMap unreadable(String file, MapDump.Placed placed, String problem) {
    return new UnreadableMap(file, placed.line(), placed.column(), problem);
  }
}
