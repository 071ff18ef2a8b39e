package dev.postern.aws;

import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.net.Cidr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Fills pods' maps as an agent with other policies may have them: slots of any kind, in tries and in those for cluster policies. */
final class StrangeSlots {

  private static final int[] PROTOCOLS = {6, 6, 17, 132, 1, 0, 254, 254, 255, 41};
  private static final int[] PORTS = {0, 0, 80, 81, 443, 8080, 65535};
  private static final int[] PRIORITIES = {0, 1, 1, 7, 1000, 1001, 2000, 2003, 60000};

  private StrangeSlots() {}

  static SortedMap<String, String> in(
      Map<String, String> files, List<Cidr> networks, Random random) {
    SortedMap<String, String> changed = new TreeMap<>(files);
    changed.replaceAll((name, text) -> {
      if (name.endsWith("_pod_state_map.json")) {
        return MapDump.write(List.of(state(0, random), state(1, random)));
      }
      return name.endsWith("gress_map.json")
          ? trie(networks, random, name.contains(".cp_") ? 16 : 12)
          : text;
    });
    return changed;
  }

  private static MapEntry state(int key, Random random) {
    return new MapEntry(new byte[] {(byte) key, 0, 0, 0}, new byte[] {(byte) random.nextInt(3)});
  }

  private static String trie(List<Cidr> networks, Random random, int size) {
    SortedMap<Cidr, byte[]> entries = new TreeMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      Cidr around = networks.get(random.nextInt(networks.size()));
      Cidr cidr = new Cidr(around.network(), random.nextInt(around.prefix() + 1));
      ByteBuffer value = ByteBuffer.allocate(24 * size).order(ByteOrder.LITTLE_ENDIAN);
      for (int slot = random.nextInt(6); slot > 0; slot--) {
        value.putInt(PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
        if (size == 16) {
          int priority = PRIORITIES[random.nextInt(PRIORITIES.length)];
          value.putInt(10 * priority + random.nextInt(3));
        }
        value.putInt(PORTS[random.nextInt(PORTS.length)]);
        value.putInt(PORTS[random.nextInt(PORTS.length)]);
      }
      entries.put(cidr, value.array());
    }
    return MapDump.write(entries.entrySet().stream()
        .map(e -> new MapEntry(key(e.getKey()), e.getValue()))
        .toList());
  }

  private static byte[] key(Cidr cidr) {
    byte[] address = cidr.network().bytes();
    return ByteBuffer.allocate(4 + address.length)
        .put((byte) cidr.prefix())
        .put(new byte[3])
        .put(address)
        .array();
  }
}
