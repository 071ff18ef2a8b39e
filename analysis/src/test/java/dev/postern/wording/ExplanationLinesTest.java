package dev.postern.wording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationLinesTest {

  private static final String ISOLATED = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n2, containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: []}
      """;

  @Test
  void aChangeOpensNothingElseOnlyWhereAllIsUnderstood() {
    assertThat(lines(ISOLATED)).contains("      which opens nothing else");
    String unread = """
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: other, namespace: elsewhere}
        spec: {endpointSelector: {}}
        """;
    assertThat(lines(ISOLATED + unread))
        .noneMatch(line -> line.contains("nothing"))
        .anyMatch(line -> line.startsWith("      and there may be more: ")
            && line.contains("CiliumNetworkPolicy"));
  }

  private static List<String> lines(String manifests) {
    Analysis analysis =
        Analysis.of(Manifests.read(Source.text("a.yaml", manifests)).cluster());
    return ExplanationLines.of(
        analysis.why(analysis.ask("can shop/web reach shop/db on 80")),
        List.of(),
        Abridgement.WHOLE);
  }
}
