package dev.postern.answer;

import static dev.postern.answer.EndsOfPods.same;
import static dev.postern.answer.EndsOfPods.speak;

import dev.postern.answer.Answer.Verdict;
import dev.postern.answer.CallArrival.By;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What becomes of one call of a name or address at one port, said once more and from the Kubernetes documents alone: "Service", "Virtual IPs
 * and Service Proxies", "Using Source IP" and the DNS specification. The flows that a call may become go to the definition; where it is not
 * known which of them it becomes, the call passes if all of them pass and is denied if none does.
 */
final class CallTranslation {

  private final Cluster cluster;
  private final Options options;
  private final Reference reference;
  /** The policies alone, without the traffic between a pod and its node. */
  private final Reference policies;

  private final List<Address> anywhere;

  /**
   * Translation in a cluster.
   *
   * @param anywhere addresses outside, one for each thing that policies may say of an address
   */
  CallTranslation(Cluster cluster, Options options, List<Address> anywhere) {
    Cluster judged = Undetermined.in(cluster);
    this.cluster = cluster;
    this.options = options;
    this.reference = new Reference(judged, options);
    this.policies = new Reference(judged, options.withNodeTrafficPasses(false));
    this.anywhere = anywhere;
  }

  Verdict verdict(List<End> clients, String words, Protocol protocol, int port) {
    Set<Verdict> all = EnumSet.noneOf(Verdict.class);
    byDefault().forEach(family -> all.add(verdict(clients, words, protocol, port, family)));
    return all.size() == 1 ? all.iterator().next() : Verdict.UNKNOWN;
  }

  /** The families that Services may have by default: those of the addresses of pods and nodes, and of those that Services must have. */
  private List<Family> byDefault() {
    Stream<Address> addresses = Stream.of(
            cluster.workloads().stream()
                .flatMap(workload -> workload.pods().stream())
                .flatMap(pod -> pod.addresses().stream()),
            cluster.nodes().stream().flatMap(node -> node.addresses().stream()),
            cluster.services().stream().flatMap(service -> service.clusterIps().stream()))
        .flatMap(each -> each);
    Set<Family> families = EnumSet.noneOf(Family.class);
    addresses.forEach(address -> families.add(address.family()));
    cluster.services().forEach(service -> {
      families.addAll(service.families().named());
      if (service.families().reach() == ServiceFamilies.FurtherFamilies.BOTH) {
        families.addAll(List.of(Family.values()));
      }
    });
    return families.isEmpty() ? List.of(Family.values()) : List.copyOf(families);
  }

