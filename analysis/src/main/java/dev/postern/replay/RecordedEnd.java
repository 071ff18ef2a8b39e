package dev.postern.replay;

import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.ReservedIdentity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An end of recorded flows in a cluster. {@link RecordedEnds} makes one for each end that it tells apart, so it is equal to itself only. */
final class RecordedEnd {

  /** What a log says of an end and the node of the flow. */
  enum NodeRelation {
    /** Nothing. */
    ANY,
    /** It is the node that the flow was seen on, which is that of the pod at the other end. */
    OWN_NODE,
    /** It is another node. */
    OTHER_NODE
  }

  /**
   * What a party of a log is in a cluster.
   *
   * @param name what rows call it; of a range, its addresses do
   * @param end who it is; empty if that is not known
   * @param relation what the log says of it and nodes
   * @param unknown why it is not known; empty if it is
   * @param range the class of addresses outside that it is one of; -1 if it is none
   */
  record Match(String name, Optional<End> end, NodeRelation relation, String unknown, int range) {}

  private final Match match;
  private final FlowEnd said;

  RecordedEnd(Match match, FlowEnd said) {
    this.match = match;
    this.said = said;
  }

  /** What a log may say of it, so that it is the same again whatever is said of the other end; of a range, at this address. */
  FlowEnd at(Optional<Address> address) {
    if (isRange() && address.isPresent()) {
      return FlowEnd.at(address.get());
    }
    // A pod is named even where it has no address: what the log said of its workload may mean a
    // sibling that has one of the other end's family.
    return match.end.isPresent()
            && match.end.get() instanceof End.InPod end
            && (end.address().isPresent() || end.pod().isPresent())
        ? new FlowEnd(
            end.workload().namespace(),
            end.pod().map(Pod::name).orElse(""),
            said.workloads(),
            end.address())
        : said;
  }

  /** What a log may say of it where addresses mean others: of a pod its name and workload, and that another address is outside. */
  FlowEnd whenever(Optional<Address> address) {
    if (isRange() && address.isPresent()) {
      return outside(address.get());
    }
    return match.end.isPresent() && match.end.get() instanceof End.InPod end
        ? new FlowEnd(
            end.workload().namespace(),
            end.pod().map(Pod::name).orElse(""),
            List.of(new Owner(end.workload().name(), end.workload().kind())),
            Optional.empty())
        : said;
  }

  /** An address outside, whoever else had it or will. */
  static FlowEnd outside(Address address) {
    return new FlowEnd("", "", List.of(), Optional.of(address), Set.of(ReservedIdentity.WORLD), "");
  }

  String name() {
    return match.name;
  }

  Optional<End> end() {
    return match.end;
  }

  NodeRelation relation() {
    return match.relation;
  }

  String unknown() {
    return match.unknown;
  }

  /** Whether it is any of the addresses outside that no policy tells apart. */
  boolean isRange() {
    return match.range >= 0;
  }
}
