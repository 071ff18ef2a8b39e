package dev.postern.iptables;

import dev.postern.backend.TextOutput;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.netfilter.PeerSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sets that the rules of both families look up, and what {@code ipset restore} makes them of. */
final class Ipsets {

  static final String PREFIX = "postern-";
  /** Room for members to come without a new set: a limit, not memory. */
  private static final int ROOM = 1 << 20;

  private final Set<String> standIns;
  private final SortedMap<String, Definition> sets = new TreeMap<>();

  /**
   * A set.
   *
   * @param type its type and options
   * @param members as {@code ipset} prints them
   */
  record Definition(String type, List<String> members) {
    Definition {
      members = List.copyOf(members);
    }

    /** What {@code ipset restore} makes it of, under a name. */
    void write(String name, TextOutput out) {
      out.append("create ").append(name).append(' ').append(type).append('\n');
      members.forEach(
          member -> out.append("add ").append(name).append(' ').append(member).append('\n'));
    }
  }

  /** Entries of a set that maps addresses to marks: all with one mark. */
  record Marked(AddressSet pods, AddressSet ranges, int value, int mask) {
    String suffix() {
      return " skbmark " + MarkField.hex(value) + "/" + MarkField.hex(mask);
    }
  }

  Ipsets() {
    this(Set.of());
  }

  /** @param standIns names of sets that go by {@link #standIn another name} */
  Ipsets(Set<String> standIns) {
    this.standIns = Set.copyOf(standIns);
  }

  /** The name under which a set stands in for the one whose name it will bear. */
  static String standIn(String name) {
    return PREFIX + "t" + name.substring(PREFIX.length());
  }

  static String name(PeerSet set) {
    return PREFIX + set.name();
  }

  /** A set of addresses; returns its name. */
  String set(PeerSet set) {
    return set(name(set), set.family(), set.pods(), set.ranges());
  }

  String set(String name, Family family, AddressSet pods, AddressSet ranges) {
    List<String> members = members(pods, ranges);
    return add(name, type(family, ranges.isEmpty(), members.size()), members);
  }

  /** A set that maps addresses of one family to marks; returns its name. */
  String map(String name, Family family, List<Marked> marks) {
    List<String> members = new ArrayList<>();
    boolean singles = true;
    for (Marked mark : marks) {
      singles &= mark.ranges.isEmpty();
      String suffix = mark.suffix();
      members(mark.pods, mark.ranges).forEach(member -> members.add(member + suffix));
    }
    return add(name, type(family, singles, members.size()) + " skbinfo", members);
  }

  private String add(String name, String type, List<String> members) {
    String called = standIns.contains(name) ? standIn(name) : name;
    sets.put(called, new Definition(type, members));
    return called;
  }

  private static String type(Family family, boolean singles, int size) {
    int buckets = 64;
    while (buckets < size) {
      buckets *= 2;
    }
    return (singles ? "hash:ip" : "hash:net")
        + " family " + (family == Family.IPV4 ? "inet" : "inet6")
        + " hashsize " + buckets + " maxelem " + Math.max(ROOM, 2 * buckets);
  }

  /** A hash of networks holds no /0: that is two networks of half the size. */
  private static List<String> members(AddressSet pods, AddressSet ranges) {
    List<String> members = new ArrayList<>();
    for (Address pod : pods.each()) {
      members.add(pod.toString());
    }
    for (Cidr cidr : ranges.cidrs()) {
      if (cidr.prefix() == 0) {
        members.add(new Cidr(cidr.first(), 1).toString());
        members.add(new Cidr(cidr.last(), 1).toString());
      } else {
        members.add(
            cidr.prefix() == cidr.family().bits() ? cidr.network().toString() : cidr.toString());
      }
    }
    return members;
  }

  Set<String> names() {
    return sets.keySet();
  }

  Definition definition(String name) {
    Definition definition = ((Map<String, Definition>) sets).get(name);
    if (definition == null) {
      throw new IllegalArgumentException("no set " + name);
    }
    return definition;
  }

  /** @param without names of sets to leave out */
  void write(Set<String> without, TextOutput out) {
    sets.forEach((name, definition) -> {
      if (!without.contains(name)) {
        definition.write(name, out);
      }
    });
  }
}
