package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.selector.Selector;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Answers to sentences against the definition, asked flow by flow: what `every`, `any` and `partly` mean is written down here once more. */
class AnswersAgreeWithReferenceTest {

  private static final AtomicLong FLOWS = new AtomicLong();

  /** Calls of a pod to itself that policies were asked about. */
  private static final AtomicLong SELVES = new AtomicLong();

  @AfterContainer
  static void enoughFlows() {
    System.out.println("flows behind answers, judged by the reference: " + FLOWS);
    assertThat(FLOWS).hasValueGreaterThan(Tries.share(50_000));
    System.out.println("of them calls of a pod to itself that policies can stop: " + SELVES);
    assertThat(SELVES).hasValueGreaterThan(Tries.share(20));
  }

  /** A subject in words, and its ends by the name that an answer gives them. */
  private record Subject(String words, boolean any, List<List<End>> sites) {}

  private static List<End> ends(Workload workload) {
    List<End> ends = new ArrayList<>();
    if (workload.pods().isEmpty()) {
      ends.add(End.InPod.template(workload));
    }
    for (Pod pod : workload.pods()) {
      if (pod.addresses().isEmpty()) {
        ends.add(new End.InPod(workload, Optional.of(pod), Optional.empty()));
      }
      pod.addresses()
          .forEach(a -> ends.add(new End.InPod(workload, Optional.of(pod), Optional.of(a))));
    }
    return ends;
  }

  private static Subject subject(Cluster cluster, Probes probes, Random random) {
    Workload workload =
        cluster.workloads().get(random.nextInt(cluster.workloads().size()));
    int kind = random.nextInt(6);
    if (kind == 0) {
      Address address = probes.address(random);
      List<List<End>> holders = new ArrayList<>();
      for (Workload each : cluster.workloads()) {
        for (End end : ends(each)) {
          if (!each.hostNetwork() && ((End.InPod) end).address().equals(Optional.of(address))) {
            holders.add(List.of(end));
          }
        }
      }
      boolean isService = cluster.services().stream().anyMatch(s -> leadsTo(s, address));
      if (!isService) {
        return new Subject(
            address.toString(),
            false,
            holders.isEmpty() ? List.of(List.of(new End.Outside(address))) : holders);
      }
    }
    if (kind == 1 || kind == 2) {
      return everyPod(cluster, workload.namespace(), kind == 1);
    }
    List<List<End>> sites = cluster.workloads().stream()
        .filter(w -> w.namespace().equals(workload.namespace()))
        .filter(w -> w.name().equals(workload.name()) || w.name().startsWith(workload.name() + "["))
        .map(AnswersAgreeWithReferenceTest::ends)
        .toList();
    return new Subject(workload.id(), false, sites);
  }

  private static boolean leadsTo(Service service, Address address) {
    Service.Exposure exposure = service.exposure();
    return service.clusterIps().contains(address)
        || exposure.externalIps().contains(address)
        || exposure.requestedIp().equals(Optional.of(address))
        || exposure.loadBalancers().stream()
            .anyMatch(front -> front.address().equals(Optional.of(address)));
  }

  private static Subject everyPod(Cluster cluster, String namespace, boolean any) {
    List<List<End>> sites = cluster.workloads().stream()
        .filter(w -> w.namespace().equals(namespace))
        .map(AnswersAgreeWithReferenceTest::ends)
        .toList();
    return new Subject((any ? "any" : "every") + " pod in namespace " + namespace, any, sites);
  }

  private static Optional<Family> family(End end) {
    return end instanceof End.InPod pod
        ? pod.address().map(Address::family)
        : Optional.of(((End.Outside) end).address().family());
  }

  private static boolean speak(End one, End other) {
    return family(one).isEmpty() || family(other).isEmpty() || family(one).equals(family(other));
  }

  private static boolean same(End one, End other) {
    return one instanceof End.InPod a
        && other instanceof End.InPod b
        && a.pod().isPresent()
        && a.workload().equals(b.workload())
        && a.pod().equals(b.pod());
  }

  /** The addresses of each pod: it reaches another, and is reached, by all of them. */
  private static Collection<List<End>> pods(List<End> ends) {
    return ends.stream()
        .collect(Collectors.groupingBy(
            end -> end instanceof End.InPod pod && pod.pod().isPresent()
                ? pod.pod().get()
                : end,
            LinkedHashMap::new,
            Collectors.toList()))
        .values();
  }

  private static List<Flow> flows(List<End> from, List<End> to, Protocol protocol, int port) {
    return from.stream()
        .flatMap(one -> to.stream()
            .filter(other -> speak(one, other))
            .map(other -> new Flow(one, other, protocol, port)))
        .toList();
  }

