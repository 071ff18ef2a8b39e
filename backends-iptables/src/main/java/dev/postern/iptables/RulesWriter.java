package dev.postern.iptables;

import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.PeerOutcome;
import dev.postern.netfilter.PeerSet;
import dev.postern.netfilter.PeerStep;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the rules of one family. All of them are in the mangle table, which a packet passes before the filter table, whose rules others
 * write: ours never accept, they return what passes and drop what does not, or hand it to {@link Refusing}.
 */
final class RulesWriter {

  /** Slots of one {@code multiport} match; a range takes two. */
  private static final int SLOTS = 15;

  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private final Layout layout;
  private final Dispatch dispatch;
  private final Ipsets sets;
  private final Optional<Refusing> refusing;
  private final Chains chains = new Chains();

  /** @param refusing how denied packets are refused; empty to drop them */
  RulesWriter(Layout layout, Dispatch dispatch, Ipsets sets, Optional<Refusing> refusing) {
    this.layout = layout;
    this.dispatch = dispatch;
    this.sets = sets;
    this.refusing = refusing;
  }

  /** All chains of the family. */
  Chains write() {
    main();
    for (Direction direction : Direction.values()) {
      layout.groups(direction).forEach(this::group);
    }
    layout.outcomes().values().forEach(this::outcome);
    if (!layout.isEmpty()) {
      deny();
    }
    refusing.ifPresent(it -> it.mark(chains));
    return chains;
  }

  private void main() {
    String chain = Chains.MAIN;
    chains.open(chain);
    if (layout.isEmpty()) {
      return;
    }
    chains.add(chain, "-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN");
    if (layout.family() == Family.IPV6) {
      String discovery = Chains.PREFIX + "ND";
      String rest = Chains.PREFIX + "NEW";
      chains.add(chain, "-p ipv6-icmp -g " + discovery);
      chains.add(chain, "-g " + rest);
      // Neighbour discovery, RFC 4861: solicitations, advertisements, redirects.
      for (int type = 133; type <= 137; type++) {
        chains.add(discovery, "-p ipv6-icmp -m icmp6 --icmpv6-type " + type + " -j RETURN");
      }
      chains.add(discovery, "-g " + rest);
      chain = rest;
      chains.open(chain);
    }
    for (Direction direction : Direction.values()) {
      if (!layout.groups(direction).isEmpty()) {
        dispatch.groups(chains, chain, direction, RulesWriter::chain);
      }
    }
    dispatch.leave(chains, chain);
  }

  // --- groups

  private void group(Group group) {
    String chain = chain(group);
    if (chains.has(chain)) {
      return;
    }
    String peer = group.direction() == Direction.EGRESS ? "dst" : "src";
    chains.open(chain);
    for (PeerStep step : group.steps()) {
      if (step instanceof PeerStep.Match match) {
        if (match.peers().isEmpty()) {
          chains.add(chain, action(match.outcome()));
          return;
        }
        match(chain, match.peers().get(), peer, match.outcome());
      } else if (step instanceof PeerStep.Lookup lookup) {
        if (dispatch instanceof AddressDispatch) {
          lookup.entries().forEach(entry -> match(chain, entry.peers(), peer, entry.outcome()));
        } else {
          dispatch.lookup(
              chains, chain, group.direction(), lookup, entry -> action(entry.outcome()));
        }
      }
    }
    chains.add(chain, "-g " + Chains.DENY);
  }

  private void match(String chain, PeerSet peers, String side, PeerOutcome outcome) {
    if (peers.isFew()) {
      String option = side.equals("src") ? "-s " : "-d ";
      for (Cidr cidr : peers.addresses().cidrs()) {
        chains.add(chain, option + cidr + " " + action(outcome));
      }
    } else {
      chains.add(chain, match(sets.set(peers), side) + " " + action(outcome));
    }
  }

  private static String match(String set, String side) {
    return "-m set --match-set " + set + " " + side;
  }

  private static String action(PeerOutcome outcome) {
    return outcome.passesAll()
        ? "-j RETURN"
        : "-g " + (outcome.dropsAll() ? Chains.DENY : Chains.PREFIX + "T" + outcome.name());
  }

  private static String chain(Group group) {
    return Chains.PREFIX + (group.direction() == Direction.EGRESS ? "E" : "I") + group.body();
  }

  // --- traffic

  private void outcome(PeerOutcome outcome) {
    String chain = Chains.PREFIX + "T" + outcome.name();
    Traffic traffic = outcome.traffic();
    for (Protocol protocol : WITH_PORTS) {
      PortSet ports = traffic.ports(protocol);
      String is = "-p " + protocol.word();
      if (ports.isAll()) {
        chains.add(chain, is + " -j RETURN");
        continue;
      }
      for (String list : slots(ports)) {
        chains.add(chain, is + " -m multiport --dports " + list + " -j RETURN");
      }
      if (traffic.other()) {
        chains.add(chain, is + " -g " + Chains.DENY);
      }
    }
    chains.add(chain, traffic.other() ? "-j RETURN" : "-g " + Chains.DENY);
  }

  private static List<String> slots(PortSet ports) {
    List<String> lists = new ArrayList<>();
    List<String> list = new ArrayList<>();
    int used = 0;
    for (PortSet.Interval interval : ports.intervals()) {
      boolean single = interval.first() == interval.last();
      if (used + (single ? 1 : 2) > SLOTS) {
        lists.add(String.join(",", list));
        list.clear();
        used = 0;
      }
      used += single ? 1 : 2;
      list.add(single ? "" + interval.first() : interval.first() + ":" + interval.last());
    }
    if (!list.isEmpty()) {
      lists.add(String.join(",", list));
    }
    return lists;
  }

  // --- what policies do not forbid

  /** Only what would be dropped is asked whether it is exempt, so that what passes pays nothing for it. */
  private void deny() {
    String chain = Chains.DENY;
    chains.open(chain);
    if (!layout.ownNode().isEmpty()) {
      AddressSet nodes = AddressSet.EMPTY;
      for (Layout.OwnNode own : layout.ownNode()) {
        nodes = nodes.union(own.node().addresses());
      }
      String rest = Chains.PREFIX + "HAIRPIN";
      String pairs = Chains.PREFIX + "NODES";
      String all = sets.set(nodesSet(layout.family()), layout.family(), nodes, AddressSet.EMPTY);
      chains.add(chain, match(all, "src") + " -g " + pairs);
      chains.add(chain, match(all, "dst") + " -g " + pairs);
      chains.add(chain, "-g " + rest);
      for (Layout.OwnNode own : layout.ownNode()) {
        String pods = sets.set(own.pods());
        String node = sets.set(own.node());
        chains.add(pairs, match(pods, "src") + " " + match(node, "dst") + " -j RETURN");
        chains.add(pairs, match(pods, "dst") + " " + match(node, "src") + " -j RETURN");
      }
      chains.add(pairs, "-g " + rest);
      chain = rest;
      chains.open(chain);
    }
    dispatch.hairpin(chains, chain, refusing.isPresent() ? "-g " + Chains.REFUSE : "-j DROP");
  }

  /** The name of the set of all nodes whose pods are policed. */
  static String nodesSet(Family family) {
    return Ipsets.PREFIX + "nodes" + (family == Family.IPV4 ? "4" : "6");
  }
}
