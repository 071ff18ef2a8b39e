package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.plan.Classes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Sites outside the cluster: ranges of addresses, as far as policies tell addresses apart, and DNS names. */
final class Outsiders {

  /**
   * What {@code internet} means: IPv4 less what is private, shared, local, for benchmarks, multicast or reserved (RFC 6890), and the global
   * unicast addresses of IPv6 (RFC 4291). The addresses for documentation stay in, so that examples may use them.
   */
  static final AddressSet PUBLIC = new AddressSet(
          Stream.of("2000::/3").map(text -> Cidr.parse(text).range()).toList())
      .union(AddressSet.of(Cidr.all(Family.IPV4))
          .minus(new AddressSet(Stream.of(
                  "0.0.0.0/8",
                  "10.0.0.0/8",
                  "100.64.0.0/10",
                  "127.0.0.0/8",
                  "169.254.0.0/16",
                  "172.16.0.0/12",
                  "192.168.0.0/16",
                  "198.18.0.0/15",
                  "224.0.0.0/3")
              .map(text -> Cidr.parse(text).range())
              .toList())));

  private Outsiders() {}

  /** Public addresses of the families in use that no pod, no node and no Service holds. */
  static List<Site> internet(Directory directory) {
    return ranges(
        directory,
        inUse(directory, PUBLIC)
            .minus(AddressSet.ofAddresses(directory.nodeAddresses()))
            .minus(directory.serviceAddresses().all()));
  }

  /** Every address of the families in use. */
  static List<Site> everyone(Directory directory) {
    return ranges(directory, inUse(directory, AddressSet.ALL));
  }

  private static AddressSet inUse(Directory directory, AddressSet addresses) {
    AddressSet result = AddressSet.EMPTY;
    for (Family family : directory.families()) {
      result = result.union(addresses.in(family));
    }
    return result;
  }

  /** Addresses: pods where pods hold them, ranges outside elsewhere. */
  static List<Site> sites(Directory directory, AddressSet addresses) {
    List<Site> sites = new ArrayList<>(directory.podsIn(addresses));
    sites.addAll(ranges(directory, addresses));
    return sites;
  }

  /**
   * Cuts addresses where policies tell them apart, and around the addresses of nodes, which their own pods may always reach. A range speaks
   * for those of its addresses that no pod holds.
   */
  private static List<Site> ranges(Directory directory, AddressSet addresses) {
    Classes classes = directory.plan().classes();
    AddressSet nodes = AddressSet.ofAddresses(directory.nodeAddresses()).intersect(addresses);
    List<Site> sites = new ArrayList<>();
    nodes.ranges().forEach(range -> {
      for (Address node = range.first(); ; node = node.next()) {
        site(directory, new AddressRange(node, node)).ifPresent(sites::add);
        if (node.equals(range.last())) {
          break;
        }
      }
    });
    for (AddressRange range : addresses.minus(nodes).ranges()) {
      Address from = range.first();
      while (true) {
        Address end = classes.range(classes.classOf(from)).last();
        Address last = end.compareTo(range.last()) < 0 ? end : range.last();
        site(directory, new AddressRange(from, last)).ifPresent(sites::add);
        if (last.equals(range.last())) {
          break;
        }
        from = last.next();
      }
    }
    return sites;
  }

  /** Addresses for documentation (RFC 5737, RFC 3849), which readers know for an example, then any host of the range. */
  private static Stream<Address> examples(AddressRange range) {
    Stream<Address> wellKnown =
        Stream.of("203.0.113.1", "198.51.100.1", "192.0.2.1", "2001:db8::1").map(Address::parse);
    Stream<Address> first = range.first().equals(range.last())
        ? Stream.of(range.first())
        : Stream.of(range.first().next(), range.first());
    return Stream.concat(wellKnown.filter(range::contains), first);
  }

  /** Empty if pods hold every address of the range. */
  private static Optional<Site> site(Directory directory, AddressRange range) {
    Address free = examples(range)
        .filter(address -> !directory.podAddresses().contains(address))
        .findFirst()
        .orElse(range.first());
    while (directory.podAddresses().contains(free)) {
      if (free.equals(range.last())) {
        return Optional.empty();
      }
      free = free.next();
    }
    String name = range.first().equals(range.last()) ? range.first().toString() : range.toString();
    Cell cell = new Cell(
        List.of(new End.Outside(free)),
        OptionalInt.of(directory.plan().classes().classOf(free)));
    return Optional.of(new Site(name, List.of(cell), Optional.of(range)));
  }

  /** The controller that the ways in lead through, where the manifests do not hold it. */
  static Site ingressController() {
    End end = new End.IngressController();
    return new Site(
        end.toString(), List.of(new Cell(List.of(end), OptionalInt.empty())), Optional.empty());
  }

  static Site domainName(String name) {
    Cell cell = new Cell(List.of(new End.DomainName(name)), OptionalInt.empty());
    return new Site(name, List.of(cell), Optional.empty());
  }
}
