package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.selector.Selector;
import dev.postern.solver.Engine;
import dev.postern.solver.Limits;
import dev.postern.solver.Satisfiability;
import dev.postern.solver.Z3;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

class BlockingTest {

  private static final AtomicInteger SETS = new AtomicInteger();
  private static final AtomicInteger OPENINGS = new AtomicInteger();

  @AfterContainer
  static void bothWereSeen() {
    System.out.println("blocking sets " + SETS + ", openings " + OPENINGS);
    assertThat(SETS).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(OPENINGS).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: prod, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: prod}
      spec: {podSelector: {matchLabels: {app: db}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny, namespace: prod}
      spec: {podSelector: {}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: out, namespace: dev}
      spec:
        podSelector: {%s}
        policyTypes: [Egress]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: rest, namespace: dev}
      spec:
        podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}
        policyTypes: [Egress]
      """;

  private static Blocking devToDb(String subject) {
    var loaded = Manifests.read(Source.text("b.yaml", PODS.formatted(subject)));
    assertThat(loaded.diagnostics()).isEmpty();
    Plan plan = Plan.of(loaded.cluster());
    Role any = new Role.AnyPod(new NamespaceSelection.Named("dev"), Selector.EVERYTHING);
    Role db = new Role.Existing(
        plan.classes().endpoints().stream().map(End.class::cast).toList());
    return OpenWorld.of(plan)
        .blocking(any, db, Traffic.tcp(5432), Limits.DEFAULT)
        .orElseThrow();
  }

  private static List<List<String>> ids(List<List<Policy>> sets) {
    return sets.stream()
        .map(set -> set.stream().map(Policy::id).sorted().toList())
        .toList();
  }

  @Test
  void setsThatBlockAndThoseInTheWayAreAllFound() {
    // Pods of dev are web, or not web: only together do two policies cut off all of them.
    Blocking blocking = devToDb("matchLabels: {app: web}");
    assertThat(ids(blocking.sets()))
        .containsExactlyInAnyOrder(
            List.of("prod/db"), List.of("prod/deny"), List.of("dev/out", "dev/rest"));
    assertThat(ids(blocking.openings().stream().map(Blocking.Opening::policies).toList()))
        .containsExactlyInAnyOrder(
            List.of("dev/out", "prod/db", "prod/deny"),
            List.of("dev/rest", "prod/db", "prod/deny"));
    assertThat(blocking.isComplete()).isTrue();
  }

  @Test
  void aPolicyThatAnotherMakesNeedlessBlocksAloneOrNotAtAll() {
    Blocking blocking = devToDb("");
    // What isolates all of dev makes `rest` needless.
    assertThat(ids(blocking.sets()))
        .containsExactlyInAnyOrder(List.of("prod/db"), List.of("prod/deny"), List.of("dev/out"));
  }

  @Test
  void whatIsNeededOfAllPoliciesIsASetThatCannotSpareAny() throws Z3.Missing {
    Plan plan =
        Plan.of(Manifests.read(Source.text("b.yaml", PODS.formatted("matchLabels: {app: web}")))
            .cluster());
    Role any = new Role.AnyPod(new NamespaceSelection.Named("dev"), Selector.EVERYTHING);
    Role db = new Role.Existing(
        plan.classes().endpoints().stream().map(End.class::cast).toList());
    try (Engine engine = new Engine();
        FlowProver prover = new FlowProver(
            engine.logic(), new NamespaceIndex(plan), plan.options(), Limits.DEFAULT)) {
      Query query = prover.query(any, db, Family.IPV4, Protocol.TCP, PortSet.of(5432));
      List<Policy> all = plan.cluster().policies();
      List<Policy> needed = new Blockers(prover, List.of(query), all).needed(all);
      assertThat(ids(List.of(needed)).get(0))
          .isIn(List.of("prod/db"), List.of("prod/deny"), List.of("dev/out", "dev/rest"));
    }
  }

  /**
   * Each set blocks, and nothing is in it that is not needed: judged by the definition for pods that come, where only the set's policies, or
   * all of them but one, deny.
   */
  @Property(tries = 80)
  void setsBlockWhoeverComesAndNeedAllTheirPolicies(
      @ForAll Cluster cluster, @ForAll Cluster others, @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    // The definition does not know that a pod without an address has one of the other end's family.
    List<End.InPod> pods = plan.classes().endpoints().stream()
        .filter(end -> !end.workload().hostNetwork() && end.address().isPresent())
        .toList();
    if (pods.isEmpty() || cluster.policies().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(cluster, random);
    int port = probes.ports().get(random.nextInt(probes.ports().size()));
    End.InPod known = pods.get(random.nextInt(pods.size()));
    String namespace = List.copyOf(cluster.namespaces().keySet())
        .get(random.nextInt(cluster.namespaces().size()));
    Role any = new Role.AnyPod(new NamespaceSelection.Named(namespace), Selector.EVERYTHING);
    Role here = new Role.Existing(List.of(known));
    OpenWorld world = OpenWorld.of(plan);
    OpenOutcome outcome = world.ask(any, here, Traffic.tcp(port), Limits.DEFAULT);
    if (!(outcome instanceof OpenOutcome.Never never)) {
      return;
    }
    Optional<Blocking> found = world.blocking(any, here, Traffic.tcp(port), Limits.DEFAULT);
    Blocking blocking = found.orElseThrow();
    List<List<Policy>> sets = new ArrayList<>(blocking.sets());
    sets.add(never.because());
    for (List<Policy> set : sets) {
      SETS.incrementAndGet();
      assertThat(blocked(cluster, others, namespace, known, port, set)).isTrue();
      for (Policy policy : set) {
        // Somebody could get through without it: then each opening of the rest alone is a proof.
        List<Policy> rest = set.stream().filter(p -> p != policy).toList();
        assertThat(blocks(plan, any, known, port, rest)).isFalse();
      }
    }
    for (Blocking.Opening opening : blocking.openings()) {
      OPENINGS.incrementAndGet();
      List<Policy> denying = cluster.policies().stream()
          .filter(p -> !opening.policies().contains(p))
          .toList();
      assertThat(blocks(plan, any, known, port, denying)).isFalse();
      for (Policy policy : opening.policies()) {
        List<Policy> more = new ArrayList<>(denying);
        more.add(policy);
        assertThat(blocks(plan, any, known, port, more)).isTrue();
        assertThat(blocked(cluster, others, namespace, known, port, more)).isTrue();
      }
      // Every opening meets every set.
      for (List<Policy> set : blocking.sets()) {
        assertThat(set).containsAnyElementsOf(opening.policies());
      }
    }
  }

  /** What Z3 says; a flow that it shows is judged by the definition on the way. */
  private static boolean blocks(
      Plan plan, Role any, End.InPod known, int port, List<Policy> denying) {
    try (Engine engine = new Engine();
        FlowProver prover = new FlowProver(
            engine.logic(), new NamespaceIndex(plan), plan.options(), Limits.DEFAULT)) {
      for (Family family : Family.values()) {
        if (known.address().filter(a -> a.family() != family).isPresent()) {
          continue;
        }
        Query query = prover.query(
            any, new Role.Existing(List.of(known)), family, Protocol.TCP, PortSet.of(port));
        if (query.check(denying) == Satisfiability.SATISFIABLE) {
          prover.flow(query, denying);
          return false;
        }
      }
      return true;
    } catch (Z3.Missing missing) {
      throw new AssertionError(missing);
    }
  }

  /** Whether no pod of another cluster that comes into the namespace gets through, by the definition. */
  private static boolean blocked(
      Cluster cluster,
      Cluster others,
      String namespace,
      End.InPod known,
      int port,
      List<Policy> denying) {
    List<Workload> more = new ArrayList<>(cluster.workloads());
    for (Workload workload : others.workloads()) {
      if (!workload.hostNetwork()) {
        more.add(new Workload(
            namespace,
            "come-" + more.size(),
            workload.kind(),
            workload.labels(),
            workload.ports(),
            false,
            List.of(),
            workload.origin()));
      }
    }
    Cluster grown = cluster.withWorkloads(more);
    for (Workload workload : grown.workloads()) {
      if (workload.name().startsWith("come-")) {
        Flow flow = new Flow(End.InPod.template(workload), known, Protocol.TCP, port);
        if (new DenialMeaning(grown, Options.DEFAULT, denying).lets(flow)) {
          return false;
        }
      }
    }
    return true;
  }
}
