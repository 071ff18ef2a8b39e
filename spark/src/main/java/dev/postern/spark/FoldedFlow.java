package dev.postern.spark;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.ReservedIdentity;
import dev.postern.traffic.Vantage;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record as it travels between executors.
 *
 * @param snapshot which of the snapshots it is of
 */
record FoldedFlow(
    int snapshot,
    String file,
    long line,
    FoldedEnd source,
    FoldedEnd destination,
    Protocol protocol,
    int sourcePort,
    int port,
    Outcome outcome,
    Vantage vantage,
    Opener opener,
    long count,
    long bytes,
    @Nullable Instant first,
    @Nullable Instant last)
    implements Serializable {

  /** An end as it travels. */
  record FoldedEnd(
      String namespace,
      String pod,
      List<String> owners,
      String address,
      List<ReservedIdentity> reserved,
      String called)
      implements Serializable {

    static FoldedEnd of(FlowEnd end) {
      List<String> owners = new ArrayList<>();
      for (Owner owner : end.workloads()) {
        owners.add(owner.kind() + "/" + owner.name());
      }
      return new FoldedEnd(
          end.namespace(),
          end.pod(),
          new ArrayList<>(owners),
          end.address().map(Address::toString).orElse(""),
          new ArrayList<>(end.reserved().stream().sorted().toList()),
          end.called());
    }

    int group() {
      return ((namespace.hashCode() * 31 + pod.hashCode()) * 31 + address.hashCode()) * 31
          + called.hashCode();
    }

    FlowEnd end() {
      List<Owner> workloads = new ArrayList<>();
      for (String owner : owners) {
        int slash = owner.indexOf('/');
        workloads.add(new Owner(owner.substring(slash + 1), owner.substring(0, slash)));
      }
      Set<ReservedIdentity> identities = EnumSet.noneOf(ReservedIdentity.class);
      identities.addAll(reserved);
      return new FlowEnd(
          namespace,
          pod,
          workloads,
          address.isEmpty() ? Optional.empty() : Optional.of(Address.parse(address)),
          identities,
          called);
    }
  }

  static FoldedFlow of(int snapshot, FlowRecord flow) {
    return new FoldedFlow(
        snapshot,
        flow.place().file(),
        flow.place().line(),
        FoldedEnd.of(flow.source()),
        FoldedEnd.of(flow.destination()),
        flow.protocol(),
        flow.sourcePort(),
        flow.port(),
        flow.outcome(),
        flow.vantage(),
        flow.opener(),
        flow.count(),
        flow.bytes(),
        flow.first().orElse(null),
        flow.last().orElse(null));
  }

  FlowRecord flow() {
    return new FlowRecord(
        new LogPlace(file, line),
        source.end(),
        destination.end(),
        protocol,
        sourcePort,
        port,
        outcome,
        vantage,
        opener,
        count,
        bytes,
        Optional.ofNullable(first),
        Optional.ofNullable(last));
  }

  /** What sends all records of one edge to one partition, the same in every JVM; what is apart all the same meets in the driver. */
  int group() {
    return ((snapshot * 31 + source.group()) * 31 + destination.group()) * 31 + port;
  }
}
