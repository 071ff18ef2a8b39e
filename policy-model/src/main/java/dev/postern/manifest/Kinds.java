package dev.postern.manifest;

import dev.postern.cluster.Entrance;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Service;
import dev.postern.net.Address;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Every kind that Postern reads: its API versions, its shape, and who decodes it. */
final class Kinds {

  /** Decodes a whole object and says where it goes; it goes there only if nothing was wrong with it. */
  @FunctionalInterface
  interface Decoder {
    Runnable decode(Cursor object, ObjectHead head, Inventory inventory);
  }

  /**
   * A kind.
   *
   * @param versions the API versions read, the current one first
   */
  record Kind(
      String name, List<String> versions, boolean namespaced, FieldShape shape, Decoder decoder) {

    boolean hasGroupOf(String apiVersion) {
      return versions.stream().anyMatch(version -> group(version).equals(group(apiVersion)));
    }

    private static String group(String apiVersion) {
      int slash = apiVersion.indexOf('/');
      return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
  }

  private final Map<String, List<Kind>> kinds = new HashMap<>();

  Kinds(LabelDecoder labels) {
    WorkloadDecoder workloads = new WorkloadDecoder(labels);
    List<String> apps = List.of("apps/v1", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1");
    clustered("Namespace", List.of("v1"), ServiceShapes.NAMESPACE, (object, head, inventory) -> {
      Namespace namespace = new Namespace(head.name(), head.labels(), true, head.origin());
      return () -> inventory.namespaces.put(Inventory.Key.of(head), namespace);
    });
    clustered("Node", List.of("v1"), ServiceShapes.NODE, (object, head, inventory) -> {
      Node node = new Node(head.name(), head.labels(), nodeAddresses(object), head.origin());
      return () -> inventory.nodes.put(Inventory.Key.of(head), node);
    });
    namespaced("Pod", List.of("v1"), WorkloadShapes.POD, (object, head, inventory) -> {
      WorkloadDecoder.PodObject pod = workloads.pod(object, head);
      return () -> inventory.pods.put(Inventory.Key.of(head), pod);
    });
    template("Deployment", apps, WorkloadShapes.DEPLOYMENT, workloads);
    template("StatefulSet", apps, WorkloadShapes.STATEFUL_SET, workloads);
    template("DaemonSet", apps, WorkloadShapes.DAEMON_SET, workloads);
    template("ReplicaSet", apps, WorkloadShapes.REPLICA_SET, workloads);
    template(
        "ReplicationController", List.of("v1"), WorkloadShapes.REPLICATION_CONTROLLER, workloads);
    template(
        "DeploymentConfig",
        List.of("apps.openshift.io/v1", "v1"),
        WorkloadShapes.DEPLOYMENT_CONFIG,
        workloads);
    template("Job", List.of("batch/v1", "extensions/v1beta1"), WorkloadShapes.JOB, workloads);
    namespaced(
        "CronJob",
        List.of("batch/v1", "batch/v1beta1", "batch/v2alpha1"),
        WorkloadShapes.CRON_JOB,
        (object, head, inventory) -> {
          WorkloadDecoder.Template template = workloads.cronJob(object, head);
          return () -> inventory.templates.put(Inventory.Key.of(head), template);
        });
    addServices(new ServiceDecoder(labels));
    addPolicies(labels);
    addEntrances();
    // After Kubernetes' own, which an object without a version is taken for.
    TemplateDecoder templates = new TemplateDecoder(labels);
    WorkloadKinds.ALL.forEach(kind -> templates(kind, templates));
  }

  private void addServices(ServiceDecoder services) {
    namespaced("Service", List.of("v1"), ServiceShapes.SERVICE, (object, head, inventory) -> {
      Service service = services.service(object, head);
      return () -> inventory.services.put(Inventory.Key.of(head), service);
    });
    namespaced("Endpoints", List.of("v1"), ServiceShapes.ENDPOINTS, (object, head, inventory) -> {
      ServiceDecoder.Backends backends = services.endpoints(object, head);
      return () -> inventory.backends.put(Inventory.Key.of(head), backends);
    });
    List<String> versions = List.of("discovery.k8s.io/v1", "discovery.k8s.io/v1beta1");
    namespaced(
        "EndpointSlice", versions, ServiceShapes.ENDPOINT_SLICE, (object, head, inventory) -> {
          ServiceDecoder.Backends backends = services.slice(object, head);
          return () -> inventory.backends.put(Inventory.Key.of(head), backends);
        });
  }

  private void addPolicies(LabelDecoder labels) {
    NetworkPolicyDecoder networkPolicies = new NetworkPolicyDecoder(labels);
    List<String> versions = List.of("networking.k8s.io/v1", "extensions/v1beta1");
    namespaced(
        "NetworkPolicy", versions, PolicyShapes.NETWORK_POLICY, (object, head, inventory) -> {
          Policy policy = networkPolicies.decode(object, head);
          return () -> inventory.policies.put(Inventory.Key.of(head), policy);
        });
    AdminPolicyDecoder ordered = new AdminPolicyDecoder(labels);
    List<String> alpha1 = List.of("policy.networking.k8s.io/v1alpha1");
    ordered("AdminNetworkPolicy", alpha1, PolicyShapes.ADMIN_NETWORK_POLICY, ordered::admin);
    ordered(
        "BaselineAdminNetworkPolicy",
        alpha1,
        PolicyShapes.BASELINE_ADMIN_NETWORK_POLICY,
        ordered::baseline);
    List<String> alpha2 = List.of("policy.networking.k8s.io/v1alpha2");
    ordered("ClusterNetworkPolicy", alpha2, PolicyShapes.CLUSTER_NETWORK_POLICY, ordered::cluster);
  }

  private void ordered(
      String name,
      List<String> versions,
      FieldShape shape,
      BiFunction<Cursor, ObjectHead, Policy> decoder) {
    clustered(name, versions, shape, (object, head, inventory) -> {
      Policy policy = decoder.apply(object, head);
      return () -> inventory.policies.put(Inventory.Key.of(head), policy);
    });
  }

  private void addEntrances() {
    List<String> ingress =
        List.of("networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1");
    entrance("Ingress", ingress, EntranceShapes.INGRESS, EntranceDecoder::ingress);
    String gateway = "gateway.networking.k8s.io/";
    List<String> versions =
        List.of(gateway + "v1", gateway + "v1beta1", gateway + "v1alpha3", gateway + "v1alpha2");
    for (String route : List.of("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")) {
      entrance(route, versions, EntranceShapes.gatewayRoute(route), EntranceDecoder::gatewayRoute);
    }
    entrance(
        "Route",
        List.of("route.openshift.io/v1", "v1"),
        EntranceShapes.ROUTE,
        EntranceDecoder::route);
  }

  private void entrance(
      String name,
      List<String> versions,
      FieldShape shape,
      BiFunction<Cursor, ObjectHead, Entrance> decoder) {
    namespaced(name, versions, shape, (object, head, inventory) -> {
      Entrance entrance = decoder.apply(object, head);
      return () -> inventory.entrances.put(Inventory.Key.of(head), entrance);
    });
  }

  private static List<Address> nodeAddresses(Cursor object) {
    return object.field("status").map(s -> s.items("addresses")).orElse(List.of()).stream()
        .filter(item -> item.string("type").filter(type -> type.endsWith("IP")).isPresent())
        .flatMap(item -> item.field("address").flatMap(Addresses::address).stream())
        .distinct()
        .toList();
  }

  private void template(
      String name, List<String> versions, FieldShape shape, WorkloadDecoder workloads) {
    namespaced(name, versions, shape, (object, head, inventory) -> {
      WorkloadDecoder.Template template = workloads.template(object, head);
      return () -> inventory.templates.put(Inventory.Key.of(head), template);
    });
  }

  private void templates(WorkloadKinds.WorkloadKind kind, TemplateDecoder templates) {
    Decoder decoder = (object, head, inventory) -> {
      WorkloadDecoder.Template template = templates.template(kind, object, head);
      return () -> inventory.templates.put(Inventory.Key.of(head), template);
    };
    add(
        kind.name(),
        new Kind(kind.qualifiedName(), kind.versions(), true, WorkloadShapes.CUSTOM, decoder));
  }

  private void namespaced(String name, List<String> versions, FieldShape shape, Decoder decoder) {
    add(name, new Kind(name, versions, true, shape, decoder));
  }

  private void clustered(String name, List<String> versions, FieldShape shape, Decoder decoder) {
    add(name, new Kind(name, versions, false, shape, decoder));
  }

  private void add(String name, Kind kind) {
    kinds.computeIfAbsent(name, each -> new ArrayList<>(1)).add(kind);
  }

  /** The kind of an object; without a version it is Kubernetes' own. */
  Optional<Kind> named(String name, Optional<String> version) {
    return kinds.getOrDefault(name, List.of()).stream()
        .filter(kind -> version.isEmpty() || kind.hasGroupOf(version.get()))
        .findFirst();
  }

  /** Whether some kind that is read has this name. */
  boolean isKnown(String name) {
    return kinds.containsKey(name);
  }
}
