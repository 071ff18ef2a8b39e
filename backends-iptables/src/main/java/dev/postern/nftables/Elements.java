package dev.postern.nftables;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.PeerOutcome;
import dev.postern.netfilter.PeerSet;
import dev.postern.netfilter.PeerStep;
import dev.postern.netfilter.Place;
import dev.postern.netfilter.RuleEdit;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;

/** The sets and maps of one layout: their names and elements. */
final class Elements {

  private final Layout layout;
  private final String denial;

  /** @param denial the verdict on what is denied */
  Elements(Layout layout, String denial) {
    this.layout = layout;
    this.denial = denial;
  }

  // --- names

  static String set(PeerSet set) {
    return "s_" + set.name();
  }

  static String lookup(PeerStep.Lookup lookup) {
    return "l_" + lookup.name();
  }

  static String exempt(Family family) {
    return "exempt" + digit(family);
  }

  static String dispatch(Direction direction, Family family) {
    return (direction == Direction.EGRESS ? "egress" : "ingress") + digit(family);
  }

  static String chain(Group group) {
    return (group.direction() == Direction.EGRESS ? "e_" : "i_") + group.name();
  }

  private static String digit(Family family) {
    return family == Family.IPV4 ? "4" : "6";
  }

  /** The name of the set or map that is a place. */
  String at(Place place) {
    return switch (place.kind()) {
      case EXEMPTION -> exempt(layout.family());
      case DISPATCH -> dispatch(Direction.valueOf(place.name()), layout.family());
      case SET -> "s_" + place.name();
      case LOOKUP -> "l_" + place.name();
    };
  }

  // --- elements

  static List<String> members(PeerSet set) {
    List<String> members = new ArrayList<>();
    set.pods().each().forEach(pod -> members.add(pod.toString()));
    set.ranges().ranges().forEach(range -> members.add(range(range)));
    return members;
  }

  List<String> entries(PeerStep.Lookup lookup) {
    List<String> entries = new ArrayList<>();
    for (PeerStep.Lookup.Entry entry : lookup.entries()) {
      String verdict = verdict(entry.outcome(), denial);
      members(entry.peers()).forEach(member -> entries.add(member + " : " + verdict));
    }
    return entries;
  }

  static List<String> pods(Group group) {
    List<String> pods = new ArrayList<>();
    group.pods().each().forEach(pod -> pods.add(pod(pod, group)));
    return pods;
  }

  private static String pod(Address pod, Group group) {
    return pod + " : jump " + chain(group);
  }

  /** A pod and itself, a pod and its node; the pod first. */
  List<String> exemptions() {
    List<String> pairs = new ArrayList<>();
    layout.hairpin().each().forEach(pod -> pairs.add(pod + " . " + pod));
    for (Layout.OwnNode own : layout.ownNode()) {
      own.pods().pods().each().forEach(pod -> pairs.addAll(withNode(pod, own)));
    }
    return pairs;
  }

  private static List<String> withNode(Address pod, Layout.OwnNode own) {
    List<String> pairs = new ArrayList<>();
    for (Address node : own.node().pods().each()) {
      if (!pod.equals(node)) {
        pairs.add(pod + " . " + node);
      }
    }
    return pairs;
  }

  static String verdict(PeerOutcome outcome, String denial) {
    return outcome.passesAll()
        ? "return"
        : outcome.dropsAll() ? denial : "goto t_" + outcome.name();
  }

  private static String range(AddressRange range) {
    if (range.first().equals(range.last())) {
      return range.first().toString();
    }
    List<Cidr> cidrs = range.cidrs();
    return cidrs.size() == 1 ? cidrs.get(0).toString() : range.toString();
  }

  /** The elements that come or go with an edit; this is the layout that has them. */
  List<String> of(RuleEdit edit) {
    Address address = edit.address();
    List<String> elements = new ArrayList<>();
    switch (edit.place().kind()) {
      case EXEMPTION -> {
        elements.add(address + " . " + address);
        layout.ownNode().stream()
            .filter(own -> own.pods().pods().contains(address))
            .forEach(own -> elements.addAll(withNode(address, own)));
      }
      case DISPATCH ->
        layout.groups(Direction.valueOf(edit.place().name())).stream()
            .filter(group -> group.pods().contains(address))
            .forEach(group -> elements.add(pod(address, group)));
      case SET -> elements.add(address.toString());
      case LOOKUP ->
        layout.lookups().values().stream()
            .filter(lookup -> Place.of(lookup).equals(edit.place()))
            .flatMap(lookup -> lookup.entries().stream())
            .filter(entry -> entry.peers().pods().contains(address))
            .forEach(entry -> elements.add(address + " : " + verdict(entry.outcome(), denial)));
    }
    return elements;
  }
}
