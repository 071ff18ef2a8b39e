package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import dev.postern.solver.Engine;
import dev.postern.solver.Limits;
import dev.postern.solver.Satisfiability;
import dev.postern.solver.Z3;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

class OpenWorldTest {

  private static final Limits PATIENCE = Limits.DEFAULT;
  private static final AtomicInteger NEVER = new AtomicInteger();
  private static final AtomicInteger SHOWN = new AtomicInteger();

  private static final String SHOP = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: prod, labels: {stage: prod}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: dev, labels: {stage: dev}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: prod, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: prod}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [%s], ports: [{port: 5432}]}]
      """;

  @Test
  void aPolicyThatAdmitsOnlyItsOwnNamespaceShutsOutEveryPodThatCouldComeToAnother() {
    OpenOutcome outcome = devToDb("{podSelector: {matchLabels: {app: web}}}");
    assertThat(outcome).isInstanceOf(OpenOutcome.Never.class);
    assertThat(((OpenOutcome.Never) outcome).because())
        .extracting(Policy::id)
        .containsExactly("prod/db");
  }

  @Test
  void aNodeReachesItsOwnPodsWhateverPoliciesSay() {
    String nodes = """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        status: {addresses: [{type: InternalIP, address: 192.0.2.21}]}
        ---
        """;
    Role node = new Role.AnyAddress(AddressSet.of(Cidr.parse("192.0.2.21/32")));
    String shop = nodes + SHOP.formatted("{podSelector: {}}");

    Plan placed = plan(shop.replace("spec: {containers", "spec: {nodeName: n1, containers"));
    assertThat(OpenWorld.of(placed).ask(node, db(placed), Traffic.tcp(22), PATIENCE))
        .isInstanceOf(OpenOutcome.Possible.class);
    Plan anywhere = plan(shop);
    assertThat(OpenWorld.of(anywhere).ask(node, db(anywhere), Traffic.tcp(22), PATIENCE))
        .isInstanceOf(OpenOutcome.Undecided.class);
    Plan elsewhere = plan(shop.replace("spec: {containers", "spec: {nodeName: n2, containers"));
    assertThat(OpenWorld.of(elsewhere).ask(node, db(elsewhere), Traffic.tcp(22), PATIENCE))
        .isInstanceOf(OpenOutcome.Never.class);
  }

  @Test
  void aForgottenNamespaceSelectorIsShownWithTheFewestLabelsThatGetThrough() {
    OpenOutcome outcome = devToDb(
        "{namespaceSelector: {}, podSelector: {matchLabels: {app: web}, matchExpressions: [{key: x, operator: DoesNotExist}]}}");
    assertThat(outcome).isInstanceOf(OpenOutcome.Possible.class);
    OpenOutcome.Possible possible = (OpenOutcome.Possible) outcome;
    assertThat(possible.existing()).isFalse();
    End.InPod source = (End.InPod) possible.judgement().flow().source();
    assertThat(source.workload().namespace()).isEqualTo("dev");
    assertThat(source.workload().labels().asMap()).containsExactly(Map.entry("app", "web"));
    assertThat(possible.judgement().verdict()).isEqualTo(FlowVerdict.ALLOWED);
  }

  @Test
  void aPodThatIsHereIsShownBeforeOneThatCouldCome() {
    Plan plan = plan(SHOP.formatted("{podSelector: {}}"));
    OpenOutcome outcome =
        OpenWorld.of(plan).ask(anyPodIn("prod"), db(plan), Traffic.tcp(5432), PATIENCE);
    // The database cannot be asked by itself, so somebody has to come.
    assertThat(((OpenOutcome.Possible) outcome).existing()).isFalse();
    assertThat(((End.InPod) ((OpenOutcome.Possible) outcome).judgement().flow().source())
            .workload()
            .labels()
            .size())
        .isZero();
  }

  @Test
  void aValueThatPoliciesNameIsShownBeforeOneThatIsMadeUp() {
    OpenOutcome outcome = devToDb(
        "{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}, {key: tier, operator: NotIn, values: [blue]}]}}, {namespaceSelector: {matchLabels: {x: z}}, podSelector: {matchLabels: {tier: green}}}");
    assertThat(labels(outcome)).containsExactly(Map.entry("tier", "green"));
  }

  @Test
  void aValueIsMadeUpWhereNoneThatIsNamedWillDo() {
    OpenOutcome outcome = devToDb(
        "{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}, {key: tier, operator: NotIn, values: [blue, other]}]}}");
    assertThat(labels(outcome)).containsExactly(Map.entry("tier", "other-2"));
  }

  @Test
  void aPodThatIsHereIsShownHoweverManyLabelsItHas() {
    Plan plan = plan(SHOP.formatted("{namespaceSelector: {}}") + """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: dev, labels: {app: web, tier: front, team: a}}
        spec: {containers: [{name: c}]}
        status: {podIP: 10.0.0.9}
        """);
    OpenOutcome outcome =
        OpenWorld.of(plan).ask(anyPodIn("dev"), db(plan), Traffic.tcp(5432), PATIENCE);
    assertThat(((OpenOutcome.Possible) outcome).existing()).isTrue();
    assertThat(labels(outcome)).hasSize(3);
  }

  private static Map<String, String> labels(OpenOutcome outcome) {
    OpenOutcome.Possible possible = (OpenOutcome.Possible) outcome;
    return ((End.InPod) possible.judgement().flow().source())
        .workload()
        .labels()
        .asMap();
  }

  @Test
  void aNamespaceThatCouldComeMayBearTheLabelThatIsAskedFor() {
    Plan plan = plan(SHOP.formatted("{namespaceSelector: {matchLabels: {team: a}}}"));
    OpenOutcome outcome = OpenWorld.of(plan)
        .ask(
            new Role.AnyPod(NamespaceSelection.ALL, Selector.EVERYTHING),
            db(plan),
            Traffic.tcp(5432),
            PATIENCE);
    OpenOutcome.Possible possible = (OpenOutcome.Possible) outcome;
    String namespace =
        ((End.InPod) possible.judgement().flow().source()).workload().namespace();
    assertThat(possible.cluster().namespace(namespace).labels().get("team")).contains("a");
    assertThat(plan.cluster().namespaces()).doesNotContainKey(namespace);
  }

  @Test
  void aContradictionIsNoWayIn() {
    assertThat(
            devToDb(
                "{namespaceSelector: {}, podSelector: {matchExpressions: [{key: a, operator: In, values: [x]}, {key: a, operator: NotIn, values: [x]}]}}"))
        .isInstanceOf(OpenOutcome.Never.class);
  }

  @Test
  void anAddressInsideTheExceptIsNoWayInAndOneBesideItIs() {
    Plan plan = plan(SHOP.formatted("{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}"));
    OpenWorld world = OpenWorld.of(plan);
    Role in = new Role.AnyAddress(AddressSet.of(Cidr.parse("192.0.2.128/25")));
    Role beside = new Role.AnyAddress(AddressSet.of(Cidr.parse("192.0.0.0/16")));
    assertThat(world.ask(in, db(plan), Traffic.tcp(5432), PATIENCE))
        .isInstanceOf(OpenOutcome.Never.class);
    assertThat(world.ask(beside, db(plan), Traffic.tcp(5432), PATIENCE))
        .isInstanceOf(OpenOutcome.Possible.class);
    assertThat(world.ask(beside, db(plan), Traffic.tcp(5433), PATIENCE))
        .isInstanceOf(OpenOutcome.Never.class);
  }

  /** "Never" is never contradicted by a pod that is there, and what is shown is allowed in the cluster that it is shown in. */
  @Property(tries = 120)
  void neverIsNeverContradictedByAPodThatComes(
      @ForAll Cluster cluster, @ForAll Cluster others, @ForAll Random random) {
    Plan plan = Plan.of(cluster);
    List<End.InPod> pods = plan.classes().endpoints().stream()
        .filter(end -> !end.workload().hostNetwork())
        .toList();
    if (pods.isEmpty() || cluster.policies().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(cluster, random);
    int port = probes.ports().get(random.nextInt(probes.ports().size()));
    Protocol protocol = List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP).get(random.nextInt(3));
    Traffic traffic = Traffic.of(protocol, PortSet.of(port));
    End.InPod known = pods.get(random.nextInt(pods.size()));
    String namespace = List.copyOf(cluster.namespaces().keySet())
        .get(random.nextInt(cluster.namespaces().size()));
    Role any = new Role.AnyPod(new NamespaceSelection.Named(namespace), Selector.EVERYTHING);
    boolean comesIn = random.nextBoolean();
    Role existing = new Role.Existing(List.of(known));
    OpenOutcome outcome = comesIn
        ? OpenWorld.of(plan).ask(any, existing, traffic, PATIENCE)
        : OpenWorld.of(plan).ask(existing, any, traffic, PATIENCE);
    if (outcome instanceof OpenOutcome.Possible possible) {
      SHOWN.incrementAndGet();
      FlowVerdict again = Reachability.of(Plan.of(possible.cluster()))
          .verdict(possible.judgement().flow());
      assertThat(again).isEqualTo(possible.judgement().verdict()).isNotEqualTo(FlowVerdict.DENIED);
      return;
    }
    boolean unplaced = PodAnywhere.is(known, cluster);
    boolean agents = cluster.workloads().stream()
        .anyMatch(each -> each.hostNetwork() && each.namespace().equals(namespace));
    if ((unplaced || agents) && outcome instanceof OpenOutcome.Undecided) {
      // At some address it could pass, or on some node.
      return;
    }
    assertThat(outcome).isInstanceOf(OpenOutcome.Never.class);
    NEVER.incrementAndGet();
    // Pods of another random cluster come, with addresses that are free: their labels and ports are
    // drawn from the same few words.
    AddressSet free = UnknownPod.free(cluster);
    List<Workload> more = new ArrayList<>(cluster.workloads());
    others.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .map(w -> new Workload(
            namespace,
            "come-" + w.namespace() + "-" + w.name(),
            w.kind(),
            w.labels(),
            w.ports(),
            false,
            List.of(new Pod("come", Optional.empty(), addresses(free, random), w.origin())),
            w.origin()))
        .forEach(more::add);
    Cluster grown = cluster.withWorkloads(more);
    Reachability reachability = Reachability.of(Plan.of(grown, Options.DEFAULT));
    for (Workload workload : grown.workloads()) {
      if (workload.name().startsWith("come-")) {
        for (Address address : workload.pods().get(0).addresses()) {
          End.InPod come =
              new End.InPod(workload, Optional.of(workload.pods().get(0)), Optional.of(address));
          if (known.address().filter(a -> a.family() != address.family()).isPresent()) {
            continue;
          }
          Reach reach =
              comesIn ? reachability.traffic(come, known) : reachability.traffic(known, come);
          // Of a pod without an address the set engine does not know that it has one of the other
          // end's family.
          Traffic passes = unplaced ? reach.allowed() : reach.possible();
          assertThat(passes.contains(protocol, port))
              .as("%s %s %s", known, come, traffic)
              .isFalse();
        }
      }
    }
  }

  /** One of each family, near those that are named. */
  private static List<Address> addresses(AddressSet free, Random random) {
    List<Address> found = new ArrayList<>();
    for (String network : List.of("10.0.0.", "fd00::")) {
      Address address;
      do {
        address = Address.parse(network + (1 + random.nextInt(99)));
      } while (!free.contains(address));
      found.add(address);
    }
    return found;
  }

  /** Z3 and the set engine, written apart, on ends that are known. */
  @Property(tries = 150)
  void z3AndTheSetEngineAgreeFlowByFlow(@ForAll Cluster cluster, @ForAll Random random)
      throws Z3.Missing {
    Plan plan = Plan.of(cluster);
    Reachability reachability = Reachability.of(plan);
    Probes probes = Probes.of(cluster, random);
    List<End> ends = new ArrayList<>(plan.classes().endpoints());
    probes.outside(cluster).forEach(address -> ends.add(new End.Outside(address)));
    if (plan.classes().endpoints().isEmpty()) {
      return;
    }
    try (Engine engine = new Engine()) {
      FlowProver prover =
          new FlowProver(engine.logic(), new NamespaceIndex(plan), plan.options(), PATIENCE);
      for (int i = 0; i < 12; i++) {
        End from = ends.get(random.nextInt(ends.size()));
        End to = ends.get(random.nextInt(ends.size()));
        Protocol protocol = Protocol.values()[random.nextInt(4)];
        int port = protocol.hasPorts()
            ? probes.ports().get(random.nextInt(probes.ports().size()))
            : 0;
        if (new Reference(cluster, Options.DEFAULT)
                .judge(new Flow(from, to, protocol, port))
                .exemption()
            != Judgement.Exemption.NONE) {
          continue;
        }
        boolean possible = reachability.traffic(from, to).possible().contains(protocol, port);
        Role source = new Role.Existing(List.of(from));
        Role destination = new Role.Existing(List.of(to));
        PortSet ports = protocol.hasPorts() ? PortSet.of(port) : PortSet.ALL;
        boolean unplaced = PodAnywhere.is(from, cluster) || PodAnywhere.is(to, cluster);
        boolean found = false;
        // A pod of unknown address may have one of each family in use.
        for (Family family : unplaced ? FamiliesInUse.of(cluster) : Set.of(Family.IPV4)) {
          found |= prover.ask(prover.query(source, destination, family, protocol, ports))
              instanceof OpenOutcome.Possible;
          found |= unplaced
              && possible
              && prover.withPodsAnywhere(source, destination, family, protocol, ports)
                  != Satisfiability.UNSATISFIABLE;
        }
        assertThat(found).as("%s %s %s/%d", from, to, protocol, port).isEqualTo(possible);
      }
    }
  }

  @AfterContainer
  static void bothHappened() {
    System.out.println("open world: " + NEVER + " proved never, " + SHOWN + " shown");
    assertThat(NEVER).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(SHOWN).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  private static OpenOutcome devToDb(String peer) {
    Plan plan = plan(SHOP.formatted(peer));
    return OpenWorld.of(plan).ask(anyPodIn("dev"), db(plan), Traffic.tcp(5432), PATIENCE);
  }

  private static Role anyPodIn(String namespace) {
    return new Role.AnyPod(
        new NamespaceSelection.Named(namespace), Selector.of(new Requirement[0]));
  }

  private static Role db(Plan plan) {
    return new Role.Existing(plan.classes().endpoints().stream()
        .filter(e -> e.workload().id().equals("prod/db"))
        .map(End.class::cast)
        .toList());
  }

  private static Plan plan(String manifests) {
    var loaded = Manifests.read(Source.text("open.yaml", manifests));
    assertThat(loaded.diagnostics()).isEmpty();
    return Plan.of(loaded.cluster());
  }
}
