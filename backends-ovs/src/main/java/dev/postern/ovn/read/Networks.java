package dev.postern.ovn.read;

import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which rows of an OVN-Kubernetes database are of the default network, and which of user-defined ones: those have switches and routers of their
 * own, which bear the network's name in {@code external_ids} (OVN-Kubernetes, {@code types.NetworkExternalID}), and addresses that may be those
 * of the default network, too. What is on or of no switch and router of the default network has no say there.
 */
final class Networks {

  static final String NETWORK = "k8s.ovn.org/network";
  private static final String ROLE = "k8s.ovn.org/role";
  private static final String TOPOLOGY = "k8s.ovn.org/topology";
  private static final String OWNER_TYPE = "k8s.ovn.org/owner-type";

  /** Routers between user-defined networks, which are of none of them. */
  private static final String CONNECTING = "ClusterNetworkConnect";

  private static final String DEFAULT = "";

  private static final List<String> OF_SWITCHES = List.of("ports", "acls", "load_balancer");
  private static final List<String> OF_ROUTERS =
      List.of("ports", "policies", "static_routes", "nat", "load_balancer");

  private final NorthboundTables whole;

  /** The network of each switch and router, by UUID; those that cannot be placed are missing. */
  private final Map<String, String> placed = new HashMap<>();

  private final SortedMap<String, SortedSet<String>> others = new TreeMap<>();
  private final List<String> unplaced = new ArrayList<>();
  private boolean primary;

  private Networks(NorthboundTables whole) {
    this.whole = whole;
  }

  static Networks of(NorthboundTables whole) {
    Networks networks = new Networks(whole);
    whole.rows("Logical_Switch").forEach(networks::placeSwitch);
    whole.rows("Logical_Router").forEach(networks::placeRouter);
    networks.checkWires();
    return networks;
  }

  /** The rows of the default network. */
  NorthboundTables ofDefault() {
    if (others.isEmpty() && unplaced.isEmpty()) {
      return whole;
    }
    Set<String> here = new HashSet<>();
    Set<String> elsewhere = new HashSet<>();
    for (Row each : whole.rows("Logical_Switch")) {
      collect(each, OF_SWITCHES, here, elsewhere);
    }
    for (Row each : whole.rows("Logical_Router")) {
      collect(each, OF_ROUTERS, here, elsewhere);
    }
    for (Row group : whole.rows("Port_Group")) {
      List<String> ports = group.references("ports");
      boolean away = !ports.isEmpty() && elsewhere.containsAll(ports);
      (away ? elsewhere : here).addAll(group.references("acls"));
    }
    elsewhere.removeAll(here);
    return whole.without(elsewhere);
  }

  private void collect(Row holder, List<String> columns, Set<String> here, Set<String> elsewhere) {
    Set<String> rows = DEFAULT.equals(placed.getOrDefault(holder.uuid(), "?")) ? here : elsewhere;
    rows.add(holder.uuid());
    columns.forEach(column -> rows.addAll(holder.references(column)));
    for (String group : holder.references("load_balancer_group")) {
      whole
          .row("Load_Balancer_Group", group)
          .ifPresent(row -> rows.addAll(row.references("load_balancer")));
    }
  }

  /** The user-defined networks, each with what is known of it, such as {@code blue (layer3, primary)}. */
  List<String> others() {
    return others.entrySet().stream()
        .map(network -> network.getKey()
            + (network.getValue().isEmpty()
                ? ""
                : " (" + String.join(", ", network.getValue()) + ")"))
        .toList();
  }

  /** Whether a network takes the place of the default one for its pods. */
  boolean primary() {
    return primary;
  }

  /** Why it is not known of which network something is, one sentence each. */
  List<String> unplaced() {
    return List.copyOf(unplaced);
  }

  /** A switch is of the network that it says; its pods' ports say the same. */
  private void placeSwitch(Row logical) {
    SortedSet<String> said = new TreeSet<>();
    said.add(said(logical));
    for (String uuid : logical.references("ports")) {
      whole
          .row("Logical_Switch_Port", uuid)
          .filter(port -> isPod(port) || !said(port).equals(DEFAULT))
          .ifPresent(port -> said.add(said(port)));
    }
    if (said.size() > 1) {
      List<String> names = said.stream()
          .map(name -> name.equals(DEFAULT) ? "none" : "`" + name + "`")
          .toList();
      unplaced.add("of which network switch " + logical.text("name") + " is: it and its ports name "
          + String.join(" and ", names));
    } else if (said(logical).equals(DEFAULT) && says(logical, ROLE, TOPOLOGY)) {
      unplaced.add("of which network switch " + logical.text("name")
          + " is: it says its role or topology and names none");
    } else {
      place(logical, said(logical));
    }
  }

  private void placeRouter(Row router) {
    if (router.map("external_ids").getOrDefault(OWNER_TYPE, "").equals(CONNECTING)) {
      place(router, CONNECTING + " " + router.text("name"));
    } else if (said(router).equals(DEFAULT) && says(router, ROLE, TOPOLOGY)) {
      unplaced.add("of which network router " + router.text("name")
          + " is: it says its role or topology and names none");
    } else {
      place(router, said(router));
    }
  }

  private void place(Row row, String network) {
    placed.put(row.uuid(), network);
    if (!network.equals(DEFAULT)) {
      SortedMap<String, String> ids = row.map("external_ids");
      SortedSet<String> words = others.computeIfAbsent(network, n -> new TreeSet<>());
      for (String key : List.of(TOPOLOGY, ROLE)) {
        String word = ids.getOrDefault(key, "");
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
      primary |= ids.getOrDefault(ROLE, "").equals("primary");
    }
  }

  private static String said(Row row) {
    return row.map("external_ids").getOrDefault(NETWORK, DEFAULT);
  }

  private static boolean isPod(Row port) {
    return port.map("external_ids").getOrDefault("pod", "").equals("true");
  }

  private static boolean says(Row row, String... keys) {
    return List.of(keys).stream().anyMatch(row.map("external_ids")::containsKey);
  }

  /** Networks that are kept apart have no wire between them. */
  private void checkWires() {
    Map<String, Row> homes = new HashMap<>();
    Map<String, Row> ends = new HashMap<>();
    for (String[] each : List.of(
        new String[] {"Logical_Switch", "Logical_Switch_Port"},
        new String[] {"Logical_Router", "Logical_Router_Port"})) {
      for (Row holder : whole.rows(each[0])) {
        for (String uuid : holder.references("ports")) {
          whole.row(each[1], uuid).ifPresent(port -> {
            homes.put(port.text("name"), holder);
            ends.put(port.text("name"), port);
          });
        }
      }
    }
    ends.forEach((name, port) -> {
      for (String other : List.of(
          port.map("options").getOrDefault("router-port", ""),
          port.map("options").getOrDefault("peer", ""),
          port.text("peer"))) {
        Row one = homes.get(name);
        Row two = homes.get(other);
        if (one != null && two != null && isDefault(one) != isDefault(two)) {
          unplaced.add("what passes between " + one.text("name") + " and " + two.text("name")
              + ", which are wired together and of different networks");
        }
      }
    });
  }

  private boolean isDefault(Row holder) {
    return placed.getOrDefault(holder.uuid(), DEFAULT).equals(DEFAULT);
  }
}
