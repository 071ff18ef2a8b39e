package dev.postern.iptables;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.Step;
import dev.postern.policy.Direction;
import dev.postern.target.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds a group by number: one lookup in a set with {@code skbinfo} puts the number into the packet's mark, and a tree of gotos, four ways at
 * a time, leads from there to the group.
 */
final class MarkDispatch implements Dispatch {

  private final Layout layout;
  private final MarkField field;
  private final Ipsets sets;

  MarkDispatch(Layout layout, MarkField field, Ipsets sets) {
    this.layout = layout;
    this.field = field;
    this.sets = sets;
  }

  @Override
  public void check(int reserved) throws Refusal {
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
    List<String> actions = new ArrayList<>();
    for (Group group : layout.groups(direction)) {
      marked.add(new Ipsets.Marked(group.pods(), field.value(group.number()), field.mask()));
      actions.add("-g " + chainOf.apply(group));
    }
    String root = Chains.PREFIX + (direction == Direction.EGRESS ? "EGRESS" : "INGRESS");
    map(chains, chain, marked, direction == Direction.EGRESS ? "src" : "dst", "-j " + root);
    chains.add(root, "-m conntrack --ctstate INVALID -j DROP");
    tree(chains, root, root, actions);
  }

  @Override
  public void lookup(
      Chains chains,
      String chain,
      Direction direction,
      Step.Lookup lookup,
      Function<Step.Lookup.Entry, String> actionOf) {
    List<Ipsets.Marked> marked = new ArrayList<>();
    List<String> actions = new ArrayList<>();
    for (Step.Lookup.Entry entry : lookup.entries()) {
      actions.add(actionOf.apply(entry));
      marked.add(
          new Ipsets.Marked(entry.peers().addresses(), field.value(actions.size()), field.mask()));
    }
    String root = Chains.PREFIX + "L" + lookup.name();
    map(chains, chain, marked, direction == Direction.EGRESS ? "dst" : "src", "-g " + root);
    if (!chains.has(root)) {
      chains.open(root);
      tree(chains, root, Chains.PREFIX + "L" + lookup.name().substring(0, 9), actions);
    }
  }

  private void map(
      Chains chains, String chain, List<Ipsets.Marked> marked, String side, String then) {
    leave(chains, chain);
    chains.add(
        chain,
        "-j SET --map-set " + sets.map(layout.family(), marked) + " " + side + " --map-mark");
    chains.add(chain, "-m mark ! --mark 0x0/" + MarkField.hex(field.mask()) + " " + then);
  }

  /** The mark is xored with the source's number and then with the destination's: it is 0 again if they are the same. */
  @Override
  public void hairpin(Chains chains, String chain, String denial) {
    List<Ipsets.Marked> marked = new ArrayList<>();
    for (AddressRange range : layout.hairpin().ranges()) {
      Address at = range.first();
      while (true) {
        marked.add(new Ipsets.Marked(
            AddressSet.of(new AddressRange(at, at)), field.value(marked.size() + 1), 0));
        if (at.equals(range.last())) {
          break;
        }
        at = at.next();
      }
    }
    String set = sets.map(layout.family(), marked);
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
    int most = Math.max(layout.egress().size(), layout.ingress().size());
    int bits = 32 - Integer.numberOfLeadingZeros(most);
    return most == 0 ? 0 : 3 + 1 + 4 * (bits / 2) + 2 * (bits % 2);
  }

  /** A branch of four has its packet after two and a half rules, one of two after one and a half. */
  @Override
  public double usualDepth() {
    int most = Math.max(layout.egress().size(), layout.ingress().size());
    int bits = 32 - Integer.numberOfLeadingZeros(most);
    return most == 0 ? 0 : 3 + 1 + 2.5 * (bits / 2) + 1.5 * (bits % 2);
  }

  // --- the tree

  /** Leads from a mark whose number is 1 to the number of actions to that action. */
  private void tree(Chains chains, String chain, String stem, List<String> actions) {
    int bits = 32 - Integer.numberOfLeadingZeros(actions.size());
    branch(chains, chain, stem + "-", actions, 0, bits);
  }

  /**
   * The numbers from {@code first} with {@code bits} free lower bits.
   *
   * @param path what the names of the chains below begin with
   */
  private void branch(
      Chains chains, String chain, String path, List<String> actions, int first, int bits) {
    int width = bits <= 2 ? bits : 2 - bits % 2;
    int lower = bits - width;
    List<Integer> branches = new ArrayList<>();
    for (int at = first; at < first + (1 << bits); at += 1 << lower) {
      if (at <= actions.size() && at + (1 << lower) - 1 >= 1) {
        branches.add(at);
      }
    }
    if (branches.size() == 1 && lower > 0) {
      branch(chains, chain, path, actions, branches.get(0), lower);
      return;
    }
    int mask = field.value((1 << width) - 1 << lower);
    for (int at : branches) {
      boolean last = at == branches.get(branches.size() - 1);
      String condition = last
          ? ""
          : "-m mark --mark " + MarkField.hex(field.value(at) & mask) + "/" + MarkField.hex(mask)
              + " ";
      if (lower == 0) {
        chains.add(chain, condition + actions.get(at - 1));
      } else {
        // A name that begins with the parent's sorts after it, as Chains.text wants it.
        String child = path + (at - first >> lower);
        chains.add(chain, condition + "-g " + child);
        chains.open(child);
        branch(chains, child, child, actions, at, lower);
      }
    }
  }
}
