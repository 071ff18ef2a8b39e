package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Packet;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.PoliciesBySubject;
import dev.postern.meaning.Reference;
import dev.postern.plan.Plan;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyRule;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.testing.RandomCluster;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What an agent says of nodes, health checks and ingress proxies, in random clusters: as it is, and said of a pod. */
class AnyEntitiesTest {

  /** Between pods and what is left of the world a mutant is refuted exactly if the programs treat a packet otherwise. */
  @Property(tries = 40)
  void whatAnAgentWritesBesideIsNoFaultAndOfPodsItIsOne(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int release) throws Refusal {
    CiliumVersion version = CiliumVersion.values()[release];
    Cluster cluster = RandomCluster.of(seed, CiliumAgreesTest.PROFILE);
    Plan plan = Plan.of(cluster, EntitiesTest.OPTIONS);
    AgentEntries entries = new AgentEntries(
        Cilium.backend().withVersion(version).compile(plan, Scope.CLUSTER).files(), version);
    EntitiesTest.agent(entries);

    Proof healthy = EntitiesTest.proof(plan, entries.files(), Scope.CLUSTER);

    // Maps that Postern wrote have no entry for what an agent alone knows where policies let
    // everyone pass; an agent's have.
    if (healthy.verdict() != Proof.Verdict.PROVED) {
      assertThat(healthy.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
      PacketDifference difference = healthy.difference().orElseThrow();
      assertThat(difference.shouldPass())
          .as("seed %d, %s: %s", seed, version, difference)
          .isTrue();
      Flow flow = difference.judgement().orElseThrow().flow();
      FlowVerdict withoutBlocks = new Reference(withoutBlocks(cluster), EntitiesTest.OPTIONS)
          .judge(flow)
          .verdict();
      // A rule that allows nodes or names is taken to allow these addresses, too, whichever it
      // names.
      assertThat(withoutBlocks == FlowVerdict.ALLOWED || allowsOthers(cluster, flow))
          .as("seed %d, %s: %s", seed, version, difference)
          .isTrue();
    }

    Random random = new Random(seed);
    List<String> pods = cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .map(String::valueOf)
        .toList();
    if (pods.isEmpty()) {
      return;
    }
    int[] reserved = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    entries.knows(pods.get(random.nextInt(pods.size())), reserved[random.nextInt(reserved.length)]);
    Proof mutant = EntitiesTest.proof(plan, entries.files(), Scope.CLUSTER);
    Datapath datapath = new Datapath(entries.files(), version);
    if (mutant.verdict() == Proof.Verdict.PROVED) {
      Reference reference = new Reference(cluster, EntitiesTest.OPTIONS);
      assertThat(CiliumAgreesTest.flows(plan, random, 200))
          .as("seed %d", seed)
          .allMatch(flow -> reference.judge(flow).exemption() != Exemption.NONE
              || CiliumAgreesTest.passes(datapath, flow)
                  == (reference.judge(flow).verdict() == FlowVerdict.ALLOWED));
    } else {
      assertThat(mutant.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
      Packet packet = mutant.difference().orElseThrow().packet();
      assertThat(CorpusMutantsTest.passes(datapath, cluster, packet))
          .as("seed %d: %s", seed, packet)
          .isNotEqualTo(mutant.difference().orElseThrow().shouldPass());
    }
  }

  /** Whether a rule of the pod's own allows nodes, names or everyone. */
  private static boolean allowsOthers(Cluster cluster, Flow flow) {
    return allowsOthers(cluster, flow.source(), Direction.EGRESS)
        || allowsOthers(cluster, flow.destination(), Direction.INGRESS);
  }

  private static boolean allowsOthers(Cluster cluster, End end, Direction direction) {
    return end instanceof End.InPod pod
        && PoliciesBySubject.of(cluster).about(end).stream()
            .filter(policy -> policy.subject().pods().matches(pod.workload().labels()))
            .flatMap(policy -> policy.rules(direction).stream())
            .filter(rule -> rule.action() == Action.ALLOW)
            .anyMatch(rule -> !(rule.peers() instanceof Peers.AnyOf any)
                || any.peers().stream()
                    .anyMatch(peer -> !(peer instanceof Peer.IpBlock
                        || peer instanceof Peer.Networks
                        || peer instanceof Peer.Pods)));
  }

  /** The same policies, of which no block selects anything. */
  private static Cluster withoutBlocks(Cluster cluster) {
    return new Cluster(
        cluster.namespaces(),
        cluster.workloads(),
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies().stream()
            .map(policy -> policy.withTypesWritten())
            .map(policy ->
                policy.withRules(withoutBlocks(policy.ingress()), withoutBlocks(policy.egress())))
            .toList(),
        cluster.unread());
  }

  private static List<PolicyRule> withoutBlocks(List<PolicyRule> rules) {
    return rules.stream()
        .map(rule -> rule.peers() instanceof Peers.AnyOf any
            ? new PolicyRule(
                rule.direction(),
                rule.index(),
                rule.name(),
                rule.action(),
                new Peers.AnyOf(any.peers().stream()
                    .filter(peer -> !(peer instanceof Peer.IpBlock))
                    .toList()),
                rule.ports(),
                rule.origin())
            : rule)
        .toList();
  }
}
