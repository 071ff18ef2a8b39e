package dev.postern.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Clusters;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Pods of both clusters that get other owners, labels, addresses or networks, beside Services and nodes: what the definition says of each flow
 * between them is what the rows say.
 */
class MovedPodsPropertyTest {

  private static final Options POLICIES_ONLY = Options.DEFAULT.withNodeTrafficPasses(false);

  @Provide
  Arbitrary<Cluster> addressed() {
    return Clusters.of(
        Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES));
  }

  /** A pod by its name and a family; or an address outside. */
  private record Place(String namespace, String pod, Family family, Optional<Address> outside) {}

  @Property(tries = 500)
  void theRowsAreExactlyTheFlowsOfPodsThatTheDefinitionJudgesOtherwise(
      @ForAll("addressed") Cluster cluster,
      @ForAll Options.HostNetwork hostNetwork,
      @ForAll Random random) {
    Cluster before = cluster.withWorkloads(single(cluster));
    Cluster after = cluster.withWorkloads(moved(single(cluster), random));
    Options options = Options.DEFAULT.withHostNetwork(hostNetwork);
    Difference difference = Difference.between(before, after, options);
    Options judged = POLICIES_ONLY.withHostNetwork(hostNetwork);
    Reference was = new Reference(before, judged);
    Reference is = new Reference(after, judged);
    Probes probes = Probes.of(cluster, random);
    List<Place> places = places(before, after);
    probes
        .outside(cluster)
        .forEach(address -> places.add(new Place("", "", address.family(), Optional.of(address))));
    for (int i = 0; i < 150 && !places.isEmpty(); i++) {
      Place from = places.get(random.nextInt(places.size()));
      Place to = places.get(random.nextInt(places.size()));
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port =
          protocol.hasPorts() ? probes.ports().get(random.nextInt(probes.ports().size())) : 0;
      if (from.family != to.family || isSame(from, to) || areOneNode(before, after, from, to)) {
        continue;
      }
      FlowVerdict old = verdict(before, was, from, to, protocol, port);
      FlowVerdict now = verdict(after, is, from, to, protocol, port);
      assertThat(holds(difference.opened(), after, from, to, protocol, port))
          .as("%s -> %s %s/%s was %s, is %s", from, to, protocol, port, old, now)
          .isEqualTo(rank(now) > rank(old));
      assertThat(holds(difference.closed(), after, from, to, protocol, port))
          .as("%s -> %s %s/%s was %s, is %s", from, to, protocol, port, old, now)
          .isEqualTo(rank(now) < rank(old));
    }
  }

  private static boolean isSame(Place from, Place to) {
    return from.outside.isPresent() && to.outside.isPresent()
        || from.outside.isEmpty()
            && to.outside.isEmpty()
            && from.namespace.equals(to.namespace)
            && from.pod.equals(to.pod);
  }

  /** A node's calls to itself are no flow. */
  private static boolean areOneNode(Cluster before, Cluster after, Place from, Place to) {
    return Stream.of(before, after).anyMatch(cluster -> {
      Optional<End> one = end(cluster, from);
      Optional<End> other = end(cluster, to);
      return one.isPresent()
          && other.isPresent()
          && one.get() instanceof End.InPod a
          && other.get() instanceof End.InPod b
          && a.address().equals(b.address());
    });
  }

  private static int rank(FlowVerdict verdict) {
    return verdict == FlowVerdict.ALLOWED ? 2 : verdict == FlowVerdict.UNKNOWN ? 1 : 0;
  }

  /** Each pod a workload of its own, so that each has a name of its own in rows. */
  private static List<Workload> single(Cluster cluster) {
    List<Workload> single = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      workload
          .pods()
          .forEach(pod -> single.add(with(workload, pod, workload.ownerName(), workload.kind())));
    }
    return single;
  }

  private static Workload with(Workload workload, Pod pod, String owner, String kind) {
    return new Workload(
        workload.namespace(),
        owner + "[" + pod.name() + "]",
        kind,
        workload.labels(),
        workload.ports(),
        workload.hostNetwork(),
        List.of(pod),
        workload.origin());
  }

  private static List<Workload> moved(List<Workload> all, Random random) {
    List<Workload> moved = new ArrayList<>();
    for (Workload workload : all) {
      Workload other = all.get(random.nextInt(all.size()));
      Pod pod = workload.pods().get(0);
      switch (random.nextInt(8)) {
        case 0 -> moved.add(with(workload, pod, other.ownerName(), other.kind()));
        case 1 -> moved.add(like(workload, other, pod));
        case 2 -> moved.add(like(with(workload, pod, other.ownerName(), other.kind()), other, pod));
        case 3 -> {
          if (!workload.hostNetwork()) {
            moved.add(with(
                workload,
                addressed(pod, renewed(pod, random)),
                workload.ownerName(),
                workload.kind()));
          }
        }
        case 4 -> moved.add(onHostOf(workload, other, pod));
        case 5 -> {}
        default -> moved.add(workload);
      }
    }
    return moved;
  }

  private static Workload like(Workload workload, Workload other, Pod pod) {
    return new Workload(
        workload.namespace(),
        workload.name(),
        workload.kind(),
        other.labels(),
        other.ports(),
        workload.hostNetwork(),
        List.of(pod),
        workload.origin());
  }

  /** The pod on the host network, and the node, of another. */
  private static Workload onHostOf(Workload workload, Workload other, Pod pod) {
    if (!other.hostNetwork()) {
      return workload;
    }
    Pod host = other.pods().get(0);
    return new Workload(
        workload.namespace(),
        workload.name(),
        workload.kind(),
        workload.labels(),
        workload.ports(),
        true,
        List.of(new Pod(pod.name(), host.node(), host.addresses(), pod.hostname(), pod.origin())),
        workload.origin());
  }

  private static Pod addressed(Pod pod, List<Address> addresses) {
    return new Pod(pod.name(), pod.node(), addresses, pod.hostname(), pod.origin());
  }

  /** New addresses; sometimes of one family fewer. */
  private static List<Address> renewed(Pod pod, Random random) {
    List<Address> addresses = new ArrayList<>();
    for (Address address : pod.addresses()) {
      int number = random.nextInt(1 << 16);
      addresses.add(
          address.family() == Family.IPV4
              ? Address.parse("172.31." + (number >> 8) + "." + (number & 255))
              : Address.parse("fd77::" + Integer.toHexString(number)));
    }
    if (addresses.size() > 1 && random.nextInt(3) == 0) {
      addresses.remove(random.nextInt(addresses.size()));
    }
    return addresses;
  }

  private static List<Place> places(Cluster before, Cluster after) {
    Set<Place> places = new LinkedHashSet<>();
    for (Cluster cluster : List.of(before, after)) {
      for (Workload workload : cluster.workloads()) {
        Pod pod = workload.pods().get(0);
        // Of pods that one cluster lacks, another may take the place.
        if (pod(before, workload.namespace(), pod.name()).isPresent()
            && pod(after, workload.namespace(), pod.name()).isPresent()) {
          pod.addresses()
              .forEach(address -> places.add(
                  new Place(workload.namespace(), pod.name(), address.family(), Optional.empty())));
        }
      }
    }
    return new ArrayList<>(places);
  }

  private static Optional<Workload> pod(Cluster cluster, String namespace, String name) {
    return cluster.workloadsIn(namespace).stream()
        .filter(workload -> workload.pods().get(0).name().equals(name))
        .findFirst();
  }

  private static Optional<End> end(Cluster cluster, Place place) {
    return place.outside.isPresent()
        ? place.outside.map(End.Outside::new)
        : pod(cluster, place.namespace, place.pod)
            .flatMap(workload -> workload.pods().get(0).addresses().stream()
                .filter(address -> address.family() == place.family)
                .findFirst()
                .map(address -> new End.InPod(
                    workload, Optional.of(workload.pods().get(0)), Optional.of(address))));
  }

  /** Over a family that one of them lacks nothing passes. */
  private static FlowVerdict verdict(
      Cluster cluster, Reference reference, Place from, Place to, Protocol protocol, int port) {
    Optional<End> source = end(cluster, from);
    Optional<End> destination = end(cluster, to);
    return source.isEmpty() || destination.isEmpty()
        ? FlowVerdict.DENIED
        : reference
            .judge(new Flow(source.get(), destination.get(), protocol, port))
            .verdict();
  }

  private static boolean holds(
      List<Difference.DifferenceRow> rows,
      Cluster after,
      Place from,
      Place to,
      Protocol protocol,
      int port) {
    return rows.stream()
        .anyMatch(row -> row.traffic().contains(protocol, port)
            && row.families().contains(from.family)
            && holds(row.source(), after, from)
            && holds(row.destination(), after, to));
  }

  private static boolean holds(RowSide side, Cluster after, Place place) {
    return place
        .outside
        .map(side.addresses()::contains)
        .orElseGet(() -> side.workloads()
            .contains(pod(after, place.namespace, place.pod).orElseThrow().id()));
  }
}