  private Verdict verdict(
      List<End> clients, String words, Protocol protocol, int port, Family byDefault) {
    boolean outside = clients.get(0) instanceof End.Outside;
    List<CallArrival> arrivals =
        new CallArrivals(cluster, byDefault).at(words, protocol, port, outside);
    if (arrivals.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    // Of each end of each client to each place: of all calls one that passes and one that does not
    // say enough.
    List<Verdict> calls = new ArrayList<>();
    boolean itself = false;
    boolean depends = false;
    for (End client : clients) {
      List<Verdict> row = new ArrayList<>();
      boolean leftOut = false;
      boolean toItself = false;
      for (CallArrival arrival : arrivals) {
        if (!isSpoken(arrival, clients)) {
          if (arrivals.stream()
              .noneMatch(other -> arrival.isOfOneCallWith(other) && isSpoken(other, clients))) {
            row.add(Verdict.DENIED);
          }
          continue;
        }
        for (End end : arrival.ends()) {
          if (!arrival.isSpokenBetween(client, end)) {
            continue;
          }
          if (led(client, end, arrival, arrivals) == Led.NEVER) {
            leftOut = true;
          } else if (same(client, end) && judgeItself(client, end, arrival) == Exemption.SAME_POD) {
            itself = true;
            toItself = true;
          } else {
            Led led = led(client, end, arrival, arrivals);
            depends |= led != Led.SURELY;
            row.add(verdict(client, end, arrival, led == Led.PERHAPS_TO_NOBODY));
          }
        }
      }
      if (row.isEmpty() && leftOut && !toItself) {
        row.add(Verdict.DENIED);
      }
      calls.addAll(row);
    }
    Verdict verdict = calls.isEmpty() ? (itself ? Verdict.ALLOWED : Verdict.DENIED) : all(calls);
    return depends && verdict == Verdict.PARTIAL ? Verdict.UNKNOWN : verdict;
  }

  private static boolean isSpoken(CallArrival arrival, List<End> clients) {
    return clients.stream()
        .anyMatch(client ->
            arrival.ends().stream().anyMatch(end -> arrival.isSpokenBetween(client, end)));
  }

  private Exemption judgeItself(End client, End end, CallArrival arrival) {
    return reference
        .judge(new Flow(client, end, arrival.protocol(), arrival.port(), arrival.by() != By.ITSELF))
        .exemption();
  }

  private static Verdict all(List<Verdict> verdicts) {
    if (verdicts.stream().distinct().count() == 1) {
      return verdicts.get(0);
    }
    return verdicts.contains(Verdict.PARTIAL)
            || (verdicts.contains(Verdict.ALLOWED) && verdicts.contains(Verdict.DENIED))
        ? Verdict.PARTIAL
        : Verdict.UNKNOWN;
  }

  // --- what policies see of it

  private Verdict verdict(End client, End end, CallArrival arrival, boolean perhapsNobody) {
    if (same(client, end)) {
      // Whatever was called: a ClusterNetworkPolicy alone has a say, by docs/semantics.md, line 11.
      return Verdict.valueOf(
          reference.judge(flow(client, end, arrival)).verdict().name());
    }
    List<Decision> sent = new ArrayList<>();
    List<Decision> taken = new ArrayList<>();
    boolean mayPass = false;
    Protocol protocol = arrival.protocol();
    if (arrival.by() != By.PROXY) {
      sent.add(policies.judge(flow(client, end, arrival)).egress());
    }
    boolean surely = false;
    if (arrival.by() == By.PROXY || arrival.by() == By.NODE) {
      End called = arrival.called().orElseThrow();
      if (speak(client, called)) {
        Flow flow = new Flow(client, called, protocol, arrival.calledPort());
        surely = reference.judge(flow).exemption() == Exemption.OWN_NODE;
        mayPass = surely || perhapsOneIsTheOthersNode(client, called);
        if (!surely) {
          sent.add(policies.judge(flow).egress());
        }
      }
    }
    boolean sends =
        sent.stream().allMatch(d -> d.verdict() == dev.postern.meaning.FlowVerdict.ALLOWED);
    boolean maySend = mayPass
        || sent.stream().anyMatch(d -> d.verdict() != dev.postern.meaning.FlowVerdict.DENIED);
    boolean hiddenByNode = hiddenByNode(client, arrival);
    boolean anyone = arrival.by() == By.PROXY
        || (arrival.by() == By.SERVICE
            && client instanceof End.Outside
            && arrival.service().get().exposure().loadBalancers().stream()
                .anyMatch(front -> front.proxy() || front.address().isEmpty()));
    boolean isPod = end instanceof End.InPod;
    if (!(anyone && isPod) || !isPod) {
      taken.add(policies.judge(flow(client, end, arrival)).ingress());
    }
    boolean takes = true;
    boolean mayTake = false;
    if ((hiddenByNode || anyone) && isPod) {
      List<Decision> others = anywhere.stream()
          .filter(address -> speak(new End.Outside(address), end))
          .map(address ->
              policies.judge(flow(new End.Outside(address), end, arrival)).ingress())
          .toList();
      List<Decision> nodes = cluster.nodes().stream()
          .flatMap(node -> node.addresses().stream())
          .map(End.Outside::new)
          .filter(node -> speak(node, end))
          .map(node -> policies.judge(flow(node, end, arrival)).ingress())
          .toList();
      mayTake = options.nodeTrafficPasses()
          || Stream.concat(others.stream(), nodes.stream())
              .anyMatch(d -> d.verdict() != dev.postern.meaning.FlowVerdict.DENIED);
      takes = (anyone || nodes.isEmpty()
              ? Stream.concat(others.stream(), nodes.stream())
              : nodes.stream())
          .allMatch(d -> d.verdict() == dev.postern.meaning.FlowVerdict.ALLOWED);
    }
    takes &= taken.stream().allMatch(d -> d.verdict() == dev.postern.meaning.FlowVerdict.ALLOWED);
    mayTake |= taken.stream().anyMatch(d -> d.verdict() != dev.postern.meaning.FlowVerdict.DENIED);
    boolean ownNode = arrival.by() != By.PROXY
        && reference.judge(flow(client, end, arrival)).exemption() == Exemption.OWN_NODE;
    boolean changed =
        arrival.by() != By.ITSELF && (hiddenByNode || anyone || arrival.by() == By.NODE);
    if (ownNode && !changed) {
      sends = true;
      takes = true;
    }
    boolean perhaps = ownNode || perhapsOneIsTheOthersNode(client, end);
    boolean passes = sends && takes && admits(client, arrival) && !perhapsNobody;
    boolean mayBe = perhaps || (maySend && mayTake);
    return passes ? Verdict.ALLOWED : mayBe ? Verdict.UNKNOWN : Verdict.DENIED;
  }

  private static Flow flow(End client, End end, CallArrival arrival) {
    return new Flow(client, end, arrival.protocol(), arrival.port(), arrival.by() != By.ITSELF);
  }

  /** Whether a node may put its own address in place of the client's. */
  private static boolean hiddenByNode(End client, CallArrival arrival) {
    if (arrival.service().isEmpty()) {
      return false;
    }
    Service service = arrival.service().get();
    boolean outside = client instanceof End.Outside;
    boolean kept = service.localTrafficOnly();
    boolean exposed = service.type() != Service.Type.CLUSTER_IP
        || !service.exposure().externalIps().isEmpty();
    return switch (arrival.by()) {
      case ITSELF, PROXY -> false;
      case SERVICE -> outside && exposed && !kept;
      case EXTERNAL_IP, BALANCER -> !kept;
      case NODE -> !outside || !kept;
    };
  }

  /** Whether the load balancer's source ranges hold the client for certain. */
  private static boolean admits(End client, CallArrival arrival) {
    if (arrival.service().isEmpty()) {
      return true;
    }
    Service service = arrival.service().get();
    boolean byBalancer = arrival.by() == By.PROXY || arrival.by() == By.BALANCER;
    boolean heeded = service.type() == Service.Type.LOAD_BALANCER
        && !service.exposure().sourceRanges().isEmpty()
        && (byBalancer || (arrival.by() == By.SERVICE && client instanceof End.Outside));
    if (!heeded) {
      return true;
    }
    Optional<Address> address = client instanceof End.InPod pod
        ? pod.address()
        : Optional.of(((End.Outside) client).address());
    return address
        .filter(
            a -> service.exposure().sourceRanges().stream().anyMatch(range -> range.contains(a)))
        .isPresent();
  }

  // --- nodes

  /** Whether a Service leads a client to a pod behind it. */
  private enum Led {
    SURELY,
    /** If not, then to another. */
    PERHAPS,
    PERHAPS_TO_NOBODY,
    NEVER
  }

  /** By the traffic policies of Services, "Virtual IPs and Service Proxies", and kube-proxy's chains for external traffic. */
  private Led led(End client, End end, CallArrival arrival, List<CallArrival> all) {
    if (arrival.service().isEmpty()) {
      return Led.SURELY;
    }
    Service service = arrival.service().get();
    List<String> clients = nodesOf(client);
    boolean pod = client instanceof End.InPod;
    List<String> there = end instanceof End.InPod ? nodesOf(end) : List.of();
    if (arrival.by() == By.SERVICE && service.exposure().internalTrafficLocal()) {
      if (!pod && clients.isEmpty()) {
        return Led.SURELY;
      }
      return clients.isEmpty() || there.isEmpty()
          ? Led.PERHAPS_TO_NOBODY
          : clients.containsAll(there) ? Led.SURELY : Led.NEVER;
    }
    List<String> called = arrival.called().map(this::nodesOf).orElse(List.of());
    boolean external = arrival.by() == By.NODE || (arrival.by() == By.EXTERNAL_IP && !pod);
    if (!service.localTrafficOnly() || !external || called.isEmpty()) {
      return Led.SURELY;
    }
    boolean host = !pod || ((End.InPod) client).workload().hostNetwork();
    if (host && !clients.isEmpty() && called.containsAll(clients)) {
      return Led.SURELY;
    }
    boolean somebody = all.stream()
        .flatMap(each -> each.ends().stream())
        .filter(End.InPod.class::isInstance)
        .flatMap(each -> nodesOf(each).stream())
        .anyMatch(called::contains);
    if (called.stream().anyMatch(there::contains)) {
      return Led.SURELY;
    }
    boolean fromElsewhere = host && (!pod || !clients.isEmpty());
    if (!there.isEmpty() && fromElsewhere) {
      return Led.NEVER;
    }
    return somebody ? Led.PERHAPS : Led.PERHAPS_TO_NOBODY;
  }

  /** The nodes that an end is, or runs on. */
  private List<String> nodesOf(End end) {
    if (end instanceof End.InPod pod) {
      return pod.pod().flatMap(Pod::node).stream().toList();
    }
    return end instanceof End.Outside outside
        ? cluster.nodes().stream()
            .filter(node -> node.addresses().contains(outside.address()))
            .map(Node::name)
            .toList()
        : List.of();
  }

  private boolean perhapsOneIsTheOthersNode(End one, End other) {
    return options.nodeTrafficPasses()
        && !same(one, other)
        && (perhapsNodeOf(one, other) || perhapsNodeOf(other, one));
  }

  private boolean perhapsNodeOf(End node, End pod) {
    if (!(pod instanceof End.InPod inPod)) {
      return false;
    }
    boolean unplaced = inPod.pod().flatMap(Pod::node).isEmpty();
    if (node instanceof End.InPod host) {
      return host.workload().hostNetwork()
          && (unplaced || host.pod().flatMap(Pod::node).isEmpty());
    }
    return unplaced
        && node instanceof End.Outside outside
        && cluster.nodes().stream()
            .map(Node::addresses)
            .anyMatch(a -> a.contains(outside.address()));
  }
}
