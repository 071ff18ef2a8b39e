package dev.postern.manifest;

import dev.postern.net.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code CiliumNode} says of the node of its name: the addresses that its agent gives to it ({@code spec.addresses}), to its health check
 * ({@code spec.health}) and to its ingress proxy ({@code spec.ingress}). It is no policy, and whatever is odd in one is left out without a word.
 */
final class CiliumNodes {

  private static final String GROUP = "cilium.io";
  static final String KIND = "CiliumNode";
  private static final List<String> FAMILIES = List.of("ipv4", "ipv6", "ipV4", "ipV6");

  private CiliumNodes() {}

  /** Takes what an object says, if it is one of these. */
  static void take(Cursor object, String kind, String version, Inventory inventory) {
    if (!kind.equals(KIND) || !version.startsWith(GROUP + "/")) {
      return;
    }
    Cursor quiet = Cursor.root(object.origin().file(), object.node(), new Problems());
    Optional<String> name = quiet.field("metadata").flatMap(head -> head.string("name"));
    if (name.isEmpty()) {
      return;
    }
    List<Address> addresses = new ArrayList<>();
    quiet.field("spec").ifPresent(spec -> {
      spec.items("addresses")
          .forEach(item -> item.field("ip").flatMap(Addresses::address).ifPresent(addresses::add));
      for (String part : List.of("health", "ingress")) {
        spec.field(part)
            .ifPresent(pair -> FAMILIES.forEach(family ->
                pair.field(family).flatMap(Addresses::address).ifPresent(addresses::add)));
      }
    });
    inventory.agentAddresses.put(
        Inventory.nodeKey(name.get()), addresses.stream().distinct().toList());
  }
}
