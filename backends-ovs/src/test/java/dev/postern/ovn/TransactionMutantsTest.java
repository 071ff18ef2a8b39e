package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.ovn.ovsdb.OvsdbException;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.OvnPrograms;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Broken transactions in a real OVN: where ovn-trace shows that a connection is treated otherwise than the policies say, no proof says that it does
 * not, neither of the file nor of the database.
 */
class TransactionMutantsTest {

  private static final int CLUSTERS = Integer.getInteger("mutants.clusters", 5);
  private static final int FIRST = Integer.getInteger("mutants.first", 0);
  private static final int PROBES = Integer.getInteger("mutants.probes", 120);
  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  private final Map<TransactionMutants.Kind, int[]> tally =
      new EnumMap<>(TransactionMutants.Kind.class);
  private final List<String> wrong = new ArrayList<>();
  private int rejected;

  @Test
  void noMutantThatChangesAFateIsProvedWithoutTiers() throws IOException {
    judge(OvnPrograms.installed(), OvnVersion.V23_03);
  }

  @Test
  void noMutantThatChangesAFateIsProvedWithTiers() throws IOException {
    judge(OvnPrograms.newer(), OvnVersion.TIERS);
  }

  private void judge(OvnPrograms release, OvnVersion version) throws IOException {
    Ovn backend = Ovn.backend(OvnOptions.DEFAULT.withVersion(version));
    try (OvnLab lab = new OvnLab(release)) {
      int compiled = 0;
      for (int seed = FIRST; compiled < CLUSTERS; seed++) {
        Cluster cluster = RandomCluster.of(seed, PROFILE);
        Plan plan = Plan.of(cluster);
        String transaction;
        try {
          transaction = backend
              .skipping(PolicedPods.Unaddressed.SKIP)
              .compile(plan, Scope.CLUSTER)
              .file("transaction.json");
        } catch (Refusal refusal) {
          continue;
        }
        compiled++;
        lab.pods(cluster);
        judge(lab, cluster, plan, (ArrayNode) new ObjectMapper().readTree(transaction), seed);
      }
    }
    tally.forEach((kind, count) -> System.out.println("OVN " + release.version()
        + " mutants, seeds from " + FIRST + ", " + kind + ": "
        + count[Proof.Verdict.DIFFERS.ordinal()] + " refuted, "
        + count[Proof.Verdict.UNKNOWN.ordinal()] + " unknown, "
        + count[Proof.Verdict.PROVED.ordinal()] + " without effect"));
    System.out.println("OVN " + release.version() + " rejected " + rejected + " mutants");
    assertThat(wrong).isEmpty();
    assertThat(tally.get(TransactionMutants.Kind.NOTHING)[Proof.Verdict.PROVED.ordinal()])
        .isEqualTo(CLUSTERS);
    assertThat(tally).hasSizeGreaterThan(TransactionMutants.Kind.values().length - 3);
  }

  private void judge(OvnLab lab, Cluster cluster, Plan plan, ArrayNode whole, int seed)
      throws IOException {
    boolean tiers = !lab.release().isInstalled();
    Map<String, String> uuids = uuids(lab);
    PodPorts ports = PodPorts.of(cluster, OvnOptions.DEFAULT.portName());
    Random random = new Random(seed);
    for (TransactionMutants.Kind kind : TransactionMutants.Kind.values()) {
      Optional<ArrayNode> mutant = TransactionMutants.of(whole, kind, tiers, random);
      if (mutant.isEmpty()) {
        continue;
      }
      String text = Transaction.text(mutant.get());
      try {
        lab.query(named(text, uuids));
      } catch (OvsdbException refused) {
        rejected++;
        continue;
      }
      Proof.Verdict file = prove(plan, text, ports);
      Proof.Verdict database = prove(plan, lab.northbound.dump(), PodPorts.NONE);
      tally.computeIfAbsent(kind, k -> new int[3])[file.ordinal()]++;
      if (file == Proof.Verdict.PROVED || database == Proof.Verdict.PROVED) {
        lab.sync();
        difference(lab, cluster, plan, random)
            .ifPresent(
                fate -> wrong.add("cluster " + seed + ", " + kind + ": " + fate + "; the file is "
                    + file + ", the database " + database + "\n" + changed(whole, mutant.get())));
      }
    }
  }

  private static Proof.Verdict prove(Plan plan, String text, PodPorts ports) {
    NorthboundReader.NorthboundRules reading = NorthboundReader.read(text, "nb", ports);
    return Prover.prove(plan, Scope.CLUSTER, reading.rules(), reading.contract())
        .verdict();
  }

  private static Map<String, String> uuids(OvnLab lab) throws IOException {
    JsonNode ports = lab.query(
        "[\"OVN_Northbound\",{\"op\":\"select\",\"table\":\"Logical_Switch_Port\",\"where\":[],"
            + "\"columns\":[\"_uuid\",\"name\"]}]");
    Map<String, String> uuids = new HashMap<>();
    for (JsonNode row : ports.path(0).path("rows")) {
      uuids.put(row.path("name").asText(), row.path("_uuid").path(1).asText());
    }
    return uuids;
  }

  /** The transaction with the ports' UUIDs in the place of their names. */
  private static String named(String text, Map<String, String> uuids) {
    String named = text;
    for (Map.Entry<String, String> port : uuids.entrySet()) {
      named = named.replace(
          "\"" + Transaction.PORT + port.getKey() + "\"", "\"" + port.getValue() + "\"");
    }
    return named;
  }

  /** A connection that is treated otherwise in the real engine than by the policies. */
  private static Optional<String> difference(OvnLab lab, Cluster cluster, Plan plan, Random random)
      throws IOException {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    try (OvnTrace opening = new OvnTrace(lab, cluster, "new");
        OvnTrace further = new OvnTrace(lab, cluster, "est");
        OvnTrace answer = new OvnTrace(lab, cluster, "est,rpl")) {
      for (Flow flow : new Flows(cluster, plan, random).some(PROBES)) {
        Judgement judgement = reference.judge(flow);
        boolean outside = opening.port(flow.source()).equals(opening.port(flow.destination()));
        if (judgement.exemption() == Judgement.Exemption.SAME_POD || outside) {
          continue;
        }
        boolean allowed = judgement.verdict() == FlowVerdict.ALLOWED;
        if (opening.arrives(flow) != allowed) {
          return Optional.of(flow + " is " + judgement.verdict() + "\n"
              + opening.detailed(opening.microflow(flow)));
        }
        if (further.arrives(flow) != allowed) {
          return Optional.of("further packets of " + flow + " are " + judgement.verdict());
        }
        if (allowed && !answer.isAnswered(flow)) {
          return Optional.of("answers to " + flow + " do not come back");
        }
      }
    }
    return Optional.empty();
  }

  private static String changed(ArrayNode whole, ArrayNode mutant) {
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    whole.forEach(operation -> before.add(operation.toString()));
    mutant.forEach(operation -> after.add(operation.toString()));
    List<String> common = new ArrayList<>(before);
    common.retainAll(after);
    before.removeAll(common);
    after.removeAll(common);
    return String.join("\n", before) + "\nbecame\n" + String.join("\n", after);
  }
}
