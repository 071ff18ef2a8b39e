package dev.postern.aws;

import dev.postern.lowering.NodeAddresses;
import dev.postern.lowering.PeerAddresses;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** All addresses of a family in order, cut so that each part is of one class and of the same nodes. */
final class AddressPlaces {

  /**
   * Addresses of one class.
   *
   * @param nodes whose addresses they are
   */
  record Place(AddressRange range, int classNumber, Set<String> nodes) {}

  private final List<Place> places = new ArrayList<>();

  private AddressPlaces() {}

  static AddressPlaces of(Plan plan, Family family) {
    SortedMap<Address, Set<String>> single = new TreeMap<>();
    NodeAddresses.of(plan)
        .nodesAt()
        .forEach((address, nodes) -> single.put(address, new TreeSet<>(nodes)));
    plan.classes()
        .endpoints()
        .forEach(endpoint -> endpoint
            .address()
            .ifPresent(address -> single.computeIfAbsent(address, key -> new TreeSet<>())));
    single.keySet().removeIf(address -> address.family() != family);
    AddressPlaces result = new AddressPlaces();
    PeerAddresses addresses = PeerAddresses.of(plan);
    Classes classes = plan.classes();
    classes.outsiders().forEach(number -> {
      if (classes.range(number).family() == family) {
        result.cut(number, classes.range(number), single, addresses);
      }
    });
    return result;
  }

  private void cut(
      int number,
      AddressRange range,
      SortedMap<Address, Set<String>> single,
      PeerAddresses addresses) {
    Address from = range.first();
    boolean open = true;
    for (Map.Entry<Address, Set<String>> one : single.tailMap(range.first()).entrySet()) {
      Address address = one.getKey();
      if (address.compareTo(range.last()) > 0) {
        break;
      }
      if (from.compareTo(address) < 0) {
        places.add(new Place(new AddressRange(from, address.previous()), number, Set.of()));
      }
      places.add(new Place(
          new AddressRange(address, address),
          addresses.classOf(address),
          Set.copyOf(one.getValue())));
      open = !address.equals(range.last());
      from = open ? address.next() : address;
    }
    if (open) {
      places.add(new Place(new AddressRange(from, range.last()), number, Set.of()));
    }
  }

  /** The places in order: together they are the whole family. */
  void forEach(Consumer<Place> consumer) {
    places.forEach(consumer);
  }
}
