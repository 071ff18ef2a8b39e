package dev.postern.cilium;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds entries to policy maps as an agent with other policies may have them. */
final class StrangeEntries {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int[] BITS = {0, 0, 8, 8, 12, 20, 24, 24, 18};

  private static final int[] PORTS = {80, 443, 8080, 53, 0, 65535};

  private static final int[] PROTOCOLS = {6, 6, 17, 132, 1};

  private StrangeEntries() {}

  static SortedMap<String, String> in(
      Map<String, String> files, CiliumVersion version, Random random) {
    SortedMap<String, String> changed = new TreeMap<>(files);
    changed.replaceAll((name, text) ->
        name.startsWith("policy-") && name.endsWith(".json") ? more(text, version, random) : text);
    return changed;
  }

  private static String more(String text, CiliumVersion version, Random random) {
    try {
      ArrayNode entries = (ArrayNode) JSON.readTree(text);
      Set<String> keys = new HashSet<>();
      entries.forEach(entry -> keys.add(entry.get("key").toString()));
      for (int i = 0; i < 8; i++) {
        ObjectNode entry = entry(version, random);
        if (keys.add(entry.get("key").toString())) {
          entries.add(entry);
        }
      }
      return entries.toString();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static ObjectNode entry(CiliumVersion version, Random random) {
    int bits = BITS[random.nextInt(BITS.length)];
    int protocol = bits == 0 ? 0 : PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    int free = Math.min(16, 24 - bits);
    int port = PORTS[random.nextInt(PORTS.length)] >> free << free;
    int identity = random.nextInt(3) == 0 ? 0 : 256 + random.nextInt(6);
    boolean deny = random.nextInt(3) == 0;
    int priority = random.nextInt(4);
    int[] key = {
      40 + bits,
      0,
      0,
      0,
      identity,
      identity >> 8,
      0,
      0,
      random.nextInt(2),
      protocol,
      port >> 8,
      port
    };
    int[] value = new int[version.policyValue()];
    value[2] = deny ? 1 : 0;
    if (version == CiliumVersion.V1_16) {
      value[2] |= (bits == 0 ? 2 : 0) | (bits <= 8 ? 4 : 0);
    } else {
      value[2] |= bits << 3;
      value[4] = random.nextInt(2);
    }
    if (random.nextInt(4) == 0) {
      value[3] = random.nextInt(3) | random.nextInt(2) << 7;
    }
    if (version == CiliumVersion.V1_19) {
      int rank = 0xFFFFFF - priority << 8 | (deny ? 0xFF : 1);
      for (int i = 0; i < 4; i++) {
        value[4 + i] = rank >> 8 * i;
      }
    }
    ObjectNode node = JSON.createObjectNode();
    bytes(node.putArray("key"), key);
    bytes(node.putArray("value"), value);
    return node;
  }

  private static void bytes(ArrayNode array, int... bytes) {
    for (int b : bytes) {
      array.add(String.format("0x%02x", b & 0xff));
    }
  }
}
