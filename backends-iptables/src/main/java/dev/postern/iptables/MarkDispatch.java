package dev.postern.iptables;

import dev.postern.backend.Refusal;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.PeerSet;
import dev.postern.netfilter.PeerStep;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finds a group by number: one lookup in a set with {@code skbinfo} puts the number into the packet's mark, and a tree of gotos leads from
 * there to the group.
 */
final class MarkDispatch implements Dispatch {

  private final Layout layout;
  private final MarkField field;
  private final Ipsets sets;
  private final MarkNumbers numbers;
  private final int width;

  /** @param width how many bits of a number one chain of the tree tells apart */
  MarkDispatch(Layout layout, MarkField field, Ipsets sets, MarkNumbers numbers, int width) {
    this.layout = layout;
    this.field = field;
    this.sets = sets;
    this.numbers = numbers;
    this.width = width;
  }

  /**
   * Looks whether the pods can be told apart.
   *
   * @param reserved how many numbers of marks have another meaning
   * @throws Refusal if there are more pods than the field can tell apart
   */
  static void check(Layout layout, MarkField field, int reserved) throws Refusal {
    int pods = layout.hairpin().ranges().stream()
        .mapToInt(range -> (int) (range.last().low() - range.first().low() + 1))
        .sum();
    if (!field.holds(pods + reserved)) {
      throw new Refusal(List.of(pods + " policed pods of one family need "
          + (32 - Integer.numberOfLeadingZeros(pods + reserved))
          + " bits of the packet mark, the mask "
          + MarkField.hex(field.mask()) + " has " + field.bits()
          + " (choose a wider mask, or compile for one node)"));
    }
  }

  @Override
  public void groups(
      Chains chains, String chain, Direction direction, Function<Group, String> chainOf) {
    List<Ipsets.Marked> marked = new ArrayList<>();
    SortedMap<Integer, String> actions = new TreeMap<>();
    for (Group group : layout.groups(direction)) {
      int number = numbers.group(group);
      marked.add(marked(group, field, numbers));
      actions.put(number, "-g " + chainOf.apply(group));
    }
    String root = Chains.root(direction);
    map(
        chains,
        chain,
        sets.map(groupsSet(direction, layout.family()), layout.family(), marked),
        direction == Direction.EGRESS ? "src" : "dst",
        "-j " + root);
    chains.add(root, "-m conntrack --ctstate INVALID -j DROP");
    tree(chains, root, root + "-", actions);
  }

  /** The name of the set that knows the group of a pod. */
  static String groupsSet(Direction direction, Family family) {
    return Ipsets.PREFIX + (direction == Direction.EGRESS ? "egress" : "ingress") + digit(family);
  }

  /** The name of the set that knows the number of a pod. */
  static String hairpinSet(Family family) {
    return Ipsets.PREFIX + "hairpin" + digit(family);
  }

  /** The name of the set of a lookup. */
  static String lookupSet(PeerStep.Lookup lookup) {
    return Ipsets.PREFIX + "m" + lookup.name();
  }

  private static String digit(Family family) {
    return family == Family.IPV4 ? "4" : "6";
  }

  static Ipsets.Marked marked(Group group, MarkField field, MarkNumbers numbers) {
    return new Ipsets.Marked(
        group.pods(), AddressSet.EMPTY, field.value(numbers.group(group)), field.mask());
  }

  static Ipsets.Marked marked(PeerStep.Lookup lookup, int entry, MarkField field) {
    PeerSet peers = lookup.entries().get(entry).peers();
    return new Ipsets.Marked(peers.pods(), peers.ranges(), field.value(entry + 1), field.mask());
  }

  static Ipsets.Marked marked(Address pod, MarkField field, MarkNumbers numbers) {
    return new Ipsets.Marked(
        AddressSet.of(new AddressRange(pod, pod)),
        AddressSet.EMPTY,
        field.value(numbers.pod(pod)),
        0);
  }

  @Override
  public void lookup(
      Chains chains,
      String chain,
      Direction direction,
      PeerStep.Lookup lookup,
      Function<PeerStep.Lookup.Entry, String> actionOf) {
    List<Ipsets.Marked> marked = new ArrayList<>();
    SortedMap<Integer, String> actions = new TreeMap<>();
    for (int i = 0; i < lookup.entries().size(); i++) {
      actions.put(i + 1, actionOf.apply(lookup.entries().get(i)));
      marked.add(marked(lookup, i, field));
    }
    String root = Chains.PREFIX + "L" + lookup.name();
    map(
        chains,
        chain,
        sets.map(lookupSet(lookup), layout.family(), marked),
        direction == Direction.EGRESS ? "dst" : "src",
        "-g " + root);
    if (!chains.has(root)) {
      chains.open(root);
      tree(chains, root, Chains.PREFIX + "L" + lookup.name().substring(0, 9) + "-", actions);
    }
  }

