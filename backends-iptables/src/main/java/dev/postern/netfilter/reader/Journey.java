package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.Plane.Hook;
import dev.postern.netfilter.reader.Plane.Point;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A way through a node's hooks. Packets are judged as they are after their destinations are set and before their sources are; what a hook
 * sees otherwise is not known there.
 *
 * @param points where packets come by
 * @param destinations where the nat tables set destinations on the way; {@link Point#INGRESS} if nowhere
 * @param sources where they set sources
 * @param notServed what no Service's own address is, if a virtual server sets destinations after {@link Point#INPUT}; else empty
 */
record Journey(List<Point> points, Point destinations, Point sources, AddressSet notServed) {

  /**
   * Chains of kube-proxy's mode ipvs that look at the Services' own addresses and drop nothing that is to a Service's port: a client outside of
   * {@code loadBalancerSourceRanges} aside, about which policies say nothing.
   */
  private static final Set<String> OF_SERVICES = Set.of("KUBE-IPVS-FILTER", "KUBE-PROXY-FIREWALL");

  static final Journey FORWARDED = new Journey(
      List.of(Point.INGRESS, Point.PREROUTING, Point.FORWARD, Point.POSTROUTING, Point.EGRESS),
      Point.PREROUTING,
      Point.POSTROUTING,
      AddressSet.EMPTY);

  static final Journey TO_NODE = new Journey(
      List.of(Point.INGRESS, Point.PREROUTING, Point.INPUT),
      Point.PREROUTING,
      Point.INPUT,
      AddressSet.EMPTY);

  static final Journey FROM_NODE = new Journey(
      List.of(Point.OUTPUT, Point.POSTROUTING, Point.EGRESS),
      Point.OUTPUT,
      Point.POSTROUTING,
      AddressSet.EMPTY);

  /**
   * The way of what a virtual server takes to a pod ({@code ip_vs_remote_request} late in INPUT, {@code ip_vs_nat_send_or_cont} to OUTPUT).
   *
   * @param notServed addresses of which it is known that they are no Service's own; not empty
   */
  static Journey served(AddressSet notServed) {
    return new Journey(
        List.of(
            Point.INGRESS,
            Point.PREROUTING,
            Point.INPUT,
            Point.OUTPUT,
            Point.POSTROUTING,
            Point.EGRESS),
        Point.PREROUTING,
        Point.POSTROUTING,
        notServed);
  }

  boolean isServed() {
    return !notServed.isEmpty();
  }

  /** What a hook's rules see of packets, beside what translation hides from them. */
  UnaryOperator<Condition> sees(Hook hook) {
    UnaryOperator<Condition> sees = UnaryOperator.identity();
    if (hook.point() == Point.OUTPUT || points.get(0) == Point.OUTPUT) {
      sees = condition -> replaced(condition, Journey::withoutIn);
    } else if (hook.point() == Point.INPUT) {
      sees = condition -> replaced(condition, Journey::withoutOut);
    }
    if (isServed() && hook.point().compareTo(Point.INPUT) <= 0) {
      UnaryOperator<Condition> plain = sees;
      sees = condition -> replaced(plain.apply(condition), this::beforeServing);
    }
    return sees;
  }

  /** Whether a hook's rules that lead to a chain are of no matter on this way. */
  boolean passesBy(Hook hook, String chain) {
    return isServed()
        && hook.point() == Point.INPUT
        && OF_SERVICES.contains(chain.substring(chain.lastIndexOf(' ') + 1));
  }

  /** A packet that has come in through nothing, as what the node sends. */
  private static Condition withoutIn(Condition part) {
    return part instanceof Condition.InInterface in
        ? constant(Condition.named("", in.name(), in.prefix()))
        : part;
  }

  private static Condition withoutOut(Condition part) {
    return part instanceof Condition.OutInterface out
        ? constant(Condition.named("", out.name(), out.prefix()))
        : part;
  }

  private static Condition constant(boolean holds) {
    return holds ? Condition.ALWAYS : Condition.NEVER;
  }

  private Condition beforeServing(Condition part) {
    Condition unknown = new Condition.Unknown("the Service's own address, or port");
    if (part instanceof Condition.DestinationPort) {
      return unknown;
    }
    if (part instanceof Condition.DestinationAddress destination) {
      return notServed.containsAll(destination.addresses()) ? Condition.NEVER : unknown;
    }
    return part;
  }

  /** A condition some of whose parts are others. */
  private static Condition replaced(Condition condition, UnaryOperator<Condition> part) {
    if (condition instanceof Condition.Not not) {
      return new Condition.Not(replaced(not.condition(), part));
    }
    if (condition instanceof Condition.All all) {
      return new Condition.All(
          all.conditions().stream().map(each -> replaced(each, part)).toList());
    }
    if (condition instanceof Condition.Any any) {
      return new Condition.Any(
          any.conditions().stream().map(each -> replaced(each, part)).toList());
    }
    return part.apply(condition);
  }
}
