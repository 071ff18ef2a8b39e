package dev.postern.ovn.read;

import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a port may send and receive by its {@code port_security} (ovn-nb(5), Logical_Switch_Port): anything, if it says nothing. */
final class PortSecurity {

  private static final Pattern ETHERNET = Pattern.compile("(?:[0-9a-f]{2}:){5}[0-9a-f]{2}");

  private PortSecurity() {}

  /**
   * The addresses that a port may use; each element says an Ethernet address, and perhaps addresses that go with it.
   *
   * @param networks whether a network allows all its addresses, as the manual says; ovn-trace of 25.03 says it allows none
   */
  static AddressSet allowed(Row port, boolean networks) {
    List<String> elements = port.texts("port_security");
    if (elements.isEmpty()) {
      return AddressSet.ALL;
    }
    Set<String> own = new HashSet<>();
    List<String> lines = new ArrayList<>(port.texts("addresses"));
    lines.addAll(port.texts("dynamic_addresses"));
    lines.forEach(line -> own.addAll(ethernet(line)));
    AddressSet allowed = AddressSet.EMPTY;
    for (String element : elements) {
      Set<String> named = ethernet(element);
      if (own.isEmpty() || named.stream().anyMatch(own::contains)) {
        allowed = allowed.union(addresses(element, networks));
      }
    }
    return allowed;
  }

  private static Set<String> ethernet(String line) {
    Set<String> found = new HashSet<>();
    for (String word : line.toLowerCase(Locale.ROOT).trim().split("[\\s,]+")) {
      if (ETHERNET.matcher(word).matches()) {
        found.add(word);
      }
    }
    return found;
  }

  /** All, if the element names none. */
  private static AddressSet addresses(String element, boolean networks) {
    AddressSet all = AddressSet.EMPTY;
    boolean any = true;
    for (String word : element.trim().split("[\\s,]+")) {
      if (!ETHERNET.matcher(word.toLowerCase(Locale.ROOT)).matches()) {
        any = false;
        all = all.union(range(word, networks));
      }
    }
    return any ? AddressSet.ALL : all;
  }

  /** A host, also where a network's length follows it; a whole network where the host's bits are 0. */
  private static AddressSet range(String word, boolean networks) {
    try {
      int slash = word.indexOf('/');
      Address address = Address.parse(slash < 0 ? word : word.substring(0, slash));
      Cidr network = slash < 0
          ? Cidr.of(address)
          : new Cidr(address, Integer.parseInt(word.substring(slash + 1)));
      return network.first().equals(address)
              && network.prefix() < address.family().bits()
          ? networks ? AddressSet.of(network) : AddressSet.EMPTY
          : AddressSet.ofAddresses(List.of(address));
    } catch (IllegalArgumentException notAnAddress) {
      return AddressSet.EMPTY;
    }
  }
}
