package dev.postern.watch;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.ObjectName;
import dev.postern.policy.Policy;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a watched cluster is held against: objects in a map, from which a cluster is made anew each time. */
final class PlainCluster {

  /** An object as a value of the model. */
  sealed interface Item {
    ObjectName name();

    ClusterObject object();
  }

  record OfNamespace(Namespace namespace) implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName("Namespace", "", namespace.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.of(namespace);
    }
  }

  record OfNode(Node node) implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName("Node", "", node.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.of(node);
    }
  }

  record OfPod(
      ObjectName owner, Labels labels, List<ContainerPort> ports, boolean hostNetwork, Pod pod)
      implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName("Pod", owner.namespace(), pod.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.pod(owner, labels, ports, hostNetwork, pod);
    }
  }

  record OfTemplate(Workload workload) implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName(workload.kind(), workload.namespace(), workload.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.of(workload).get(0);
    }
  }

  record OfService(Service service) implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName("Service", service.namespace(), service.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.of(service);
    }
  }

  record OfEntrance(Entrance entrance) implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName(entrance.kind(), entrance.namespace(), entrance.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.of(entrance);
    }
  }

  record OfPolicy(Policy policy) implements Item {
    @Override
    public ObjectName name() {
      return new ObjectName(policy.kind().kind(), policy.namespace(), policy.name());
    }

    @Override
    public ClusterObject object() {
      return ClusterObject.of(policy);
    }
  }

  /** A policy of which the last update has an error. */
  record OfUnread(ObjectName name, UnreadPolicy unread) implements Item {
    @Override
    public ClusterObject object() {
      return ClusterObject.of(unread);
    }
  }

  private final Map<ObjectName, Item> items = new LinkedHashMap<>();

  /** The objects of a cluster. */
  static List<Item> items(Cluster cluster) {
    List<Item> all = new ArrayList<>();
    cluster.namespaces().values().stream()
        .filter(Namespace::declared)
        .forEach(namespace -> all.add(new OfNamespace(namespace)));
    cluster.nodes().forEach(node -> all.add(new OfNode(node)));
    for (Workload workload : cluster.workloads()) {
      if (workload.pods().isEmpty()) {
        all.add(new OfTemplate(workload));
      }
      for (Pod pod : workload.pods()) {
        all.add(new OfPod(
            new ObjectName(workload.kind(), workload.namespace(), workload.name()),
            workload.labels(),
            workload.ports(),
            workload.hostNetwork(),
            pod));
      }
    }
    cluster.services().forEach(service -> all.add(new OfService(service)));
    cluster.entrances().forEach(entrance -> all.add(new OfEntrance(entrance)));
    cluster.policies().forEach(policy -> all.add(new OfPolicy(policy)));
    return all;
  }

  void put(Item item) {
    items.put(item.name(), item);
  }

  void remove(ObjectName name) {
    items.remove(name);
  }

  List<Item> items() {
    return List.copyOf(items.values());
  }

  /** The cluster, put together from nothing. */
  Cluster cluster() {
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    List<Node> nodes = new ArrayList<>();
    List<Service> services = new ArrayList<>();
    List<Entrance> entrances = new ArrayList<>();
    List<Policy> policies = new ArrayList<>();
    List<UnreadPolicy> unread = new ArrayList<>();
    List<Workload> templates = new ArrayList<>();
    Map<ObjectName, Map<List<Object>, List<OfPod>>> owners = new LinkedHashMap<>();
    for (Item item : items.values()) {
      if (item instanceof OfNamespace of) {
        namespaces.put(of.namespace.name(), of.namespace);
      } else if (item instanceof OfNode of) {
        nodes.add(of.node);
      } else if (item instanceof OfPod of) {
        owners
            .computeIfAbsent(of.owner, owner -> new LinkedHashMap<>())
            .computeIfAbsent(
                List.of(of.labels, of.ports.stream().distinct().sorted().toList(), of.hostNetwork),
                seen -> new ArrayList<>())
            .add(of);
      } else if (item instanceof OfTemplate of) {
        templates.add(of.workload);
      } else if (item instanceof OfService of) {
        services.add(of.service);
      } else if (item instanceof OfEntrance of) {
        entrances.add(of.entrance);
      } else if (item instanceof OfPolicy of) {
        policies.add(of.policy);
      } else if (item instanceof OfUnread of) {
        unread.add(of.unread);
      }
    }
    List<Workload> workloads = new ArrayList<>();
    owners.forEach((owner, siblings) -> siblings.values().forEach(pods -> {
      String first =
          pods.stream().map(pod -> pod.pod.name()).sorted().findFirst().orElseThrow();
      workloads.add(new Workload(
          owner.namespace(),
          siblings.size() == 1 ? owner.name() : owner.name() + "[" + first + "]",
          owner.kind(),
          pods.get(0).labels,
          pods.get(0).ports,
          pods.get(0).hostNetwork,
          pods.stream().map(OfPod::pod).toList(),
          Origin.NONE));
    }));
    for (Workload template : templates) {
      if (!owners.containsKey(
          new ObjectName(template.kind(), template.namespace(), template.name()))) {
        workloads.add(template);
      }
    }
    return new Cluster(namespaces, workloads, services, nodes, entrances, policies, unread);
  }
}
