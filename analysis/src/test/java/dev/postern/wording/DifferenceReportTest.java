package dev.postern.wording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Cluster;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceReportTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.1}%1$s]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n2, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.2}%2$s]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [%3$s]}
      """;

  private static final String FIRST = "{from: [{ipBlock: {cidr: 10.0.0.1/32}}]}";

  /** As JSON has said all along under {@code families}. */
  @Test
  void aRowOfOneFamilySaysSoWherePodsHaveBoth() {
    Cluster before = both("");
    assertThat(traffic(before, both(FIRST))).containsExactly("all traffic (IPv4)");
    assertThat(traffic(before, both("{from: [{podSelector: {matchLabels: {app: web}}}]}")))
        .containsExactly("all traffic");
    assertThat(traffic(cluster("", "", ""), cluster("", "", FIRST))).containsExactly("all traffic");
  }

  @Test
  void whatAChangeOpensOverOneFamilySaysSoToo() {
    Analysis analysis = Analysis.of(both("{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}"));
    assertThat(ExplanationLines.of(
            analysis.why(analysis.ask("can shop/web reach shop/db on 80")),
            List.of(),
            Abridgement.WHOLE))
        .contains("      which closes shop/web, 10.0.0.0/8 -> shop/db on all traffic (IPv4)");
  }

  private static List<String> traffic(Cluster before, Cluster after) {
    return DifferenceReport.of(
            Difference.between(before, after, Options.DEFAULT),
            new RowCauseSearch(before, after, Options.DEFAULT),
            "before",
            "after")
        .opened()
        .stream()
        .map(DifferenceReport.Line::traffic)
        .toList();
  }

  private static Cluster both(String rules) {
    return cluster(", {ip: \"2001:db8::1\"}", ", {ip: \"2001:db8::2\"}", rules);
  }

  private static Cluster cluster(String web, String db, String rules) {
    return Manifests.read(Source.text("a.yaml", PODS.formatted(web, db, rules))).cluster();
  }
}
