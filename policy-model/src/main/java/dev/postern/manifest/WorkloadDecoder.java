package dev.postern.manifest;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Pod;
import dev.postern.diagnostic.Code;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decodes pods and the templates of everything that makes pods. */
final class WorkloadDecoder {

  /** What policies can tell pods apart by. */
  record PodFacts(Labels labels, List<ContainerPort> ports, boolean hostNetwork) {

    // Written out like Inventory.Key's, for a quick start.
    @Override
    public boolean equals(Object other) {
      return other instanceof PodFacts facts
          && labels.equals(facts.labels)
          && hostNetwork == facts.hostNetwork
          && ports.equals(facts.ports);
    }

    @Override
    public int hashCode() {
      return labels.hashCode() * 31 + ports.hashCode();
    }
  }

  /**
   * A pod.
   *
   * @param finished whether it has ended and holds no address any more
   */
  record PodObject(
      ObjectHead head,
      PodFacts facts,
      boolean finished,
      Optional<String> node,
      List<Address> addresses,
      Optional<Pod.Hostname> hostname) {}

  /**
   * A controller with its templates.
   *
   * @param parts of its templates, mostly one
   * @param borrowed the object whose templates it uses instead of its own, if it does
   * @param idle whether it wants no replica, as the old ReplicaSets of a Deployment do
   */
  record Template(
      ObjectHead head, List<Part> parts, Optional<Inventory.Key> borrowed, boolean idle) {

    Template(ObjectHead head, PodFacts facts, boolean idle) {
      this(head, List.of(new Part("", facts)), Optional.empty(), idle);
    }

    /** Whether it belongs to nothing else, and its pods are alike and its own. */
    boolean isApart() {
      return head.owner().isEmpty() && borrowed.isEmpty() && parts.size() == 1;
    }
  }

  /**
   * Pods of one template.
   *
   * @param name what tells the template from others of its object; empty if it is the only one
   */
  record Part(String name, PodFacts facts) {}

  private final LabelDecoder labels;

  WorkloadDecoder(LabelDecoder labels) {
    this.labels = labels;
  }

  PodObject pod(Cursor object, ObjectHead head) {
    Optional<Cursor> spec = object.field("spec");
    if (spec.isEmpty()) {
      object.report(Code.MISSING_FIELD, "write `spec: {containers: […]}`", "a Pod", "spec");
    }
    PodFacts facts = facts(head.labels(), spec);
    Optional<Cursor> status = object.field("status");
    String phase = status.flatMap(s -> s.string("phase")).orElse("");
    return new PodObject(
        head,
        facts,
        phase.equals("Succeeded") || phase.equals("Failed"),
        spec.flatMap(s -> s.string("nodeName")).filter(name -> !name.isEmpty()),
        status.map(s -> addresses(s, facts.hostNetwork())).orElse(List.of()),
        spec.flatMap(WorkloadDecoder::hostname));
  }

  private static Optional<Pod.Hostname> hostname(Cursor spec) {
    String name = spec.string("hostname").orElse("");
    String subdomain = spec.string("subdomain").orElse("");
    return name.isEmpty() && subdomain.isEmpty()
        ? Optional.empty()
        : Optional.of(new Pod.Hostname(name, subdomain));
  }

  private static List<Address> addresses(Cursor status, boolean hostNetwork) {
    List<Address> addresses = addresses(status, "podIPs", "podIP");
    return addresses.isEmpty() && hostNetwork ? addresses(status, "hostIPs", "hostIP") : addresses;
  }

  private static List<Address> addresses(Cursor status, String list, String single) {
    List<Cursor> items = status.items(list);
    return items.isEmpty()
        ? status.field(single).flatMap(Addresses::address).stream().toList()
        : items.stream()
            .flatMap(item -> item.field("ip").flatMap(Addresses::address).stream())
            .distinct()
            .toList();
  }

  Template template(Cursor object, ObjectHead head) {
    OptionalInt replicas =
        object.field("spec").map(s -> s.integer("replicas")).orElse(OptionalInt.empty());
    boolean idle = replicas.isPresent() && replicas.getAsInt() == 0;
    return new Template(head, templateFacts(object, object.field("spec"), head.kind()), idle);
  }

  Template cronJob(Cursor object, ObjectHead head) {
    Optional<Cursor> job =
        object.field("spec").flatMap(s -> s.field("jobTemplate")).flatMap(t -> t.field("spec"));
    return new Template(head, templateFacts(object, job, head.kind()), false);
  }

  private PodFacts templateFacts(Cursor object, Optional<Cursor> spec, String kind) {
    Optional<Cursor> template = spec.flatMap(s -> s.field("template"));
    if (template.isEmpty()) {
      spec.orElse(object)
          .report(
              Code.MISSING_FIELD,
              "write `template: {metadata: …, spec: …}`",
              "spec of a " + kind,
              "template");
      return facts(Labels.NONE, Optional.empty());
    }
    Labels found =
        template.get().field("metadata").map(m -> labels.labels(m, "labels")).orElse(Labels.NONE);
    return facts(found, template.get().field("spec"));
  }

  static PodFacts facts(Labels labels, Optional<Cursor> spec) {
    List<ContainerPort> ports = new ArrayList<>();
    boolean hostNetwork = false;
    if (spec.isPresent()) {
      hostNetwork = spec.get().isTrue("hostNetwork");
      spec.get().items("containers").forEach(container -> addPorts(container, ports));
      for (Cursor container : spec.get().items("initContainers")) {
        // Only a sidecar still listens when the pod runs.
        if (container.string("restartPolicy").filter("Always"::equals).isPresent()) {
          addPorts(container, ports);
        }
      }
    }
    List<ContainerPort> sorted = ports.stream().distinct().sorted().toList();
    return new PodFacts(labels, sorted, hostNetwork);
  }

  private static void addPorts(Cursor container, List<ContainerPort> ports) {
    for (Cursor port : container.items("ports")) {
      Protocol protocol = PortDecoder.protocol(port);
      Optional<Cursor> number = port.field("containerPort");
      if (number.isEmpty()) {
        if (!UnknownField.hasUnknown(port, WorkloadShapes.CONTAINER_PORT)) {
          port.report(
              Code.MISSING_FIELD, "write `containerPort: …`", port.label(), "containerPort");
        }
        continue;
      }
      Optional<Cursor> name =
          port.field("name").filter(n -> !n.string().orElse("").isEmpty());
      name.ifPresent(n -> PortDecoder.checkName(n, n.string().orElse("")));
      PortDecoder.number(number.get())
          .ifPresent(n ->
              ports.add(new ContainerPort(name.flatMap(Cursor::string).orElse(""), protocol, n)));
    }
  }
}
