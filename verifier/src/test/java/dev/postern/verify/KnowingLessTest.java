package dev.postern.verify;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.AlternativeReading;
import dev.postern.answer.Answer;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.policy.Policy;
import dev.postern.question.BadSentence;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spec.Check;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Who takes knowledge away from a cluster never makes an answer firmer: what was denied or unknown does not become allowed, nor what was
 * unknown denied, unless a note says what the answer takes for granted; and no guarantee about pods to come begins to hold.
 */
class KnowingLessTest {

  /** What is taken away. */
  private enum Loss {
    NAMESPACE,
    NODE,
    PLACEMENT,
    ADDRESS,
    SERVICE,
    POLICY_HIDDEN
  }

  private static final Map<Loss, AtomicInteger> COMPARED = new EnumMap<>(Loss.class);
  private static final AtomicInteger OPEN = new AtomicInteger();
  private static final AtomicInteger STATEMENTS = new AtomicInteger();

  @AfterContainer
  static void everyLossWasSeen() {
    System.out.println("answers compared with those of who knows less: " + COMPARED + ", open "
        + OPEN + ", statements " + STATEMENTS);
    for (Loss loss : Loss.values()) {
      assertThat(COMPARED.get(loss).get()).as("%s", loss).isGreaterThanOrEqualTo(Tries.share(180));
    }
    assertThat(OPEN).hasValueGreaterThanOrEqualTo(Tries.share(450));
    assertThat(STATEMENTS).hasValueGreaterThanOrEqualTo(Tries.share(450));
  }

  @Property(tries = 300, seed = "20261129", shrinking = ShrinkingMode.OFF)
  void knowingLessMakesNoAnswerFirmer(@ForAll Cluster cluster, @ForAll Random random) {
    if (cluster.workloads().isEmpty()) {
      return;
    }
    Verifier whole = Verifier.of(cluster);
    Probes probes = Probes.of(cluster, random);
    for (Loss loss : Loss.values()) {
      Optional<Cluster> less = without(loss, cluster, random);
      if (less.isEmpty()) {
        continue;
      }
      Verifier partial = Verifier.of(less.get());
      for (int i = 0; i < 4; i++) {
        String from = source(cluster, random);
        String to = destination(cluster, probes, random);
        if (!from.equals(to)) {
          String question = "can " + from + " reach " + to + traffic(cluster, probes, random);
          compare(loss, whole, partial, question);
        }
      }
      String pods = pods(cluster, random);
      String other =
          random.nextBoolean() ? pick(cluster.workloads(), random).id() : pods(cluster, random);
      compareOpen(
          loss,
          whole,
          partial,
          "can any " + pods + " reach " + (other.startsWith("pod") ? "any " : "") + other
              + traffic(cluster, probes, random));
      compareStatement(loss, whole, partial, statement(cluster, probes, random));
    }
  }

  // --- what is taken away

  private static Optional<Cluster> without(Loss loss, Cluster cluster, Random random) {
    return switch (loss) {
      case NAMESPACE -> {
        List<Namespace> declared =
            cluster.namespaces().values().stream().filter(Namespace::declared).toList();
        yield any(declared, random).map(gone -> {
          SortedMap<String, Namespace> rest = new TreeMap<>(cluster.namespaces());
          rest.remove(gone.name());
          return with(cluster, rest, cluster.nodes(), cluster.services());
        });
      }
      case NODE ->
        any(cluster.nodes(), random)
            .map(gone -> with(
                cluster,
                cluster.namespaces(),
                random.nextInt(4) == 0
                    ? List.of()
                    : cluster.nodes().stream().filter(node -> node != gone).toList(),
                cluster.services()));
      case SERVICE ->
        any(cluster.services(), random)
            .map(gone -> with(
                cluster,
                cluster.namespaces(),
                cluster.nodes(),
                cluster.services().stream().filter(service -> service != gone).toList()));
      case PLACEMENT ->
        any(
                cluster.workloads().stream()
                    .filter(w -> w.pods().stream().anyMatch(pod -> pod.node().isPresent()))
                    .toList(),
                random)
            .map(workload -> cluster.withWorkloads(cluster.workloads().stream()
                .map(each -> each == workload ? unplaced(each) : each)
                .toList()));
      case ADDRESS ->
        any(
                cluster.workloads().stream()
                    .filter(
                        w -> w.pods().stream().anyMatch(pod -> !pod.addresses().isEmpty()))
                    .toList(),
                random)
            .map(workload -> cluster.withWorkloads(cluster.workloads().stream()
                .map(each -> each == workload ? withoutAddresses(each) : each)
                .toList()));
      case POLICY_HIDDEN ->
        any(cluster.policies(), random)
            .map(hidden -> cluster
                .withPolicies(cluster.policies().stream()
                    .filter(policy -> policy != hidden)
                    .toList())
                .withUnread(List.of(unread(hidden))));
    };
  }

