package dev.postern.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.net.Traffic;
import dev.postern.policy.Policy;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import dev.postern.reach.ReachedPair;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Phrases, exposures and rows by labels mean what the matrix means, which the definition is held against. */
class SummariesAgreeWithTheMatrixTest {

  private static Map<List<Endpoint>, Reach> byPair(Connectivity matrix) {
    Map<List<Endpoint>, Reach> reached = new HashMap<>();
    for (ReachedPair pair : matrix.connections().toList()) {
      reached.put(List.of(pair.source(), pair.destination()), pair.reach());
    }
    return reached;
  }

  private static BitSet members(EndpointGroups groups, List<EndpointGroup> phrases) {
    BitSet all = new BitSet();
    phrases.forEach(phrase -> all.or(groups.members(phrase)));
    return all;
  }

  @Property(tries = 400)
  void rowsByLabelsSayOfEveryPairWhatTheMatrixSays(@ForAll Cluster cluster) {
    Connectivity matrix = Analysis.of(cluster).connectivity();
    List<Endpoint> endpoints = matrix.endpoints();
    EndpointGroups groups =
        new EndpointGroups(cluster, endpoints, EndpointGroups.outside(endpoints));
    Map<List<Endpoint>, Reach> said = new HashMap<>();
    List<MatrixByLabels.LabelRow> rows = MatrixByLabels.of(matrix);
    for (MatrixByLabels.LabelRow row : rows) {
      BitSet to = members(groups, row.destinations());
      members(groups, row.sources()).stream()
          .forEach(source -> to.stream()
              .filter(destination -> destination != source)
              .forEach(destination -> assertThat(said.put(
                      List.of(endpoints.get(source), endpoints.get(destination)), row.reach()))
                  .isNull()));
    }
    Map<List<Endpoint>, Reach> pairs = byPair(matrix);
    assertThat(said).isEqualTo(pairs);
    assertThat(rows.size()).isLessThanOrEqualTo(pairs.size());
  }

  @Property(tries = 300)
  void everyExposureSaysWhoOfTheMatrixReachesTheWorkload(@ForAll Cluster cluster) {
    Analysis analysis = Analysis.of(cluster);
    Connectivity matrix = analysis.connectivity();
    List<Endpoint> endpoints = matrix.endpoints();
    EndpointGroups groups =
        new EndpointGroups(cluster, endpoints, EndpointGroups.outside(endpoints));
    Map<List<Endpoint>, Reach> pairs = byPair(matrix);
    List<Exposure> exposures = analysis.exposure();
    assertThat(exposures).hasSize((int)
        endpoints.stream().filter(Endpoint.Pods.class::isInstance).count());
    for (Exposure exposure : exposures) {
      for (boolean in : new boolean[] {true, false}) {
        Map<List<Endpoint>, Reach> said = new HashMap<>();
        Exposure.ExposedSide side = in ? exposure.ingress() : exposure.egress();
        for (Exposure.PeerTraffic peers : side.peers()) {
          members(groups, peers.groups()).stream()
              .mapToObj(endpoints::get)
              .filter(other -> !other.id().equals(exposure.pods().id()))
              .forEach(other -> said.put(
                  in ? List.of(other, exposure.pods()) : List.of(exposure.pods(), other),
                  new Reach(peers.allowed(), peers.possible())));
        }
        Map<List<Endpoint>, Reach> expected = new HashMap<>(pairs);
        expected.keySet().removeIf(pair -> !pair.get(in ? 1 : 0).equals(exposure.pods()));
        assertThat(said).isEqualTo(expected);
        assertThat(side.reach() == Exposure.Openness.NOBODY).isEqualTo(expected.isEmpty());
      }
    }
  }

