package dev.postern.manifest;

/** The shapes of pods and of what makes them. A field with a type is one that changes what a policy meets. */
final class WorkloadShapes {

  static final FieldShape CONTAINER_PORT = FieldShape.lenient("ContainerPort")
      .string("name", "protocol")
      .integer("containerPort")
      .any("hostIP", "hostPort");

  static final FieldShape CONTAINER = FieldShape.lenient("Container")
      .string("name", "restartPolicy")
      .list(CONTAINER_PORT, "ports")
      .any(
          "args",
          "command",
          "env",
          "envFrom",
          "image",
          "imagePullPolicy",
          "lifecycle",
          "livenessProbe",
          "readinessProbe")
      .any(
          "resizePolicy",
          "resources",
          "restartPolicyRules",
          "securityContext",
          "startupProbe",
          "stdin",
          "stdinOnce")
      .any(
          "terminationMessagePath",
          "terminationMessagePolicy",
          "tty",
          "volumeDevices",
          "volumeMounts",
          "workingDir");

  static final FieldShape POD_SPEC = podSpec("PodSpec");

  static final FieldShape POD_TEMPLATE = FieldShape.lenient("PodTemplateSpec")
      .object(Shapes.OBJECT_META, "metadata")
      .object(POD_SPEC, "spec");

  /** Knative's: a pod's fields and, beside them, those of RevisionSpec (https://knative.dev/docs/serving/reference/serving-api/). */
  static final FieldShape REVISION_TEMPLATE = FieldShape.lenient("RevisionTemplateSpec")
      .object(Shapes.OBJECT_META, "metadata")
      .object(
          podSpec("RevisionSpec")
              .any(
                  "containerConcurrency",
                  "timeoutSeconds",
                  "responseStartTimeoutSeconds",
                  "idleTimeoutSeconds"),
          "spec");

  static final FieldShape POD = Shapes.object("Pod").object(POD_SPEC, "spec");

  static final FieldShape DEPLOYMENT =
      workload("Deployment", "DeploymentSpec", FieldShape.ValueType.OBJECT);
  static final FieldShape STATEFUL_SET =
      workload("StatefulSet", "StatefulSetSpec", FieldShape.ValueType.OBJECT);
  static final FieldShape DAEMON_SET =
      workload("DaemonSet", "DaemonSetSpec", FieldShape.ValueType.OBJECT);
  static final FieldShape REPLICA_SET =
      workload("ReplicaSet", "ReplicaSetSpec", FieldShape.ValueType.OBJECT);
  static final FieldShape REPLICATION_CONTROLLER = workload(
      "ReplicationController", "ReplicationControllerSpec", FieldShape.ValueType.STRING_MAP);
  static final FieldShape DEPLOYMENT_CONFIG =
      workload("DeploymentConfig", "DeploymentConfigSpec", FieldShape.ValueType.STRING_MAP);

  static final FieldShape JOB_SPEC = FieldShape.lenient("JobSpec")
      .object(POD_TEMPLATE, "template")
      .any(
          "activeDeadlineSeconds",
          "backoffLimit",
          "backoffLimitPerIndex",
          "completionMode",
          "completions",
          "managedBy")
      .any(
          "manualSelector",
          "maxFailedIndexes",
          "parallelism",
          "podFailurePolicy",
          "podReplacementPolicy",
          "scheduling")
      .any("selector", "successPolicy", "suspend", "ttlSecondsAfterFinished");

  static final FieldShape JOB = Shapes.object("Job").object(JOB_SPEC, "spec");

  static final FieldShape JOB_TEMPLATE =
      FieldShape.lenient("JobTemplateSpec").object(JOB_SPEC, "spec").any("metadata");

  static final FieldShape CRON_JOB_SPEC = FieldShape.lenient("CronJobSpec")
      .object(JOB_TEMPLATE, "jobTemplate")
      .any("concurrencyPolicy", "failedJobsHistoryLimit", "schedule", "startingDeadlineSeconds")
      .any("successfulJobsHistoryLimit", "suspend", "timeZone");

  static final FieldShape CRON_JOB = Shapes.object("CronJob").object(CRON_JOB_SPEC, "spec");

  /** Of kinds that others define only the head is known, and the templates, which are judged where they are found. */
  static final FieldShape CUSTOM = FieldShape.open("object")
      .string("apiVersion", "kind")
      .object(Shapes.OBJECT_META, "metadata")
      .any("spec", "status");

  static final FieldShape MACHINE_PORT =
      FieldShape.lenient("Port").string("name", "protocol").integer("port");

  /** The fields of all controllers in one: none of them means anything here but the template and the number of replicas. */
  private static FieldShape workload(String kind, String spec, FieldShape.ValueType selector) {
    FieldShape shape = FieldShape.lenient(spec)
        .object(POD_TEMPLATE, "template")
        .integer("replicas")
        .any(
            "minReadySeconds",
            "ordinals",
            "paused",
            "persistentVolumeClaimRetentionPolicy",
            "podManagementPolicy")
        .any(
            "progressDeadlineSeconds",
            "revisionHistoryLimit",
            "rollbackTo",
            "serviceName",
            "strategy",
            "templateGeneration")
        .any("test", "triggers", "updateStrategy", "volumeClaimTemplates");
    shape = selector == FieldShape.ValueType.OBJECT
        ? shape.object(Shapes.LABEL_SELECTOR, "selector")
        : shape.stringMap("selector");
    return Shapes.object(kind).object(shape, "spec");
  }

  private static FieldShape podSpec(String name) {
    return FieldShape.lenient(name)
        .list(CONTAINER, "containers", "initContainers")
        .bool("hostNetwork")
        .string("nodeName", "hostname", "subdomain")
        .any(
            "activeDeadlineSeconds",
            "affinity",
            "automountServiceAccountToken",
            "dnsConfig",
            "dnsPolicy")
        .any(
            "enableServiceLinks",
            "ephemeralContainers",
            "evictionResponders",
            "hostAliases",
            "hostIPC",
            "hostPID")
        .any("hostUsers", "hostnameOverride", "imagePullSecrets", "nodeSelector", "os", "overhead")
        .any(
            "preemptionPolicy",
            "priority",
            "priorityClassName",
            "readinessGates",
            "resourceClaims",
            "resources")
        .any(
            "restartPolicy",
            "runtimeClassName",
            "schedulerName",
            "schedulingGates",
            "schedulingGroup",
            "securityContext")
        .any("serviceAccount", "serviceAccountName", "setHostnameAsFQDN", "shareProcessNamespace")
        .any(
            "terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints", "volumes");
  }

  private WorkloadShapes() {}
}
