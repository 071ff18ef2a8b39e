package dev.postern.netfilter;

import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the rules of one family decide, before any tool's syntax.
 *
 * <p>A packet of a new connection is looked up twice: its source among the pods with restricted egress, its destination among those with
 * restricted ingress. A pod that is found leads to its group's steps, which look up the other end. What neither lookup finds passes.
 *
 * @param family the family
 * @param egress groups with restricted egress
 * @param ingress groups with restricted ingress
 * @param hairpin the pods that may reach themselves: all in a group
 * @param ownNode the pods that may reach their node, and be reached from it, by node; empty where node traffic is policed
 */
public record Layout(
    Family family,
    List<Group> egress,
    List<Group> ingress,
    AddressSet hairpin,
    List<OwnNode> ownNode) {

  /**
   * Pods in a group and the node that they run on.
   *
   * @param name the node's name
   * @param pods their addresses
   * @param node the node's addresses
   */
  public record OwnNode(String name, PeerSet pods, PeerSet node) {}

  public Layout {
    egress = List.copyOf(egress);
    ingress = List.copyOf(ingress);
    ownNode = List.copyOf(ownNode);
  }

  /** A layout without policed pods. */
  public static Layout none(Family family) {
    return new Layout(family, List.of(), List.of(), AddressSet.EMPTY, List.of());
  }

  public List<Group> groups(Direction direction) {
    return direction == Direction.EGRESS ? egress : ingress;
  }

  public boolean isEmpty() {
    return egress.isEmpty() && ingress.isEmpty();
  }

  /** All steps of all groups. */
  private List<PeerStep> steps() {
    List<PeerStep> all = new ArrayList<>();
    egress.forEach(group -> all.addAll(group.steps()));
    ingress.forEach(group -> all.addAll(group.steps()));
    return all;
  }

  /** Every set that a rule looks up, by name; what {@linkplain PeerSet#isFew() few} networks are is not looked up. */
  public SortedMap<String, PeerSet> sets() {
    SortedMap<String, PeerSet> sets = new TreeMap<>();
    for (PeerStep step : steps()) {
      if (step instanceof PeerStep.Match match) {
        match
            .peers()
            .filter(peers -> !peers.isFew())
            .ifPresent(peers -> sets.put(peers.name(), peers));
      }
    }
    return sets;
  }

  /** All peers that some step knows, whether looked up or not. */
  List<PeerSet> peers() {
    List<PeerSet> peers = new ArrayList<>();
    for (PeerStep step : steps()) {
      if (step instanceof PeerStep.Match match) {
        match.peers().ifPresent(peers::add);
      } else if (step instanceof PeerStep.Lookup lookup) {
        lookup.entries().forEach(entry -> peers.add(entry.peers()));
      }
    }
    return peers;
  }

  /** Every lookup, by name. */
  public SortedMap<String, PeerStep.Lookup> lookups() {
    SortedMap<String, PeerStep.Lookup> lookups = new TreeMap<>();
    for (PeerStep step : steps()) {
      if (step instanceof PeerStep.Lookup lookup) {
        lookups.put(lookup.name(), lookup);
      }
    }
    return lookups;
  }

  /** Every outcome that lets some, not all traffic pass, by name. */
  public SortedMap<String, PeerOutcome> outcomes() {
    SortedMap<String, PeerOutcome> outcomes = new TreeMap<>();
    for (PeerStep step : steps()) {
      List<PeerOutcome> here = step instanceof PeerStep.Match match
          ? List.of(match.outcome())
          : ((PeerStep.Lookup) step)
              .entries().stream().map(PeerStep.Lookup.Entry::outcome).toList();
      here.stream()
          .filter(outcome -> !outcome.passesAll() && !outcome.dropsAll())
          .forEach(outcome -> outcomes.put(outcome.name(), outcome));
    }
    return outcomes;
  }
}
