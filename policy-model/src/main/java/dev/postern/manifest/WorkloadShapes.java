package dev.postern.manifest;

/** The shapes of pods and of what makes them. A field with a type is one that changes what a policy meets. */
final class WorkloadShapes {

  static final Shape CONTAINER_PORT = Shape.lenient("ContainerPort")
      .string("name", "protocol")
      .integer("containerPort")
      .any("hostIP", "hostPort");

  static final Shape CONTAINER = Shape.lenient("Container")
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

  static final Shape POD_SPEC = Shape.lenient("PodSpec")
      .list(CONTAINER, "containers", "initContainers")
      .bool("hostNetwork")
      .string("nodeName")
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
      .any(
          "hostUsers",
          "hostname",
          "hostnameOverride",
          "imagePullSecrets",
          "nodeSelector",
          "os",
          "overhead")
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
      .any(
          "serviceAccount",
          "serviceAccountName",
          "setHostnameAsFQDN",
          "shareProcessNamespace",
          "subdomain")
      .any("terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints", "volumes");

  static final Shape POD_TEMPLATE = Shape.lenient("PodTemplateSpec")
      .object(Shapes.OBJECT_META, "metadata")
      .object(POD_SPEC, "spec");

  static final Shape POD = Shapes.object("Pod").object(POD_SPEC, "spec");

  static final Shape DEPLOYMENT = workload("Deployment", "DeploymentSpec", Shape.ValueType.OBJECT);
  static final Shape STATEFUL_SET =
      workload("StatefulSet", "StatefulSetSpec", Shape.ValueType.OBJECT);
  static final Shape DAEMON_SET = workload("DaemonSet", "DaemonSetSpec", Shape.ValueType.OBJECT);
  static final Shape REPLICA_SET = workload("ReplicaSet", "ReplicaSetSpec", Shape.ValueType.OBJECT);
  static final Shape REPLICATION_CONTROLLER =
      workload("ReplicationController", "ReplicationControllerSpec", Shape.ValueType.STRING_MAP);
  static final Shape DEPLOYMENT_CONFIG =
      workload("DeploymentConfig", "DeploymentConfigSpec", Shape.ValueType.STRING_MAP);

  static final Shape JOB_SPEC = Shape.lenient("JobSpec")
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

  static final Shape JOB = Shapes.object("Job").object(JOB_SPEC, "spec");

  static final Shape JOB_TEMPLATE =
      Shape.lenient("JobTemplateSpec").object(JOB_SPEC, "spec").any("metadata");

  static final Shape CRON_JOB_SPEC = Shape.lenient("CronJobSpec")
      .object(JOB_TEMPLATE, "jobTemplate")
      .any("concurrencyPolicy", "failedJobsHistoryLimit", "schedule", "startingDeadlineSeconds")
      .any("successfulJobsHistoryLimit", "suspend", "timeZone");

  static final Shape CRON_JOB = Shapes.object("CronJob").object(CRON_JOB_SPEC, "spec");

  /** The fields of all controllers in one: none of them means anything here but the template and the number of replicas. */
  private static Shape workload(String kind, String spec, Shape.ValueType selector) {
    Shape shape = Shape.lenient(spec)
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
    shape = selector == Shape.ValueType.OBJECT
        ? shape.object(Shapes.LABEL_SELECTOR, "selector")
        : shape.stringMap("selector");
    return Shapes.object(kind).object(shape, "spec");
  }

  private WorkloadShapes() {}
}
