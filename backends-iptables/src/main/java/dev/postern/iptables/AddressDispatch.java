package dev.postern.iptables;

import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.PeerStep;
import dev.postern.policy.Direction;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finds a group by address: a tree of gotos over prefixes, with as many addresses at a leaf as a chain has branches, or fewer. It needs
 * neither marks nor {@code skbinfo}; lookups become lists.
 */
final class AddressDispatch implements Dispatch {

  private final Layout layout;
  private final int width;
  private int depth;

  /** @param width how many bits of an address one chain of the tree tells apart */
  AddressDispatch(Layout layout, int width) {
    this.layout = layout;
    this.width = width;
  }

  @Override
  public void groups(
      Chains chains, String chain, Direction direction, Function<Group, String> chainOf) {
    SortedMap<Address, String> rules = new TreeMap<>();
    String side = direction == Direction.EGRESS ? "-s " : "-d ";
    for (Group group : layout.groups(direction)) {
      for (Address pod : group.pods().each()) {
        rules.put(pod, side + Cidr.of(pod) + " -g " + chainOf.apply(group));
      }
    }
    String root = Chains.root(direction);
    chains.add(chain, "-j " + root);
    new PrefixTree(chains, side, root + "-", "").write(root, rules);
  }

  @Override
  public void lookup(
      Chains chains,
      String chain,
      Direction direction,
      PeerStep.Lookup lookup,
      Function<PeerStep.Lookup.Entry, String> actionOf) {
    throw new IllegalStateException("a lookup without marks is a list");
  }

  @Override
  public void hairpin(Chains chains, String chain, String denial) {
    SortedMap<Address, String> rules = new TreeMap<>();
    for (Address pod : layout.hairpin().each()) {
      rules.put(pod, "-s " + Cidr.of(pod) + " -d " + Cidr.of(pod) + " -j RETURN");
    }
    new PrefixTree(chains, "-d ", Chains.PREFIX + "HAIRPIN-", denial).write(chain, rules);
  }

  @Override
  public void leave(Chains chains, String chain) {
    chains.open(chain);
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public double usualDepth() {
    return depth / 2.0;
  }

  /** Writes one tree. */
  private final class PrefixTree {
    private final Chains chains;
    private final String side;
    private final String stem;
    private final String otherwise;
    private int next;

    /** @param otherwise the last rule of every chain; empty for none */
    PrefixTree(Chains chains, String side, String stem, String otherwise) {
      this.chains = chains;
      this.side = side;
      this.stem = stem;
      this.otherwise = otherwise;
    }

    void write(String chain, SortedMap<Address, String> rules) {
      chains.open(chain);
      branch(chain, rules, 1);
    }

    private void branch(String chain, SortedMap<Address, String> rules, int above) {
      if (rules.size() <= 1 << width) {
        rules.values().forEach(rule -> chains.add(chain, rule));
        depth = Math.max(depth, above + rules.size());
      } else {
        Cidr whole = common(rules.firstKey(), rules.lastKey());
        int cut = Math.min(whole.prefix() + width, whole.family().bits());
        Map<Cidr, SortedMap<Address, String>> parts = new TreeMap<>();
        rules.forEach((address, rule) -> parts
            .computeIfAbsent(new Cidr(address, cut), key -> new TreeMap<>())
            .put(address, rule));
        parts.forEach((cidr, part) -> {
          if (part.size() == 1) {
            part.values().forEach(rule -> chains.add(chain, rule));
          } else {
            // Digits to sort by, see Chains.text.
            String child = stem + String.valueOf(1_000_000 + ++next).substring(1);
            chains.add(chain, side + cidr + " -g " + child);
            chains.open(child);
            branch(child, part, above + parts.size());
          }
        });
      }
      if (!otherwise.isEmpty()) {
        chains.add(chain, otherwise);
      }
    }

    private static Cidr common(Address first, Address last) {
      int prefix = first.family().bits();
      while (!new Cidr(first, prefix).contains(last)) {
        prefix--;
      }
      return new Cidr(first, prefix);
    }
  }
}
