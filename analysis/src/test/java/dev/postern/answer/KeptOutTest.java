package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptOutTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.1}, {ip: "2001:db8::1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: plain, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.3}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n2, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.2}, {ip: "2001:db8::2"}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [%s]}]}
      """;

  @Test
  void aPodOfBothFamiliesThatPassesOverOneIsKeptOutOverTheOther() {
    String manifests = PODS.formatted("{ipBlock: {cidr: 10.0.0.0/8}}");
    assertThat(pods(manifests, "who can reach shop/db on 80"))
        .containsExactly("shop/web over IPv6");
    assertThat(pods(manifests, "what can shop/web reach on 80"))
        .containsExactly("shop/db over IPv6");
    assertThat(pods(manifests, "what can shop/plain reach on 80")).isEmpty();
    assertThat(pods(
            PODS.formatted("{ipBlock: {cidr: \"2001:db8::/64\"}}"), "who can reach shop/db on 80"))
        .containsExactlyInAnyOrder("shop/web over IPv4", "shop/plain");
  }

  @Test
  void whoPassesOverBothFamiliesOrNeitherIsNotKeptOutOverOne() {
    assertThat(pods(
            PODS.formatted("{podSelector: {matchLabels: {app: web}}}"),
            "who can reach shop/db on 80"))
        .isEmpty();
    assertThat(pods(
            PODS.formatted("{podSelector: {matchLabels: {app: nobody}}}"),
            "who can reach shop/db on 80"))
        .containsExactlyInAnyOrder("shop/web", "shop/plain");
  }

  private static List<String> pods(String manifests, String question) {
    Analysis analysis =
        Analysis.of(Manifests.read(Source.text("a.yaml", manifests)).cluster());
    return analysis.keptOut(analysis.ask(question)).stream()
        .flatMap(each -> each.names().stream())
        .filter(name -> name.startsWith("shop/"))
        .toList();
  }
}
