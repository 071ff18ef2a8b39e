package dev.postern.testing.text;

import static dev.postern.testing.text.Tree.map;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Everything but policies: namespaces, nodes, workloads and their pods, services, ways in. */
final class InventoryDocuments {

  private InventoryDocuments() {}

  static List<Map<String, Object>> of(Cluster cluster) {
    List<Map<String, Object>> documents = new ArrayList<>();
    cluster.namespaces().values().stream()
        .filter(Namespace::declared)
        .forEach(n -> documents.add(namespace(n)));
    cluster.nodes().forEach(node -> documents.add(node(node)));
    cluster.workloads().forEach(workload -> documents.addAll(workload(workload)));
    cluster.services().forEach(service -> documents.addAll(ServiceDocuments.of(service)));
    cluster.entrances().forEach(entrance -> documents.add(ingress(entrance)));
    return documents;
  }

  /** Without the label that the API server adds. */
  private static Map<String, Object> namespace(Namespace namespace) {
    Map<String, String> labels = namespace.labels().asMap();
    labels.remove(Namespace.NAME_LABEL);
    return Tree.document("v1", "Namespace", Tree.metadata("", namespace.name(), Labels.of(labels)));
  }

  private static Map<String, Object> node(Node node) {
    Map<String, Object> document =
        Tree.document("v1", "Node", Tree.metadata("", node.name(), node.labels()));
    List<Object> addresses = new ArrayList<>();
    node.addresses()
        .forEach(
            address -> addresses.add(map("type", "InternalIP", "address", address.toString())));
    if (!addresses.isEmpty()) {
      document.put("status", map("addresses", addresses));
    }
    return document;
  }

  /** The controller and its pods; a bare pod alone; a pod that differs from its siblings as one that names its owner. */
  private static List<Map<String, Object>> workload(Workload workload) {
    int bracket = workload.name().indexOf('[');
    String owner = bracket < 0 ? workload.name() : workload.name().substring(0, bracket);
    List<Map<String, Object>> documents = new ArrayList<>();
    if (!workload.kind().equals("Pod") && bracket < 0) {
      documents.add(controller(workload));
    }
    for (Pod pod : workload.pods()) {
      documents.add(pod(workload, owner, pod));
    }
    return documents;
  }

  private static Map<String, Object> controller(Workload workload) {
    Map<String, Object> document = Tree.document(
        "apps/v1",
        workload.kind(),
        Tree.metadata(workload.namespace(), workload.name(), Labels.NONE));
    Map<String, Object> labels = map();
    Tree.putUnlessEmpty(labels, "labels", new TreeMap<>(workload.labels().asMap()));
    Map<String, Object> template = map();
    Tree.putUnlessEmpty(template, "metadata", labels);
    template.put("spec", podSpec(workload));
    Map<String, Object> spec = map();
    if (!workload.kind().equals("DaemonSet")) {
      spec.put("replicas", Math.max(1, workload.pods().size()));
    }
    spec.put("selector", map("matchLabels", workload.labels().asMap()));
    spec.put("template", template);
    document.put("spec", spec);
    return document;
  }

  private static Map<String, Object> pod(Workload workload, String owner, Pod pod) {
    Map<String, Object> metadata =
        Tree.metadata(workload.namespace(), pod.name(), workload.labels());
    if (!workload.kind().equals("Pod")) {
      metadata.put(
          "ownerReferences",
          List.of(map(
              "apiVersion",
              "apps/v1",
              "kind",
              workload.kind(),
              "name",
              owner,
              "uid",
              workload.id(),
              "controller",
              true)));
    }
    Map<String, Object> document = Tree.document("v1", "Pod", metadata);
    Map<String, Object> spec = podSpec(workload);
    pod.node().ifPresent(node -> spec.put("nodeName", node));
    pod.hostname().ifPresent(host -> {
      spec.put("hostname", host.name());
      spec.put("subdomain", host.subdomain());
    });
    document.put("spec", spec);
    Map<String, Object> status = map("phase", "Running");
    if (!pod.addresses().isEmpty()) {
      status.put("podIP", pod.addresses().get(0).toString());
      status.put(
          "podIPs",
          pod.addresses().stream()
              .map(Address::toString)
              .map(ip -> map("ip", ip))
              .toList());
    }
    document.put("status", status);
    return document;
  }

  /** A container may not have two ports of one name: each repeated name begins another container. */
  private static Map<String, Object> podSpec(Workload workload) {
    List<Object> containers = new ArrayList<>();
    List<Object> ports = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ContainerPort port : workload.ports()) {
      if (!port.name().isEmpty() && !names.add(port.name())) {
        containers.add(container(containers.size(), ports));
        ports = new ArrayList<>();
        names = new HashSet<>(Set.of(port.name()));
      }
      Map<String, Object> tree = map();
      if (!port.name().isEmpty()) {
        tree.put("name", port.name());
      }
      tree.put("containerPort", port.number());
      tree.put("protocol", port.protocol().name());
      ports.add(tree);
    }
    containers.add(container(containers.size(), ports));
    Map<String, Object> spec = map();
    if (workload.hostNetwork()) {
      spec.put("hostNetwork", true);
    }
    spec.put("containers", containers);
    return spec;
  }

  private static Map<String, Object> container(int index, List<Object> ports) {
    Map<String, Object> container = map("name", "c" + index, "image", "registry.example/app:1");
    if (!ports.isEmpty()) {
      container.put("ports", ports);
    }
    return container;
  }

  private static Map<String, Object> ingress(Entrance entrance) {
    Map<String, Object> document = Tree.document(
        "networking.k8s.io/v1",
        entrance.kind(),
        Tree.metadata(entrance.namespace(), entrance.name(), Labels.NONE));
    List<Object> paths = new ArrayList<>();
    for (Entrance.BackendReference backend : entrance.backends()) {
      Map<String, Object> port = backend.port().isPresent()
          ? map("number", backend.port().getAsInt())
          : map("name", backend.portName());
      paths.add(map(
          "path",
          "/",
          "pathType",
          "Prefix",
          "backend",
          map("service", map("name", backend.service(), "port", port))));
    }
    List<Object> rules = new ArrayList<>();
    entrance.hosts().forEach(host -> rules.add(map("host", host, "http", map("paths", paths))));
    if (rules.isEmpty()) {
      rules.add(map("http", map("paths", paths)));
    }
    document.put("spec", map("rules", rules));
    return document;
  }
}
