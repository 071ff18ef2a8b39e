package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.RandomCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that connection tracking is told to leave alone have no answers that it knows: what becomes of them is unknown, not assumed. */
class NotTrackedTest {

  private static final Plan PLAN = Plan.of(RandomCluster.of(3, NftablesKernelTest.PROFILE));

  private static Artifact artifact(Backend backend) throws Refusal {
    return backend.compile(PLAN, Scope.CLUSTER);
  }

  private static Proof.Verdict prove(EnforcedRules rules) {
    return Prover.prove(PLAN, Scope.CLUSTER, rules, Contract.STRICT).verdict();
  }

  private static Proof.Verdict iptables(String raw) throws Refusal {
    Artifact artifact = artifact(Iptables.backend());
    return prove(IptablesReader.read(
        artifact.file(Iptables.RULES_4) + raw,
        artifact.file(Iptables.RULES_6) + raw,
        artifact.file(Iptables.SETS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-j CT --notrack",
        "-p tcp -j CT --notrack",
        "-p udp -j NOTRACK",
        "-j CT --zone 5",
        "-i eth0 -j CT --zone-orig 5",
        "-j CT --zone mark"
      })
  void aRuleOfTheRawTableMakesItUnknown(String rule) throws Refusal {
    assertThat(
            iptables("*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING %s\nCOMMIT\n".formatted(rule)))
        .isEqualTo(Proof.Verdict.UNKNOWN);
  }

  /** Where nobody says so, no packet is untracked. */
  @Test
  void aRuleForUntrackedPacketsAloneChangesNothing() throws Refusal {
    assertThat(
            iptables(
                "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -m conntrack --ctstate UNTRACKED -j DROP\nCOMMIT\n"))
        .isEqualTo(Proof.Verdict.PROVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notrack",
        "meta l4proto tcp notrack",
        "ct zone set 5",
        "tcp dport 80 ct original zone set 5",
        "ct zone set mark"
      })
  void soDoesNftables(String rule) throws Refusal {
    String ruleset = artifact(Nftables.backend()).file(Nftables.RULESET);
    assertThat(prove(NftablesReader.read(ruleset))).isEqualTo(Proof.Verdict.PROVED);
    assertThat(prove(NftablesReader.read(ruleset + """
            table inet raw {
              chain prerouting {
                type filter hook prerouting priority raw; policy accept;
                %s
              }
            }
            """.formatted(rule))))
        .isEqualTo(Proof.Verdict.UNKNOWN);
  }
}
