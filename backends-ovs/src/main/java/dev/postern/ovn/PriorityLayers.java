package dev.postern.ovn;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.lowering.PeerAddresses;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.ovn.Rule.Outcome;
import dev.postern.plan.Classes;
import dev.postern.plan.TierDecision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Turns what one tier decides into rules of few priorities, in layers: the outcome that most peers have gets the lowest priority and matches
 * everything, the others get higher ones, the outcome with the fewest peers the highest. A rule may match more than its outcome where a rule
 * of a higher layer matches the rest. Allowances all get one priority wherever possible, since ovn-controller merges the conjunctive matches
 * of flows of one priority only.
 */
final class PriorityLayers {

  /** Own node and hairpin: pass whatever the tables say. */
  static final int EXEMPT = 1015;

  private static final int LOWEST = 1000;

  /** From the lowest to the highest, each with a priority for each outcome, so that no two outcomes ever have the same. */
  private enum Layer {
    COMMONEST,
    SECOND,
    /** Ports taken out of the second layer for all protocols: a match cannot say "any protocol but these". */
    SECOND_EXCEPTIONS,
    RAREST,
    RAREST_EXCEPTIONS;

    int priority(Outcome outcome) {
      return LOWEST + Outcome.values().length * ordinal() + outcome.ordinal();
    }
  }

  /** Networks without pods up to this many are written into the match; more become a set. */
  private static final int INLINE = 8;

  private final Classes classes;
  private final PeerAddresses where;
  private final boolean toPort;
  private final List<Rule> rules = new ArrayList<>();

  private PriorityLayers(Classes classes, PeerAddresses where, boolean toPort) {
    this.classes = classes;
    this.where = where;
    this.toPort = toPort;
  }

  /**
   * The rules of a tier for a group of ports.
   *
   * @param last whether nothing comes after this tier, so that what it does not decide passes
   */
  static List<Rule> rules(
      Classes classes, PeerAddresses where, boolean toPort, TierDecision decided, boolean last) {
    PriorityLayers layers = new PriorityLayers(classes, where, toPort);
    layers.add(regions(classes, decided, last), last ? Outcome.ALLOW : Outcome.PASS);
    return layers.rules;
  }

  private static Map<Outcome, Region> regions(Classes classes, TierDecision decided, boolean last) {
    Region left =
        Region.of(classes.everyone(), Traffic.ALL).minus(decided.allowed()).minus(decided.denied());
    Map<Outcome, Region> regions = new EnumMap<>(Outcome.class);
    regions.put(Outcome.DENY, decided.denied());
    regions.put(Outcome.PASS, last ? Region.EMPTY : left);
    regions.put(Outcome.ALLOW, last ? decided.allowed().union(left) : decided.allowed());
    return regions;
  }

  /**
   * Adds the rules of all regions.
   *
   * @param silent the outcome that no rule at all has, too
   */
  private void add(Map<Outcome, Region> regions, Outcome silent) {
    List<Outcome> order = new ArrayList<>(regions.keySet());
    // As many flows as peers, more or less.
    order.sort(Comparator.comparingLong((Outcome each) -> -peers(regions, each)));
    Outcome commonest = order.get(0);
    if (commonest != silent) {
      rules.add(Rule.any(toPort, Layer.COMMONEST.priority(commonest), commonest, ""));
    }
    Map<Outcome, Region> beneath = new EnumMap<>(Outcome.class);
    beneath.put(commonest, region(regions, commonest));
    add(
        region(regions, order.get(1)),
        order.get(1),
        Layer.SECOND,
        Layer.SECOND_EXCEPTIONS,
        beneath);
    beneath.put(order.get(1), region(regions, order.get(1)));
    add(
        region(regions, order.get(2)),
        order.get(2),
        Layer.RAREST,
        Layer.RAREST_EXCEPTIONS,
        beneath);
  }

  private static Region region(Map<Outcome, Region> regions, Outcome outcome) {
    return regions.getOrDefault(outcome, Region.EMPTY);
  }

  private static long peers(Map<Outcome, Region> regions, Outcome outcome) {
    return region(regions, outcome).parts().stream()
        .mapToLong(part -> part.peers().size())
        .sum();
  }

  /** Adds one layer. Peers with other protocols but not all ports get all traffic, and exceptions repeat what lower layers say of the ports that they lack. */
  private void add(
      Region region, Outcome outcome, Layer layer, Layer exceptions, Map<Outcome, Region> beneath) {
    Region lacking = Region.EMPTY;
    addAll(region, layer, outcome);
    for (Region.Part part : region.parts()) {
      if (part.traffic().other() && !part.traffic().isAll()) {
        add(layer, outcome, part.peers(), Traffic.ALL, part.traffic().toString());
        lacking = lacking.union(Region.of(part.peers(), part.traffic().complement()));
      }
    }
    for (Map.Entry<Outcome, Region> below : beneath.entrySet()) {
      addAll(lacking.intersect(below.getValue()), exceptions, below.getKey());
    }
  }

  private void addAll(Region region, Layer layer, Outcome outcome) {
    for (PortRows.Row row : PortRows.fewest(region, classes.everyone())) {
      add(layer, outcome, row.peers(), row.traffic(), row.traffic().toString());
    }
  }

  /** Adds the rules for some traffic: one a family of its peers and alternative of the traffic. */
  private void add(Layer layer, Outcome outcome, ClassSet peers, Traffic traffic, String name) {
    AddressSet addresses = where.exactly(peers);
    boolean podless = !peers.intersects(classes.insiders());
    int priority = layer.priority(outcome);
    String part = priority + " " + name;
    for (String rest : MatchText.alternatives(traffic)) {
      if (addresses.equals(AddressSet.ALL)) {
        rules.add(Rule.any(toPort, priority, outcome, rest));
        continue;
      }
      for (Family family : Family.values()) {
        AddressSet own = addresses.in(family);
        boolean inline = isWhole(own, family) || (podless && own.cidrs().size() <= INLINE);
        if (!own.isEmpty()) {
          rules.add(new Rule(toPort, priority, outcome, own, inline, rest, part));
        }
      }
    }
  }

  static boolean isWhole(AddressSet set, Family family) {
    return set.equals(AddressSet.of(Cidr.all(family)));
  }
}
