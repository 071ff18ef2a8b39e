package dev.postern.cli.proof;

import dev.postern.cli.proof.NorthboundRows.Row;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows as OVN-Kubernetes writes them: named after a hash of their {@code external_ids}, address sets twice, once a family. */
final class OvnKubernetesRows {

  private static final String CONTROLLER = "default-network-controller";
  static final int ALLOW = 1001;
  static final int DENY = 1000;

  private final NorthboundRows rows = new NorthboundRows();
  private final Map<String, String> sets = new LinkedHashMap<>();

  Row insert(String table) {
    return rows.insert(table);
  }

  String text() {
    return rows.text();
  }

  /** FNV-1a over an object's primary id, as decimal digits after an `a`. */
  static String hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : id.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return "a" + Long.toUnsignedString(hash);
  }

  static SortedMap<String, String> ids(String type, String... keysAndValues) {
    SortedMap<String, String> ids = new TreeMap<>();
    StringBuilder id = new StringBuilder(CONTROLLER + ":" + type);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      ids.put(keysAndValues[i], keysAndValues[i + 1]);
      id.append(':').append(keysAndValues[i + 1]);
    }
    ids.put("k8s.ovn.org/owner-controller", CONTROLLER);
    ids.put("k8s.ovn.org/owner-type", type);
    ids.put("k8s.ovn.org/id", id.toString());
    return ids;
  }

  static String hashed(Map<String, String> ids) {
    return hash(ids.getOrDefault("k8s.ovn.org/id", ""));
  }

  /** Makes the sets of both families of an address set, and returns their names with a comma between. */
  String set(String type, Collection<Address> addresses, String... keysAndValues) {
    return sets.computeIfAbsent(type + String.join(":", keysAndValues), made -> {
      List<String> names = new ArrayList<>();
      for (Family family : Family.values()) {
        String[] all = new String[keysAndValues.length + 2];
        System.arraycopy(keysAndValues, 0, all, 0, keysAndValues.length);
        all[keysAndValues.length] = "ip-family";
        all[keysAndValues.length + 1] = family == Family.IPV4 ? "v4" : "v6";
        SortedMap<String, String> ids = ids(type, all);
        rows.insert("Address_Set")
            .set("name", hashed(ids))
            .map("external_ids", ids)
            .texts(
                "addresses",
                addresses.stream()
                    .filter(a -> a.family() == family)
                    .map(Address::toString)
                    .toList());
        names.add(hashed(ids));
      }
      return String.join(",", names);
    });
  }

  Row group(Map<String, String> ids, Collection<Row> members, Collection<Row> acls) {
    return rows.insert("Port_Group")
        .set("name", hashed(ids))
        .map("external_ids", ids)
        .rows("ports", members)
        .rows("acls", acls);
  }

  static String word(Direction direction) {
    return direction == Direction.INGRESS ? "Ingress" : "Egress";
  }

  Row acl(
      Map<String, String> ids,
      Direction direction,
      int tier,
      int priority,
      String match,
      String action) {
    Row acl = rows.insert("ACL")
        .set("direction", direction == Direction.INGRESS ? "to-lport" : "from-lport")
        .set("priority", priority)
        .set("match", match)
        .set("action", action)
        .set("tier", tier)
        .set("meter", "acl-logging")
        .map("external_ids", ids);
    return direction == Direction.INGRESS
        ? acl
        : acl.map("options", Map.of("apply-after-lb", "true"));
  }

  static String at(Direction direction, String group) {
    return (direction == Direction.INGRESS ? "outport" : "inport") + " == @" + group;
  }

  static String side(Direction direction) {
    return direction == Direction.INGRESS ? "src" : "dst";
  }
}
