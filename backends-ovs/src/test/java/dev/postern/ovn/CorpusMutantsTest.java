package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.enforced.RuleAction;
import dev.postern.manifest.Manifests;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.ovn.read.NorthboundDumps;
import dev.postern.plan.Plan;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.OvnPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rows that OVN-Kubernetes' own controller wrote, each database with one thing broken and put into a real OVN: refuted where a packet is treated
 * otherwise by ovn-trace, and nowhere else. They lie beside the project where they lie at all.
 */
class CorpusMutantsTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus", "dataplanes");
  private static final int FIRST = Integer.getInteger("mutants.first", 0);
  private static final int EACH = Integer.getInteger("mutants.each", 1);
  private static final int FLOWS = 60;

  private final Map<DumpedRows.Kind, Map<Proof.Verdict, Integer>> seen =
      new EnumMap<>(DumpedRows.Kind.class);
  private int confirmed;

  @BeforeAll
  static void isThere() {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
  }

  @Test
  void rowsOfNetworkPoliciesAreRefutedExactlyWhenOvnLetsAPacketFareOtherwise() throws IOException {
    mutants("ovn-kubernetes-np", OvnPrograms.installed(), false);
  }

  @Test
  void rowsOfAdminNetworkPoliciesAreRefutedExactlyWhenOvnLetsAPacketFareOtherwise()
      throws IOException {
    mutants("ovn-kubernetes-anp", OvnPrograms.newer(), true);
  }

  private void mutants(String dataplane, OvnPrograms release, boolean tiers) throws IOException {
    try (OvnLab lab = new OvnLab(release);
        Stream<Path> cases = Files.list(CORPUS.resolve(dataplane))) {
      for (Path folder : cases.filter(Files::isDirectory).sorted().toList()) {
        Cluster cluster = Manifests.load(folder.resolve("cluster.yaml")).cluster();
        String dump = Files.readString(folder.resolve("nb.json"));
        for (int seed = FIRST; seed < FIRST + EACH; seed++) {
          Random random = new Random(seed);
          for (DumpedRows.Kind kind : DumpedRows.Kind.values()) {
            DumpedRows rows = DumpedRows.parse(dump);
            if (rows.isBroken(kind, random)) {
              judge(lab, cluster, rows, kind, tiers, random, folder + ", " + kind + ", " + seed);
            }
          }
        }
      }
    }
    System.out.println("mutants of " + dataplane + ", seeds from " + FIRST + ": " + seen + ", "
        + confirmed + " witnesses confirmed by ovn-trace");
    assertThat(confirmed).isGreaterThan(5);
  }

  private void judge(
      OvnLab lab,
      Cluster cluster,
      DumpedRows rows,
      DumpedRows.Kind kind,
      boolean tiers,
      Random random,
      String what)
      throws IOException {
    Reading reading = new NorthboundDumps()
        .read(Map.of("ovn-nb", List.of(new Dump("nb.json", rows.text()))), cluster, Scope.CLUSTER);
    assertThat(reading.problems()).as(what).isEmpty();
    Plan plan = Plan.of(cluster);
    Contract contract = reading.contract();
    for (Obligation open :
        List.of(Obligation.NON_POD, Obligation.OTHER_PROTOCOLS, Obligation.INFRASTRUCTURE)) {
      contract = open.leftOpen(contract, cluster, Scope.CLUSTER, plan.options());
    }
    Proof proof = Prover.prove(plan, Scope.CLUSTER, reading.rules(), contract);
    seen.computeIfAbsent(kind, k -> new EnumMap<>(Proof.Verdict.class))
        .merge(proof.verdict(), 1, Integer::sum);
    // Of ACLs of one priority that contradict each other nobody knows which one counts.
    assertThat(kind == DumpedRows.Kind.ORDER_SWAPPED || proof.verdict() != Proof.Verdict.UNKNOWN)
        .as(what)
        .isTrue();
    lab.pods(cluster);
    lab.transact(rows.transaction(ports(lab), tiers));
    lab.sync();
    try (OvnTrace trace = new OvnTrace(lab, cluster)) {
      if (proof.verdict() == Proof.Verdict.PROVED) {
        Reference reference = new Reference(cluster, Options.DEFAULT);
        for (Flow flow : new Flows(cluster, plan, random).some(FLOWS)) {
          Judgement judgement = reference.judge(flow);
          boolean outside = trace.port(flow.source()).equals(trace.port(flow.destination()));
          if (judgement.exemption() == Exemption.NONE && !outside && !isLeftOpen(contract, flow)) {
            assertThat(trace.arrives(flow))
                .as("%s: %s %s", what, flow, judgement)
                .isEqualTo(judgement.verdict() == FlowVerdict.ALLOWED);
          }
        }
      } else if (proof.verdict() == Proof.Verdict.DIFFERS) {
        confirm(trace, cluster, proof.difference().orElseThrow(), what);
      }
    }
  }

  private static boolean isLeftOpen(Contract contract, Flow flow) {
    List<EnforcedRule> waivers = contract.waivers().stream()
        .map(waiver ->
            new EnforcedRule(waiver.packets(), RuleAction.DROP, waiver.reason(), Origin.NONE))
        .toList();
    EnforcedRules rules = new EnforcedRules(
        List.of(new Stage("", Condition.ALWAYS, "", Ending.ACCEPT)),
        Map.of("", new Chain("", waivers)));
    Packet packet = Packet.opening(
        Flows.address(flow.source()),
        Flows.address(flow.destination()),
        flow.protocol(),
        flow.port());
    return new Interpreter(rules).walk(packet).fate() == Fate.DROP;
  }

  /** OVN does with the packet what the proof says that the rules do. */
  private void confirm(OvnTrace trace, Cluster cluster, PacketDifference difference, String what)
      throws IOException {
    Packet packet = difference.packet();
    if (packet.state() != ConnectionState.NEW
        || packet.policyProtocol() == Protocol.OTHER && !packet.isIcmp()) {
      return;
    }
    Flow flow = new Flow(
        end(cluster, packet.source()),
        end(cluster, packet.destination()),
        packet.policyProtocol(),
        packet.destinationPort());
    assertThat(trace.arrives(flow))
        .as("%s: %s", what, packet)
        .isNotEqualTo(difference.shouldPass());
    confirmed++;
  }

  private static End end(Cluster cluster, Address address) {
    return Plan.of(cluster).classes().endpoints().stream()
        .filter(pod -> pod.address().filter(address::equals).isPresent())
        .map(End.class::cast)
        .findFirst()
        .orElse(new End.Outside(address));
  }

  private static Map<String, String> ports(OvnLab lab) throws IOException {
    Map<String, String> ports = new TreeMap<>();
    JsonNode rows = lab.query(
        "[\"OVN_Northbound\", {\"op\": \"select\", \"table\": \"Logical_Switch_Port\", \"where\": [], \"columns\": [\"_uuid\", \"name\"]}]");
    for (JsonNode row : rows.path(0).path("rows")) {
      ports.put(row.path("name").asText(), row.path("_uuid").path(1).asText());
    }
    return ports;
  }
}
