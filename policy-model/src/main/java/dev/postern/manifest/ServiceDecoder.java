package dev.postern.manifest;

import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.cluster.ServiceFamilies.FurtherFamilies;
import dev.postern.diagnostic.Code;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Decodes Services, and the Endpoints and EndpointSlices behind them. */
final class ServiceDecoder {

  /** The label by which an EndpointSlice names its Service. */
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** What cloud providers read where {@code spec.loadBalancerSourceRanges} says nothing (k8s.io/cloud-provider, service/helpers). */
  static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

  /**
   * What one Endpoints or EndpointSlice object says is behind a Service.
   *
   * @param service the Service's name; empty if it names none
   */
  record Backends(String namespace, String service, List<Service.SliceEndpoint> endpoints) {}

  private final LabelDecoder labels;

  ServiceDecoder(LabelDecoder labels) {
    this.labels = labels;
  }

  Service service(Cursor object, ObjectHead head) {
    Optional<Cursor> spec = object.field("spec");
    if (spec.isEmpty()) {
      object.report(Code.MISSING_FIELD, "", "a Service", "spec");
    }
    Service.Type type = spec.map(ServiceDecoder::type).orElse(Service.Type.CLUSTER_IP);
    boolean headless =
        spec.flatMap(s -> s.string("clusterIP")).filter("None"::equals).isPresent();
    // The API server ignores the selector of an ExternalName, and an empty one is none.
    Optional<Selector> selector = spec.flatMap(s -> s.field("selector"))
        .map(labels::mapSelector)
        .filter(s -> !s.isEverything() && type != Service.Type.EXTERNAL_NAME);
    List<Address> clusterIps = spec.map(ServiceDecoder::clusterIps).orElse(List.of());
    ServiceFamilies families = headless && selector.isEmpty()
        ? new ServiceFamilies(Set.of(), FurtherFamilies.AS_LISTED)
        : spec.map(s -> families(s, clusterIps)).orElse(ServiceFamilies.ALL);
    return new Service(
        head.namespace(),
        head.name(),
        type,
        clusterIps,
        headless,
        selector,
        spec.map(ServiceDecoder::ports).orElse(List.of()),
        type == Service.Type.EXTERNAL_NAME
            ? spec.flatMap(s -> s.string("externalName")).orElse("")
            : "",
        spec.flatMap(s -> s.string("externalTrafficPolicy"))
            .filter("Local"::equals)
            .isPresent(),
        List.of(),
        exposure(object, spec),
        type == Service.Type.EXTERNAL_NAME ? ServiceFamilies.ALL : families,
        head.origin());
  }

  /** A Service that the API server holds has the families of its cluster IPs, if it has any. */
  private static ServiceFamilies families(Cursor spec, List<Address> clusterIps) {
    Set<Family> named = ServiceFamilies.of(clusterIps);
    Optional<FurtherFamilies> policy = spec.field("ipFamilyPolicy")
        .flatMap(place -> place.string().flatMap(word -> reach(place, word)));
    for (Cursor item : spec.items("ipFamilies")) {
      String word = item.string().orElse("");
      Optional<Family> family =
          Stream.of(Family.values()).filter(f -> f.word().equals(word)).findFirst();
      if (family.isEmpty()) {
        item.report(
            Code.NOT_ALLOWED,
            LabelDecoder.oneOf(
                word, Stream.of(Family.values()).map(Family::word).toList()),
            word,
            "IP family");
      }
      family.ifPresent(named::add);
    }
    return new ServiceFamilies(
        named,
        spec.isStored() && !named.isEmpty()
            ? FurtherFamilies.ONE
            : policy.orElse(FurtherFamilies.ONE));
  }

  private static Optional<FurtherFamilies> reach(Cursor place, String word) {
    return switch (word) {
      case "" -> Optional.empty();
      case "SingleStack" -> Optional.of(FurtherFamilies.ONE);
      case "PreferDualStack" -> Optional.of(FurtherFamilies.ALL_THERE_ARE);
      case "RequireDualStack" -> Optional.of(FurtherFamilies.BOTH);
      default -> {
        String hint =
            LabelDecoder.oneOf(word, List.of("SingleStack", "PreferDualStack", "RequireDualStack"));
        place.report(Code.NOT_ALLOWED, hint, word, "IP family policy");
        yield Optional.empty();
      }
    };
  }

  private static Service.ExternalAccess exposure(Cursor object, Optional<Cursor> spec) {
    List<Cursor> fronts = object
        .field("status")
        .flatMap(status -> status.field("loadBalancer"))
        .map(balancer -> balancer.items("ingress"))
        .orElse(List.of());
    OptionalInt healthCheck =
        spec.map(s -> s.integer("healthCheckNodePort")).orElse(OptionalInt.empty());
    return new Service.ExternalAccess(
        spec.map(s -> s.items("externalIPs")).orElse(List.of()).stream()
            .flatMap(place -> Addresses.address(place).stream())
            .toList(),
        fronts.stream().map(ServiceDecoder::loadBalancer).toList(),
        spec.flatMap(s -> s.field("loadBalancerIP")).flatMap(Addresses::address),
        healthCheck.orElse(0) > 0 ? healthCheck : OptionalInt.empty(),
        spec.flatMap(s -> s.string("internalTrafficPolicy"))
            .filter("Local"::equals)
            .isPresent(),
        sourceRanges(object, spec));
  }

