package dev.postern.iptables;

import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.netfilter.ContentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The sets that the rules of both families look up, and what {@code ipset restore} makes them of. */
final class Ipsets {

  static final String PREFIX = "postern-";

  private final ContentName names = new ContentName();
  private final Map<String, List<String>> members = new TreeMap<>();
  private final Map<String, String> types = new TreeMap<>();

  /** An entry of a set that maps addresses to marks. */
  record Marked(AddressSet addresses, int value, int mask) {}

  /** A set of addresses of one family; returns its name. */
  String set(Family family, AddressSet addresses) {
    List<String> entries = entries(addresses);
    return add(type(family, addresses, entries.size()), entries);
  }

  /** A set that maps addresses of one family to marks; returns its name. */
  String map(Family family, List<Marked> marks) {
    List<String> entries = new ArrayList<>();
    boolean singles = true;
    for (Marked mark : marks) {
      singles &= isSingles(mark.addresses);
      for (String entry : entries(mark.addresses)) {
        entries.add(
            entry + " skbmark " + MarkField.hex(mark.value) + "/" + MarkField.hex(mark.mask));
      }
    }
    AddressSet shape = singles ? AddressSet.EMPTY : AddressSet.of(AddressRange.all(family));
    return add(type(family, shape, entries.size()) + " skbinfo", entries);
  }

  private String add(String type, List<String> entries) {
    String name = PREFIX + names.of(type + " " + String.join(",", entries));
    members.put(name, entries);
    types.put(name, type);
    return name;
  }

  private static String type(Family family, AddressSet addresses, int size) {
    int buckets = 64;
    while (buckets < size) {
      buckets *= 2;
    }
    return (isSingles(addresses) ? "hash:ip" : "hash:net")
        + " family " + (family == Family.IPV4 ? "inet" : "inet6")
        + " hashsize " + buckets + " maxelem " + Math.max(1, size);
  }

  private static boolean isSingles(AddressSet addresses) {
    return addresses.ranges().stream().allMatch(range -> range.first().equals(range.last()));
  }

  /** A hash of networks holds no /0: that is two networks of half the size. */
  private static List<String> entries(AddressSet addresses) {
    List<String> entries = new ArrayList<>();
    for (Cidr cidr : addresses.cidrs()) {
      if (cidr.prefix() == 0) {
        entries.add(new Cidr(cidr.first(), 1).toString());
        entries.add(new Cidr(cidr.last(), 1).toString());
      } else {
        entries.add(
            cidr.prefix() == cidr.family().bits() ? cidr.network().toString() : cidr.toString());
      }
    }
    return entries;
  }

  int count() {
    return types.size();
  }

  Set<String> names() {
    return types.keySet();
  }

  /**
   * Each set is filled under another name and then swapped with the one in use, if there is one: whoever looks it up meets the old members
   * or the new ones, and members that somebody else added are gone.
   *
   * @param without names of sets to leave out
   */
  String write(Set<String> without) {
    StringBuilder out = new StringBuilder();
    types.forEach((name, type) -> {
      if (without.contains(name)) {
        return;
      }
      out.append("create postern- ").append(type).append('\n');
      for (String member : members.getOrDefault(name, List.of())) {
        out.append("add postern- ").append(member).append('\n');
      }
      out.append("create ").append(name).append(' ').append(type).append('\n');
      out.append("swap postern- ").append(name).append('\n');
      out.append("destroy postern-\n");
    });
    return out.toString();
  }
}
