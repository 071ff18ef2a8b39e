package dev.postern.manifest;

import java.util.List;
import java.util.Optional;

/**
 * The kinds beyond Kubernetes' own that make pods of a template that they hold, in one table: where the template is, and which labels and
 * ports their controller adds to what is written. A kind whose controller gives pods labels that cannot be told from the object is not here:
 * its objects are named as not read ({@link UnreadWorkloads}).
 */
final class WorkloadKinds {

  /** What a template describes, and what its controller makes of it. */
  enum Made {
    /** Pods as written. */
    PODS,
    /** Knative's: Serving adds labels and the ports of its queue proxy, and names the user's port. */
    KNATIVE,
    /** KubeVirt's: pods of virtual machines, with the machine's labels and the launcher's. */
    MACHINES
  }

  /**
   * A kind.
   *
   * @param name the kind; not unique, as Knative's {@code Service}
   * @param versions the API versions read, the current one first
   * @param made what its templates describe
   * @param templates where they are: fields with dots between them, {@code *} for every field; the empty path is the
   *     object itself, whose own labels its pods get
   */
  record WorkloadKind(String name, List<String> versions, Made made, List<String> templates) {

    String group() {
      String version = versions.get(0);
      return version.substring(0, version.indexOf('/'));
    }

    /** The kind, with its group where another kind that is read has the same name, as kubectl writes it. */
    String qualifiedName() {
      return SHARED.contains(name) ? name + "." + group() : name;
    }
  }

  /** Names that Kubernetes' own kinds have too. */
  private static final List<String> SHARED = List.of("Service", "StatefulSet", "DaemonSet");

  private static final String TEMPLATE = "spec.template";

  static final List<WorkloadKind> ALL = List.of(
      // https://argo-rollouts.readthedocs.io/en/stable/features/specification/
      kind("Rollout", Made.PODS, TEMPLATE, "argoproj.io/v1alpha1"),
      // https://kubevirt.io/api-reference/
      kind(
          "VirtualMachine",
          Made.MACHINES,
          TEMPLATE,
          "kubevirt.io/v1",
          "kubevirt.io/v1beta1",
          "kubevirt.io/v1alpha3"),
      kind(
          "VirtualMachineInstance",
          Made.MACHINES,
          "",
          "kubevirt.io/v1",
          "kubevirt.io/v1beta1",
          "kubevirt.io/v1alpha3"),
      kind(
          "VirtualMachineInstanceReplicaSet",
          Made.MACHINES,
          TEMPLATE,
          "kubevirt.io/v1",
          "kubevirt.io/v1beta1",
          "kubevirt.io/v1alpha3"),
      kind(
          "VirtualMachinePool",
          Made.MACHINES,
          "spec.virtualMachineTemplate.spec.template",
          "pool.kubevirt.io/v1beta1",
          "pool.kubevirt.io/v1alpha1"),
      // https://knative.dev/docs/serving/reference/serving-api/
      kind("Service", Made.KNATIVE, TEMPLATE, "serving.knative.dev/v1"),
      kind("Configuration", Made.KNATIVE, TEMPLATE, "serving.knative.dev/v1"),
      kind("Revision", Made.KNATIVE, "", "serving.knative.dev/v1"),
      // https://openkruise.io/docs/
      kind("CloneSet", Made.PODS, TEMPLATE, "apps.kruise.io/v1alpha1"),
      kind("StatefulSet", Made.PODS, TEMPLATE, "apps.kruise.io/v1beta1", "apps.kruise.io/v1alpha1"),
      kind("DaemonSet", Made.PODS, TEMPLATE, "apps.kruise.io/v1alpha1", "apps.kruise.io/v1beta1"),
      kind(
          "BroadcastJob", Made.PODS, TEMPLATE, "apps.kruise.io/v1alpha1", "apps.kruise.io/v1beta1"),
      kind(
          "AdvancedCronJob",
          Made.PODS,
          "spec.template.*.spec.template",
          "apps.kruise.io/v1alpha1",
          "apps.kruise.io/v1beta1"),
      kind(
          "UnitedDeployment",
          Made.PODS,
          "spec.template.*.spec.template",
          "apps.kruise.io/v1alpha1"));

  private WorkloadKinds() {}

  private static WorkloadKind kind(String name, Made made, String template, String... versions) {
    return new WorkloadKind(name, List.of(versions), made, List.of(template));
  }

  /** What an owner is called here that a reference names by kind and version. */
  static String qualifiedName(String kind, Optional<String> apiVersion) {
    return apiVersion.filter(version -> version.contains("/")).stream()
        .map(version -> version.substring(0, version.indexOf('/')))
        .flatMap(group ->
            ALL.stream().filter(each -> each.name().equals(kind) && each.group().equals(group)))
        .map(WorkloadKind::qualifiedName)
        .findFirst()
        .orElse(kind);
  }
}
