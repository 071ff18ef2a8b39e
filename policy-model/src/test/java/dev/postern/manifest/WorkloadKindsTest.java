package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.WorkloadKinds.Made;
import dev.postern.manifest.WorkloadKinds.WorkloadKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kinds that others define and that make pods: read by their template, or named. */
class WorkloadKindsTest {

  private static Loaded read(String... documents) {
    return Manifests.read(Source.text("x.yaml", String.join("\n---\n", documents)));
  }

  private static String object(String version, String kind, String spec) {
    return "apiVersion: " + version + "\nkind: " + kind
        + "\nmetadata: {name: web, namespace: shop, labels: {own: label}}\nspec: " + spec;
  }

  private static String nested(String path) {
    String template =
        "{metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}}";
    if (path.isEmpty()) {
      return "{containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}";
    }
    String[] steps = path.split("\\.");
    for (int i = steps.length - 1; i > 0; i--) {
      template = "{" + (steps[i].equals("*") ? "jobTemplate" : steps[i]) + ": " + template + "}";
    }
    return template;
  }

  static Stream<WorkloadKind> kinds() {
    return WorkloadKinds.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindOfTheTableIsAWorkloadWithTheLabelsOfItsTemplate(WorkloadKind kind) {
    for (String version : kind.versions()) {
      Loaded loaded = read(object(version, kind.name(), nested(kind.templates().get(0))));
      assertThat(loaded.diagnostics()).isEmpty();
      assertThat(loaded.cluster().workloads()).hasSize(1);
      Workload web = loaded.cluster().workloads().get(0);
      assertThat(web.id()).isEqualTo("shop/web");
      assertThat(web.kind()).isEqualTo(kind.qualifiedName());
      assertThat(web.labels().get(kind.templates().get(0).isEmpty() ? "own" : "app"))
          .contains(kind.templates().get(0).isEmpty() ? "label" : "web");
      if (kind.made() == Made.PODS) {
        assertThat(web.ports()).singleElement().satisfies(port -> {
          assertThat(port.name()).isEqualTo("http");
          assertThat(port.number()).isEqualTo(80);
        });
        assertThat(web.labels().size()).isEqualTo(1);
      }
    }
  }

  @Test
  void aVirtualMachinesPodHasTheLaunchersLabelsAndTheInterfacesPorts() {
    Workload machine = read(object(
            "kubevirt.io/v1",
            "VirtualMachine",
            "{runStrategy: Always, template: {metadata: {labels: {app: db}}, spec: {hostname: db.example, domain: {devices: {interfaces: [{name: default, masquerade: {}, ports: [{name: sql, port: 5432}]}]}}}}}"))
        .cluster()
        .workloads()
        .get(0);
    assertThat(machine.labels().toString())
        .isEqualTo(
            "app=db,kubevirt.io=virt-launcher,vm.kubevirt.io/name=db,vmi.kubevirt.io/id=web");
    assertThat(machine.ports())
        .extracting(port -> port.name() + ":" + port.number())
        .containsExactly("sql:5432");
  }

  @Test
  void aKnativeServiceIsAWorkloadBesideAServiceOfTheSameName() {
    Loaded loaded = read(
        object("serving.knative.dev/v1", "Service", nested("spec.template")),
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: ExternalName, externalName: example.com}");
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.cluster().services()).hasSize(1);
    Workload web = loaded.cluster().workloads().get(0);
    assertThat(web.labels().toString())
        .isEqualTo(
            "app=web,serving.knative.dev/configuration=web,serving.knative.dev/revision=web-00001,serving.knative.dev/service=web");
    assertThat(web.ports())
        .extracting(port -> port.name() + ":" + port.number())
        .contains("user-port:80", "queue-port:8012");
  }

  @Test
  void theFieldsOfAKnativeRevisionAreKnownAndThoseOfNobodyAreNot() {
    String spec =
        "{containerConcurrency: 0, timeoutSeconds: 30, responseStartTimeoutSeconds: 1, idleTimeoutSeconds: 1, containers: [{image: i}]%s}";
    String service = "{template: {spec: " + spec + "}}";
    assertThat(read(object("serving.knative.dev/v1", "Service", service.formatted("")))
            .diagnostics())
        .isEmpty();
    assertThat(
            read(object("serving.knative.dev/v1", "Service", service.formatted(", concurrency: 1")))
                .diagnostics())
        .extracting(Diagnostic::message)
        .containsExactly("unknown field `concurrency` in RevisionSpec is ignored");
    assertThat(read(object("apps/v1", "Deployment", service.formatted(""))).diagnostics())
        .extracting(Diagnostic::code)
        .contains(Code.IGNORED_FIELD);
  }

  @Test
  void podsOfAVirtualMachineAndOfKnativeFindTheirOwner() {
    Loaded loaded = read(
        object("serving.knative.dev/v1", "Service", nested("spec.template")),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop, ownerReferences: [{apiVersion: serving.knative.dev/v1, kind: Service, name: web, controller: true}]}\nspec: {containers: []}");
    assertThat(loaded.cluster().workloads()).hasSize(1);
    assertThat(loaded.cluster().workloads().get(0).kind()).isEqualTo("Service.serving.knative.dev");
  }

  @Test
  void aRolloutMayUseTheTemplateOfADeployment() {
    String deployment =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: base, namespace: shop}\nspec: "
            + nested("spec.template").replaceFirst("\\{", "{replicas: 0, ");
    String rollout = object(
        "argoproj.io/v1alpha1",
        "Rollout",
        "{workloadRef: {apiVersion: apps/v1, kind: Deployment, name: base}}");
    assertThat(read(deployment, rollout).cluster().workloads())
        .extracting(w -> w.kind() + " " + w.name() + " " + w.labels())
        .containsExactly("Deployment base app=web", "Rollout web app=web");
    assertThat(read(rollout).cluster().leftOut())
        .extracting(LeftOut::cause, LeftOut::toString)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(LeftOut.Cause.TEMPLATE, "Rollout shop/web"));
  }

  @Test
  void anErrorInATemplateIsSaidAtItsPlace() {
    Loaded loaded = read(object(
        "argoproj.io/v1alpha1",
        "Rollout",
        "{template: {metadata: {labels: {app: 1}}, spec: {containers: []}}}"));
    assertThat(loaded.diagnostics())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.origin().path()).isEqualTo("spec.template.metadata.labels.app"));
    assertThat(read(object("argoproj.io/v1alpha1", "Rollout", "{replicas: 1}")).diagnostics())
        .hasSize(1);
  }

  @Test
  void whatMakesPodsAndIsNotReadIsNamed() {
    Loaded loaded = read(
        object("monitoring.coreos.com/v1", "Prometheus", "{replicas: 2}"),
        object("example.com/v1", "Gadget", "{deep: [{pod: " + nested("") + "}]}"),
        object("example.com/v1", "Widget", "{size: 1}"),
        object("kyverno.io/v1", "ClusterPolicy", "{rules: [" + nested("") + "]}"));
    assertThat(loaded.cluster().leftOut())
        .extracting(LeftOut::toString)
        .isEqualTo(List.of("Gadget shop/web", "Prometheus shop/web"));
  }
}