  private static Cluster with(
      Cluster cluster,
      SortedMap<String, Namespace> namespaces,
      List<Node> nodes,
      List<Service> services) {
    return new Cluster(
        namespaces, cluster.workloads(), services, nodes, cluster.entrances(), cluster.policies());
  }

  /** The same pods at their addresses, on nodes that nobody names; those on the host network have a node's address, which goes with it. */
  private static Workload unplaced(Workload workload) {
    return with(
        workload,
        pod -> new Pod(
            pod.name(),
            Optional.empty(),
            workload.hostNetwork() ? List.of() : pod.addresses(),
            pod.hostname(),
            pod.origin()));
  }

  private static Workload withoutAddresses(Workload workload) {
    return with(
        workload, pod -> new Pod(pod.name(), pod.node(), List.of(), pod.hostname(), pod.origin()));
  }

  private static Workload with(Workload workload, UnaryOperator<Pod> pods) {
    return new Workload(
        workload.namespace(),
        workload.name(),
        workload.kind(),
        workload.labels(),
        workload.ports(),
        workload.hostNetwork(),
        workload.pods().stream().map(pods).toList(),
        workload.origin());
  }

  private static UnreadPolicy unread(Policy policy) {
    return new UnreadPolicy(
        UnreadPolicy.Cause.KIND,
        "example.com/v1",
        "ExamplePolicy",
        policy.namespace(),
        policy.name(),
        policy.subject(),
        policy.origin());
  }

  // --- what is asked

