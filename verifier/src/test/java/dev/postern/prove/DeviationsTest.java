package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Obligation;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Routing;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.prove.Proof.Verdict;
import dev.postern.selector.Labels;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kinds of difference: each is found once, and is gone where it is left open. Nothing may be sent out of `a`; `b` is free. */
class DeviationsTest {

  /** Each line after the first three is a difference of its own kind. */
  private static final String WRONG = """
      stage forward forward accept
      chain forward
        state established,related accept
        src 10.0.0.2 dst 10.0.0.2 tcp 80 drop
        src 10.0.0.2 proto 1 drop
        src 10.0.0.2 dst 203.0.113.9 udp 4789 drop
        src 10.0.0.2 proto 50 drop
        src 10.0.0.2 dst 224.0.0.1 udp 5353 drop
        src 10.0.0.2 dst 169.254.169.254 tcp 80 drop
        src 10.0.0.2 dst 172.17.0.5 tcp 80 drop
        src 203.0.113.1 dst 203.0.113.2 tcp 80 drop
        src 10.0.0.1 dst 10.0.0.1,192.168.0.1 accept
        src 10.0.0.1 dst 10.0.0.2 tcp 80 accept
        src 10.0.0.1 drop
      """;

  private static Workload workload(String name, String address) {
    Pod pod = new Pod(name, Optional.of("one"), List.of(Address.parse(address)), Origin.NONE);
    return new Workload(
        "x",
        name,
        "Pod",
        Labels.NONE.with("app", name),
        List.of(),
        false,
        List.of(pod),
        Origin.NONE);
  }

  private static Cluster cluster() {
    Policy policy = new Policy(
        PolicyKind.NETWORK_POLICY,
        "x",
        "deny-egress",
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named("x"), Selector.equal("app", "a")),
        Set.of(Direction.EGRESS),
        List.of(),
        List.of(),
        Origin.NONE);
    return new Cluster(
        new TreeMap<>(),
        List.of(workload("a", "10.0.0.1"), workload("b", "10.0.0.2")),
        List.of(),
        List.of(new Node("one", Labels.NONE, List.of(Address.parse("192.168.0.1")), Origin.NONE)),
        List.of(),
        List.of(policy));
  }

  private static Proof prove(Set<Obligation> open) {
    Contract contract = Contract.STRICT.with(
        new Routing(Map.of(), List.of(), AddressSet.of(Cidr.parse("172.17.0.0/16"))));
    for (Obligation obligation : open) {
      contract = obligation.leftOpen(contract, cluster(), Scope.CLUSTER, Options.DEFAULT);
    }
    return Prover.prove(Plan.of(cluster()), Scope.CLUSTER, RuleText.parse(WRONG), contract);
  }

  private static List<Optional<Obligation>> kinds(Proof proof) {
    return proof.causes().stream().map(Deviation::obligation).toList();
  }

  private static final Set<Obligation> SHOWN =
      EnumSet.complementOf(EnumSet.of(Obligation.CLUSTER_IPS));

  @Test
  void eachKindIsShownOnceAndWhatPoliciesDenyComesFirst() {
    Proof proof = prove(Set.of());

    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    List<Optional<Obligation>> expected = new ArrayList<>(List.of(Optional.empty()));
    SHOWN.forEach(obligation -> expected.add(Optional.of(obligation)));
    assertThat(kinds(proof)).containsExactlyElementsOf(expected);
    assertThat(proof.causes().get(0).isMoreOpen()).isTrue();
    assertThat(proof.causes().get(0).witness().packet().destination())
        .isEqualTo(Address.parse("10.0.0.2"));
    assertThat(proof.causes().subList(1, proof.causes().size())).noneMatch(Deviation::isMoreOpen);
    assertThat(proof.difference()).contains(proof.causes().get(0).witness());
  }

  @ParameterizedTest
  @EnumSource(value = Obligation.class, names = "CLUSTER_IPS", mode = EnumSource.Mode.EXCLUDE)
  void aKindThatIsLeftOpenIsGoneAndNoOther(Obligation obligation) {
    List<Optional<Obligation>> rest = new ArrayList<>(kinds(prove(Set.of())));
    assertThat(rest.remove(Optional.of(obligation))).isTrue();

    assertThat(kinds(prove(Set.of(obligation)))).isEqualTo(rest);
  }

  @Test
  void withAllKindsLeftOpenWhatPoliciesDenyIsStillFound() {
    Proof proof = prove(EnumSet.allOf(Obligation.class));

    assertThat(proof.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(kinds(proof)).containsExactly(Optional.empty());
  }
}
