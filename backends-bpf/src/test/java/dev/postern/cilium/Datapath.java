package dev.postern.cilium;

import dev.postern.mapdump.RawMap;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What Cilium's programs do with a node's maps, from its source ({@code bpf/lib/policy.h}, {@code bpf/lib/eps.h}), byte by byte. */
final class Datapath {

  private final boolean precedence;
  private final RawMap ipcache;
  private final Map<String, RawMap> policies = new HashMap<>();

  /** @param precedence whether entries have the 1.19 line's precedence, else the 1.18 line's proxy port priority */
  Datapath(Map<String, String> files, boolean precedence) {
    this.precedence = precedence;
    this.ipcache = new RawMap(files.getOrDefault("ipcache.json", "[]"));
    files.forEach((name, text) -> {
      if (name.startsWith("policy-") && name.endsWith(".json")) {
        policies.put(name.substring(7, name.length() - 5), new RawMap(text));
      }
    });
  }

  /** Whether an endpoint lets a new packet pass to or from a peer. */
  boolean passes(String endpoint, boolean egress, Address peer, int protocol, int port) {
    RawMap map = policies.get(endpoint);
    if (map == null) {
      throw new AssertionError("no policy map for " + endpoint);
    }
    Optional<byte[]> exact = map.longest(key(identity(peer), egress, protocol, port));
    if (exact.isPresent() && decided(exact.get())) {
      return false;
    }
    Optional<byte[]> wildcard = map.longest(key(0, egress, protocol, port));
    if (wildcard.isPresent() && (exact.isEmpty() || wins(wildcard.get(), exact.get()))) {
      return !denies(wildcard.get());
    }
    return exact.isPresent() && !denies(exact.get());
  }

  private boolean decided(byte[] entry) {
    return precedence ? number(entry, 4) == 0xffffffffL : denies(entry);
  }

  private boolean wins(byte[] wildcard, byte[] exact) {
    if (!precedence && denies(wildcard)) {
      return true;
    }
    long one = precedence ? number(wildcard, 4) : wildcard[4] & 0xff;
    long other = precedence ? number(exact, 4) : exact[4] & 0xff;
    return one > other || one == other && (wildcard[2] & 0xff) >> 3 > (exact[2] & 0xff) >> 3;
  }

  private static boolean denies(byte[] entry) {
    return (entry[2] & 1) != 0;
  }

  private static long number(byte[] bytes, int at) {
    return (bytes[at] & 0xffL)
        | (bytes[at + 1] & 0xffL) << 8
        | (bytes[at + 2] & 0xffL) << 16
        | (bytes[at + 3] & 0xffL) << 24;
  }

  private static byte[] key(long identity, boolean egress, int protocol, int port) {
    return new byte[] {
      (byte) identity,
      (byte) (identity >> 8),
      (byte) (identity >> 16),
      (byte) (identity >> 24),
      (byte) (egress ? 1 : 0),
      (byte) protocol,
      (byte) (port >> 8),
      (byte) port
    };
  }

  private long identity(Address address) {
    byte[] data = new byte[20];
    data[3] = (byte) (address.family() == Family.IPV4 ? 1 : 2);
    byte[] bytes = address.bytes();
    System.arraycopy(bytes, 0, data, 4, bytes.length);
    return ipcache
        .longest(data)
        .map(value -> number(value, 0))
        .orElseThrow(
            () -> new AssertionError("no identity for " + address + Arrays.toString(data)));
  }
}