  private static List<Cidr> sourceRanges(Cursor object, Optional<Cursor> spec) {
    List<Cursor> written = spec.map(s -> s.items("loadBalancerSourceRanges")).orElse(List.of());
    return written.isEmpty()
        ? object
            .field("metadata")
            .flatMap(metadata -> metadata.field("annotations"))
            .flatMap(annotations -> annotations.field(SOURCE_RANGES))
            .map(Addresses::cidrs)
            .orElse(List.of())
        : written.stream().flatMap(place -> Addresses.cidr(place).stream()).toList();
  }

  private static Service.LoadBalancer loadBalancer(Cursor front) {
    return new Service.LoadBalancer(
        front.field("ip").flatMap(Addresses::address),
        front.string("hostname").orElse("").toLowerCase(Locale.ROOT),
        front.string("ipMode").filter("Proxy"::equals).isPresent());
  }

  private static Service.Type type(Cursor spec) {
    String word = spec.string("type").orElse("ClusterIP");
    return switch (word) {
      case "ClusterIP" -> Service.Type.CLUSTER_IP;
      case "NodePort" -> Service.Type.NODE_PORT;
      case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
      case "ExternalName" -> Service.Type.EXTERNAL_NAME;
      default -> {
        String hint = LabelDecoder.oneOf(
            word, List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"));
        spec.field("type").orElseThrow().report(Code.NOT_ALLOWED, hint, word, "type of Service");
        yield Service.Type.CLUSTER_IP;
      }
    };
  }

  private static List<Address> clusterIps(Cursor spec) {
    List<Cursor> written = new ArrayList<>(spec.items("clusterIPs"));
    if (written.isEmpty()) {
      spec.field("clusterIP").ifPresent(written::add);
    }
    return written.stream()
        .filter(place -> !place.string().orElse("").equals("None"))
        .flatMap(place -> Addresses.address(place).stream())
        .toList();
  }

  private static List<Service.Port> ports(Cursor spec) {
    List<Service.Port> ports = new ArrayList<>();
    for (Cursor item : spec.items("ports")) {
      Optional<Cursor> written = item.field("port");
      if (written.isEmpty()) {
        item.report(Code.MISSING_FIELD, "write `port: …`", item.label(), "port");
        continue;
      }
      OptionalInt port = PortDecoder.number(written.get());
      if (port.isPresent()) {
        Service.Target target = target(item, port.getAsInt());
        OptionalInt nodePort =
            item.integer("nodePort").stream().filter(n -> n > 0).findFirst();
        ports.add(new Service.Port(
            item.string("name").orElse(""),
            PortDecoder.protocol(item),
            port.getAsInt(),
            target,
            nodePort));
      }
    }
    return ports;
  }

  private static Service.Target target(Cursor item, int port) {
    Optional<Cursor> written = item.field("targetPort");
    Optional<String> name = written.flatMap(Cursor::string).filter(n -> !n.isEmpty());
    if (name.isPresent()) {
      PortDecoder.checkName(written.get(), name.get());
      return new Service.Target.Named(name.get());
    }
    // 0 is what a dump shows for a target port that was never set.
    Optional<Cursor> number = written.filter(t -> t.integer().orElse(0) != 0);
    return new Service.Target.Number(
        number.map(PortDecoder::number).orElse(OptionalInt.of(port)).orElse(port));
  }

  Backends endpoints(Cursor object, ObjectHead head) {
    List<Service.SliceEndpoint> endpoints = new ArrayList<>();
    for (Cursor subset : object.items("subsets")) {
      List<Service.EndpointPort> ports = endpointPorts(subset);
      for (String field : List.of("addresses", "notReadyAddresses")) {
        for (Cursor item : subset.items(field)) {
          Optional<String> pod = pod(item);
          item.field("ip")
              .flatMap(Addresses::address)
              .ifPresent(address ->
                  endpoints.add(new Service.SliceEndpoint(address, ports, pod, hostname(item))));
        }
      }
    }
    return new Backends(head.namespace(), head.name(), endpoints);
  }

  Backends slice(Cursor object, ObjectHead head) {
    List<Service.SliceEndpoint> endpoints = new ArrayList<>();
    // A slice of type FQDN lists names, which no policy sees.
    if (!object.string("addressType").orElse("").equals("FQDN")) {
      List<Service.EndpointPort> ports = endpointPorts(object);
      for (Cursor item : object.items("endpoints")) {
        Optional<String> pod = pod(item);
        for (Cursor written : item.items("addresses")) {
          Addresses.address(written)
              .ifPresent(address ->
                  endpoints.add(new Service.SliceEndpoint(address, ports, pod, hostname(item))));
        }
      }
    }
    return new Backends(head.namespace(), head.labels().get(SERVICE_NAME).orElse(""), endpoints);
  }

  private static List<Service.EndpointPort> endpointPorts(Cursor object) {
    List<Service.EndpointPort> ports = new ArrayList<>();
    for (Cursor item : object.items("ports")) {
      Protocol protocol = PortDecoder.protocol(item);
      Optional<Cursor> number = item.field("port");
      if (number.isPresent()) {
        PortDecoder.number(number.get())
            .ifPresent(port -> ports.add(
                new Service.EndpointPort(item.string("name").orElse(""), protocol, port)));
      }
    }
    return ports;
  }

  private static String hostname(Cursor endpoint) {
    return endpoint.string("hostname").orElse("").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> pod(Cursor endpoint) {
    return endpoint
        .field("targetRef")
        .filter(reference -> reference.string("kind").orElse("").equals("Pod"))
        .flatMap(reference -> reference.string("name"));
  }
}
