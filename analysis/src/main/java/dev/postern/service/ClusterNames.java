package dev.postern.service;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.question.NearestNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a DNS name means to a pod: the names of Services and pods as the Kubernetes DNS specification makes them (kubernetes/dns, {@code
 * docs/specification.md}, version 1.1.0), completed by the search list of a pod's {@code resolv.conf}, or a host outside.
 * Immutable once made, and safe for use by several threads.
 */
public final class ClusterNames {

  /** The cluster domain of a cluster that was not given another. */
  public static final String DEFAULT_DOMAIN = "cluster.local";

  private static final String SERVICE = "svc";
  private static final String POD = "pod";

  /** What a name means. */
  public sealed interface Meaning {

    /**
     * A Service.
     *
     * @param service the Service
     * @param port the one port that the name is about ({@code _http._tcp.…}); empty for all of them
     */
    record OfService(Service service, Optional<Service.Port> port) implements Meaning {}

    /**
     * Pods behind a Service.
     *
     * @param service the Service, which may have addresses of one family only
     */
    record OfPods(Service service, List<PodBehind> pods) implements Meaning {
      public OfPods {
        pods = List.copyOf(pods);
      }
    }

    /** An address, as the name spells it. */
    record OfAddress(Address address) implements Meaning {}

    /**
     * A host outside the cluster.
     *
     * @param name the name, in lower case and without a dot at its end
     * @param note why it is taken for one, where that could be doubted
     */
    record Outside(String name, Optional<String> note) implements Meaning {}

    /**
     * A name of the cluster that stands for nothing in the manifests.
     *
     * @param problem what is missing
     * @param hint what could be meant; may be empty
     */
    record Missing(String problem, String hint) implements Meaning {}
  }

  /** A pod behind a Service; of a template, of which no pod is known, any. */
  public record PodBehind(Workload workload, Optional<Pod> pod) {}

  private final Cluster cluster;
  private final List<String> domain;
  private final Map<String, Service> services = new HashMap<>();

  /**
   * The names of a cluster.
   *
   * @param clusterDomain its domain, as {@code cluster.local}
   */
  public ClusterNames(Cluster cluster, String clusterDomain) {
    this.cluster = cluster;
    this.domain = labels(clusterDomain);
    cluster.services().forEach(service -> services.put(service.id(), service));
  }

  private static List<String> labels(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.asList(
        (lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower).split("\\.", -1));
  }

  /** What a name means to a pod of any namespace. */
  public Meaning meaning(String name) {
    List<String> labels = labels(name);
    int rest = labels.size() - domain.size();
    if (rest >= 0 && labels.subList(rest, labels.size()).equals(domain)) {
      return inCluster(labels.subList(0, rest), name);
    }
    return name.endsWith(".") ? absolute(labels, name) : relative(labels, name);
  }

  /** The search list is not used for a name that ends with a dot. */
  private Meaning absolute(List<String> labels, String name) {
    return isServiceShaped(labels)
        ? new Meaning.Missing(
            "`" + name + "` ends with a dot, so that the cluster domain does not complete it",
            "write `" + String.join(".", labels) + "`")
        : outside(labels, Optional.empty());
  }

  private Meaning relative(List<String> labels, String name) {
    int last = labels.size() - 1;
    if (isServiceShaped(labels)) {
      return inCluster(labels, name);
    }
    if (last == 2 && labels.get(last).equals(POD) && dashed(labels.get(0)).isPresent()) {
      return inCluster(labels, name);
    }
    Optional<Meaning> elsewhere = ofOtherDomain(labels, name);
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    boolean inNamespace = cluster.namespaces().containsKey(labels.get(last));
    if (inNamespace
        && (last == 1 || services.containsKey(labels.get(last) + "/" + labels.get(last - 1)))) {
      List<String> completed = new ArrayList<>(labels);
      completed.add(SERVICE);
      return inCluster(completed, name);
    }
    return outside(
        labels,
        last == 1
            ? Optional.of(
                "`" + name + "` is taken for a host outside the cluster: no namespace is called `"
                    + labels.get(1) + "`")
            : Optional.empty());
  }

  private static Meaning outside(List<String> labels, Optional<String> note) {
    return new Meaning.Outside(String.join(".", labels), note);
  }

  private static boolean isServiceShaped(List<String> labels) {
    return labels.size() >= 3 && labels.get(labels.size() - 1).equals(SERVICE);
  }

  /** A Service's name under a domain that is not this cluster's. */
  private Optional<Meaning> ofOtherDomain(List<String> labels, String name) {
    int at = labels.indexOf(SERVICE);
    if (at < 2) {
      return Optional.empty();
    }
    String under = String.join(".", labels.subList(at + 1, labels.size()));
    boolean known = services.containsKey(labels.get(at - 1) + "/" + labels.get(at - 2));
    return known || under.equals(DEFAULT_DOMAIN)
        ? Optional.of(new Meaning.Missing(
            "`" + name + "` is a Service's name under `" + under + "`, and the cluster domain is `"
                + String.join(".", domain) + "`",
            "write `" + String.join(".", labels.subList(0, at + 1))
                + "`, or give the cluster domain"))
        : Optional.empty();
  }

  /** The meaning of labels below the cluster domain. */
  private Meaning inCluster(List<String> labels, String name) {
    int last = labels.size() - 1;
    if (last >= 2 && labels.get(last).equals(SERVICE)) {
      return ofService(
          labels.subList(0, last - 2), labels.get(last - 2), labels.get(last - 1), name);
    }
    if (last == 2 && labels.get(last).equals(POD)) {
      Optional<Address> address = dashed(labels.get(0));
      if (address.isPresent() && cluster.namespaces().containsKey(labels.get(1))) {
        return new Meaning.OfAddress(address.get());
      }
    }
    return new Meaning.Missing(
        "`" + name + "` lies under the cluster domain and is no name of a Service or pod",
        "a Service's name is like `db.shop.svc." + String.join(".", domain) + "`");
  }