  @Test
  void whatOthersSayTogetherIsNoRow() {
    String pods = "abcdef"
        .chars()
        .mapToObj(name ->
            "{apiVersion: v1, kind: Pod, metadata: {name: %c, namespace: shop, labels: {app: %c}}, spec: {containers: []}}\n---\n"
                .formatted(name, name))
        .collect(Collectors.joining());
    // a reaches d, b reaches e and f, c reaches all three; what leaves the others does not matter
    // here.
    Connectivity matrix = Analysis.of(Manifests.read(Source.text(
                "x.yaml",
                pods
                    + onlyFrom("d", "a, c")
                    + onlyFrom("e", "b, c")
                    + onlyFrom("f", "b, c")
                    + onlyFrom("a, b, c", "")))
            .cluster())
        .connectivity();
    assertThat(MatrixByLabels.of(matrix))
        .extracting(row -> row.sources() + " -> " + row.destinations())
        .containsExactlyInAnyOrder(
            "[shop/a, shop/c] -> [shop/d]", "[shop/b, shop/c] -> [shop/e, shop/f]");
  }

  /** Policies by which pods let in only these, and may reach nobody but the three at the end. */
  private static String onlyFrom(String apps, String callers) {
    String list = "{matchExpressions: [{key: app, operator: In, values: [%s]}]}";
    String rules =
        callers.isEmpty() ? "" : "{from: [{podSelector: " + list.formatted(callers) + "}]}";
    String egress =
        callers.isEmpty() ? "{to: [{podSelector: " + list.formatted("d, e, f") + "}]}" : "";
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p%s, namespace: shop}
        spec: {podSelector: %s, policyTypes: [Ingress, Egress], ingress: [%s], egress: [%s]}
        ---
        """.formatted(apps.charAt(0), list.formatted(apps), rules, egress);
  }

  // --- in words

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: a, labels: {tier: front}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: b, labels: {tier: front}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: c}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a, labels: {app: web}}, spec: {containers: []}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: q, namespace: a, labels: {app: api}}, spec: {containers: []}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: r, namespace: b, labels: {app: web}}, spec: {containers: []}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: c, labels: {app: db}}, spec: {containers: []}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: job, namespace: c, labels: {app: job}}, spec: {containers: []}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: c}
      spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {matchLabels: {tier: front}}}], ports: [{port: 5432}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: job, namespace: c}
      spec: {podSelector: {matchLabels: {app: job}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}, namespaceSelector: {}}]}]}
      """;

  private static Cluster cluster() {
    return Manifests.read(Source.text("x.yaml", MANIFESTS)).cluster();
  }

  private static Optional<String> words(Exposure.ExposedSide side) {
    return side.peers().stream()
        .map(peers -> peers.groups() + " " + peers.allowed())
        .findFirst();
  }

  @Test
  void namespacesAndLabelsStandForWorkloads() {
    List<Exposure> all = Analysis.of(cluster(), Options.DEFAULT).exposure();
    Exposure db =
        all.stream().filter(e -> e.pods().id().equals("c/db")).findFirst().orElseThrow();
    Exposure job =
        all.stream().filter(e -> e.pods().id().equals("c/job")).findFirst().orElseThrow();
    assertThat(words(db.ingress())).contains("[pods in namespaces tier=front] tcp/5432");
    assertThat(words(job.ingress())).contains("[pods app=web] all traffic");
    assertThat(db.egress().peers()).isEmpty();
    assertThat(db.ingress().isolated()).isTrue();
    assertThat(db.policies()).extracting(Policy::id).containsExactly("c/db");
    // The most exposed first, whom everyone reaches.
    assertThat(all).extracting(e -> e.ingress().reach().words()).startsWith("the internet");
    assertThat(all.get(all.size() - 1).pods().id()).startsWith("c/");
  }

  @Test
  void rowsByLabelsAreFew() {
    List<String> rows = new ArrayList<>();
    MatrixByLabels.of(Analysis.of(cluster(), Options.DEFAULT).connectivity())
        .forEach(row -> rows.add(row.sources() + " -> " + row.destinations() + " "
            + (row.reach().allowed().equals(Traffic.ALL) ? "all" : row.reach().allowed())));
    assertThat(rows)
        .containsExactlyInAnyOrder(
            "[pods in namespaces tier=front] -> [the internet] all",
            "[the internet, pods in namespaces tier=front] -> [pods in namespaces tier=front] all",
            "[pods app=web] -> [c/job] all",
            "[pods in namespaces tier=front] -> [c/db] tcp/5432");
  }
}
