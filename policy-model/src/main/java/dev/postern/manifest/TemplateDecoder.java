package dev.postern.manifest;

import dev.postern.cluster.ContainerPort;
import dev.postern.diagnostic.Code;
import dev.postern.manifest.TemplatePaths.Found;
import dev.postern.manifest.WorkloadDecoder.Part;
import dev.postern.manifest.WorkloadDecoder.PodFacts;
import dev.postern.manifest.WorkloadDecoder.Template;
import dev.postern.manifest.WorkloadKinds.Made;
import dev.postern.manifest.WorkloadKinds.WorkloadKind;
import dev.postern.net.Protocol;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decodes the objects of {@link WorkloadKinds}: their templates, and what their controllers add to them. */
final class TemplateDecoder {

  /** A revision's number in its name: of the first one, which is all that a manifest can say. */
  private static final String FIRST_REVISION = "-00001";

  private static final int LONGEST_LABEL = 63;

  /** Knative's, where a container names no port. */
  private static final int USER_PORT = 8080;

  private final LabelDecoder labels;

  TemplateDecoder(LabelDecoder labels) {
    this.labels = labels;
  }

  Template template(WorkloadKind kind, Cursor object, ObjectHead head) {
    Optional<Cursor> spec = object.field("spec");
    OptionalInt replicas = spec.map(s -> s.integer("replicas")).orElse(OptionalInt.empty());
    boolean idle = replicas.isPresent() && replicas.getAsInt() == 0;
    List<Found> found = kind.templates().stream()
        .flatMap(path -> TemplatePaths.follow(object, path).stream())
        .toList();
    List<Part> parts = new ArrayList<>();
    for (Found each : found) {
      parts.add(new Part(each.part(), facts(kind, each.template(), head)));
    }
    Optional<Inventory.Key> borrowed = parts.isEmpty()
        ? spec.flatMap(s -> s.field("workloadRef")).map(reference -> borrowed(reference, head))
        : Optional.empty();
    if (parts.isEmpty() && borrowed.isEmpty()) {
      spec.orElse(object)
          .report(
              Code.MISSING_FIELD,
              "write `template: {metadata: …, spec: …}`",
              "spec of a " + kind.name(),
              "template");
    }
    return new Template(head, parts, borrowed, idle);
  }

  /** Argo's {@code workloadRef}: the Rollout's pods come of the template of a Deployment, ReplicaSet or PodTemplate. */
  private static Inventory.Key borrowed(Cursor reference, ObjectHead head) {
    return new Inventory.Key(
        reference.string("kind").orElse("Deployment"),
        head.namespace(),
        reference.string("name").orElse(""));
  }

  private PodFacts facts(WorkloadKind kind, Cursor template, ObjectHead head) {
    ShapeCheck.check(template, shape(kind.made(), template));
    Labels written = isObject(template)
        ? head.labels()
        : template.field("metadata").map(m -> labels.labels(m, "labels")).orElse(Labels.NONE);
    Optional<Cursor> spec = template.field("spec");
    return switch (kind.made()) {
      case PODS -> WorkloadDecoder.facts(written, spec);
      case KNATIVE -> knative(kind, template, head, WorkloadDecoder.facts(written, spec), spec);
      case MACHINES -> machine(kind, head, written, spec);
    };
  }

  private static FieldShape shape(Made made, Cursor template) {
    if (isObject(template)) {
      return WorkloadShapes.CUSTOM;
    }
    return switch (made) {
      case PODS -> WorkloadShapes.POD_TEMPLATE;
      case KNATIVE -> WorkloadShapes.REVISION_TEMPLATE;
      case MACHINES -> WorkloadShapes.CUSTOM;
    };
  }

  private static boolean isObject(Cursor template) {
    return template.path().isEmpty();
  }

  /**
   * What Knative Serving makes of a revision's template: {@code makeLabels} and {@code makePodSpec} of its revision reconciler. The proxy in
   * every pod takes the traffic on ports of its own.
   */
  private static PodFacts knative(
      WorkloadKind kind,
      Cursor template,
      ObjectHead head,
      PodFacts written,
      Optional<Cursor> spec) {
    String revision = isObject(template)
        ? head.name()
        : template
            .field("metadata")
            .flatMap(m -> m.string("name"))
            .orElse(head.name() + FIRST_REVISION);
    Labels added = written.labels();
    added = added.with("serving.knative.dev/revision", revision);
    if (!isObject(template)) {
      added = added.with("serving.knative.dev/configuration", head.name());
    }
    if (kind.name().equals("Service")) {
      added = added.with("serving.knative.dev/service", head.name());
    }
    if (added.get("app").isEmpty()) {
      added = added.with("app", revision);
    }
    List<ContainerPort> ports = new ArrayList<>();
    boolean http2 = written.ports().stream().anyMatch(port -> port.name().equals("h2c"));
    if (written.ports().isEmpty() && spec.isPresent()) {
      ports.add(new ContainerPort("user-port", Protocol.TCP, USER_PORT));
    }
    written.ports().stream()
        .map(port -> new ContainerPort("user-port", port.protocol(), port.number()))
        .forEach(ports::add);
    ports.add(new ContainerPort("queue-port", Protocol.TCP, http2 ? 8013 : 8012));
    ports.add(new ContainerPort("https-port", Protocol.TCP, 8112));
    ports.add(new ContainerPort("http-queueadm", Protocol.TCP, 8022));
    ports.add(new ContainerPort("http-autometric", Protocol.TCP, 9090));
    ports.add(new ContainerPort("http-usermetric", Protocol.TCP, 9091));
    return new PodFacts(added, ports.stream().distinct().sorted().toList(), false);
  }

  /**
   * The pod that runs a virtual machine: {@code podLabels} of KubeVirt's template service. Machines of a set have names of their own, which
   * nobody knows before.
   */
  private static PodFacts machine(
      WorkloadKind kind, ObjectHead head, Labels written, Optional<Cursor> spec) {
    Labels added = written.with("kubevirt.io", "virt-launcher");
    boolean single =
        kind.name().equals("VirtualMachine") || kind.name().equals("VirtualMachineInstance");
    if (single) {
      String host = spec.flatMap(s -> s.string("hostname")).orElse(head.name());
      added = added.with("vm.kubevirt.io/name", shortened(host.split("\\.", 2)[0]));
      if (head.name().length() <= LONGEST_LABEL) {
        added = added.with("vmi.kubevirt.io/id", head.name());
      }
    }
    List<ContainerPort> ports = new ArrayList<>();
    List<Cursor> interfaces = spec.flatMap(s -> s.field("domain"))
        .flatMap(d -> d.field("devices"))
        .map(d -> d.items("interfaces"))
        .orElse(List.of());
    for (Cursor each : interfaces) {
      for (Cursor port : each.items("ports")) {
        ShapeCheck.check(port, WorkloadShapes.MACHINE_PORT);
        Protocol protocol = PortDecoder.protocol(port);
        port.field("port")
            .map(PortDecoder::number)
            .filter(OptionalInt::isPresent)
            .ifPresent(number -> ports.add(
                new ContainerPort(port.string("name").orElse(""), protocol, number.getAsInt())));
      }
    }
    return new PodFacts(added, ports.stream().distinct().sorted().toList(), false);
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_LABEL ? name : name.substring(0, LONGEST_LABEL);
  }
}
