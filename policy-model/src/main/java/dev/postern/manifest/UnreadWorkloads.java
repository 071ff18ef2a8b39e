package dev.postern.manifest;

import java.util.Map;
import java.util.Set;

/**
 * Objects of kinds that are not read and that make pods: an operator's own, or any that holds a pod's containers. Which labels their pods get
 * is for their operator to say, so that they are named and no endpoint is made of them.
 */
final class UnreadWorkloads {

  private static final String EVERY = "*";

  /** Kinds whose objects make pods without a pod template that could be seen, by API group. */
  private static final Map<String, Set<String>> OPERATED = Map.ofEntries(
      Map.entry(
          "monitoring.coreos.com",
          Set.of("Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler")),
      Map.entry(
          "kafka.strimzi.io",
          Set.of(
              "Kafka",
              "KafkaNodePool",
              "KafkaConnect",
              "KafkaBridge",
              "KafkaMirrorMaker",
              "KafkaMirrorMaker2")),
      Map.entry("postgresql.cnpg.io", Set.of("Cluster", "Pooler")),
      Map.entry("acid.zalan.do", Set.of("postgresql")),
      Map.entry("postgres-operator.crunchydata.com", Set.of("PostgresCluster", "PGAdmin")),
      Map.entry("elasticsearch.k8s.elastic.co", Set.of("Elasticsearch")),
      Map.entry("kibana.k8s.elastic.co", Set.of("Kibana")),
      Map.entry("apm.k8s.elastic.co", Set.of("ApmServer")),
      Map.entry("beat.k8s.elastic.co", Set.of("Beat")),
      Map.entry("agent.k8s.elastic.co", Set.of("Agent")),
      Map.entry("logstash.k8s.elastic.co", Set.of("Logstash")),
      Map.entry("opensearch.opster.io", Set.of("OpenSearchCluster")),
      Map.entry("rabbitmq.com", Set.of("RabbitmqCluster")),
      Map.entry("databases.spotahome.com", Set.of("RedisFailover")),
      Map.entry(
          "redis.redis.opstreelabs.in",
          Set.of("Redis", "RedisCluster", "RedisReplication", "RedisSentinel")),
      Map.entry("mongodbcommunity.mongodb.com", Set.of("MongoDBCommunity")),
      Map.entry("psmdb.percona.com", Set.of("PerconaServerMongoDB")),
      Map.entry("pxc.percona.com", Set.of("PerconaXtraDBCluster")),
      Map.entry("pgv2.percona.com", Set.of("PerconaPGCluster")),
      Map.entry("k8s.mariadb.com", Set.of("MariaDB", "MaxScale")),
      Map.entry("mysql.oracle.com", Set.of("InnoDBCluster")),
      Map.entry("cassandra.datastax.com", Set.of("CassandraDatacenter")),
      Map.entry("scylla.scylladb.com", Set.of("ScyllaCluster", "ScyllaDBCluster")),
      Map.entry("crdb.cockroachlabs.com", Set.of("CrdbCluster")),
      Map.entry("minio.min.io", Set.of("Tenant")),
      Map.entry("nats.io", Set.of("NatsCluster")),
      Map.entry("grafana.integreatly.org", Set.of("Grafana")),
      Map.entry("opentelemetry.io", Set.of("OpenTelemetryCollector", "TargetAllocator")),
      Map.entry("jaegertracing.io", Set.of("Jaeger")),
      Map.entry("k8s.keycloak.org", Set.of("Keycloak")),
      Map.entry(
          "argoproj.io",
          Set.of("Workflow", "CronWorkflow", "ArgoCD", "EventBus", "EventSource", "Sensor")),
      Map.entry("tekton.dev", Set.of("PipelineRun", "TaskRun")),
      Map.entry("sparkoperator.k8s.io", Set.of("SparkApplication", "ScheduledSparkApplication")),
      Map.entry("flink.apache.org", Set.of("FlinkDeployment")),
      Map.entry("ray.io", Set.of("RayCluster", "RayService", "RayJob")),
      Map.entry(
          "kubeflow.org",
          Set.of("PyTorchJob", "TFJob", "MPIJob", "XGBoostJob", "PaddleJob", "JAXJob", "Notebook")),
      Map.entry("serving.kserve.io", Set.of("InferenceService")),
      Map.entry("camel.apache.org", Set.of("Integration", "IntegrationPlatform")),
      Map.entry("keda.sh", Set.of("ScaledJob")),
      Map.entry("jobset.x-k8s.io", Set.of("JobSet")),
      Map.entry("leaderworkerset.x-k8s.io", Set.of("LeaderWorkerSet")),
      Map.entry("batch.volcano.sh", Set.of("Job")),
      Map.entry("helm.toolkit.fluxcd.io", Set.of("HelmRelease")),
      Map.entry("helm.cattle.io", Set.of("HelmChart")),
      Map.entry("agones.dev", Set.of("Fleet", "GameServer", "GameServerSet")),
      Map.entry("actions.summerwind.dev", Set.of(EVERY)),
      Map.entry("actions.github.com", Set.of(EVERY)));

  /** Kinds that hold containers and make no pods by themselves. */
  private static final Set<String> HOLDERS = Set.of(
      "PodTemplate",
      "ControllerRevision",
      "PodPreset",
      "SidecarSet",
      "WorkloadSpread",
      "CustomResourceDefinition",
      "ConfigMap",
      "Secret",
      "WorkflowTemplate",
      "ClusterWorkflowTemplate",
      "ClusterPolicy",
      "ClusterServingRuntime",
      "ServingRuntime",
      "AdmissionReview",
      "ProvisioningRequest");

  /** Groups of policies about objects, which quote them. */
  private static final Set<String> QUOTING = Set.of(
      "kyverno.io",
      "policies.kyverno.io",
      "templates.gatekeeper.sh",
      "constraints.gatekeeper.sh",
      "mutations.gatekeeper.sh",
      "admissionregistration.k8s.io");

  private UnreadWorkloads() {}

  /** Whether an object of a kind that is not read makes pods. One that belongs to another object does not make them itself. */
  static boolean makesPods(Cursor object, String kind, String version) {
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    Set<String> operated = OPERATED.getOrDefault(group, Set.of());
    if (operated.contains(kind) || operated.contains(EVERY)) {
      return true;
    }
    return !HOLDERS.contains(kind)
        && !QUOTING.contains(group)
        && object.field("metadata").filter(m -> m.has("ownerReferences")).isEmpty()
        && holdsContainers(object.node());
  }

  /** Whether there is a list of containers with images anywhere: what a pod's {@code spec.containers} looks like. */
  private static boolean holdsContainers(YamlNode node) {
    if (node instanceof ListNode list) {
      return list.items().stream().anyMatch(UnreadWorkloads::holdsContainers);
    }
    if (!(node instanceof MapNode map)) {
      return false;
    }
    for (int i = 0; i < map.size(); i++) {
      YamlNode value = map.value(i);
      if (map.key(i).equals("containers")
          && value instanceof ListNode list
          && list.items().stream()
              .anyMatch(item -> item instanceof MapNode container
                  && container.indexOf("name") >= 0
                  && container.indexOf("image") >= 0)) {
        return true;
      }
      if (holdsContainers(value)) {
        return true;
      }
    }
    return false;
  }
}
