package dev.postern.openworld;

import dev.postern.meaning.Options;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import dev.postern.tier.TierEvaluation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The formula for "this side lets the flow pass, or may", written after the same documents as {@link dev.postern.meaning.Reference} but with
 * none of its code. Each policy may have a flag: off, it blocks nothing, but what it allows stays, so that the flags of an unsatisfiable core
 * are the policies that together block.
 */
final class SideFormula {

  private final Logic logic;
  private final Options options;
  private final List<Policy> policies;
  private final SymbolicPacket packet;
  private final boolean withNames;
  private final Map<Formula, Policy> flags = new LinkedHashMap<>();
  private final Map<Policy, Formula> flagOf = new IdentityHashMap<>();

  /**
   * A decision by these policies.
   *
   * @param withNames whether an address outside may be one that a DNS name stands for
   */
  SideFormula(
      Logic logic,
      Options options,
      List<Policy> policies,
      SymbolicPacket packet,
      boolean withNames) {
    this.logic = logic;
    this.options = options;
    this.policies = policies;
    this.packet = packet;
    this.withNames = withNames;
  }

  /** The same with a flag for each policy. */
  SideFormula withFlags() {
    for (int i = 0; i < policies.size(); i++) {
      Formula flag = logic.flag("blocks." + i);
      flags.put(flag, policies.get(i));
      flagOf.put(policies.get(i), flag);
    }
    return this;
  }

  /** The flags with their policies. */
  Map<Formula, Policy> flags() {
    return flags;
  }

  Formula passes(Direction direction, Actor subject, Actor peer, Actor destination) {
    TierEvaluation.Statements<Formula> statements = new TierEvaluation.Statements<>() {
      @Override
      public Formula selects(Policy policy) {
        return subject.selected(
            policy.kind(), policy.subject().namespaces(), policy.subject().pods());
      }

      @Override
      public Formula matches(Policy policy, PolicyRule rule) {
        return logic.and(
            peers(policy, rule, peer), ports(policy.kind(), rule.ports(), destination));
      }

      @Override
      public Formula denies(Policy policy) {
        return flagOf.getOrDefault(policy, logic.yes());
      }
    };
    return new TierEvaluation<>(logic, statements).passes(policies, direction);
  }

  private Formula peers(Policy policy, PolicyRule rule, Actor actor) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return logic.yes();
    }
    List<Formula> matches = new ArrayList<>();
    any.peers()
        .forEach(peer -> matches.add(peer.on(new AtActor(policy.kind(), rule.action(), actor))));
    matches.add(
        actor.somewhere(policy.kind(), rule.blocks(), options.blocksMatchPods(policy.kind())));
    return logic.or(matches);
  }

  private final class AtActor implements Peer.Cases<Formula> {
    private final PolicyKind kind;
    private final Action action;
    private final Actor actor;

    AtActor(PolicyKind kind, Action action, Actor actor) {
      this.kind = kind;
      this.action = action;
      this.actor = actor;
    }

    @Override
    public Formula pods(Peer.Pods peer) {
      return actor.selected(kind, peer.namespaces(), peer.pods());
    }

    @Override
    public Formula ipBlock(Peer.IpBlock peer) {
      return actor.in(kind, peer.addresses(), options.ipBlockMatchesPods());
    }

    @Override
    public Formula networks(Peer.Networks peer) {
      return actor.in(kind, peer.addresses(), true);
    }

    @Override
    public Formula nodes(Peer.Nodes peer) {
      return actor.onNode(peer.nodes());
    }

    @Override
    public Formula domainNames(Peer.DomainNames peer) {
      return withNames ? actor.isOutside() : logic.no();
    }

    @Override
    public Formula unknown(Peer.Unknown peer) {
      return logic.of(action != Action.ALLOW);
    }

    @Override
    public Formula perhaps(Peer.Perhaps peer) {
      if (!withNames) {
        return logic.no();
      }
      return peer.whom() instanceof Peers.AnyOf any
          ? logic.or(any.peers().stream().map(each -> each.on(this)).toList())
          : logic.yes();
    }
  }

  private Formula ports(PolicyKind kind, Ports ports, Actor destination) {
    if (!(ports instanceof Ports.AnyOf any)) {
      return logic.yes();
    }
    List<Formula> matches = new ArrayList<>();
    for (Ports.PortMatch match : any.matches()) {
      if (match instanceof Ports.Numbered numbered) {
        matches.add(packet.in(numbered.protocol(), numbered.ports()));
      } else if (match instanceof Ports.Named named) {
        for (Protocol protocol : Protocol.values()) {
          if (protocol.hasPorts()
              && (named.protocol().isEmpty() || named.protocol().get() == protocol)
              && packet.is(protocol) != logic.no()) {
            matches.add(logic.and(
                packet.is(protocol),
                destination.hasPort(kind, named.name(), protocol, packet.port())));
          }
        }
      }
    }
    return logic.or(matches);
  }
}
