package dev.postern.manifest;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.WorkloadDecoder.Part;
import dev.postern.manifest.WorkloadDecoder.PodFacts;
import dev.postern.manifest.WorkloadDecoder.PodObject;
import dev.postern.manifest.WorkloadDecoder.Template;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts the objects in relation: pods and templates become workloads under their controlling owners, endpoints join their Services.
 */
final class Assembly {

  /** Owners above owners: Pod, ReplicaSet, Deployment, and whatever made that. References in a circle end here too. */
  private static final int LEVELS = 8;

  /** A template of which no pod is known: what tells it from its siblings, and where it is. */
  private record Unborn(String name, Origin origin) {}

  private final Inventory inventory;

  Assembly(Inventory inventory) {
    this.inventory = inventory;
  }

  Cluster cluster() {
    TreeMap<String, Namespace> namespaces = new TreeMap<>();
    inventory.namespaces.values().forEach(namespace -> namespaces.put(namespace.name(), namespace));
    List<Service> services = services();
    return new Cluster(
        namespaces,
        workloads(),
        services,
        inventory.nodes(),
        entrances(services),
        inventory.policies(),
        unread(),
        leftOut());
  }

  /** What was not read; networks that something joins in a way that is not read may let anything pass. */
  private List<UnreadPolicy> unread() {
    boolean joined = inventory.unread.stream()
        .anyMatch(policy -> policy.kind().equals(PrimaryNetworks.CONNECTING));
    return UnreadKinds.once(inventory.unread).stream()
        .map(policy ->
            joined && policy.cause() == UnreadPolicy.Cause.NETWORK ? policy.ofKind() : policy)
        .toList();
  }

  private List<Entrance> entrances(List<Service> services) {
    return inventory.entrances.values().stream()
        .map(entrance -> entrance.kind().equals("Route")
            ? EntranceDecoder.throughService(entrance, services)
            : entrance)
        .toList();
  }

  /** How many pods have ended and hold no address. */
  int podsLeftOut() {
    return (int) inventory.pods.values().stream().filter(PodObject::finished).count();
  }

  private List<Workload> workloads() {
    Map<Inventory.Key, Map<PodFacts, List<PodObject>>> owned = new LinkedHashMap<>();
    for (PodObject pod : inventory.pods.values()) {
      if (!pod.finished()) {
        owned
            .computeIfAbsent(root(pod.head()), key -> new LinkedHashMap<>())
            .computeIfAbsent(pod.facts(), facts -> new ArrayList<>())
            .add(pod);
      }
    }
    List<Workload> workloads = new ArrayList<>();
    owned.forEach((owner, siblings) -> siblings.forEach(
        (facts, pods) -> workloads.add(live(owner, facts, pods, siblings.size()))));
    Map<Inventory.Key, Map<PodFacts, Unborn>> unborn = new LinkedHashMap<>();
    for (Template template : inventory.templates.values()) {
      Inventory.Key root = root(template.head());
      boolean own = root.equals(Inventory.Key.of(template.head()));
      if (!owned.containsKey(root)
          && (own || (!inventory.templates.containsKey(root) && !template.idle()))) {
        Map<PodFacts, Unborn> siblings = unborn.computeIfAbsent(root, key -> new LinkedHashMap<>());
        for (Part part : parts(template)) {
          String name = part.name().isEmpty() ? template.head().name() : part.name();
          siblings.putIfAbsent(part.facts(), new Unborn(name, template.head().origin()));
        }
      }
    }
    unborn.forEach((owner, siblings) -> siblings.forEach((facts, template) -> {
      String name =
          siblings.size() == 1 ? owner.name() : owner.name() + "[" + template.name() + "]";
      workloads.add(workload(owner, name, facts, List.of(), template.origin()));
    }));
    return workloads;
  }

