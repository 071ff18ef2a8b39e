package dev.postern.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.answer.Answer;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.wording.Abridgement;
import dev.postern.wording.AnswerLines;
import dev.postern.wording.ExplanationLines;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of peers that a rule may mean, for all that the manifests say, reasons say neither that it means them nor that there is no rule. */
class PeersNotKnownTest {

  private static final Cluster CLUSTER =
      Manifests.read(List.of(Source.text("all.yaml", """
              apiVersion: v1
              kind: Namespace
              metadata: {name: shop, labels: {team: a}}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: db, namespace: shop, labels: {app: db}}
              spec: {containers: []}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: web, namespace: shop, labels: {app: web}}
              spec: {containers: []}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: web, namespace: undeclared, labels: {app: web}}
              spec: {containers: []}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: api, namespace: undeclared, labels: {app: api}}
              spec: {containers: []}
              ---
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: p, namespace: shop}
              spec:
                podSelector: {matchLabels: {app: db}}
                ingress:
                  - from:
                      - namespaceSelector: {matchLabels: {team: b}}
                        podSelector: {matchLabels: {app: web}}
              """)), ReadOptions.DEFAULT).cluster();

  @Test
  void aRuleThatMayMeanItAllowsPerhaps() {
    assertThat(why("can undeclared/web reach shop/db on 80"))
        .contains("perhaps allowed by shop/p ingress[0]")
        .contains("ingress: perhaps shop/p ingress[0] (all.yaml:31:7), else isolated by shop/p");
  }

  @Test
  void whoIsNotAmongThoseThatMayBeMeantIsToldWhatTheRuleWants() {
    assertThat(why("can internet reach shop/db on 80"))
        .contains("not allowed by shop/p ingress[0] (all.yaml:31:7): from[0] selects pods, ")
        .doesNotContain("perhaps", "there is no rule");
    assertThat(why("can shop/web reach shop/db on 80"))
        .contains("not allowed by shop/p ingress[0]", "needs a namespace with team=b")
        .doesNotContain("perhaps", "there is no rule");
    assertThat(why("can undeclared/api reach shop/db on 80"))
        .contains("not allowed by shop/p ingress[0]")
        .doesNotContain("perhaps", "there is no rule");
  }

  private static String why(String question) {
    Analysis analysis = Analysis.of(CLUSTER);
    Answer answer = analysis.ask(question);
    return String.join("\n", AnswerLines.of(answer, Abridgement.WHOLE).lines()) + "\n"
        + String.join(
            "\n",
            ExplanationLines.of(
                analysis.decided(answer), List.of(), Abridgement.shortened("the command line")));
  }
}
