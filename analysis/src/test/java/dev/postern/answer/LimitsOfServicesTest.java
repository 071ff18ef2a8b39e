package dev.postern.answer;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import org.junit.jupiter.api.Test;

/** What a Service itself keeps out: by the client's address, its node, or since nothing leads to it from outside. */
class LimitsOfServicesTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: near, namespace: shop, labels: {app: near}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: far, namespace: shop, labels: {app: far}}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: floating, namespace: shop, labels: {app: floating}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.3}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec:
        type: %s
        clusterIP: 10.96.0.7
        selector: {app: db}
        externalTrafficPolicy: Local
        ports: [{port: 80, targetPort: 5432}]
        %s
      status: {loadBalancer: {ingress: [{ip: 203.0.113.10}]}}
      """;

  private static final String RANGES = "loadBalancerSourceRanges: [198.51.100.0/24]";

  private static final String SHUT = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: shut, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
      """;

  private static Answer ask(String question, String type, String more) {
    return Analysis.of(
            Manifests.read(Source.text("shop.yaml", PODS.formatted(type, more))).cluster())
        .ask(question);
  }

  private static Answer balanced(String question) {
    return ask(question, "LoadBalancer", RANGES);
  }

  @Test
  void aLoadBalancerMayRefuseAClientByItsAddress() {
    assertThat(balanced("can 198.51.100.9 reach 203.0.113.10 on 80").verdict()).isEqualTo(ALLOWED);
    for (String client : new String[] {"203.0.113.99", "198.51.0.0/16", "internet", "shop/near"}) {
      Answer answer = balanced("can " + client + " reach 203.0.113.10 on 80");
      assertThat(answer.verdict()).as(client).isEqualTo(UNKNOWN);
      assertThat(answer.notes()).anyMatch(note -> note.contains("loadBalancerSourceRanges"));
    }
    assertThat(balanced("can internet reach service shop/db on 80").verdict()).isEqualTo(UNKNOWN);
    assertThat(balanced("can shop/near reach service shop/db on 80").verdict()).isEqualTo(ALLOWED);
    assertThat(ask("can internet reach 203.0.113.10 on 80", "LoadBalancer", "").verdict())
        .isEqualTo(ALLOWED);
  }

  @Test
  void theAnnotationOfCloudProvidersStandsForTheField() {
    String annotated = PODS.formatted("LoadBalancer", "")
        .replace(
            "{name: db, namespace: shop}\nspec:",
            "{name: db, namespace: shop, annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: '198.51.100.0/24, 192.0.2.0/24'}}\nspec:");
    Analysis analysis =
        Analysis.of(Manifests.read(Source.text("shop.yaml", annotated)).cluster());
    for (String client : new String[] {"198.51.100.9", "192.0.2.9"}) {
      assertThat(analysis.ask("can " + client + " reach 203.0.113.10 on 80").verdict())
          .isEqualTo(ALLOWED);
    }
    assertThat(analysis.ask("can 203.0.113.99 reach 203.0.113.10 on 80").verdict())
        .isEqualTo(UNKNOWN);
    String both = annotated.replace(
        "ports: [{port: 80", RANGES.replace("198.51.100", "203.0.113") + "\n  ports: [{port: 80");
    assertThat(Analysis.of(Manifests.read(Source.text("shop.yaml", both)).cluster())
            .ask("can 203.0.113.99 reach 203.0.113.10 on 80")
            .verdict())
        .isEqualTo(ALLOWED);
  }

  @Test
  void whatPoliciesDenyStaysDeniedWhateverTheLoadBalancerDoes() {
    assertThat(Analysis.of(Manifests.read(
                    Source.text("shop.yaml", PODS.formatted("LoadBalancer", RANGES) + SHUT))
                .cluster())
            .ask("can 203.0.113.99 reach 203.0.113.10 on 80")
            .verdict())
        .isEqualTo(DENIED);
  }

  @Test
  void aLocalServiceLeadsAPodToItsOwnNodeOnly() {
    String local = "internalTrafficPolicy: Local";
    assertThat(
            ask("can shop/near reach service shop/db on 80", "ClusterIP", local).verdict())
        .isEqualTo(ALLOWED);
    Answer far = ask("can shop/far reach service shop/db on 80", "ClusterIP", local);
    assertThat(far.verdict()).isEqualTo(DENIED);
    assertThat(far.notes()).anyMatch(note -> note.contains("runs on the client's node"));
    assertThat(ask("can shop/far reach 10.96.0.7 on 80", "ClusterIP", local).verdict())
        .isEqualTo(DENIED);
    Answer floating = ask("can shop/floating reach service shop/db on 80", "ClusterIP", local);
    assertThat(floating.verdict()).isEqualTo(UNKNOWN);
    assertThat(floating.notes()).anyMatch(note -> note.contains("run on one node"));
    assertThat(ask("can shop/far reach service shop/db on 80", "ClusterIP", "").verdict())
        .isEqualTo(ALLOWED);
  }

  @Test
  void aClusterIpIsSaidNotToBeRoutedFromOutside() {
    for (String called : new String[] {"10.96.0.7", "service shop/db"}) {
      assertThat(
              ask("can 203.0.113.9 reach " + called + " on 80", "ClusterIP", "").notes())
          .as(called)
          .anyMatch(note -> note.contains("not routed from outside"));
      assertThat(
              ask("can shop/near reach " + called + " on 80", "ClusterIP", "").notes())
          .as(called)
          .noneMatch(note -> note.contains("not routed from outside"));
    }
  }
}
