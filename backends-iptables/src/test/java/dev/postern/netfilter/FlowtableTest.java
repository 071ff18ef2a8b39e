package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Obligation;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Family;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.RandomCluster;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Postern's own ruleset beside a flowtable, which many kernels lack, so that only the reader is asked: what sends known flows on decides nothing. */
class FlowtableTest {

  private static final String FLOWS = """
      table inet flows {
      	flowtable ft {
      		hook ingress priority filter
      		devices = { "in0", "out0" }
      	}

      	chain forward {
      		type filter hook forward priority 20; policy accept;
      		ct state established flow add @ft
      		tcp flags syn / syn,rst tcp option maxseg size set rt mtu
      	}
      }
      """;

  private static Proof proof(long seed, String flows, Proof.Way way) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
    Plan plan = Plan.of(cluster);
    String ours = Nftables.backend().compile(plan, Scope.CLUSTER).file(Nftables.RULESET);
    Contract contract = Contract.STRICT
        .only(Family.IPV4)
        .leavingOpen(Exemption.OWN_NODE, Exemption.SAME_POD)
        .using(Map.of(Family.IPV4, Set.of("in0")));
    for (Obligation open :
        List.of(Obligation.ICMP, Obligation.OTHER_PROTOCOLS, Obligation.NON_POD)) {
      contract = open.leftOpen(contract, cluster, Scope.CLUSTER, plan.options());
    }
    return Prover.prove(
        plan, Scope.CLUSTER, NftablesReader.read(ours + flows), contract, EnumSet.of(way));
  }

  @ParameterizedTest
  @EnumSource(Proof.Way.class)
  void whatSendsKnownFlowsOnDecidesNothing(Proof.Way way) throws Refusal {
    for (long seed = 0; seed < 4; seed++) {
      assertThat(proof(seed, FLOWS, way).verdict())
          .as("seed %d", seed)
          .isEqualTo(Proof.Verdict.PROVED);
    }
  }

  @ParameterizedTest
  @EnumSource(Proof.Way.class)
  void aDropInItsPlaceIsRefuted(Proof.Way way) throws Refusal {
    PacketDifference difference =
        proof(0, FLOWS.replace("flow add @ft", "drop"), way).difference().orElseThrow();

    assertThat(difference.packet().state()).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(difference.shouldPass()).isTrue();
  }

  /** Which flags a packet has is not followed. */
  @ParameterizedTest
  @EnumSource(Proof.Way.class)
  void aDropOfFirstPacketsIsNotProved(Proof.Way way) throws Refusal {
    String drop = FLOWS.replace("tcp option maxseg size set rt mtu", "drop");

    assertThat(proof(0, drop, way).verdict()).isEqualTo(Proof.Verdict.UNKNOWN);
  }
}
