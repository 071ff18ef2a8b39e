package dev.postern.manifest;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.LeftOut;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.manifest.WorkloadDecoder.Part;
import dev.postern.manifest.WorkloadDecoder.PodFacts;
import dev.postern.manifest.WorkloadDecoder.PodObject;
import dev.postern.manifest.WorkloadDecoder.Template;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.policy.Policy;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One object of a cluster: what it is called, and what it says before it is put in relation to others. From manifests ({@link
 * Manifests#objects}), or from values of the model. Immutable.
 */
public final class ClusterObject {

  /** What an object says. */
  sealed interface Content {}

  record OfNamespace(Namespace namespace) implements Content {}

  record OfNode(Node node) implements Content {}

  /** What the agent of the node of this name says of it. */
  record OfAgent(List<Address> addresses) implements Content {}

  record OfPod(PodObject pod) implements Content {}

  record OfTemplate(Template template) implements Content {}

  record OfService(Service service) implements Content {}

  record OfBackends(ServiceDecoder.Backends backends) implements Content {}

  /**
   * A way in.
   *
   * @param resolved whether its Services' ports were looked up already
   */
  record OfEntrance(Entrance entrance, boolean resolved) implements Content {}

  record OfPolicy(Policy policy) implements Content {}

  /** An object that was not understood: a policy that may do anything, one that is left out, or both. */
  record NotRead(List<UnreadPolicy> unread, List<LeftOut> leftOut) implements Content {}

  private final ObjectName name;
  private final Content content;

  private ClusterObject(ObjectName name, Content content) {
    this.name = name;
    this.content = content;
  }

  /** What tells it from all others; a later object of this name takes its place. */
  public ObjectName name() {
    return name;
  }

  Content content() {
    return content;
  }

  /** Whether the other is called the same and says the same, also of where it was written. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof ClusterObject object
            && name.equals(object.name)
            && content.equals(object.content));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name.toString();
  }

  // --- from values of the model

  /** A namespace that is declared. */
  public static ClusterObject of(Namespace namespace) {
    return new ClusterObject(name(namespace), new OfNamespace(namespace));
  }

  public static ClusterObject of(Node node) {
    return new ClusterObject(new ObjectName("Node", "", node.name()), new OfNode(node));
  }

  /** A Service with the endpoints that it holds, unless an EndpointSlice or Endpoints say others. */
  public static ClusterObject of(Service service) {
    return new ClusterObject(
        new ObjectName("Service", service.namespace(), service.name()), new OfService(service));
  }

  /** A way in from outside. */
  public static ClusterObject of(Entrance entrance) {
    return new ClusterObject(
        new ObjectName(entrance.kind(), entrance.namespace(), entrance.name()),
        new OfEntrance(entrance, true));
  }

  public static ClusterObject of(Policy policy) {
    return new ClusterObject(name(policy), new OfPolicy(policy));
  }

  /** A policy that is there and was not understood. */
  public static ClusterObject of(UnreadPolicy unread) {
    return new ClusterObject(name(unread), new NotRead(List.of(unread), List.of()));
  }

  /**
   * A pod, as it is now.
   *
   * @param owner what controls it ({@code Deployment shop/web}), or the pod itself ({@code Pod shop/web-0})
   */
  public static ClusterObject pod(
      ObjectName owner, Labels labels, List<ContainerPort> ports, boolean hostNetwork, Pod pod) {
    boolean bare = owner.kind().equals("Pod") && owner.name().equals(pod.name());
    ObjectHead head = new ObjectHead(
        "Pod",
        owner.namespace(),
        pod.name(),
        labels,
        bare ? Optional.empty() : Optional.of(new ObjectHead.Owner(owner.kind(), owner.name())),
        pod.origin());
    List<ContainerPort> sorted = ports.stream().distinct().sorted().toList();
    return of(new PodObject(
        head,
        new PodFacts(labels, sorted, hostNetwork),
        false,
        pod.node(),
        pod.addresses(),
        pod.hostname()));
  }

  /** The pods of a workload; of one without pods its template. */
  public static List<ClusterObject> of(Workload workload) {
    String owner = workload.ownerName();
    if (workload.pods().isEmpty()) {
      return List.of(template(workload, owner, workload.name()));
    }
    ObjectName name = new ObjectName(workload.kind(), workload.namespace(), owner);
    return workload.pods().stream()
        .map(pod -> pod(name, workload.labels(), workload.ports(), workload.hostNetwork(), pod))
        .toList();
  }

  private static ClusterObject template(Workload workload, String owner, String name) {
    ObjectHead head = new ObjectHead(
        workload.kind(),
        workload.namespace(),
        owner,
        workload.labels(),
        Optional.empty(),
        workload.origin());
    PodFacts facts = new PodFacts(workload.labels(), workload.ports(), workload.hostNetwork());
    String part = name.equals(owner) ? "" : name.substring(owner.length() + 1, name.length() - 1);
    return new ClusterObject(
        new ObjectName(workload.kind(), workload.namespace(), owner),
        new OfTemplate(
            new Template(head, List.of(new Part(part, facts)), Optional.empty(), false)));
  }

  /** All that a cluster is made of; what it leaves open of namespaces is in no object. */
  public static List<ClusterObject> all(Cluster cluster) {
    Inventory inventory = new Inventory();
    List<ClusterObject> objects = new ArrayList<>();
    cluster.namespaces().values().stream()
        .filter(Namespace::declared)
        .forEach(namespace -> objects.add(of(namespace)));
    for (Node node : cluster.nodes()) {
      objects.add(of(node.withAgentAddresses(List.of())));
      if (!node.agentAddresses().isEmpty()) {
        objects.add(agent(node.name(), node.agentAddresses()));
      }
    }
    Map<ObjectName, ClusterObject> templates = new LinkedHashMap<>();
    for (Workload workload : cluster.workloads()) {
      for (ClusterObject object : of(workload)) {
        if (object.content instanceof OfTemplate) {
          templates.merge(object.name, object, ClusterObject::together);
        } else {
          objects.add(object);
        }
      }
    }
    objects.addAll(templates.values());
    cluster.services().forEach(service -> objects.add(of(service)));
    cluster.entrances().forEach(entrance -> objects.add(of(entrance)));
    cluster.policies().forEach(policy -> objects.add(of(policy)));
    inventory.unread.addAll(cluster.unread());
    inventory.leftOut.addAll(cluster.leftOut());
    objects.addAll(notRead(inventory));
    return objects;
  }

  /** An object of several templates. */
  private static ClusterObject together(ClusterObject one, ClusterObject other) {
    Template template = ((OfTemplate) one.content).template;
    List<Part> parts = new ArrayList<>(template.parts());
    parts.addAll(((OfTemplate) other.content).template.parts());
    return new ClusterObject(
        one.name,
        new OfTemplate(new Template(template.head(), parts, template.borrowed(), template.idle())));
  }

  // --- from and to what was read

  private static ClusterObject of(PodObject pod) {
    return new ClusterObject(
        new ObjectName("Pod", pod.head().namespace(), pod.head().name()), new OfPod(pod));
  }

  /** What was read, object by object. */
  static List<ClusterObject> all(Inventory inventory) {
    List<ClusterObject> objects = new ArrayList<>();
    inventory.namespaces.values().forEach(namespace -> objects.add(of(namespace)));
    inventory.nodes.values().forEach(node -> objects.add(of(node)));
    inventory.agentAddresses.forEach((key, said) -> objects.add(agent(key.name(), said)));
    inventory.pods.values().forEach(pod -> objects.add(of(pod)));
    inventory.templates.forEach(
        (key, template) -> objects.add(new ClusterObject(name(key), new OfTemplate(template))));
    inventory.services.values().forEach(service -> objects.add(of(service)));
    inventory.backends.forEach(
        (key, backends) -> objects.add(new ClusterObject(name(key), new OfBackends(backends))));
    inventory.entrances.forEach((key, entrance) ->
        objects.add(new ClusterObject(name(key), new OfEntrance(entrance, false))));
    inventory.policies.values().forEach(policy -> objects.add(of(policy)));
    objects.addAll(notRead(inventory));
    return objects;
  }

  private static ClusterObject agent(String node, List<Address> said) {
    return new ClusterObject(
        new ObjectName(CiliumNodes.KIND, "", node), new OfAgent(List.copyOf(said)));
  }

  /** What was not understood: all that is said of one object together. */
  private static List<ClusterObject> notRead(Inventory inventory) {
    Map<ObjectName, NotRead> byName = new LinkedHashMap<>();
    for (UnreadPolicy unread : inventory.unread) {
      byName.merge(name(unread), new NotRead(List.of(unread), List.of()), ClusterObject::together);
    }
    for (LeftOut leftOut : inventory.leftOut) {
      byName.merge(
          new ObjectName(leftOut.kind(), leftOut.namespace(), leftOut.name()),
          new NotRead(List.of(), List.of(leftOut)),
          ClusterObject::together);
    }
    List<ClusterObject> objects = new ArrayList<>();
    byName.forEach((name, notRead) -> objects.add(new ClusterObject(name, notRead)));
    return objects;
  }

  private static NotRead together(NotRead one, NotRead other) {
    List<UnreadPolicy> unread = new ArrayList<>(one.unread);
    unread.addAll(other.unread);
    List<LeftOut> leftOut = new ArrayList<>(one.leftOut);
    leftOut.addAll(other.leftOut);
    return new NotRead(List.copyOf(unread), List.copyOf(leftOut));
  }

  /** Puts what it says among what was read. */
  void into(Inventory inventory) {
    Inventory.Key key = new Inventory.Key(name.kind(), name.namespace(), name.name());
    if (content instanceof OfNamespace of) {
      inventory.namespaces.put(key, of.namespace);
    } else if (content instanceof OfNode of) {
      inventory.nodes.put(key, of.node);
    } else if (content instanceof OfAgent of) {
      inventory.agentAddresses.put(Inventory.nodeKey(name.name()), of.addresses);
    } else if (content instanceof OfPod of) {
      inventory.pods.put(key, of.pod);
    } else if (content instanceof OfTemplate of) {
      inventory.templates.put(key, of.template);
    } else if (content instanceof OfService of) {
      inventory.services.put(key, of.service);
    } else if (content instanceof OfBackends of) {
      inventory.backends.put(key, of.backends);
    } else if (content instanceof OfEntrance of) {
      inventory.entrances.put(key, of.entrance);
    } else if (content instanceof OfPolicy of) {
      inventory.policies.put(key, of.policy);
    } else if (content instanceof NotRead of) {
      inventory.unread.addAll(of.unread);
      inventory.leftOut.addAll(of.leftOut);
    }
  }

  /** The families that it brings into use in the cluster. */
  Set<Family> families() {
    if (content instanceof OfPod of) {
      return ServiceFamilies.of(of.pod.finished() ? List.of() : of.pod.addresses());
    }
    if (content instanceof OfService of) {
      return of.service.families().required();
    }
    return ServiceFamilies.of(content instanceof OfNode of ? of.node.addresses() : List.of());
  }

  // --- names

  private static ObjectName name(Inventory.Key key) {
    return new ObjectName(key.kind(), key.namespace(), key.name());
  }

  private static ObjectName name(Namespace namespace) {
    return new ObjectName("Namespace", "", namespace.name());
  }

  private static ObjectName name(Policy policy) {
    return new ObjectName(policy.kind().kind(), policy.namespace(), policy.name());
  }

  /** A policy that is wrong has the name that it would have; kinds of other groups may be called like those that are read. */
  private static ObjectName name(UnreadPolicy unread) {
    boolean own = unread.cause() == UnreadPolicy.Cause.ERROR
        || unread.cause() == UnreadPolicy.Cause.PARAMETERS;
    String kind =
        own || unread.group().isEmpty() ? unread.kind() : unread.kind() + "." + unread.group();
    return new ObjectName(kind, unread.namespace(), unread.name());
  }
}
