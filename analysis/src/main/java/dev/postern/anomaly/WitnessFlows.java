package dev.postern.anomaly;

import dev.postern.algebra.Region;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Classes;
import dev.postern.policy.Direction;
import java.util.Optional;

/** Picks a readable flow out of a region: a pod before an address outside, the lowest port. */
final class WitnessFlows {

  private final Classes classes;

  WitnessFlows(Classes classes) {
    this.classes = classes;
  }

  /** A flow that shows what was seen; empty if the two families never meet. */
  Optional<Flow> flow(RuleEffects.Sighting sighting, Direction direction) {
    Region region = Region.of(sighting.peers(), sighting.traffic());
    return sighting.targets().stream()
        .mapToObj(number -> flow(number, direction, region))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** A flow of one class in one direction to or from the region's peers; empty if the two families never meet. */
  Optional<Flow> flow(int number, Direction direction, Region region) {
    for (Region.Part part : region.parts()) {
      for (int run = 0; run < part.peers().runs(); run++) {
        for (int peer = part.peers().runFirst(run); peer < part.peers().runEnd(run); peer++) {
          Optional<Flow> flow = flow(number, direction, peer, part.traffic());
          if (flow.isPresent()) {
            return flow;
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Flow> flow(int number, Direction direction, int peer, Traffic traffic) {
    for (int member : classes.members(number).limit(8).toArray()) {
      End.InPod subject = classes.endpoints().get(member);
      int[] others =
          classes.isOutside(peer) ? new int[0] : classes.members(peer).limit(8).toArray();
      for (int other : others) {
        End.InPod end = classes.endpoints().get(other);
        if (!end.equals(subject) && meet(subject.address(), end.address())) {
          return Optional.of(flow(subject, end, direction, traffic));
        }
      }
      if (classes.isOutside(peer)) {
        Address outside = classes.range(peer).first();
        if (meet(subject.address(), Optional.of(outside))) {
          return Optional.of(flow(subject, new End.Outside(outside), direction, traffic));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean meet(Optional<Address> one, Optional<Address> other) {
    return one.isEmpty() || other.isEmpty() || one.get().family() == other.get().family();
  }

  private static Flow flow(End subject, End peer, Direction direction, Traffic traffic) {
    boolean out = direction == Direction.EGRESS;
    End source = out ? subject : peer;
    End destination = out ? peer : subject;
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts()) {
        PortSet ports = traffic.ports(protocol);
        if (!ports.isEmpty()) {
          return new Flow(
              source, destination, protocol, ports.intervals().get(0).first());
        }
      }
    }
    return new Flow(source, destination, Protocol.OTHER, 0);
  }
}
