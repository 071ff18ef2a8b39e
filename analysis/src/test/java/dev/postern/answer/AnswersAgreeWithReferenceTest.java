package dev.postern.answer;

import static dev.postern.answer.EndsOfPods.ends;
import static dev.postern.answer.EndsOfPods.same;
import static dev.postern.answer.EndsOfPods.speak;
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
      Reference reference,
      Around around,
      AskedSubject from,
      AskedSubject to,
      Protocol protocol,
      int port) {
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
          take(row, from, to.any(), bySource);
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
      AskedSubject from = AskedSubject.drawn(cluster, probes, random);
      AskedSubject to = AskedSubject.drawn(cluster, probes, random);
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

  /** Of every pair, one that passes and one that does not say enough, whichever pods they are of. */
  private static void take(
      List<Verdict> row, AskedSubject from, boolean anyOfThese, List<Verdict> bySource) {
    if (from.any() || anyOfThese) {
      bySource.add(combine(anyOfThese, row));
    } else {
      bySource.addAll(row);
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
      AskedSubject from,
      Map<Integer, List<List<End>>> behind,
      Protocol protocol) {
    List<Verdict> bySource = new ArrayList<>();
    boolean itself = false;
    for (List<End> source : from.sites()) {
      // A Service leads a client to what is behind it of a family that the client has, and else
      // nowhere.
      boolean led = behind.values().stream()
          .flatMap(List::stream)
          .flatMap(List::stream)
          .anyMatch(d -> source.stream().anyMatch(s -> speak(s, d)));
      for (List<End> pod : pods(source)) {
        List<Verdict> row = new ArrayList<>();
        if (!led && !behind.isEmpty()) {
          row.add(Verdict.DENIED);
        }
        for (Map.Entry<Integer, List<List<End>>> port : behind.entrySet()) {
          for (List<End> destination : port.getValue()) {
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
          take(row, from, false, bySource);
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
      AskedSubject from = random.nextBoolean()
          ? AskedSubject.drawn(cluster, probes, random)
          : AskedSubject.everyPod(cluster, caller.namespace(), random.nextBoolean());
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