  private void map(Chains chains, String chain, String set, String side, String then) {
    leave(chains, chain);
    chains.add(chain, "-j SET --map-set " + set + " " + side + " --map-mark");
    chains.add(chain, "-m mark ! --mark 0x0/" + MarkField.hex(field.mask()) + " " + then);
  }

  /** The mark is xored with the source's number and then with the destination's: it is 0 again if they are the same. */
  @Override
  public void hairpin(Chains chains, String chain, String denial) {
    List<Ipsets.Marked> marked =
        layout.hairpin().each().stream().map(pod -> marked(pod, field, numbers)).toList();
    String set = sets.map(hairpinSet(layout.family()), layout.family(), marked);
    String none = "-m mark --mark 0x0/" + MarkField.hex(field.mask());
    leave(chains, chain);
    chains.add(chain, "-j SET --map-set " + set + " src --map-mark");
    chains.add(chain, none + " " + denial);
    chains.add(chain, "-j SET --map-set " + set + " dst --map-mark");
    chains.add(chain, none + " -j RETURN");
    chains.add(chain, denial);
  }

  @Override
  public void leave(Chains chains, String chain) {
    chains.add(chain, "-j MARK --set-xmark 0x0/" + MarkField.hex(field.mask()));
  }

  @Override
  public int depth() {
    int bits = bits();
    return bits == 0 ? 0 : 3 + (1 << bits % width) + (1 << width) * (bits / width);
  }

  /** A branch of four has its packet after two and a half rules, one of two after one and a half. */
  @Override
  public double usualDepth() {
    int bits = bits();
    return bits == 0 ? 0 : 3 + usual(bits % width) + usual(width) * (bits / width);
  }

  private static double usual(int bits) {
    return ((1 << bits) + 1) / 2.0;
  }

  private int bits() {
    int highest = 0;
    for (Direction direction : Direction.values()) {
      for (Group group : layout.groups(direction)) {
        highest = Math.max(highest, numbers.group(group));
      }
    }
    return 32 - Integer.numberOfLeadingZeros(highest);
  }

  // --- the tree

  /** Leads from a mark whose number has an action to that action. */
  private void tree(Chains chains, String chain, String path, SortedMap<Integer, String> actions) {
    int bits = 32 - Integer.numberOfLeadingZeros(actions.lastKey());
    branch(chains, chain, path, actions, 0, bits);
  }

  /**
   * The numbers from {@code first} with {@code bits} free lower bits.
   *
   * @param path what the names of the chains below begin with
   */
  private void branch(
      Chains chains,
      String chain,
      String path,
      SortedMap<Integer, String> actions,
      int first,
      int bits) {
    int here = bits % width == 0 ? Math.min(bits, width) : bits % width;
    int lower = bits - here;
    List<Integer> branches = new ArrayList<>();
    for (int at = first; at < first + (1 << bits); at += 1 << lower) {
      if (!actions.subMap(at, at + (1 << lower)).isEmpty()) {
        branches.add(at);
      }
    }
    if (branches.size() == 1 && lower > 0) {
      branch(chains, chain, path, actions, branches.get(0), lower);
      return;
    }
    int mask = field.value((1 << here) - 1 << lower);
    for (int at : branches) {
      boolean last = at == branches.get(branches.size() - 1);
      String condition = last
          ? ""
          : "-m mark --mark " + MarkField.hex(field.value(at) & mask) + "/" + MarkField.hex(mask)
              + " ";
      SortedMap<Integer, String> below = actions.subMap(at, at + (1 << lower));
      if (below.size() == 1) {
        chains.add(chain, condition + below.get(below.firstKey()));
      } else {
        // A name that begins with the parent's sorts after it, as Chains.text wants it.
        String child = path + digits(at - first >> lower, here);
        chains.add(chain, condition + "-g " + child);
        chains.open(child);
        branch(chains, child, child, actions, at, lower);
      }
    }
  }

  /** As many digits for each number of so many bits: names with other branches after them are not taken for one another. */
  private static String digits(int number, int bits) {
    String digits = Integer.toHexString(number);
    return "0".repeat((bits + 3) / 4 - digits.length()) + digits;
  }
}
