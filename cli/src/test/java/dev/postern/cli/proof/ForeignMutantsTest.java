package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cli.proof.SampledPackets.Sample;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each rule of kube-router's and Azure NPM's layout dropped, moved by a port or past the next one, each mark changed, each member of a set lost: refuted exactly when a packet is treated otherwise. */
class ForeignMutantsTest {

  private static final Pattern PORT = Pattern.compile("--dport (\\d+)");
  private static final Pattern MARK = Pattern.compile("(--mark|--set-xmark) 0x[1-9]000");
  private static final List<String> OUTSIDE =
      List.of("8.8.8.8", "198.51.100.7", "203.0.113.7", "203.0.113.200");
  private static final List<Integer> PORTS = List.of(
      1, 80, 442, 443, 444, 5431, 5432, 5433, 7999, 8000, 8001, 8099, 8100, 8101, 9100, 9121,
      65535);

  /** A dump with its sets. */
  private record Node(String rules, String sets) {}

  private static String file(String name) throws IOException {
    try {
      return Files.readString(
          Path.of(ForeignMutantsTest.class.getResource("foreign/" + name).toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Node> mutants(Node node) {
    List<Node> mutants = new ArrayList<>();
    List<String> lines = node.rules.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("-A ")) {
        mutants.add(new Node(without(lines, i), node.sets));
        if (lines.get(i + 1).startsWith(line.substring(0, line.indexOf(' ', 3)))) {
          List<String> swapped = new ArrayList<>(lines);
          swapped.set(i, lines.get(i + 1));
          swapped.set(i + 1, line);
          mutants.add(new Node(text(swapped), node.sets));
        }
        Matcher port = PORT.matcher(line);
        if (port.find()) {
          for (int by : List.of(-1, 1)) {
            List<String> moved = new ArrayList<>(lines);
            moved.set(i, port.replaceFirst("--dport " + (Integer.parseInt(port.group(1)) + by)));
            mutants.add(new Node(text(moved), node.sets));
          }
        }
        Matcher mark = MARK.matcher(line);
        if (mark.find()) {
          List<String> marked = new ArrayList<>(lines);
          marked.set(i, mark.replaceFirst("$1 0x7000"));
          mutants.add(new Node(text(marked), node.sets));
        }
      }
    }
    List<String> sets = node.sets.lines().toList();
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).startsWith("add ")) {
        mutants.add(new Node(node.rules, without(sets, i)));
      }
    }
    return mutants;
  }

  private static String without(List<String> lines, int index) {
    List<String> rest = new ArrayList<>(lines);
    rest.remove(index);
    return text(rest);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static EnforcedRules read(Node node, AddressSet local) {
    return IptablesReader.read(
        new Dump("iptables-save", node.rules),
        new Dump("ip6tables-save", ""),
        new Dump("ipset save", node.sets),
        local);
  }

  /** Packets between any two ends that are not treated as the policies say: for certain, or perhaps. */
  private static Optional<Fate> wrong(Cluster cluster, EnforcedRules rules) {
    Map<Fate, Boolean> seen = new EnumMap<>(Fate.class);
    Interpreter interpreter = new Interpreter(rules);
    for (Sample sample : SampledPackets.of(cluster, OUTSIDE, PORTS)) {
      Packet packet = sample.packet();
      judge(interpreter, packet, sample.allowed(), seen);
      judge(interpreter, packet.in(ConnectionState.ESTABLISHED, true), true, seen);
      judge(interpreter, packet.in(ConnectionState.RELATED, false), true, seen);
    }
    return seen.containsKey(Fate.DROP)
        ? Optional.of(Fate.DROP)
        : seen.containsKey(Fate.UNKNOWN) ? Optional.of(Fate.UNKNOWN) : Optional.empty();
  }

  private static void judge(
      Interpreter interpreter, Packet packet, boolean may, Map<Fate, Boolean> seen) {
    Fate fate = interpreter.walk(packet).fate();
    if (fate == Fate.UNKNOWN) {
      seen.put(Fate.UNKNOWN, true);
    } else if ((fate == Fate.ACCEPT) != may) {
      seen.put(Fate.DROP, true);
    }
  }

  private static Cluster cluster(String... names) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (String name : names) {
      sources.add(Source.text(name, file(name)));
    }
    return Manifests.read(sources, ReadOptions.DEFAULT).cluster();
  }

  @Test
  void aMutantOfKubeRoutersRulesIsRefutedExactlyWhenAPacketFaresOtherwise() throws IOException {
    judge(
        "kube-router",
        cluster("cluster.yaml", "ingress.yaml"),
        new Node(file("kube-router-ingress.txt"), file("kube-router-sets.txt")),
        List.of(
            Obligation.SELF_THROUGH_SERVICE,
            Obligation.ICMP,
            Obligation.OTHER_PROTOCOLS,
            Obligation.MULTICAST,
            Obligation.INFRASTRUCTURE));
  }

  @Test
  void aMutantOfAzureNpmsRulesIsRefutedExactlyWhenAPacketFaresOtherwise() throws IOException {
    judge(
        "Azure NPM",
        cluster("azure-npm/cluster.yaml"),
        new Node(file("azure-npm/iptables-save.txt"), file("azure-npm/ipset-save.txt")),
        List.of(
            Obligation.SELF_THROUGH_SERVICE,
            Obligation.ICMP,
            Obligation.OTHER_PROTOCOLS,
            Obligation.MULTICAST,
            Obligation.INFRASTRUCTURE,
            Obligation.NON_POD));
  }

  private static void judge(String layout, Cluster cluster, Node node, List<Obligation> leftOpen) {
    Plan plan = Plan.of(cluster);
    AddressSet local = Scope.CLUSTER.addresses(cluster);
    Contract contract = Contract.STRICT.only(Family.IPV4);
    for (Obligation open : leftOpen) {
      contract = open.leftOpen(contract, cluster, Scope.CLUSTER, plan.options());
    }
    int refuted = 0;
    List<Node> mutants = mutants(node);
    mutants.add(node);
    for (Node mutant : mutants) {
      EnforcedRules rules = read(mutant, local);
      Proof proof = Prover.prove(
          new Claim(plan, Scope.CLUSTER, rules, contract), Set.of(Way.SETS), Limits.DEFAULT);
      assertThat(proof.verdict())
          .as(() -> mutant.rules + mutant.sets + proof.difference())
          .isEqualTo(wrong(cluster, rules)
              .map(fate -> fate == Fate.DROP ? Proof.Verdict.DIFFERS : Proof.Verdict.UNKNOWN)
              .orElse(Proof.Verdict.PROVED));
      refuted += proof.verdict() == Proof.Verdict.DIFFERS ? 1 : 0;
    }
    System.out.println(
        layout + ": " + mutants.size() + " mutants, " + refuted + " of them refuted");
    assertThat(refuted).isBetween(8, mutants.size() - 5);
  }
}
