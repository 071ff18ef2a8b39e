package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.enforced.Routing;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

/**
 * Routes say by which interface packets leave, and by which those from outside usually come. Two pods; nothing may be sent out of `a` but to
 * its own node. Behind docker0 and eth0 there are others.
 */
class RoutedInterfacesTest {

  private static final Map<Verdict, Integer> SEEN = new EnumMap<>(Verdict.class);

  private static final Address A = Address.parse("10.0.0.1");
  private static final Address B = Address.parse("10.0.0.2");
  private static final Address NODE = Address.parse("192.168.0.1");

  /** One for each range that a rule, a policy or a route tells apart. */
  private static final List<Address> ALL = List.of(
      A,
      B,
      NODE,
      Address.parse("10.0.0.9"),
      Address.parse("172.17.0.5"),
      Address.parse("203.0.113.7"),
      Address.parse("198.51.100.1"));

  private static final String KNOWN = """
      stage forward forward accept
      chain forward
        state established,related accept
        src 10.0.0.1 dst 10.0.0.1,192.168.0.1 accept
      """;

  private static Cluster cluster() {
    List<Workload> workloads = new ArrayList<>();
    for (String[] pod : new String[][] {{"a", "10.0.0.1"}, {"b", "10.0.0.2"}}) {
      workloads.add(new Workload(
          "x",
          pod[0],
          "Pod",
          Labels.NONE.with("app", pod[0]),
          List.of(),
          false,
          List.of(new Pod(pod[0], Optional.of("one"), List.of(Address.parse(pod[1])), Origin.NONE)),
          Origin.NONE));
    }
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        "x",
        "deny-egress",
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named("x"), Selector.equal("app", "a")),
        Set.of(Direction.EGRESS),
        List.of(),
        List.of(),
        Origin.NONE);
    return new Cluster(
        new TreeMap<>(),
        workloads,
        List.of(),
        List.of(new Node("one", Labels.NONE, List.of(NODE), Origin.NONE)),
        List.of(),
        List.of(policy));
  }

  private static Binding route(String name, String... prefixes) {
    AddressSet set = AddressSet.EMPTY;
    for (String prefix : prefixes) {
      set = set.union(AddressSet.of(Cidr.parse(prefix)));
    }
    return new Binding(name, set);
  }

  private static Contract routed(Binding... leaving) {
    return Contract.STRICT
        .only(Family.IPV4)
        .with(route("cni0", "10.0.0.1/32", "10.0.0.2/32"))
        .with(new Routing(
            Map.of(Family.IPV4, Set.of("cni0", "docker0", "eth0")),
            List.of(leaving),
            AddressSet.EMPTY));
  }

  private static Contract wholeTable() {
    AddressSet rest = AddressSet.ALL
        .in(Family.IPV4)
        .minus(AddressSet.of(Cidr.parse("10.0.0.0/24")))
        .minus(AddressSet.of(Cidr.parse("172.17.0.0/16")));
    return routed(
        route("cni0", "10.0.0.0/24"), route("docker0", "172.17.0.0/16"), new Binding("eth0", rest));
  }

  private static Proof prove(String rules, Contract contract) {
    return Prover.prove(
        Plan.of(cluster()),
        Scope.CLUSTER,
        RuleText.parse(rules),
        contract,
        EnumSet.allOf(Way.class));
  }

  @Test
  void whatARouteLeadsElsewhereDoesNotLeaveByAnInterface() {
    String rules =
        KNOWN + "  src 10.0.0.1 drop\n  out docker0 src 10.0.0.2 dst 203.0.113.0/24 drop\n";

    assertThat(prove(rules, routed()).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(prove(rules, wholeTable()).verdict()).isEqualTo(Verdict.PROVED);
    assertThat(prove(rules.replace("docker0", "eth0"), wholeTable()).verdict())
        .isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void whatUsuallyComesByAnInterfaceIsRefutedThereAndOnlyPossibleElsewhere() {
    String rules = KNOWN + "  src 10.0.0.1 drop\n  in eth0 src 203.0.113.0/24 drop\n";

    Proof proof = prove(rules, wholeTable());
    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().packet().inInterface()).isEqualTo("eth0");
    Proof spoofed = prove(rules.replace("eth0", "docker0"), wholeTable());
    assertThat(spoofed.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(spoofed.difference().orElseThrow().passage().hits().toString())
        .contains("by which packets from 203.0.113.");
  }

  @Test
  void whatHasAPodsAddressComesByThatPodsInterfaceAlone() {
    String rules = KNOWN + "  in eth0 src 10.0.0.1 accept\n  src 10.0.0.1 drop\n";

    assertThat(prove(rules, wholeTable()).verdict()).isEqualTo(Verdict.PROVED);
  }

  /** What is on the pods' bridge and no pod that is known comes by it, and no address of elsewhere does. */
  @Test
  void theBridgeOfPodsCarriesOnlyItsOwn() {
    String rules = KNOWN + "  src 10.0.0.1 drop\n  in cni0 src %s drop\n";

    assertThat(prove(rules.formatted("203.0.113.0/24"), wholeTable()).verdict())
        .isEqualTo(Verdict.PROVED);
    assertThat(prove(rules.formatted("10.0.0.9"), wholeTable()).verdict())
        .isEqualTo(Verdict.DIFFERS);
  }

  /** A gateway on the wire, to whose one address there is a route. */
  @Test
  void anInterfaceWithABoundAddressThatIsNoPodsCarriesOthersToo() {
    Contract gateway = wholeTable().with(route("docker0", "172.17.0.1/32"));
    String rules = KNOWN + "  src 10.0.0.1 drop\n  in docker0 src 203.0.113.0/24 drop\n";

    assertThat(prove(rules, gateway).verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void oneOfSeveralWaysCarriesOthersEvenWherePodsAreBehindIt() {
    String rules = KNOWN + "  src 10.0.0.1 drop\n  %s cni0 %s 203.0.113.0/24 drop\n";
    Contract contract = routed()
        .with(new Routing(
            Map.of(Family.IPV4, Set.of("cni0", "docker0", "eth0")),
            List.of(),
            AddressSet.EMPTY,
            Set.of("cni0", "eth0")));

    assertThat(prove(rules.formatted("in", "src"), routed()).verdict()).isEqualTo(Verdict.PROVED);
    assertThat(prove(rules.formatted("in", "src"), contract).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(prove(rules.formatted("out", "dst"), contract).verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @AfterContainer
  static void enoughOfAll() {
    System.out.println("verdicts on rules that ask for interfaces: " + SEEN);
  }

  @Property(tries = 400)
  void theVerdictIsThatOfEachPacketOnEachOfItsWays(@ForAll Random random) {
    List<Binding> table = new ArrayList<>();
    for (Binding route : wholeTable().routing().leaving()) {
      if (random.nextInt(4) > 0) {
        table.add(route);
      }
    }
    Contract contract = routed(table.toArray(Binding[]::new));
    StringBuilder text = new StringBuilder(KNOWN);
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(line(random));
    }
    text.append("  src 10.0.0.1 drop\n");
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(line(random));
    }
    Verdict verdict = prove(text.toString(), contract).verdict();

    assertThat(verdict)
        .as(text + "\n" + table)
        .isEqualTo(expected(RuleText.parse(text.toString()), table));
    SEEN.merge(verdict, 1, Integer::sum);
  }

  private static String line(Random random) {
    List<String> addresses =
        List.of("10.0.0.0/24", "10.0.0.1", "10.0.0.2", "172.17.0.0/16", "203.0.113.7", "0.0.0.0/0");
    List<String> names = List.of("cni0", "docker0", "eth0", "eth*", "d*");
    StringBuilder line = new StringBuilder(" ");
    for (String word : List.of("src ", "dst ", "in ", "out ")) {
      List<String> some = word.length() == 4 && word.charAt(0) != 'o' ? addresses : names;
      if (random.nextInt(5) < 3) {
        line.append(random.nextInt(4) == 0 ? " not " : " ").append(word);
        line.append(some.get(random.nextInt(some.size())));
      }
    }
    return line + (random.nextBoolean() ? " accept\n" : " drop\n");
  }

  /** Packet by packet, as the routes are read by hand. */
  private static Verdict expected(EnforcedRules rules, List<Binding> table) {
    Interpreter interpreter = new Interpreter(rules);
    Verdict verdict = Verdict.PROVED;
    for (Address from : ALL) {
      for (Address to : ALL) {
        boolean dropped = from.equals(A) && !to.equals(A) && !to.equals(NODE);
        Fate wrong = dropped ? Fate.ACCEPT : Fate.DROP;
        Packet packet = Packet.opening(from, to, Protocol.TCP, 80);
        List<String> usual = by(from, table);
        Set<String> comes = new LinkedHashSet<>(usual);
        if (!from.equals(A) && !from.equals(B)) {
          comes.addAll(List.of("docker0", "eth0"));
        }
        boolean always = true;
        boolean ever = false;
        for (String in : comes) {
          for (String out : by(to, table)) {
            boolean isWrong = interpreter.walk(packet.through(in, out)).fate() == wrong;
            ever |= isWrong;
            always &= isWrong || !usual.contains(in);
          }
        }
        if (always) {
          return Verdict.DIFFERS;
        }
        verdict = ever ? Verdict.UNKNOWN : verdict;
      }
    }
    return verdict;
  }

  private static List<String> by(Address address, List<Binding> table) {
    if (address.equals(A) || address.equals(B)) {
      return List.of("cni0");
    }
    return table.stream()
        .filter(route -> route.addresses().contains(address))
        .map(Binding::name)
        .findFirst()
        .map(List::of)
        .orElse(List.of("docker0", "eth0"));
  }
}
