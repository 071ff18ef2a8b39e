package dev.postern.manifest;

import dev.postern.cluster.Entrance;
import dev.postern.cluster.Entrance.BackendReference;
import dev.postern.cluster.Service;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Decodes Ingresses, Gateway API routes and OpenShift Routes into the Services that they lead to. */
final class EntranceDecoder {

  private EntranceDecoder() {}

  static Entrance ingress(Cursor object, ObjectHead head) {
    Set<BackendReference> backends = new LinkedHashSet<>();
    Set<String> hosts = new LinkedHashSet<>();
    Optional<Cursor> spec = object.field("spec");
    Optional<Cursor> fallback =
        spec.flatMap(s -> s.field("defaultBackend").or(() -> s.field("backend")));
    fallback.ifPresent(backend -> ingressBackend(backend, head, backends));
    boolean everyHost = fallback.isPresent();
    for (Cursor rule : spec.map(s -> s.items("rules")).orElse(List.of())) {
      Optional<String> host = rule.string("host").filter(h -> !h.isEmpty());
      host.ifPresent(hosts::add);
      everyHost |= host.isEmpty();
      for (Cursor path : rule.field("http").map(http -> http.items("paths")).orElse(List.of())) {
        path.field("backend").ifPresent(backend -> ingressBackend(backend, head, backends));
      }
    }
    return entrance(head, everyHost ? List.of() : List.copyOf(hosts), backends);
  }

  /** v1 names the Service in a field of its own, v1beta1 in two. */
  private static void ingressBackend(
      Cursor backend, ObjectHead head, Set<BackendReference> backends) {
    Optional<Cursor> service = backend.field("service");
    Optional<String> name =
        service.isPresent() ? service.get().string("name") : backend.string("serviceName");
    Optional<Cursor> port = service.flatMap(s -> s.field("port"));
    OptionalInt number =
        port.isPresent() ? port.get().integer("number") : backend.integer("servicePort");
    Optional<String> portName =
        port.isPresent() ? port.get().string("name") : backend.string("servicePort");
    name.ifPresent(
        n -> backends.add(new BackendReference(head.namespace(), n, number, portName.orElse(""))));
  }

  static Entrance gatewayRoute(Cursor object, ObjectHead head) {
    Set<BackendReference> backends = new LinkedHashSet<>();
    Optional<Cursor> spec = object.field("spec");
    for (Cursor rule : spec.map(s -> s.items("rules")).orElse(List.of())) {
      rule.items("backendRefs").forEach(reference -> reference(reference, head, backends));
      for (Cursor filter : rule.items("filters")) {
        filter
            .field("requestMirror")
            .flatMap(mirror -> mirror.field("backendRef"))
            .ifPresent(reference -> reference(reference, head, backends));
      }
    }
    return entrance(head, spec.map(s -> s.strings("hostnames")).orElse(List.of()), backends);
  }

  private static void reference(Cursor reference, ObjectHead head, Set<BackendReference> backends) {
    boolean service = reference.string("kind").orElse("Service").equals("Service")
        && reference.string("group").orElse("").isEmpty();
    String namespace = reference.string("namespace").orElse(head.namespace());
    if (service) {
      reference
          .string("name")
          .ifPresent(name ->
              backends.add(new BackendReference(namespace, name, reference.integer("port"), "")));
    }
  }

  static Entrance route(Cursor object, ObjectHead head) {
    Set<BackendReference> backends = new LinkedHashSet<>();
    Optional<Cursor> spec = object.field("spec");
    Optional<Cursor> port = spec.flatMap(s -> s.field("port")).flatMap(p -> p.field("targetPort"));
    OptionalInt number = port.isPresent() ? port.get().integer() : OptionalInt.empty();
    String name = port.flatMap(Cursor::string).orElse("");
    List<Cursor> targets =
        new ArrayList<>(spec.flatMap(s -> s.field("to")).stream().toList());
    targets.addAll(spec.map(s -> s.items("alternateBackends")).orElse(List.of()));
    for (Cursor target : targets) {
      if (target.string("kind").orElse("Service").equals("Service")) {
        target
            .string("name")
            .ifPresent(service ->
                backends.add(new BackendReference(head.namespace(), service, number, name)));
      }
    }
    List<String> hosts =
        spec.flatMap(s -> s.string("host")).filter(h -> !h.isEmpty()).stream().toList();
    return entrance(head, hosts, backends);
  }

  private static Entrance entrance(
      ObjectHead head, List<String> hosts, Set<BackendReference> backends) {
    return new Entrance(
        head.kind(), head.namespace(), head.name(), hosts, List.copyOf(backends), head.origin());
  }

  /** A Route's port number is the pods', where the others' is the Service's: the Service port that leads there, if there is one. */
  static Entrance throughService(Entrance route, List<Service> services) {
    List<BackendReference> backends = new ArrayList<>();
    for (BackendReference backend : route.backends()) {
      OptionalInt port = backend.port();
      if (port.isPresent()) {
        Service.Target target = new Service.Target.Number(port.getAsInt());
        port = services.stream()
            .filter(s ->
                s.namespace().equals(backend.namespace()) && s.name().equals(backend.service()))
            .flatMap(s -> s.ports().stream())
            .filter(p -> p.target().equals(target))
            .mapToInt(Service.Port::port)
            .findFirst();
        port = port.isPresent() ? port : backend.port();
      }
      backends.add(
          new BackendReference(backend.namespace(), backend.service(), port, backend.portName()));
    }
    return new Entrance(
        route.kind(), route.namespace(), route.name(), route.hosts(), backends, route.origin());
  }
}
