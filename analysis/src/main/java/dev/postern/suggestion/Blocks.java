package dev.postern.suggestion;

import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.suggestion.SuggestionOptions.BlockBound;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Makes few blocks of the addresses outside that were seen. A block that covers more than was seen leaves out what is known to be inside the
 * cluster, and what usually is: private addresses of which none was seen.
 */
final class Blocks {

  /** Of these a wide block leaves out those of which no address was seen (RFC 1918, 6598, 6890, 4193, 4291). */
  private static final List<Cidr> NOT_PUBLIC = List.of(
      Cidr.parse("0.0.0.0/8"),
      Cidr.parse("10.0.0.0/8"),
      Cidr.parse("100.64.0.0/10"),
      Cidr.parse("127.0.0.0/8"),
      Cidr.parse("169.254.0.0/16"),
      Cidr.parse("172.16.0.0/12"),
      Cidr.parse("192.168.0.0/16"),
      Cidr.parse("224.0.0.0/3"),
      Cidr.parse("::/8"),
      Cidr.parse("fc00::/7"),
      Cidr.parse("fe80::/10"),
      Cidr.parse("ff00::/8"));

  private final NavigableSet<Address> inside;
  private final BlockBound bound;

  /**
   * A maker of blocks.
   *
   * @param inside the addresses of pods, nodes and Services
   */
  Blocks(Collection<Address> inside, BlockBound bound) {
    this.inside = new TreeSet<>(inside);
    this.bound = bound;
  }

  /** Blocks that hold all of these addresses, in order, each address in one. */
  List<Block> of(Collection<Address> addresses) {
    NavigableSet<Address> seen = new TreeSet<>(addresses);
    List<Cidr> wide = new ArrayList<>();
    for (Address address : seen) {
      int prefix = bound.widen().getOrDefault(address.family(), address.family().bits());
      add(wide, new Cidr(address, prefix));
    }
    List<Block> blocks = new ArrayList<>();
    for (Cidr cidr : fewer(new AddressSet(wide.stream().map(Cidr::range).toList()).cidrs())) {
      blocks.addAll(block(cidr, seen));
    }
    return blocks;
  }

  private static void add(List<Cidr> cidrs, Cidr next) {
    if (cidrs.isEmpty() || !cidrs.get(cidrs.size() - 1).contains(next)) {
      cidrs.add(next);
    }
  }

  /** Joins what lies closest together until no more are left than there may be; the families never join. */
  private List<Cidr> fewer(List<Cidr> cidrs) {
    int most = bound.most().orElse(Integer.MAX_VALUE);
    if (cidrs.size() <= most) {
      return cidrs;
    }
    List<Integer> borders = IntStream.range(1, cidrs.size())
        .filter(i -> cidrs.get(i).family() == cidrs.get(i - 1).family())
        .boxed()
        .sorted(Comparator.comparingInt(
                (Integer i) -> -common(cidrs.get(i - 1), cidrs.get(i)) + offset(cidrs.get(i)))
            .thenComparing(Comparator.naturalOrder()))
        .toList();
    TreeSet<Integer> joined =
        new TreeSet<>(borders.subList(0, Math.min(borders.size(), cidrs.size() - most)));
    List<Cidr> few = new ArrayList<>();
    for (int i = 0; i < cidrs.size(); i++) {
      Cidr next = cidrs.get(i);
      int last = few.size() - 1;
      if (joined.contains(i)) {
        next = join(few.remove(last), next);
        last--;
      }
      while (last >= 0 && next.contains(few.get(last))) {
        few.remove(last--);
      }
      add(few, next);
    }
    return few;
  }

  /** Makes prefixes of both families comparable: by how many bits are lost. */
  private static int offset(Cidr cidr) {
    return cidr.family() == Family.IPV6 ? Family.IPV6.bits() - Family.IPV4.bits() : 0;
  }

  private static Cidr join(Cidr one, Cidr other) {
    return new Cidr(one.network(), common(one, other));
  }

  /** The length of the longest prefix that both lie in. */
  private static int common(Cidr one, Cidr other) {
    int prefix = Math.min(one.prefix(), other.prefix());
    while (!one.network().network(prefix).equals(other.network().network(prefix))) {
      prefix--;
    }
    return prefix;
  }

  /** A network with what it must leave out; in its halves where that is nothing and it would be every address. */
  private List<Block> block(Cidr cidr, NavigableSet<Address> seen) {
    int count = in(seen, cidr).size();
    List<Cidr> except = new ArrayList<>();
    for (Cidr usual : NOT_PUBLIC) {
      if (cidr.contains(usual)
          && usual.prefix() > cidr.prefix()
          && in(seen, usual).isEmpty()) {
        except.add(usual);
      }
    }
    NavigableSet<Address> own = in(inside, cidr);
    Address at = own.isEmpty() ? null : own.first();
    while (at != null) {
      Address here = at;
      Cidr hole = except.stream()
          .filter(known -> known.contains(here))
          .findFirst()
          .orElseGet(() -> hole(here, cidr, seen));
      if (!except.contains(hole)) {
        except.add(hole);
      }
      at = own.higher(hole.last());
    }
    if (cidr.prefix() == 0 && except.isEmpty()) {
      List<Block> halves = new ArrayList<>();
      AddressSet all = AddressSet.ofAddresses(in(seen, cidr));
      all.cidrs().forEach(each -> halves.addAll(block(each, seen)));
      return halves;
    }
    except.sort(null);
    return List.of(new Block(cidr, except, count));
  }

  /** The widest network, but no wider than people give to clusters, that holds an address and none that was seen. */
  private static Cidr hole(Address address, Cidr within, NavigableSet<Address> seen) {
    int widest = address.family() == Family.IPV4 ? 16 : 48;
    for (int prefix = Math.max(within.prefix() + 1, widest);
        prefix < address.family().bits();
        prefix++) {
      Cidr hole = new Cidr(address, prefix);
      if (in(seen, hole).isEmpty()) {
        return hole;
      }
    }
    return Cidr.of(address);
  }

  private static NavigableSet<Address> in(NavigableSet<Address> addresses, Cidr cidr) {
    return addresses.subSet(cidr.first(), true, cidr.last(), true);
  }
}