  private static Verdict combine(boolean any, List<Verdict> verdicts) {
    long yes = verdicts.stream().filter(v -> v == Verdict.ALLOWED).count();
    long no = verdicts.stream().filter(v -> v == Verdict.DENIED).count();
    long part = verdicts.stream().filter(v -> v == Verdict.PARTIAL).count();
    long open = verdicts.size() - yes - no - part;
    if (any) {
      return yes > 0
          ? Verdict.ALLOWED
          : open > 0 ? Verdict.UNKNOWN : part > 0 ? Verdict.PARTIAL : Verdict.DENIED;
    }
    if (no == verdicts.size()) {
      return Verdict.DENIED;
    }
    if (yes == verdicts.size()) {
      return Verdict.ALLOWED;
    }
    return part > 0 || (yes > 0 && no > 0) ? Verdict.PARTIAL : Verdict.UNKNOWN;
  }

  /** What is known of nodes. */
  private record Around(Cluster cluster, Options options) {

    /** Whether nobody says that the one is not the node of the other. */
    boolean perhapsItsNode(End node, End pod) {
      if (!(pod instanceof End.InPod inPod)) {
        return false;
      }
      Optional<String> where = inPod.pod().flatMap(Pod::node);
      if (node instanceof End.InPod other) {
        Optional<String> there = other.pod().flatMap(Pod::node);
        return other.workload().hostNetwork() && !(where.isPresent() && there.isPresent());
      }
      return where.isEmpty()
          && cluster.nodes().stream()
              .anyMatch(n -> n.addresses().contains(((End.Outside) node).address()));
    }
  }

  /** The definition's verdict, where a pod of which nobody says where it runs may run anywhere. */
  private static Verdict judged(Judgement judgement, Around around) {
    Flow flow = judgement.flow();
    boolean open = around.options().nodeTrafficPasses()
        && !same(flow.source(), flow.destination())
        && (around.perhapsItsNode(flow.source(), flow.destination())
            || around.perhapsItsNode(flow.destination(), flow.source()));
    return open && judgement.verdict() == dev.postern.meaning.FlowVerdict.DENIED
        ? Verdict.UNKNOWN
        : Verdict.valueOf(judgement.verdict().name());
  }

  private static Verdict expected(
      Reference reference, Around around, Subject from, Subject to, Protocol protocol, int port) {
    List<Verdict> bySource = new ArrayList<>();
    boolean itself = false;
    for (List<End> source : from.sites()) {
      for (List<End> one : pods(source)) {
        List<Verdict> row = new ArrayList<>();
        for (List<End> destination : to.sites()) {
          boolean siteSpeaks =
              source.stream().anyMatch(s -> destination.stream().anyMatch(d -> speak(s, d)));
          if (!siteSpeaks) {
            row.add(Verdict.DENIED);
          }
          for (List<End> other : pods(destination)) {
            List<Verdict> between = new ArrayList<>();
            for (Flow flow : flows(one, other, protocol, port)) {
              if (same(flow.source(), flow.destination())) {
                itself = true;
                continue;
              }
              FLOWS.incrementAndGet();
              between.add(judged(reference.judge(flow), around));
            }
            if (to.any() && !between.isEmpty()) {
              row.add(combine(false, between));
            } else {
              row.addAll(between);
            }
          }
        }
        if (!row.isEmpty()) {
          bySource.add(combine(to.any(), row));
        }
      }
    }
    return bySource.isEmpty()
        ? (itself ? Verdict.ALLOWED : Verdict.DENIED)
        : combine(from.any(), bySource);
  }

