package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out which policies turned a row of a difference: one of its flows is judged by the definition in both clusters. Immutable. */
public final class RowCauseSearch {

  /** As many ends of a side are tried: a pod's calls to itself show nothing. */
  private static final int TRIED = 4;

  private final Version before;
  private final Version after;

  /** Between two clusters, under the options under which their difference was taken. */
  public RowCauseSearch(Cluster before, Cluster after, Options options) {
    this(new Version(before, options), new Version(after, options));
  }

  RowCauseSearch(Version before, Version after) {
    this.before = before;
    this.after = after;
  }

  /** Whether one of the clusters uses both families of addresses, so that rows of one are not all that there is. */
  public boolean ofBothFamilies() {
    Set<Family> used = EnumSet.copyOf(FamiliesInUse.of(before.cluster));
    used.addAll(FamiliesInUse.of(after.cluster));
    return used.size() > 1;
  }

  /** What turned a row; empty if no flow that was tried shows it. */
  public Optional<RowCause> of(Difference.DifferenceRow row) {
    Optional<RowCause> turned = Optional.empty();
    for (Named source : named(row.source(), row.families())) {
      for (Named destination : named(row.destination(), row.families())) {
        Optional<Judgement> was = before.judge(source, destination, row.traffic());
        Optional<Judgement> is = after.judge(source, destination, row.traffic());
        if (was.isPresent() && is.isPresent()
            ? was.get().verdict() != is.get().verdict()
            : was.or(() -> is)
                .filter(judgement -> judgement.verdict() != FlowVerdict.DENIED)
                .isPresent()) {
          return Optional.of(new RowCause(was, is));
        }
      }
    }
    return turned;
  }

  /** A flow of a row that passes, or may pass, in the second cluster; empty if none that was tried does. */
  public Optional<Judgement> passing(Difference.DifferenceRow row) {
    Optional<Judgement> perhaps = Optional.empty();
    for (Named source : named(row.source(), row.families())) {
      for (Named destination : named(row.destination(), row.families())) {
        Optional<Judgement> is = after
            .judge(source, destination, row.traffic())
            .filter(judgement -> judgement.exemption() == Judgement.Exemption.NONE);
        if (is.filter(judgement -> judgement.verdict() == FlowVerdict.ALLOWED).isPresent()) {
          return is;
        }
        perhaps =
            perhaps.or(() -> is.filter(judgement -> judgement.verdict() != FlowVerdict.DENIED));
      }
    }
    return perhaps;
  }

  /**
   * An end that both versions may have.
   *
   * @param id of a workload, with a pod in brackets where it is about one; empty for an address outside
   * @param address the address outside; empty for a workload
   */
  private record Named(String id, Optional<Address> address, Set<Family> families) {}

  private static List<Named> named(RowSide who, Set<Family> families) {
    List<Named> named = new ArrayList<>();
    who.workloads().stream()
        .limit(TRIED)
        .forEach(id -> named.add(new Named(id, Optional.empty(), families)));
    for (AddressRange range : who.addresses().ranges()) {
      if (named.size() < TRIED && families.contains(range.family())) {
        named.add(new Named("", Optional.of(range.first()), families));
      }
    }
    return named;
  }

  /** One of the two clusters. */
  static final class Version {

    private final Cluster cluster;
    private final Reference reference;
    private final Map<String, Workload> workloads;

    private Version(Cluster cluster, Map<String, Workload> workloads, Options options) {
      this.cluster = cluster;
      this.reference = new Reference(cluster, options);
      this.workloads = workloads;
    }

    Version(Cluster cluster, Options options) {
      this(cluster, byId(cluster), options);
    }

    private static Map<String, Workload> byId(Cluster cluster) {
      Map<String, Workload> workloads = new HashMap<>(2 * cluster.workloads().size());
      cluster.workloads().forEach(workload -> workloads.put(workload.id(), workload));
      return workloads;
    }

    /** Another version, which most often has the same workloads. */
    Version with(Cluster other, Options options) {
      return other.workloads() == cluster.workloads()
          ? new Version(other, workloads, options)
          : new Version(other, options);
    }

    Optional<Judgement> judge(Named source, Named destination, Traffic traffic) {
      Optional<End> from = end(source);
      Optional<End> to = end(destination);
      if (from.isEmpty() || to.isEmpty()) {
        return Optional.empty();
      }
      for (Protocol protocol : Protocol.values()) {
        if (!protocol.hasPorts()) {
          continue;
        }
        List<PortSet.Interval> ports = traffic.ports(protocol).intervals();
        if (!ports.isEmpty()) {
          return Optional.of(reference.judge(
              new Flow(from.get(), to.get(), protocol, ports.get(0).first())));
        }
      }
      return traffic.other()
          ? Optional.of(reference.judge(new Flow(from.get(), to.get(), Protocol.OTHER, 0)))
          : Optional.empty();
    }

    private Optional<End> end(Named named) {
      if (named.address().isPresent()) {
        return Optional.of(new End.Outside(named.address().get()));
      }
      Workload whole = workloads.get(named.id());
      if (whole != null) {
        return Optional.of(end(whole, whole.pods().stream().findFirst(), named.families()));
      }
      int bracket = named.id().lastIndexOf('[');
      Workload owner = bracket < 0 ? null : workloads.get(named.id().substring(0, bracket));
      if (owner == null) {
        return Optional.empty();
      }
      String pod = named.id().substring(bracket + 1, named.id().length() - 1);
      return owner.pods().stream()
          .filter(each -> each.name().equals(pod))
          .findFirst()
          .map(each -> end(owner, Optional.of(each), named.families()));
    }

    private static End end(Workload workload, Optional<Pod> pod, Set<Family> families) {
      return new End.InPod(
          workload,
          pod,
          pod.flatMap(each -> each.addresses().stream()
              .filter(address -> families.contains(address.family()))
              .findFirst()));
    }
  }
}
