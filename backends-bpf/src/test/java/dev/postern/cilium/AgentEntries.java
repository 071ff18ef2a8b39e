package dev.postern.cilium;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** Entries as an agent has them beside those for policies: what it writes of nodes, of health checks, of its own host. */
final class AgentEntries {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CiliumVersion version;
  private final SortedMap<String, String> files;

  AgentEntries(Map<String, String> files, CiliumVersion version) {
    this.files = new TreeMap<>(files);
    this.version = version;
  }

  SortedMap<String, String> files() {
    return files;
  }

  /** Gives an address or a network an identity, whichever it had. */
  AgentEntries knows(String address, int identity) {
    int[] key = new int[24];
    Cidr cidr = Cidr.parse(
        address.contains("/")
            ? address
            : Address.parse(address) + (address.contains(":") ? "/128" : "/32"));
    key[0] = 32 + cidr.prefix();
    key[7] = cidr.family() == Family.IPV4 ? 1 : 2;
    byte[] bytes = bytes(cidr.first());
    for (int i = 0; i < bytes.length; i++) {
      key[8 + i] = bytes[i];
    }
    put("ipcache.json", key, number(identity, 0, new int[version.ipcacheValue()]));
    return this;
  }

  /** Lets an identity in, or out to it, whatever it sends. */
  AgentEntries allows(String map, int identity, boolean egress) {
    int[] key = number(identity, 4, new int[12]);
    key[0] = 40;
    key[8] = egress ? 1 : 0;
    int[] value = new int[version.policyValue()];
    if (version == CiliumVersion.V1_16) {
      value[2] = 6;
    } else if (version == CiliumVersion.V1_19) {
      number(0xFFFFFF00 | 1, 4, value);
    }
    put(map, key, value);
    return this;
  }

  /** Each endpoint lets its own host in, unless {@code --allow-localhost=policy}. */
  AgentEntries allowLocalhost() {
    files.keySet().stream()
        .filter(name -> name.startsWith("policy-") && name.endsWith(".json"))
        .toList()
        .forEach(name -> allows(name, 1, false));
    return this;
  }

  private void put(String file, int[] key, int[] value) {
    try {
      ArrayNode entries = (ArrayNode) JSON.readTree(files.getOrDefault(file, "[]"));
      ObjectNode entry = JSON.createObjectNode();
      entry.set("key", hex(key));
      entry.set("value", hex(value));
      ArrayNode all = JSON.createArrayNode();
      StreamSupport.stream(entries.spliterator(), false)
          .filter(each -> !each.get("key").equals(entry.get("key")))
          .forEach(all::add);
      files.put(file, all.add(entry).toString());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static JsonNode hex(int... bytes) {
    ArrayNode array = JSON.createArrayNode();
    for (int b : bytes) {
      array.add("0x%02x".formatted(b & 0xff));
    }
    return array;
  }

  private static int[] number(int number, int at, int[] bytes) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = number >> 8 * i;
    }
    return bytes;
  }

  private static byte[] bytes(Address address) {
    try {
      return InetAddress.getByName(address.toString()).getAddress();
    } catch (UnknownHostException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