  private List<Part> parts(Template template) {
    return template
        .borrowed()
        .map(key -> Optional.ofNullable(inventory.templates.get(key))
            .map(Template::parts)
            .orElse(List.of()))
        .orElse(template.parts());
  }

  /** What was left out, and what makes pods of a template that was not given. */
  private List<LeftOut> leftOut() {
    List<LeftOut> leftOut = new ArrayList<>(inventory.leftOut);
    for (Template template : inventory.templates.values()) {
      if (template
          .borrowed()
          .filter(key -> !inventory.templates.containsKey(key))
          .isPresent()) {
        ObjectHead head = template.head();
        leftOut.add(new LeftOut(
            LeftOut.Cause.TEMPLATE, head.kind(), head.namespace(), head.name(), head.origin()));
      }
    }
    return leftOut;
  }

  private Inventory.Key root(ObjectHead head) {
    Inventory.Key key = Inventory.Key.of(head);
    Optional<ObjectHead.Owner> owner = head.owner();
    for (int level = 0; level < LEVELS && owner.isPresent(); level++) {
      // A static pod belongs to its Node, which is no workload.
      if (owner.get().kind().equals("Node")) {
        break;
      }
      key = new Inventory.Key(owner.get().kind(), head.namespace(), owner.get().name());
      owner = Optional.ofNullable(inventory.templates.get(key))
          .flatMap(template -> template.head().owner());
    }
    return key;
  }

  private Workload live(Inventory.Key owner, PodFacts facts, List<PodObject> pods, int different) {
    List<Pod> sorted = pods.stream()
        .map(pod -> new Pod(
            pod.head().name(),
            pod.node(),
            pod.addresses(),
            pod.hostname(),
            pod.head().origin()))
        .sorted(Comparator.comparing(Pod::name))
        .toList();
    String name =
        different == 1 ? owner.name() : owner.name() + "[" + sorted.get(0).name() + "]";
    Origin origin = Optional.ofNullable(inventory.templates.get(owner))
        .map(template -> template.head().origin())
        .orElse(sorted.get(0).origin());
    return workload(owner, name, facts, sorted, origin);
  }

  private static Workload workload(
      Inventory.Key owner, String name, PodFacts facts, List<Pod> pods, Origin origin) {
    String kind = owner.kind().isEmpty() ? "Pod" : owner.kind();
    return new Workload(
        owner.namespace(),
        name,
        kind,
        facts.labels(),
        facts.ports(),
        facts.hostNetwork(),
        pods,
        origin);
  }

  private List<Service> services() {
    Map<Inventory.Key, List<Service.SliceEndpoint>> behind = new HashMap<>();
    for (ServiceDecoder.Backends backends : inventory.backends.values()) {
      behind
          .computeIfAbsent(
              new Inventory.Key("Service", backends.namespace(), backends.service()),
              key -> new ArrayList<>())
          .addAll(backends.endpoints());
    }
    List<Service> services = new ArrayList<>();
    inventory.services.forEach((key, service) ->
        services.add(behind.containsKey(key) ? withEndpoints(service, behind.get(key)) : service));
    return services;
  }

  /** An address that Endpoints and EndpointSlices both list is one endpoint with the ports of both. */
  private static Service withEndpoints(Service service, List<Service.SliceEndpoint> endpoints) {
    Map<Object, Service.SliceEndpoint> merged = new LinkedHashMap<>();
    for (Service.SliceEndpoint endpoint : endpoints) {
      merged.merge(endpoint.address(), endpoint, (a, b) -> {
        List<Service.EndpointPort> ports = new ArrayList<>(a.ports());
        b.ports().stream().filter(port -> !ports.contains(port)).forEach(ports::add);
        return new Service.SliceEndpoint(
            a.address(),
            ports,
            a.pod().or(b::pod),
            a.hostname().isEmpty() ? b.hostname() : a.hostname());
      });
    }
    return service.withEndpoints(new ArrayList<>(merged.values()));
  }
}
