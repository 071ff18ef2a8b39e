package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.Reader.Dump;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.manifest.Manifests;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import dev.postern.nftables.reader.NftablesReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Dumps of other teams' programs with what was recorded of them: real packets decided for kube-router, an emulator of the agent's look-up for
 * Cilium; OVN-Kubernetes' rows are right but for a fault that is known. They lie beside the project where they lie at all.
 */
class DataplaneCorpusTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus", "dataplanes");

  /** What was tried with each dump of kube-router, besides all pairs of pods. */
  private static final List<Integer> PORTS = List.of(53, 80, 81, 130, 443, 8080);

  /** An AdminNetworkPolicy's named port collects the ports of its peers. */
  private static final List<String> FAULTS = List.of("ovn-kubernetes-anp/02");

  /** A case's wrong flows, by its number. */
  private static Map<String, Integer> recorded(String dataplane) throws IOException {
    Map<String, Integer> wrong = new TreeMap<>();
    for (String line : Files.readAllLines(CORPUS.resolve(dataplane).resolve("verdicts.tsv"))) {
      String[] columns = line.split("\t", -1);
      wrong.put(columns[0], columns.length < 3 ? 0 : Integer.parseInt(columns[2]));
    }
    assertThat(wrong).hasSizeGreaterThan(5);
    return wrong;
  }

  private static void isJudgedAsRecorded(String dataplane, List<String> options)
      throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
    for (Map.Entry<String, Integer> each : recorded(dataplane).entrySet()) {
      Path folder = CORPUS.resolve(dataplane).resolve(each.getKey());
      List<String> arguments = new ArrayList<>(
          List.of("prove", "--by", "sets", "-f", folder.resolve("cluster.yaml").toString()));
      options.forEach(option -> arguments.add(option.replace("FOLDER", folder.toString())));
      Run run = Run.of(arguments.toArray(String[]::new));
      boolean fault = each.getValue() > 0 || FAULTS.contains(dataplane + "/" + each.getKey());
      assertThat(run.status())
          .as("%s %s: %s", dataplane, each.getKey(), run.out())
          .isEqualTo(fault ? ExitStatus.NO : ExitStatus.YES);
    }
  }

  @Test
  void kubeRoutersRulesOfIptables() throws IOException {
    isJudgedAsRecorded(
        "kube-router-iptables",
        List.of(
            "--dataplane",
            "kube-router",
            "--iptables-save",
            "FOLDER/iptables-save.txt",
            "--ipset-save",
            "FOLDER/ipset-save.txt"));
  }

  @Test
  void kubeRoutersRulesOfNftables() throws IOException {
    isJudgedAsRecorded(
        "kube-router-nft", List.of("--dataplane", "kube-router", "--nft", "FOLDER/ruleset.nft"));
  }

  @Test
  void ciliumsMaps() throws IOException {
    isJudgedAsRecorded("cilium", List.of("--dataplane", "cilium", "--cilium-dump", "FOLDER/dump"));
  }

  @Test
  void ovnKubernetesRowsOfNetworkPolicies() throws IOException {
    isJudgedAsRecorded(
        "ovn-kubernetes-np",
        List.of("--dataplane", "ovn-kubernetes", "--ovn-nb", "FOLDER/nb.json"));
  }

  @Test
  void ovnKubernetesRowsOfAdminNetworkPolicies() throws IOException {
    isJudgedAsRecorded(
        "ovn-kubernetes-anp",
        List.of("--dataplane", "ovn-kubernetes", "--ovn-nb", "FOLDER/nb.json"));
  }

  /** Packet by packet the rules as they are read go wrong as often as the kernel did. */
  @Test
  void kubeRoutersRulesGoWrongOnAsManyFlowsAsRealPacketsDid() throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
    for (String dataplane : List.of("kube-router-iptables", "kube-router-nft")) {
      for (Map.Entry<String, Integer> each : recorded(dataplane).entrySet()) {
        Path folder = CORPUS.resolve(dataplane).resolve(each.getKey());
        Cluster cluster = Manifests.load(folder.resolve("cluster.yaml")).cluster();
        assertThat(wrong(cluster, rules(folder)))
            .as("%s %s", dataplane, each.getKey())
            .isEqualTo(each.getValue());
      }
    }
  }

  private static EnforcedRules rules(Path folder) throws IOException {
    Path nft = folder.resolve("ruleset.nft");
    return Files.exists(nft)
        ? NftablesReader.read(nft.toString(), Files.readString(nft))
        : IptablesReader.read(
            new Dump("iptables-save", Files.readString(folder.resolve("iptables-save.txt"))),
            new Dump("ip6tables-save", ""),
            new Dump("ipset save", Files.readString(folder.resolve("ipset-save.txt"))),
            AddressSet.EMPTY);
  }

  /** Between any two pods, over TCP and UDP. */
  private static int wrong(Cluster cluster, EnforcedRules rules) {
    List<End.InPod> pods = cluster.workloads().stream()
        .flatMap(workload -> workload.pods().stream()
            .map(pod -> new End.InPod(
                workload, Optional.of(pod), pod.addresses().stream().findFirst())))
        .toList();
    Reference policies = new Reference(cluster, Options.DEFAULT);
    Interpreter interpreter = new Interpreter(rules);
    int wrong = 0;
    for (End.InPod from : pods) {
      for (End.InPod to : pods) {
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
          for (int port : PORTS) {
            if (from != to) {
              Address source = from.address().orElseThrow();
              Address destination = to.address().orElseThrow();
              boolean may = policies.judge(new Flow(from, to, protocol, port)).verdict()
                  == FlowVerdict.ALLOWED;
              Fate fate = interpreter
                  .walk(Packet.opening(source, destination, protocol, port))
                  .fate();
              wrong += may == (fate == Fate.ACCEPT) && fate != Fate.UNKNOWN ? 0 : 1;
            }
          }
        }
      }
    }
    return wrong;
  }
}
