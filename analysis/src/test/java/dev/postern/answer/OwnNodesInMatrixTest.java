package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Reach;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod exchanges with its own node passes whatever policies say; the matrix and questions say the same of it. */
class OwnNodesInMatrixTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: shut, namespace: shop, labels: {app: shut}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: floating, namespace: shop, labels: {app: shut}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.9}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: near, namespace: sys}
      spec: {nodeName: n1, hostNetwork: true, containers: [{name: c, image: i}]}
      status: {podIP: 192.0.2.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: far, namespace: sys}
      spec: {nodeName: n2, hostNetwork: true, containers: [{name: c, image: i}]}
      status: {podIP: 192.0.2.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, namespace: shop, labels: {app: shut}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: u, controller: true}]}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, namespace: shop, labels: {app: shut}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: u, controller: true}]}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.4}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: shut, namespace: shop}
      spec: {podSelector: {matchLabels: {app: shut}}, policyTypes: [Ingress]}
      """;

  private static final Analysis ANALYSIS =
      Analysis.of(Manifests.read(Source.text("shop.yaml", CLUSTER)).cluster());

  private static Connectivity matrix(String from, String to) {
    return ANALYSIS.connectivity(
        MatrixQuery.parse(Optional.of(from), Optional.of(to), Optional.empty()));
  }

  private static Map<String, Reach> rows(Connectivity matrix) {
    Map<String, Reach> rows = new LinkedHashMap<>();
    matrix
        .connections()
        .forEach(pair -> rows.put(pair.source() + " -> " + pair.destination(), pair.reach()));
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "sys/near, shop/shut, ALLOWED",
    "sys/far, shop/shut, DENIED",
    "sys/near, shop/floating, UNKNOWN",
    "sys/near, shop/web, PARTIAL",
    "192.0.2.1, shop/shut, ALLOWED",
    "192.0.2.2, shop/shut, DENIED",
    "192.0.2.1, shop/floating, UNKNOWN",
    "192.0.2.3, shop/floating, DENIED",
    "node/n1, shop/shut, ALLOWED"
  })
  void theMatrixSaysWhatQuestionsSay(String from, String to, Answer.Verdict verdict) {
    assertThat(ANALYSIS.ask("can " + from + " reach " + to + " on 80").verdict())
        .isEqualTo(verdict);
    Map<String, Reach> passes = rows(matrix(from, to));
    Map<String, Reach> denied = rows(matrix(from, to).denied());
    switch (verdict) {
      case ALLOWED -> {
        assertThat(passes.values()).isNotEmpty().containsOnly(Reach.EVERYTHING);
        assertThat(denied).isEmpty();
      }
      case DENIED -> {
        assertThat(passes).isEmpty();
        assertThat(denied.values()).containsOnly(Reach.EVERYTHING);
      }
      default -> {
        assertThat(passes.values()).hasSize(1).allMatch(r -> r.allowed().isEmpty());
        assertThat(passes.values()).allMatch(r -> r.possible().isAll());
        assertThat(denied).isEqualTo(passes);
      }
    }
  }

  @Test
  void theAddressesOfNodesAreToldFromOthersThatAreNamedWithThem() {
    assertThat(rows(matrix("192.0.2.0/30", "shop/shut")))
        .isEqualTo(Map.of("192.0.2.1-192.0.2.1 -> shop/shut", Reach.EVERYTHING));
    assertThat(rows(matrix("192.0.2.0/30", "shop/shut").denied()))
        .containsOnlyKeys(
            "192.0.2.0-192.0.2.0 -> shop/shut",
            "192.0.2.2-192.0.2.2 -> shop/shut",
            "192.0.2.3-192.0.2.3 -> shop/shut");
    assertThat(matrix("192.0.2.0/30", "shop/shut").notes()).noneMatch(OwnNodesInMatrixTest::ranges);
  }

  @Test
  void aRangeThatHoldsAddressesOfNodesSaysThatItDoesNotShowThem() {
    assertThat(ANALYSIS.connectivity().notes()).anyMatch(OwnNodesInMatrixTest::ranges);
  }

  private static boolean ranges(String note) {
    return note.startsWith("ranges of addresses hold those of nodes, such as 192.0.2.1");
  }

  @Test
  void theReasonIsThatPoliciesHaveNoSay() {
    List<PairReason> reasons =
        ANALYSIS.reasons(matrix("sys/near", "shop/shut"), false).toList();
    assertThat(reasons).hasSize(1);
    assertThat(reasons.get(0).parts()).hasSize(1).allSatisfy(part -> {
      assertThat(part.verdict()).isEqualTo(FlowVerdict.ALLOWED);
      assertThat(part.sample().judgement().exemption()).isEqualTo(Judgement.Exemption.OWN_NODE);
    });
    assertThat(ANALYSIS.reasons(matrix("sys/near", "shop/web"), false).toList())
        .flatExtracting(PairReason::parts)
        .extracting(PairReason.Part::verdict)
        .containsOnly(FlowVerdict.UNKNOWN);
  }
}