  @Property(tries = 1500)
  void theVerdictOnOnePortIsWhatTheDefinitionSaysOfAllFlows(
      @ForAll Cluster cluster, @ForAll("options") Options options, @ForAll Random random) {
    if (cluster.workloads().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(cluster, random);
    Reference reference = new Reference(Undetermined.in(cluster), options);
    Analysis analysis = Analysis.of(cluster, options);
    for (int i = 0; i < 8; i++) {
      Subject from = subject(cluster, probes, random);
      Subject to = subject(cluster, probes, random);
      Protocol protocol = Protocol.values()[random.nextInt(4)];
      int port = protocol.hasPorts() ? probes.port(random) : 0;
      String question = "can " + from.words() + " reach " + to.words() + " on "
          + (protocol.hasPorts() ? protocol.word() + "/" + port : "icmp");

      Answer answer = analysis.ask(question);

      assertThat(answer.verdict())
          .as("%s under %s", question, options)
          .isEqualTo(expected(reference, new Around(cluster, options), from, to, protocol, port));
    }
  }

  /** What is behind a port of a Service: each site with the port that its own pods listen on. */
  private static Map<Integer, List<List<End>>> behind(
      Cluster cluster, Service service, Service.Port port) {
    Map<Integer, List<List<End>>> behind = new TreeMap<>();
    for (Workload workload : cluster.workloads()) {
      if (workload.namespace().equals(service.namespace())
          && service.selector().orElseThrow().matches(workload.labels())) {
        OptionalInt number = port.target() instanceof Service.Target.Number n
            ? OptionalInt.of(n.port())
            : workload.ports().stream()
                .filter(p -> p.protocol() == port.protocol())
                .filter(p -> port.target().equals(new Service.Target.Named(p.name())))
                .mapToInt(ContainerPort::number)
                .findFirst();
        number.ifPresent(
            n -> behind.computeIfAbsent(n, any -> new ArrayList<>()).add(ends(workload)));
      }
    }
    return behind;
  }

  private static Verdict expectedThrough(
      Reference reference,
      Around around,
      Subject from,
      Map<Integer, List<List<End>>> behind,
      Protocol protocol) {
    List<Verdict> bySource = new ArrayList<>();
    boolean itself = false;
    for (List<End> source : from.sites()) {
      for (List<End> pod : pods(source)) {
        List<Verdict> row = new ArrayList<>();
        for (Map.Entry<Integer, List<List<End>>> port : behind.entrySet()) {
          for (List<End> destination : port.getValue()) {
            if (source.stream().noneMatch(s -> destination.stream().anyMatch(d -> speak(s, d)))) {
              row.add(Verdict.DENIED);
            }
            for (Flow flow : flows(pod, destination, protocol, port.getKey())) {
              End one = flow.source();
              End other = flow.destination();
              Judgement judgement =
                  reference.judge(new Flow(one, other, protocol, port.getKey(), true));
              if (judgement.exemption() == Judgement.Exemption.SAME_POD) {
                itself = true;
                continue;
              }
              FLOWS.incrementAndGet();
              SELVES.addAndGet(same(one, other) ? 1 : 0);
              row.add(judged(judgement, around));
            }
          }
        }
        if (!row.isEmpty()) {
          bySource.add(combine(false, row));
        }
      }
    }
    return bySource.isEmpty()
        ? (itself ? Verdict.ALLOWED : Verdict.DENIED)
        : combine(from.any(), bySource);
  }

  /**
   * The cluster with one Service more for each namespace with a pod: it leads to all pods there. All have all families; what those of one
   * mean {@link ServiceFormsAgreeWithReferenceTest} asks.
   */
  private static Cluster withServices(Cluster cluster, Probes probes, Random random) {
    List<Service> services = new ArrayList<>();
    cluster.services().forEach(each -> services.add(each.withFamilies(ServiceFamilies.ALL)));
    for (String namespace :
        cluster.workloads().stream().map(Workload::namespace).distinct().toList()) {
      services.add(new Service(
          namespace,
          "all-pods",
          Service.Type.CLUSTER_IP,
          List.of(),
          false,
          Optional.of(Selector.EVERYTHING),
          List.of(new Service.Port(
              "",
              Protocol.TCP,
              80,
              new Service.Target.Number(probes.port(random)),
              OptionalInt.empty())),
          "",
          false,
          List.of(),
          Origin.NONE));
    }
    return new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        services,
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies());
  }

  @Property(tries = 1000)
  void theVerdictThroughAServiceIsWhatTheDefinitionSaysOfTheFlowsToItsPods(
      @ForAll Cluster drawn, @ForAll("options") Options options, @ForAll Random random) {
    if (drawn.workloads().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(drawn, random);
    Cluster cluster = withServices(drawn, probes, random);
    Reference reference = new Reference(Undetermined.in(cluster), options);
    Analysis analysis = Analysis.of(cluster, options);
    for (Service service : cluster.services()) {
      if (service.selector().isEmpty()
          || service.headless()
          || service.exposure().internalTrafficLocal()
          || service.type() != Service.Type.CLUSTER_IP) {
        continue;
      }
      Workload caller =
          cluster.workloads().get(random.nextInt(cluster.workloads().size()));
      Subject from = random.nextBoolean()
          ? subject(cluster, probes, random)
          : everyPod(cluster, caller.namespace(), random.nextBoolean());
      if (from.sites().stream().flatMap(List::stream).anyMatch(End.Outside.class::isInstance)) {
        continue;
      }
      for (Service.Port port : service.ports()) {
        Map<Integer, List<List<End>>> behind = behind(cluster, service, port);
        String question = "can " + from.words() + " reach service " + service.id() + " on "
            + port.protocol().word() + "/" + port.port();

        Answer answer = analysis.ask(question);

        assertThat(answer.verdict())
            .as("%s under %s", question, options)
            .isEqualTo(
                behind.isEmpty()
                    ? Verdict.UNKNOWN
                    : expectedThrough(
                        reference, new Around(cluster, options), from, behind, port.protocol()));
      }
    }
  }

  @Provide
  Arbitrary<Options> options() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(Options.HostNetwork.values()),
            Arbitraries.of(Options.MissingAddress.values()))
        .as(Options::new);
  }
}
