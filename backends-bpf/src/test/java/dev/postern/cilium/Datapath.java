package dev.postern.cilium;

import dev.postern.mapdump.RawMap;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Cilium's programs do with a node's maps, from its source ({@code bpf/lib/policy.h}, {@code bpf/lib/eps.h}), byte by byte. */
final class Datapath {

  private final CiliumVersion version;
  private final RawMap ipcache;
  private final Map<String, RawMap> policies = new HashMap<>();

  Datapath(Map<String, String> files, CiliumVersion version) {
    this(version, new RawMap(files.getOrDefault("ipcache.json", "[]")));
    files.forEach((name, text) -> {
      if (name.startsWith("policy-") && name.endsWith(".json")) {
        policies.put(name.substring(7, name.length() - 5), new RawMap(text));
      }
    });
  }

  private Datapath(CiliumVersion version, RawMap ipcache) {
    this.version = version;
    this.ipcache = ipcache;
  }

  /** The same over maps that may change, by pin. */
  static Datapath over(Map<String, RawMap> pinned, CiliumVersion version) {
    RawMap ipcache = pinned.get("ipcache");
    if (ipcache == null) {
      throw new AssertionError("no ipcache");
    }
    Datapath datapath = new Datapath(version, ipcache);
    pinned.forEach((pin, map) -> {
      if (pin.startsWith("policy-")) {
        datapath.policies.put(pin.substring(7), map);
      }
    });
    return datapath;
  }

  /** Whether there is a policy map for an endpoint. */
  boolean polices(String endpoint) {
    return policies.containsKey(endpoint);
  }

  /** Whether an endpoint lets a new packet pass to or from a peer. */
  boolean passes(String endpoint, boolean egress, Address peer, int protocol, int port) {
    Optional<byte[]> decisive = decisive(endpoint, egress, peer, protocol, port);
    return decisive.isPresent() && !denies(decisive.get());
  }

  /** Whether what it lets pass goes to a proxy, or has to be authenticated first. */
  boolean diverts(String endpoint, boolean egress, Address peer, int protocol, int port) {
    Optional<byte[]> decisive = decisive(endpoint, egress, peer, protocol, port);
    return decisive
        .filter(entry -> !denies(entry))
        .filter(entry -> entry[0] != 0
            || entry[1] != 0
            || authenticates(entry, lookups(endpoint, egress, peer, protocol, port)))
        .isPresent();
  }

  /** {@code __policy_check}: the entry that was not chosen may ask for authentication, too. */
  private boolean authenticates(byte[] chosen, List<Optional<byte[]>> found) {
    int authentication = version == CiliumVersion.V1_16 ? 0xff : 0x7f;
    if ((chosen[3] & authentication) != 0) {
      return true;
    }
    boolean takesOver = version != CiliumVersion.V1_16 && (chosen[3] & 0x80) == 0;
    return takesOver
        && found.stream()
            .flatMap(Optional::stream)
            .filter(
                other -> version != CiliumVersion.V1_19 || number(other, 4) == number(chosen, 4))
            .anyMatch(other -> (other[3] & 0x7f) != 0);
  }

  private List<Optional<byte[]>> lookups(
      String endpoint, boolean egress, Address peer, int protocol, int port) {
    RawMap map = policies.get(endpoint);
    if (map == null) {
      throw new AssertionError("no policy map for " + endpoint);
    }
    return List.of(
        map.longest(key(identity(peer), egress, protocol, port)),
        map.longest(key(0, egress, protocol, port)));
  }

  private Optional<byte[]> decisive(
      String endpoint, boolean egress, Address peer, int protocol, int port) {
    List<Optional<byte[]>> found = lookups(endpoint, egress, peer, protocol, port);
    Optional<byte[]> exact = found.get(0);
    Optional<byte[]> wildcard = found.get(1);
    return version == CiliumVersion.V1_16 ? sixSteps(exact, wildcard) : twoLookups(exact, wildcard);
  }

  /** {@code __policy_can_access} of 1.16: its comment numbers the steps. */
  private static Optional<byte[]> sixSteps(Optional<byte[]> exact, Optional<byte[]> wildcard) {
    for (int flag : new int[] {4, 2, 0}) {
      for (Optional<byte[]> entry : List.of(exact, wildcard)) {
        if (entry.isPresent() && (flag == 0 || (entry.get()[2] & flag) == 0)) {
          return entry;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<byte[]> twoLookups(Optional<byte[]> exact, Optional<byte[]> wildcard) {
    if (exact.isPresent() && decided(exact.get())) {
      return exact;
    }
    return wildcard.isPresent() && (exact.isEmpty() || wins(wildcard.get(), exact.get()))
        ? wildcard
        : exact;
  }

  private boolean decided(byte[] entry) {
    return version == CiliumVersion.V1_19 ? number(entry, 4) == 0xffffffffL : denies(entry);
  }

  private boolean wins(byte[] wildcard, byte[] exact) {
    boolean precedence = version == CiliumVersion.V1_19;
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
        .orElseGet(() -> world(address.family()));
  }

  /** {@code WORLD_IPV4_ID} and {@code WORLD_IPV6_ID}: an identity each where a node has both families. */
  private long world(Family family) {
    boolean both = ipcache.longest(new byte[20]).isPresent()
        || ipcache.entries().stream()
                .map(entry -> entry.split(", ")[7])
                .distinct()
                .count()
            > 1;
    return !both ? 2 : family == Family.IPV4 ? 9 : 10;
  }
}
