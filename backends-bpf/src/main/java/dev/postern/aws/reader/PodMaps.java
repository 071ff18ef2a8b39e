package dev.postern.aws.reader;

import dev.postern.backend.Reader.Dump;
import dev.postern.mapdump.LongestPrefix;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The maps of one pod and direction.
 *
 * @param slots the addresses of each value of the trie
 * @param cluster the addresses of each value of the trie for cluster policies
 * @param state what becomes of addresses in no prefix, of the agent's {@code pod_state}
 */
record PodMaps(Map<Slots, AddressSet> slots, Map<ClusterSlots, AddressSet> cluster, State state) {

  /** The agent's {@code POLICIES_APPLIED}, {@code DEFAULT_ALLOW}, {@code DEFAULT_DENY}; or that a key lacks, which drops everything. */
  enum State {
    POLICIES_APPLIED,
    DEFAULT_ALLOW,
    DEFAULT_DENY,
    MISSING
  }

  private static final int KEY_4 = 8;
  private static final int KEY_6 = 20;

  /**
   * Decodes dumps.
   *
   * @throws UnreadableMap if an entry does not have the layout's form
   */
  static PodMaps of(Dump trie, Dump clusterTrie, Dump states) {
    return new PodMaps(
        addresses(trie, Slots.SIZE, Slots::of),
        addresses(clusterTrie, ClusterSlots.SIZE, ClusterSlots::of),
        state(states));
  }

  private static <V> Map<V, AddressSet> addresses(
      Dump trie, int size, Function<byte[], V> decoder) {
    SortedMap<Cidr, V> table = new TreeMap<>();
    for (MapDump.Placed placed : MapDump.read(trie.file(), trie.text())) {
      byte[] value = placed.entry().value();
      if (value.length != size) {
        throw unreadable(
            trie, placed, "values of this trie have " + size + " bytes, not " + value.length);
      }
      if (table.put(cidr(trie, placed), decoder.apply(value)) != null) {
        throw unreadable(trie, placed, "the prefix is there twice");
      }
    }
    return LongestPrefix.addresses(table);
  }

  private static Cidr cidr(Dump dump, MapDump.Placed placed) {
    byte[] key = placed.entry().key();
    ByteBuffer buffer = ByteBuffer.wrap(key);
    int bits = 8 * (key.length - 4);
    int prefix =
        key.length < 4 ? -1 : buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    if (key.length != KEY_4 && key.length != KEY_6 || prefix < 0 || prefix > bits) {
      throw unreadable(
          dump,
          placed,
          "keys of a trie are a prefix length of at most 32 or 128 and an address of 4 or 16 bytes");
    }
    return new Cidr(
        key.length == KEY_4
            ? Address.ipv4(buffer.getInt(4) & 0xFFFFFFFFL)
            : Address.ipv6(buffer.getLong(4), buffer.getLong(12)),
        prefix);
  }

  /** What no agent known here writes, and so may mean something else; empty if all is known. */
  Optional<String> newer() {
    return Stream.concat(
            slots.keySet().stream().map(Slots::newer),
            cluster.keySet().stream().map(ClusterSlots::newer))
        .flatMap(Optional::stream)
        .sorted()
        .findFirst();
  }

  /** The families of the networks in the tries. */
  Set<Family> families() {
    Set<Family> families = EnumSet.noneOf(Family.class);
    Stream.concat(slots.values().stream(), cluster.values().stream())
        .flatMap(addresses -> addresses.ranges().stream())
        .forEach(range -> families.add(range.first().family()));
    return families;
  }

  /** The key of a state that no agent known here has; empty if there is none. */
  static Optional<String> newerState(Dump states) {
    return states(states).keySet().stream()
        .filter(key -> key != 0 && key != 1)
        .sorted()
        .map(key -> "a state of key " + Integer.toUnsignedString(key))
        .findFirst();
  }

  /** Whether there is a state for cluster policies, as agents since 1.3 have it. */
  static boolean knowsClusterPolicies(Dump states) {
    return states(states).containsKey(1);
  }

  private static State state(Dump dump) {
    Map<Integer, Integer> states = states(dump);
    boolean both = states.keySet().containsAll(List.of(0, 1));
    return both ? State.values()[states.getOrDefault(0, 0)] : State.MISSING;
  }

  private static Map<Integer, Integer> states(Dump dump) {
    Map<Integer, Integer> states = new HashMap<>();
    for (MapDump.Placed placed : MapDump.read(dump.file(), dump.text())) {
      byte[] key = placed.entry().key();
      byte[] value = placed.entry().value();
      if (key.length != 4 || value.length != 1 || value[0] < 0 || value[0] > 2) {
        throw unreadable(
            dump, placed, "a pod state is 0, 1 or 2 in one byte, under a key of four bytes");
      }
      states.put(ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt(0), (int) value[0]);
    }
    return states;
  }

  private static UnreadableMap unreadable(Dump dump, MapDump.Placed placed, String problem) {
    return new UnreadableMap(dump.file(), placed.line(), placed.column(), problem);
  }
}