  private static String source(Cluster cluster, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "internet";
      case 1 -> "every " + pods(cluster, random);
      case 2 -> any(addressesOfNodes(cluster), random).map(Address::toString).orElse("internet");
      default -> pick(cluster.workloads(), random).id();
    };
  }

  private static String destination(Cluster cluster, Probes probes, Random random) {
    Optional<Service> service = any(cluster.services(), random);
    return switch (random.nextInt(8)) {
      case 0, 1 -> service.map(s -> "service " + s.id()).orElse("internet");
      case 2 ->
        service.flatMap(s -> any(s.clusterIps(), random)).map(Address::toString).orElse("internet");
      case 3 ->
        service
            .flatMap(s -> any(s.exposure().externalIps(), random))
            .map(Address::toString)
            .orElse("internet");
      case 4 -> any(addressesOfNodes(cluster), random).map(Address::toString).orElse("internet");
      case 5 -> probes.address(random).toString();
      case 6 -> "every " + pods(cluster, random);
      default -> pick(cluster.workloads(), random).id();
    };
  }

  private static String pods(Cluster cluster, Random random) {
    return "pod in namespace " + pick(cluster.workloads(), random).namespace();
  }

  private static String traffic(Cluster cluster, Probes probes, Random random) {
    if (random.nextInt(3) == 0 && !cluster.services().isEmpty()) {
      List<Service.Port> ports = pick(cluster.services(), random).ports();
      if (!ports.isEmpty()) {
        Service.Port port = pick(ports, random);
        int number = random.nextBoolean() ? port.port() : port.nodePort().orElse(port.port());
        return " on " + port.protocol().word() + "/" + number;
      }
    }
    return random.nextInt(3) == 0
        ? ""
        : " on " + pick(List.of("tcp/", "udp/"), random) + probes.port(random);
  }

  private static String statement(Cluster cluster, Probes probes, Random random) {
    String who = random.nextBoolean()
        ? pods(cluster, random).replace("pod in ", "")
        : pick(cluster.workloads(), random).id();
    String whom = pick(cluster.workloads(), random).id();
    return who
        + pick(List.of(" can reach ", " cannot reach ", " can never reach "), random)
        + whom
        + traffic(cluster, probes, random);
  }

  private static List<Address> addressesOfNodes(Cluster cluster) {
    return cluster.nodes().stream().flatMap(node -> node.addresses().stream()).toList();
  }

  private static <T> Optional<T> any(List<T> from, Random random) {
    return from.isEmpty() ? Optional.empty() : Optional.of(pick(from, random));
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  // --- how answers compare

  private static void compare(Loss loss, Verifier whole, Verifier partial, String question) {
    Optional<Answer> before = ask(whole, question);
    Optional<Answer> after = ask(partial, question);
    if (before.isEmpty() || after.isEmpty()) {
      return;
    }
    COMPARED.computeIfAbsent(loss, l -> new AtomicInteger()).incrementAndGet();
    Answer known = before.get();
    Answer less = after.get();
    boolean opens = known.verdict() != ALLOWED && less.verdict() == ALLOWED;
    boolean closes = known.verdict() == UNKNOWN && less.verdict() == DENIED;
    List<Object> more = new ArrayList<>(less.notes());
    more.addAll(less.alternatives());
    more.removeAll(known.notes());
    more.removeAll(known.alternatives());
    less.notes().stream().filter(note -> note.contains(" taken ")).forEach(more::add);
    assertThat((opens || closes) && more.isEmpty())
        .as(
            "without a %s: %s was %s and is %s\n%s\nnow %s",
            loss, question, known.verdict(), less.verdict(), known.notes(), less.notes())
        .isFalse();
    if (loss == Loss.POLICY_HIDDEN || loss == Loss.NAMESPACE || loss == Loss.PLACEMENT) {
      assertThat(opens || closes)
          .as("without a %s: %s was %s and is %s", loss, question, known.verdict(), less.verdict())
          .isFalse();
    }
  }

  private static Optional<Answer> ask(Verifier verifier, String question) {
    try {
      return Optional.of(verifier.ask(question));
    } catch (BadSentence notThere) {
      return Optional.empty();
    }
  }

  private static void compareOpen(Loss loss, Verifier whole, Verifier partial, String question) {
    Optional<Answer.Verdict> known = askOpen(whole, question);
    Optional<Answer.Verdict> less = askOpen(partial, question);
    if (known.isPresent() && less.isPresent()) {
      OPEN.incrementAndGet();
      assertThat(known.get() != DENIED && less.get() == DENIED)
          .as("without a %s: %s was %s and never is", loss, question, known.get())
          .isFalse();
    }
  }

  private static Optional<Answer.Verdict> askOpen(Verifier verifier, String question) {
    try {
      return Optional.of(verifier.askOpen(question, Limits.DEFAULT).verdict());
    } catch (BadSentence notThere) {
      return Optional.empty();
    }
  }

  private static void compareStatement(
      Loss loss, Verifier whole, Verifier partial, String sentence) {
    Statement statement = Statement.parse(sentence);
    Result known = new Specifications(whole, Limits.DEFAULT).check(statement).result();
    Check less = new Specifications(partial, Limits.DEFAULT).check(statement);
    STATEMENTS.incrementAndGet();
    boolean says = loss == Loss.ADDRESS
        && (less.notes().stream().anyMatch(note -> note.contains(" taken "))
            || less.alternatives().stream()
                .anyMatch(other -> other.choice() == AlternativeReading.Choice.MISSING_ADDRESS));
    assertThat(known != Result.HOLDS && less.result() == Result.HOLDS && !says)
        .as("without a %s: %s was %s and holds", loss, sentence, known)
        .isFalse();
  }
}
