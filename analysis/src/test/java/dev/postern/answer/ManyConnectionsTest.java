package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More pairs than an answer lists: the verdict must not depend on the list. */
class ManyConnectionsTest {

  private static final int COUNT = 200;

  /** Nobody in namespace `a` may be reached, but that the last pod may be by the last pod. */
  private static Cluster cluster(boolean admitOne) {
    List<Workload> workloads = IntStream.range(0, COUNT)
        .mapToObj(i -> new Workload(
            "a",
            "w%03d".formatted(i),
            "Deployment",
            Labels.of(Map.of("n", Integer.toString(i))),
            List.of(),
            false,
            List.of(),
            Origin.NONE))
        .toList();
    Selector last = Selector.equal("n", Integer.toString(COUNT - 1));
    Peer peer = new Peer.Pods(new NamespaceSelection.Named("a"), last, Origin.NONE);
    PolicyRule rule = new PolicyRule(
        Direction.INGRESS,
        0,
        "",
        Action.ALLOW,
        new Peers.AnyOf(List.of(peer)),
        Ports.ALL,
        Origin.NONE);
    Policy none = policy("none", Selector.EVERYTHING, List.of());
    Policy one = policy("one", last, List.of(rule));
    return Cluster.of(
        List.of(Namespace.undeclared("a")),
        workloads,
        admitOne ? List.of(none, one) : List.of(none));
  }

  private static Policy policy(String name, Selector pods, List<PolicyRule> ingress) {
    return new Policy(
        PolicyKind.NETWORK_POLICY,
        "a",
        name,
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named("a"), pods),
        Set.of(Direction.INGRESS),
        ingress,
        List.of(),
        Origin.NONE);
  }

  private static Verdict ask(Cluster cluster, String question) {
    Answer answer = Analysis.of(cluster).ask(question);
    assertThat(answer.connections()).hasSizeBetween(Answer.LIMIT, Answer.LIMIT + COUNT);
    assertThat(answer.unlisted()).isEqualTo(COUNT * COUNT - answer.connections().size());
    return answer.verdict();
  }

  @Test
  void thePairThatPassesIsFoundThoughItComesLast() {
    assertThat(ask(cluster(true), "can any pod in a reach any pod in a"))
        .isEqualTo(Verdict.ALLOWED);
    assertThat(ask(cluster(false), "can any pod in a reach any pod in a"))
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void onePairMakesEveryPairPartial() {
    assertThat(ask(cluster(true), "can every pod in a reach every pod in a"))
        .isEqualTo(Verdict.PARTIAL);
    assertThat(ask(cluster(false), "can every pod in a reach every pod in a"))
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void onePodThatReachesOneDoesNotReachAll() {
    assertThat(ask(cluster(true), "can any pod in a reach every pod in a"))
        .isEqualTo(Verdict.PARTIAL);
    assertThat(ask(cluster(true), "can every pod in a reach any pod in a"))
        .isEqualTo(Verdict.PARTIAL);
  }

  @Test
  void aListOfSourcesHasAllOfThemAndNobodyElse() {
    Answer who = Analysis.of(cluster(true)).ask("who can reach any pod in a");

    assertThat(who.connections())
        .filteredOn(c -> c.sourceRange().isEmpty())
        .singleElement()
        .satisfies(c -> assertThat(c.source() + c.destination()).isEqualTo("a/w199a/w199"));
    assertThat(who.unlisted()).isZero();
  }
}
