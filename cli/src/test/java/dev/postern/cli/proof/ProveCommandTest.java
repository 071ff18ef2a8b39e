package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern prove} on what `iptables-save` and `ipset save` printed on a node that Postern's rules were applied to. */
class ProveCommandTest {

  private static final Path NODE = Path.of("../examples/node");

  @TempDir
  private Path directory;

  private static Run prove(Path rules, String... more) {
    List<String> arguments = new ArrayList<>(List.of(
        "prove",
        "-f",
        NODE.resolve("cluster.yaml").toString(),
        "--iptables-save",
        rules.toString(),
        "--ipset-save",
        NODE.resolve("ipset-save.txt").toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private Path changed(UnaryOperator<String> change) throws IOException {
    String text = Files.readString(NODE.resolve("iptables-save.txt"));
    assertThat(change.apply(text)).isNotEqualTo(text);
    return Files.writeString(directory.resolve("changed.txt"), change.apply(text));
  }

  @Test
  void aNodeThatEnforcesThePoliciesIsProved() {
    Run run = prove(NODE.resolve("iptables-save.txt"));

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out())
        .startsWith(
            "proved for what was read alone: every packet is treated there as the policies say (")
        .contains("iptables, cluster, 2 pods, by sets and z3", "nothing is said of IPv6");
  }

  @Test
  void aPacketShowsWhatDiffersWithThePolicyAndTheRule() throws IOException {
    Run run = prove(changed(text -> text.replace("--dports 5432", "--dports 5433")));

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains(
            "differs: ",
            "10.0.1.11 -> 10.0.1.12 tcp/5433",
            "it has to be dropped: the policies deny it",
            "isolated by NetworkPolicy shop/db-from-web",
            "cluster.yaml:53:1",
            "they let it pass",
            "--dports 5433 -j RETURN",
            "changed.txt:50:1");
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    Run run = prove(changed(text -> text.replace("--dports 5432", "--dports 5433")), "-o", "json");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains(
            "\"verdict\" : \"differs\"",
            "\"dstPort\" : 5433",
            "\"shouldBe\" : \"dropped\"",
            "\"is\" : \"passed\"",
            "\"policy\" : \"shop/db-from-web\"");
  }

  @Test
  void aProofOfOnePlaneSaysThatItIsNoneOfTheOthers() throws IOException {
    JsonNode alone = new ObjectMapper()
        .readTree(prove(NODE.resolve("iptables-save.txt"), "-o", "json").out());
    assertThat(alone.path("verdict").asText()).isEqualTo("proved");
    assertThat(alone.path("notRead").toString())
        .isEqualTo("[\"nftables\",\"iptables-legacy\",\"tc and XDP programs\"]");
    assertThat(alone.path("notes").path(0).asText()).startsWith("nothing was read of nftables");

    String[] rest = {
      "--nft", file("idle.nft", "table inet own {\n}\n"),
      "--iptables-legacy-save", file("legacy", "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n"),
      "--bpftool-net", file("net", "[{\"xdp\":[],\"tc\":[],\"flow_dissector\":[]}]"),
    };
    Run whole = prove(NODE.resolve("iptables-save.txt"), rest);
    assertThat(whole.out()).as(whole.err()).startsWith("proved: every packet is treated as");
    assertThat(prove(NODE.resolve("iptables-save.txt"), "--nft", rest[1]).out())
        .startsWith("proved for what was read alone: ");
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void aRuleThatIsNotUnderstoodIsUnknownWhereItMatters() throws IOException {
    Run run = prove(changed(text -> text.replace(
        "-p tcp -m multiport --dports 443", "-p tcp -m multiport --dports 443 -m u32 --u32 0=1")));

    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).startsWith("unknown: ").contains("(not understood)");
  }

  @Test
  void planesOfANodeAreJudgedTogether() throws IOException {
    Path idle = Files.writeString(directory.resolve("idle.nft"), "table inet own {\n}\n");
    Run run = prove(NODE.resolve("iptables-save.txt"), "--nft", idle.toString());
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out())
        .contains("(node, cluster, ", "nothing was read of iptables-legacy, tc and XDP programs,");

    Path drops = Files.writeString(directory.resolve("drops.nft"), """
        table inet own {
          chain forward {
            type filter hook forward priority 10; policy accept;
            ip daddr 10.0.1.12 tcp dport 5432 drop
          }
        }
        """);
    run = prove(NODE.resolve("iptables-save.txt"), "--nft", drops.toString(), "-o", "json");
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("tcp dport 5432 drop");
  }

  @Test
  void aPlaneThatTheDumpSaysItDoesNotShowMakesTheProofUnknown() throws IOException {
    Path warned = Files.writeString(
        directory.resolve("iptables-save.txt"),
        "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n"
            + Files.readString(NODE.resolve("iptables-save.txt")));
    Run run = prove(warned);
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out())
        .contains(
            "note: it may drop packets, and was not read: what `iptables-legacy-save` prints");
    Path legacy = Files.writeString(directory.resolve("legacy.txt"), "*filter\nCOMMIT\n");
    run = prove(warned, "--iptables-legacy-save", legacy.toString());
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void aDumpThatIsNoneIsBadInput() throws IOException {
    Run run = prove(Files.writeString(directory.resolve("no-dump.txt"), "what is this\n"));

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("no-dump.txt:1:1: error: ");
  }

  @Test
  void whatIsLeftOutOfTheManifestsForAnErrorIsSaidBesideTheVerdict() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.yaml"), """
        apiVersion: v1
        kind: Pod
        metadata: {name: late, namespace: shop}
        spec: {containers: [{name: late, image: i, ports: [{containerPort: 99999}]}]}
        """);
    Path rules = NODE.resolve("iptables-save.txt");

    Run text = prove(rules, "-f", broken.toString());
    Run json = prove(rules, "-f", broken.toString(), "-o", "json");

    assertThat(List.of(text.status(), json.status())).containsOnly(ExitStatus.BAD_INPUT);
    assertThat(text.out()).contains("note: left out for errors: Pod shop/late (");
    assertThat(json.out()).contains("\"left out for errors: Pod shop/late (");
  }

  @Test
  void aMissingFileAndMissingFlagsAreBadInput() {
    assertThat(prove(Path.of("nowhere.txt")).err()).contains("nowhere.txt: error: no such file");
    Run run = Run.of("prove", "-f", NODE.resolve("cluster.yaml").toString());
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("--iptables-save <file>", "--nft <file>", "--live");
    run = prove(NODE.resolve("iptables-save.txt"), "--ovn-nb", "nb.json");
    assertThat(run.err()).contains("[iptables, ovn]");
    run = Run.of("prove", "-f", NODE.toString(), "--live", "cisco");
    assertThat(run.err()).contains("not cisco");
  }

  @Test
  void withoutAnyPodsAddressThereIsNoProof() throws IOException {
    Path workload = Files.writeString(directory.resolve("template.yaml"), """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: web}]}
        """);
    Path empty = Files.writeString(directory.resolve("empty.txt"), "*filter\nCOMMIT\n");
    Run run = Run.of("prove", "-f", workload.toString(), "--iptables-save", empty.toString());

    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("no pod has an address");
  }

  @Test
  void everyTargetIsProvedFromWhatItsCompilerWrites() throws IOException {
    String cluster = NODE.resolve("cluster.yaml").toString();
    Map<String, List<String>> flags = Map.of(
        "iptables",
        List.of(
            "--iptables-save", "iptables.restore",
            "--ip6tables-save", "ip6tables.restore",
            "--ipset-save", "ipset.restore"),
        "nftables",
        List.of("--nft", "ruleset.nft"),
        "ovn",
        List.of("--ovn-nb", "transaction.json"),
        "ovs",
        List.of("--ovs-flows", "flows.txt"),
        "bpf",
        List.of("--bpf-identities", "identities.json", "--bpf-policy", "policy.json"),
        "cilium",
        List.of("--cilium-dump", "."),
        "aws",
        List.of("--aws-dump", "."));
    Map<String, List<String>> choices = Map.of("cilium", List.of("--ip-block-matches-pods=false"));
    List<String> targets = new ArrayList<>(Readers.targets());
    // A node is read by all planes together and written by one.
    targets.remove("node");
    assertThat(flags).containsOnlyKeys(targets);
    for (Map.Entry<String, List<String>> target : flags.entrySet()) {
      Path out = directory.resolve(target.getKey());
      List<String> chosen = choices.getOrDefault(target.getKey(), List.of());
      List<String> compile = new ArrayList<>(
          List.of("compile", "--to", target.getKey(), "--out", out.toString(), "-f", cluster));
      compile.addAll(chosen);
      Run compiled = Run.of(compile.toArray(String[]::new));
      assertThat(compiled.status()).as(compiled.err()).isEqualTo(ExitStatus.YES);
      List<String> arguments = new ArrayList<>(List.of("prove", "-f", cluster));
      arguments.addAll(chosen);
      target
          .getValue()
          .forEach(word ->
              arguments.add(word.startsWith("--") ? word : out.resolve(word).toString()));
      Run run = Run.of(arguments.toArray(String[]::new));
      assertThat(run.status()).as(target + "\n" + run.out() + run.err()).isEqualTo(ExitStatus.YES);
    }
  }

  @Test
  void theWayIsChosenAndSaid() {
    Run run = prove(NODE.resolve("iptables-save.txt"), "--by", "z3");
    assertThat(run.out()).contains("by z3)");
    run = prove(NODE.resolve("iptables-save.txt"), "--by", "sets");
    assertThat(run.out()).contains("by sets)");
  }

  @Test
  void theQuestionsCanBeWrittenForAnotherSolver() throws IOException {
    Path questions = directory.resolve("questions");
    prove(NODE.resolve("iptables-save.txt"), "--smt-lib", questions.toString());

    try (Stream<Path> files = Files.list(questions)) {
      assertThat(files)
          .hasSize(5)
          .allSatisfy(file -> assertThat(file).content().contains("(check-sat)"));
    }
  }

  @Test
  void aDumpBesideAMachineIsRefused() {
    Run run = Run.of(
        "prove", "-f", NODE.toString(), "--live", "node", "--nft", "x.nft", "--ipset-save", "y");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .contains("--live node reads this machine, and no dump besides: --ipset-save, --nft");
  }
}
