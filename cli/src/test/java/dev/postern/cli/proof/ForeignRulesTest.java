package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules as kube-router and Calico lay them out, written by hand after their sources: read, proved, or convicted by a packet. */
class ForeignRulesTest {

  private static Path file(String name) {
    try {
      return Path.of(ForeignRulesTest.class.getResource("foreign/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Run prove(String policy, String rules) {
    return Run.of(
        "prove",
        "-f",
        file("cluster.yaml").toString(),
        "-f",
        file(policy).toString(),
        "--iptables-save",
        file(rules).toString(),
        "--ipset-save",
        file("kube-router-sets.txt").toString());
  }

  /** A pod that calls itself through a Service is policed like any other: the documents say that it always may. */
  @Test
  void kubeRoutersRulesDropWhatAPodSendsToItself() {
    Run run = prove("ingress.yaml", "kube-router-ingress.txt");

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains("10.244.1.6 -> 10.244.1.6", "a pod always reaches itself", "they drop it");
    assertThat(run.err()).contains("type LOCAL are taken to mean");
  }

  @Test
  void kubeRoutersRulesForAnIngressPolicyAreProvedBesides() throws IOException {
    Proof proof = prove(
        Contract.STRICT.only(Family.IPV4).leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE),
        Files.readString(file("kube-router-ingress.txt")),
        Files.readString(file("kube-router-sets.txt")));

    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  /** A chain that holds both directions' rules is run through for either, so that ingress rules let egress pass. */
  @Test
  void kubeRoutersRulesForAPolicyOfBothTypesAreConvicted() {
    Run run = prove("both.yaml", "kube-router-both.txt");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .contains(
            "tcp/5432",
            "it has to be dropped: the policies deny it",
            "they let it pass",
            "KUBE-NWPLCY-GGGGGGGGGGGGGGGG",
            "NetworkPolicy shop/back");
  }

  @Test
  void rulesOfAPolicyThatIsGoneAreDrift() {
    Run run = prove("both.yaml", "kube-router-ingress.txt");

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
  }

  /** Calico polices by interface. What it drops of encapsulation and between a pod and itself no policy says: left open. */
  @Test
  void calicosRulesForAnIngressPolicyAreProvedWithItsOwnDropsLeftOpen() throws IOException {
    Proof proof = calico(Files.readString(file("calico.txt")));

    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  @Test
  void calicosRulesWithAnotherPortAreConvicted() throws IOException {
    Proof proof =
        calico(Files.readString(file("calico.txt")).replace("--dports 5432", "--dports 5433"));

    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().packet().destination())
        .isEqualTo(Address.parse("10.244.1.6"));
  }

  @Test
  void calicosOwnDropsAreFoundWhereTheyAreNotLeftOpen() throws IOException {
    Proof proof = prove(contract(), Files.readString(file("calico.txt")));

    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    assertThat(proof.difference().orElseThrow().passage().hits().toString())
        .containsAnyOf("encapped", "Unknown interface");
  }

  private static Proof calico(String rules) throws IOException {
    Condition workloads = new Condition.InInterface("cali", true);
    return prove(
        contract()
            .waiving("Calico drops what unknown workloads send", unknown(true))
            .waiving("Calico drops what is sent to unknown workloads", unknown(false))
            .waiving(
                "Calico drops tunnels from workloads",
                Condition.all(
                    workloads,
                    Condition.any(
                        new Condition.IpProtocol(Set.of(4)),
                        Condition.all(
                            new Condition.IpProtocol(Set.of(17)),
                            new Condition.DestinationPort(4789, 4789))))),
        rules);
  }

  /** An interface that looks like a workload's and is none. */
  private static Condition unknown(boolean in) {
    List<Condition> all = new ArrayList<>();
    all.add(
        in ? new Condition.InInterface("cali", true) : new Condition.OutInterface("cali", true));
    for (Contract.Binding binding : contract().interfaces()) {
      all.add(new Condition.Not(
          in
              ? new Condition.InInterface(binding.name(), false)
              : new Condition.OutInterface(binding.name(), false)));
    }
    return new Condition.All(all);
  }

  private static Contract contract() {
    return Contract.STRICT
        .only(Family.IPV4)
        .leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE)
        .with(behind("a", 5), behind("b", 6), behind("c", 7));
  }

  private static Contract.Binding behind(String letter, int address) {
    return new Contract.Binding(
        "cali" + ("0" + letter).repeat(5) + "0",
        AddressSet.ofAddresses(List.of(Address.parse("10.244.1." + address))));
  }

  private static Proof prove(Contract contract, String rules) throws IOException {
    return prove(contract, rules, Files.readString(file("calico-sets.txt")));
  }

  private static Proof prove(Contract contract, String rules, String sets) throws IOException {
    EnforcedRules read = IptablesReader.read(
        new Dump("iptables-save", rules),
        new Dump("ip6tables-save", ""),
        new Dump("ipset save", sets),
        AddressSet.ofAddresses(List.of(Address.parse("192.168.7.11"))));
    Plan plan = Plan.of(Manifests.read(
            List.of(
                Source.text("cluster.yaml", Files.readString(file("cluster.yaml"))),
                Source.text("ingress.yaml", Files.readString(file("ingress.yaml")))),
            ReadOptions.DEFAULT)
        .cluster());
    return Prover.prove(
        new Claim(plan, Scope.CLUSTER, read, contract), EnumSet.allOf(Way.class), Limits.DEFAULT);
  }
}