  private Meaning ofService(
      List<String> prefix, String serviceName, String namespace, String name) {
    if (!cluster.namespaces().containsKey(namespace)) {
      return new Meaning.Missing(
          "`" + name + "` is a Service's name, and there is no namespace `" + namespace + "`",
          didYouMean(namespace, cluster.namespaces().keySet()));
    }
    Service service = services.get(namespace + "/" + serviceName);
    if (service == null) {
      List<String> there = cluster.services().stream()
          .filter(each -> each.namespace().equals(namespace))
          .map(Service::name)
          .toList();
      String hint = didYouMean(serviceName, there);
      return new Meaning.Missing(
          "`" + name + "` is a Service's name, and there is no Service `" + serviceName
              + "` in namespace `" + namespace + "`",
          hint.isEmpty() && !name.contains("." + SERVICE)
              ? "write `" + name + ".` for a host outside the cluster"
              : hint);
    }
    if (prefix.isEmpty()) {
      return new Meaning.OfService(service, Optional.empty());
    }
    if (prefix.size() == 2 && prefix.stream().allMatch(label -> label.startsWith("_"))) {
      return ofPort(service, prefix.get(0).substring(1), prefix.get(1).substring(1), name);
    }
    return prefix.size() == 1
        ? ofEndpoint(service, prefix.get(0), name)
        : new Meaning.Missing("nothing is called `" + name + "`", "write `" + dns(service) + "`");
  }

  private Meaning ofPort(Service service, String port, String protocol, String name) {
    Optional<Protocol> wanted = Protocol.ofApi(protocol.toUpperCase(Locale.ROOT));
    return service.ports().stream()
        .filter(p -> p.name().equals(port) && wanted.equals(Optional.of(p.protocol())))
        .findFirst()
        .<Meaning>map(p -> new Meaning.OfService(service, Optional.of(p)))
        .orElseGet(() -> new Meaning.Missing(
            "`" + name + "` names a port that service " + service.id() + " does not have",
            didYouMean(port, service.ports().stream().map(Service.Port::name).toList())));
  }

  /** A pod behind a Service by its host name, which in a StatefulSet is its name, or by its address with dashes. */
  private Meaning ofEndpoint(Service service, String label, String name) {
    Optional<Address> address = dashed(label);
    List<PodBehind> pods = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      if (workload.namespace().equals(service.namespace())
          && service.selector().filter(s -> s.matches(workload.labels())).isPresent()) {
        workload.pods().stream()
            .filter(pod -> isCalled(pod, label, service)
                || address.filter(pod.addresses()::contains).isPresent())
            .forEach(pod -> pods.add(new PodBehind(workload, Optional.of(pod))));
        if (workload.pods().isEmpty() && isReplica(workload, label)) {
          pods.add(new PodBehind(workload, Optional.empty()));
        }
      }
    }
    if (!pods.isEmpty()) {
      return new Meaning.OfPods(service, pods);
    }
    return service.endpoints().stream()
        .filter(endpoint ->
            isCalled(endpoint, label) || address.equals(Optional.of(endpoint.address())))
        .findFirst()
        .<Meaning>map(endpoint -> new Meaning.OfAddress(endpoint.address()))
        .orElseGet(() -> new Meaning.Missing(
            "`" + name + "` names a pod, and no pod behind service " + service.id() + " is called `"
                + label + "`",
            didYouMean(
                label,
                cluster.workloads().stream()
                    .filter(w -> w.namespace().equals(service.namespace()))
                    .flatMap(w -> w.pods().stream().map(Pod::name))
                    .toList())));
  }

  /** By its host name under a subdomain that is the Service; one that says neither, by the name that it has. */
  private static boolean isCalled(Pod pod, String label, Service service) {
    return pod.hostname()
        .map(host -> host.subdomain().equals(service.name())
            && label.equals(host.name().toLowerCase(Locale.ROOT)))
        .orElse(pod.name().equals(label));
  }

  private static boolean isCalled(Service.SliceEndpoint endpoint, String label) {
    return endpoint.hostname().isEmpty()
        ? endpoint.pod().equals(Optional.of(label))
        : endpoint.hostname().equals(label);
  }

  private static boolean isReplica(Workload workload, String label) {
    return label.equals(workload.name())
        || (workload.kind().equals("StatefulSet")
            && label.startsWith(workload.name() + "-")
            && label.substring(workload.name().length() + 1).matches("[0-9]{1,9}"));
  }

  /** The address that a label spells with dashes in place of dots or colons. */
  private static Optional<Address> dashed(String label) {
    return Stream.of(label.replace('-', '.'), label.replace('-', ':'))
        .filter(text -> label.indexOf('-') >= 0)
        .flatMap(text -> parsed(text).stream())
        .findFirst();
  }

  private static Optional<Address> parsed(String text) {
    try {
      return Optional.of(Address.parse(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private String dns(Service service) {
    return service.name() + "." + service.namespace() + "." + SERVICE + "."
        + String.join(".", domain);
  }

  private static String didYouMean(String word, Collection<String> names) {
    List<String> near = NearestNames.of(word, names);
    return near.isEmpty() ? "" : "did you mean `" + String.join("` or `", near) + "`?";
  }
}
