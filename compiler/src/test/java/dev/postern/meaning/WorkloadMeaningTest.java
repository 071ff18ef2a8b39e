package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Line 17: what becomes an endpoint. */
class WorkloadMeaningTest {

  private static String controller(String apiVersion, String kind) {
    return """
        apiVersion: %s
        kind: %s
        metadata: {name: api, namespace: shop, labels: {app: not-this}}
        spec:
          template:
            metadata: {labels: {app: api}}
            spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
        """.formatted(apiVersion, kind);
  }

  private static String pod(String name, String owner, String labels, String status) {
    return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: shop
          labels: %s
          ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: %s, uid: "1", controller: true}]
        spec: {containers: [{name: c, image: i}]}
        status: %s
        """.formatted(name, labels, owner, status);
  }

  @ParameterizedTest
  @CsvSource({
    "apps/v1,  Deployment",
    "apps/v1,  StatefulSet",
    "apps/v1,  DaemonSet",
    "apps/v1,  ReplicaSet",
    "v1,       ReplicationController",
    "batch/v1, Job",
  })
  void aControllerIsOneEndpointWithTheLabelsAndPortsOfItsTemplate(String apiVersion, String kind) {
    assertOneEndpoint(Scene.bare(controller(apiVersion, kind), policy()), kind);
  }

  @Test
  void aCronJobIsOneEndpointWithTheTemplateOfItsJob() {
    String cronJob = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: api, namespace: shop}
        spec:
          schedule: "* * * * *"
          jobTemplate:
            spec:
              template:
                metadata: {labels: {app: api}}
                spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
        """;
    assertOneEndpoint(Scene.bare(cronJob, policy()), "CronJob");
  }

  private static String policy() {
    return networkPolicy(
        "shop/api", "podSelector: {matchLabels: {app: api}}\ningress: [{ports: [{port: http}]}]");
  }

  private static void assertOneEndpoint(Scene scene, String kind) {
    assertThat(scene.cluster().workloads()).singleElement().satisfies(workload -> {
      assertThat(workload.kind()).isEqualTo(kind);
      assertThat(workload.id()).isEqualTo("shop/api");
    });
    assertThat(scene.ask("8.8.8.8", "shop/api", "tcp/8080")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.8.8", "shop/api", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void podsOfOneOwnerThatAgreeAreOneEndpoint() {
    Scene scene = Scene.bare(
        pod("db-0", "db", "{app: db}", "{podIP: 10.0.0.1}"),
        pod("db-1", "db", "{app: db}", "{podIP: 10.0.0.2}"));
    assertThat(scene.cluster().workloads()).singleElement().satisfies(workload -> {
      assertThat(workload.id()).isEqualTo("shop/db");
      assertThat(workload.pods()).hasSize(2);
    });
  }

  @Test
  void podsOfOneOwnerThatDifferAreEndpointsNamedAfterBoth() {
    Scene scene = Scene.bare(
        pod("db-0", "db", "{role: first}", "{}"), pod("db-1", "db", "{role: second}", "{}"));
    assertThat(scene.cluster().workloads().stream().map(Workload::id))
        .containsExactly("shop/db[db-0]", "shop/db[db-1]");
  }

  @Test
  void podsThatHaveEndedHoldNoAddressAndAreLeftOut() {
    Scene scene = Scene.bare(
        pod("db-0", "db", "{app: db}", "{phase: Succeeded, podIP: 10.0.0.1}"),
        pod("db-1", "db", "{app: db}", "{phase: Failed, podIP: 10.0.0.2}"),
        pod("db-2", "db", "{app: db}", "{phase: Running, podIP: 10.0.0.1}"));
    assertThat(scene.cluster().workloads())
        .singleElement()
        .satisfies(workload -> assertThat(workload.pods())
            .singleElement()
            .satisfies(pod -> assertThat(pod.name()).isEqualTo("db-2")));
  }
}
