package dev.postern.answer;

import static dev.postern.answer.EndsOfPods.ends;
import static dev.postern.answer.EndsOfPods.family;

import dev.postern.answer.CallArrival.By;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a call of a name or address at one port arrives: a part of {@link CallTranslation}.
 *
 * @param byDefault the family of Services that name none
 */
record CallArrivals(Cluster cluster, Family byDefault) {

  /**
   * The places.
   *
   * @param outside whether the client is outside the cluster
   */
  List<CallArrival> at(String words, Protocol protocol, int port, boolean outside) {
    return arrivals(words, protocol, port, outside, 0);
  }

  private List<CallArrival> arrivals(
      String words, Protocol protocol, int port, boolean outside, int aliases) {
    if (words.startsWith("service ")) {
      return throughName(
          service(words.substring(8)).orElseThrow(), protocol, port, outside, aliases);
    }
    Optional<Address> address = address(words);
    return address.isPresent()
        ? atAddress(address.get(), protocol, port, outside)
        : atName(words.toLowerCase(Locale.ROOT), protocol, port, outside, aliases);
  }

  private static Optional<Address> address(String words) {
    try {
      return Optional.of(Address.parse(words));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private Optional<Service> service(String id) {
    return cluster.services().stream().filter(s -> s.id().equals(id)).findFirst();
  }

  private List<CallArrival> atName(
      String name, Protocol protocol, int port, boolean outside, int aliases) {
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    String inside = plain.endsWith(".svc.cluster.local")
        ? plain.substring(0, plain.length() - ".cluster.local".length())
        : plain;
    if (inside.endsWith(".svc")) {
      String[] labels = inside.split("\\.");
      int last = labels.length - 1;
      Optional<Service> service = service(labels[last - 1] + "/" + labels[last - 2]);
      if (service.isEmpty()) {
        return List.of();
      }
      return labels.length == 3
          ? throughName(service.get(), protocol, port, outside, aliases)
          : podsCalled(service.get(), labels[0]).stream()
              .map(pod -> CallArrival.at(pod, protocol, port))
              .toList();
    }
    List<CallArrival> arrivals = new ArrayList<>();
    boolean taken = false;
    for (Service service : cluster.services()) {
      if (service.type() == Service.Type.LOAD_BALANCER
          && service.exposure().loadBalancers().stream()
              .anyMatch(front -> front.hostname().equals(plain))) {
        for (Service.Port each : service.ports()) {
          if (each.protocol() == protocol && each.port() == port) {
            taken = true;
            arrivals.addAll(behind(
                service,
                each,
                By.PROXY,
                Optional.empty(),
                Optional.of(new End.DomainName(plain)),
                port));
          }
        }
      }
    }
    return taken
        ? arrivals
        : List.of(CallArrival.at(List.of(new End.DomainName(plain)), protocol, port));
  }

  private List<CallArrival> throughName(
      Service service, Protocol protocol, int port, boolean outside, int aliases) {
    if (service.type() == Service.Type.EXTERNAL_NAME) {
      return aliases > 10
          ? List.of()
          : atName(
              service.externalName().toLowerCase(Locale.ROOT),
              protocol,
              port,
              outside,
              aliases + 1);
    }
    if (service.headless()) {
      return everythingBehind(service).stream()
          .map(ends -> CallArrival.at(ends, protocol, port))
          .toList();
    }
    List<Family> families =
        Stream.of(Family.values()).filter(f -> has(service, f)).toList();
    return throughPorts(
        service,
        protocol,
        port,
        outside,
        families.size() == 1 ? Optional.of(families.get(0)) : Optional.empty());
  }

  /** Nobody but the Service answers at its name and its cluster IP; outside they stand for its node ports, too. */
  private List<CallArrival> throughPorts(
      Service service, Protocol protocol, int port, boolean outside, Optional<Family> family) {
    List<Service.Port> open = service.ports().stream()
        .filter(each -> each.protocol() == protocol)
        .filter(each -> each.port() == port
            || (outside && each.nodePort().isPresent() && each.nodePort().getAsInt() == port))
        .toList();
    if (open.isEmpty()) {
      return List.of(CallArrival.at(List.of(), protocol, port));
    }
    return open.stream()
        .flatMap(each -> behind(service, each, By.SERVICE, family, Optional.empty(), port).stream())
        .toList();
  }

  private List<CallArrival> atAddress(
      Address address, Protocol protocol, int port, boolean outside) {
    End there = new End.Outside(address);
    Optional<Family> family = Optional.of(address.family());
    List<CallArrival> arrivals = new ArrayList<>();
    boolean taken = false;
    for (Service service : cluster.services()) {
      if (service.clusterIps().contains(address)) {
        return throughPorts(service, protocol, port, outside, family);
      }
      // kube-proxy serves each family apart, and a Service in those that it has.
      if (!has(service, address.family())) {
        continue;
      }
      for (By by : fronts(service, address)) {
        for (Service.Port each : service.ports()) {
          if (each.protocol() == protocol && each.port() == port) {
            taken = true;
            arrivals.addAll(behind(service, each, by, family, Optional.of(there), port));
          }
        }
      }
      boolean onNodes =
          service.type() == Service.Type.NODE_PORT || service.type() == Service.Type.LOAD_BALANCER;
      for (Service.Port each :
          onNodes && isNode(address) ? service.ports() : List.<Service.Port>of()) {
        if (each.protocol() == protocol
            && each.nodePort().isPresent()
            && each.nodePort().getAsInt() == port) {
          taken = true;
          arrivals.addAll(behind(service, each, By.NODE, family, Optional.of(there), port));
        }
      }
    }
    if (taken) {
      return arrivals;
    }
    List<CallArrival> pods = cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> ends(workload).stream())
        .filter(end -> address.equals(((End.InPod) end).address().orElse(null)))
        .map(end -> CallArrival.at(List.of(end), protocol, port))
        .toList();
    return pods.isEmpty() ? List.of(CallArrival.at(List.of(there), protocol, port)) : pods;
  }

  private static List<By> fronts(Service service, Address address) {
    List<By> by = new ArrayList<>();
    if (service.type() == Service.Type.EXTERNAL_NAME || service.headless()) {
      return by;
    }
    Service.ExternalAccess exposure = service.exposure();
    exposure.externalIps().stream().filter(address::equals).forEach(a -> by.add(By.EXTERNAL_IP));
    if (service.type() == Service.Type.LOAD_BALANCER) {
      exposure.loadBalancers().stream()
          .filter(front -> front.address().equals(Optional.of(address)))
          .forEach(front -> by.add(front.proxy() ? By.PROXY : By.BALANCER));
      if (exposure.loadBalancers().isEmpty()
          && exposure.requestedIp().equals(Optional.of(address))) {
        by.add(By.BALANCER);
      }
    }
    return by;
  }

  private boolean isNode(Address address) {
    return cluster.nodes().stream().anyMatch(node -> node.addresses().contains(address));
  }

  private List<CallArrival> behind(
      Service service,
      Service.Port port,
      By by,
      Optional<Family> family,
      Optional<End> called,
      int calledPort) {
    List<CallArrival> arrivals = new ArrayList<>();
    if (service.selector().isPresent()) {
      for (Workload workload : selected(service)) {
        target(workload, port)
            .ifPresent(number -> arrivals.add(new CallArrival(
                ends(workload),
                port.protocol(),
                number,
                by,
                Optional.of(service),
                called,
                calledPort,
                family)));
      }
    } else {
      for (Service.SliceEndpoint endpoint : service.endpoints()) {
        for (Service.EndpointPort there : endpoint.ports()) {
          if (there.name().equals(port.name()) && there.protocol() == port.protocol()) {
            arrivals.add(new CallArrival(
                List.of(holder(endpoint.address(), true)),
                port.protocol(),
                there.port(),
                by,
                Optional.of(service),
                called,
                calledPort,
                family));
          }
        }
      }
    }
    return arrivals.stream()
        .map(arrival -> new CallArrival(
            arrival.ends().stream()
                .filter(end -> family(end).map(f -> has(service, f)).orElse(true))
                .filter(end ->
                    family.isEmpty() || family(end).isEmpty() || family(end).equals(family))
                .toList(),
            arrival.protocol(),
            arrival.port(),
            arrival.by(),
            arrival.service(),
            arrival.called(),
            arrival.calledPort(),
            family))
        .filter(arrival -> !arrival.ends().isEmpty())
        .toList();
  }

  private List<Workload> selected(Service service) {
    return service.selector().stream()
        .flatMap(selector -> cluster.workloads().stream()
            .filter(w -> w.namespace().equals(service.namespace()))
            .filter(w -> selector.matches(w.labels())))
        .toList();
  }

  private static Optional<Integer> target(Workload workload, Service.Port port) {
    return port.target() instanceof Service.Target.Number number
        ? Optional.of(number.port())
        : workload.ports().stream()
            .filter(each -> each.protocol() == port.protocol())
            .filter(each -> port.target().equals(new Service.Target.Named(each.name())))
            .map(ContainerPort::number)
            .findFirst();
  }

  /**
   * The fields {@code ipFamilies} and {@code ipFamilyPolicy} of "IPv4/IPv6 dual-stack": cluster IPs say it where there are any; what requires or
   * prefers dual-stack has both; what names one has that, and what names none the cluster's default. Nothing chooses addresses for a
   * headless Service without a selector.
   */
  private boolean has(Service service, Family family) {
    if (!service.clusterIps().isEmpty()) {
      return service.clusterIps().stream().anyMatch(address -> address.family() == family);
    }
    boolean listed = service.headless() && service.selector().isEmpty();
    return switch (service.families().reach()) {
      case AS_LISTED, BOTH, ALL_THERE_ARE -> true;
      case ONE ->
        listed
            || (service.families().named().isEmpty()
                ? family == byDefault
                : service.families().named().contains(family));
    };
  }

  private List<End> had(Service service, Stream<End> ends) {
    return ends.filter(end -> family(end).map(f -> has(service, f)).orElse(true))
        .toList();
  }

  private List<List<End>> everythingBehind(Service service) {
    return service.selector().isPresent()
        ? selected(service).stream()
            .map(workload -> had(service, ends(workload).stream()))
            .filter(ends -> !ends.isEmpty())
            .toList()
        : service.endpoints().stream()
            .map(endpoint -> List.of(holder(endpoint.address(), false)))
            .toList();
  }

  private End holder(Address address, boolean alsoOnHost) {
    return cluster.workloads().stream()
        .filter(workload -> alsoOnHost || !workload.hostNetwork())
        .flatMap(workload -> ends(workload).stream())
        .filter(end -> address.equals(((End.InPod) end).address().orElse(null)))
        .findFirst()
        .orElse(new End.Outside(address));
  }

  private List<List<End>> podsCalled(Service service, String label) {
    List<List<End>> pods = new ArrayList<>();
    for (Workload workload : selected(service)) {
      for (Pod pod : workload.pods()) {
        boolean called = pod.hostname().isPresent()
            ? pod.hostname().get().equals(new Pod.Hostname(label, service.name()))
            : pod.name().equals(label);
        if (called) {
          pods.add(had(service, ends(workload, pod)));
        }
      }
    }
    return pods.stream().filter(ends -> !ends.isEmpty()).toList();
  }
}
