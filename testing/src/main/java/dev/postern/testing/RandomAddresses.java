package dev.postern.testing;

import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * Addresses of pods and nodes, and networks that touch them.
 *
 * @param families the families that pods may have
 */
record RandomAddresses(List<Family> families) {

  static final List<Address> OUTSIDE = List.of(
      Address.parse("8.8.8.8"),
      Address.parse("192.168.1.10"),
      Address.parse("0.0.0.0"),
      Address.parse("255.255.255.255"),
      Address.parse("2001:db8::1"),
      Address.parse("::"),
      Address.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));

  /** The address of a workload's pod: neighbours in one /24 (or /64), so that small networks cut between them. */
  static Address pod(Family family, int workload, int pod) {
    int number = 50 * workload + pod + 1;
    return family == Family.IPV4
        ? Address.ipv4(0x0A00_0000L + 256L * (number / 250) + number % 250 + 1)
        : Address.ipv6(0xFD00_0000_0000_0000L, number);
  }

  static Address node(Family family, int node) {
    return family == Family.IPV4
        ? Address.ipv4(0xAC12_0002L + node)
        : Address.ipv6(0xFD00_0000_0000_0012L, 2L + node);
  }

  static Address service(Family family, int service) {
    return family == Family.IPV4
        ? Address.ipv4(0x0A60_0001L + service)
        : Address.ipv6(0xFD00_0000_0000_0096L, 1L + service);
  }

  /** An address in front of a Service: an external one, or a load balancer's. */
  static Address front(Family family, int service) {
    return family == Family.IPV4
        ? Address.ipv4(0xCB00_7100L + service)
        : Address.ipv6(0x2001_0DB8_0000_00F0L, 1L + service);
  }

  /** The addresses a pod gets: of one family or both, or none. */
  List<Address> ofPod(SeededRandom dice, int workload, int pod, boolean mayMiss) {
    if (mayMiss && dice.percent(10)) {
      return List.of();
    }
    if (families.size() > 1 && mayMiss && dice.percent(50)) {
      return List.of(pod(dice.pick(families), workload, pod));
    }
    return families.stream().map(family -> pod(family, workload, pod)).toList();
  }

  /** A network that holds an address of interest, from the whole family down to one address. */
  Cidr cidr(SeededRandom dice, List<Address> inside) {
    List<Address> near = (inside.isEmpty() || dice.percent(20) ? OUTSIDE : inside)
        .stream().filter(address -> families.contains(address.family())).toList();
    if (near.isEmpty()) {
      return Cidr.all(families.get(0));
    }
    Address address = dice.pick(near);
    int prefix = address.family() == Family.IPV4
        ? dice.pick(0, 0, 1, 8, 16, 24, 25, 28, 29, 30, 31, 32, 32)
        : dice.pick(0, 0, 1, 16, 56, 64, 65, 96, 120, 124, 126, 127, 128, 128);
    return new Cidr(address, prefix);
  }

  /** Up to three strict subsets, which may be nested or repeat parts of each other. */
  List<Cidr> excepts(SeededRandom dice, Cidr cidr, List<Address> inside) {
    int bits = cidr.family().bits();
    if (cidr.prefix() == bits) {
      return List.of();
    }
    List<Address> known = inside.stream().filter(cidr::contains).toList();
    List<Cidr> excepts = new ArrayList<>();
    for (int i = dice.pick(1, 1, 2, 3); i > 0; i--) {
      Address at = known.isEmpty() || dice.percent(20)
          ? dice.pick(List.of(cidr.first(), cidr.last()))
          : dice.pick(known);
      int prefix = dice.percent(25)
          ? bits
          : dice.percent(25) ? cidr.prefix() + 1 : dice.between(cidr.prefix() + 1, bits);
      excepts.add(new Cidr(at, prefix));
    }
    return excepts.stream().distinct().toList();
  }
}
