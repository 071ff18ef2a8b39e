package dev.postern.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That Services are not compared is said where they differ. */
class ChangedServicesTest {

  private static final String WEB = service("web", "selector: {app: web}, ports: [{port: 80}]");

  private static String service(String name, String spec) {
    return """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: shop}
        spec: {%s}
        """.formatted(name, spec);
  }

  private static Cluster cluster(String... services) {
    return Manifests.read(Source.text("shop.yaml", String.join("", services))).cluster();
  }

  private static List<String> notes(Cluster before, Cluster after) {
    return Difference.between(Plan.of(before), Plan.of(after)).notes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selector: {app: db}, ports: [{port: 80}]",
        "selector: {app: web}, ports: [{port: 81}]",
        "selector: {app: web}, ports: [{port: 81, targetPort: 80}]",
        "selector: {app: web}, ports: [{port: 80, targetPort: http}]",
        "selector: {app: web}, ports: [{port: 80, protocol: UDP}]",
        "type: NodePort, selector: {app: web}, ports: [{port: 80}]",
        "clusterIP: None, selector: {app: web}, ports: [{port: 80}]",
        "selector: {app: web}, ports: [{port: 80}], externalIPs: [198.51.100.1]",
        "selector: {app: web}, ports: [{port: 80}], internalTrafficPolicy: Local",
        "type: ExternalName, externalName: example.com"
      })
  void aServiceThatLeadsElsewhereIsNoted(String spec) {
    assertThat(notes(cluster(WEB), cluster(service("web", spec))))
        .containsExactly(
            "pods and addresses are compared, not Services, which differ: changed shop/web");
  }

  @Test
  void aServiceMoreOrLessIsNoted() {
    String all = "selector: {app: web}, ports: [{port: 80}]";

    assertThat(notes(cluster(WEB), cluster(service("db", all))))
        .containsExactly(
            "pods and addresses are compared, not Services, which differ: new shop/db; gone shop/web");
    assertThat(notes(
            cluster(),
            cluster(
                WEB,
                service("w10", all),
                service("w2", all),
                service("w3", all),
                service("w4", all))))
        .containsExactly("pods and addresses are compared, not Services, which differ:"
            + " new shop/w2, shop/w3, shop/w4, shop/w10 and 1 more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clusterIP: 10.96.0.1, selector: {app: web}, ports: [{port: 80}]",
        "selector: {app: web}, ports: [{port: 80, targetPort: 80}]"
      })
  void whatAClusterFillsInIsNoDifference(String spec) {
    assertThat(notes(cluster(WEB), cluster(service("web", spec)))).isEmpty();
    assertThat(notes(cluster(WEB), cluster(WEB))).isEmpty();
  }
}
