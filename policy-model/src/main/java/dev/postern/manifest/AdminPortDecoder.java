package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Ports;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decodes an entry of {@code ports} (v1alpha1) or {@code protocols} (v1alpha2): unions of which exactly one field is set. */
final class AdminPortDecoder {

  private static final List<String> PORT_FIELDS = List.of("portNumber", "portRange", "namedPort");
  private static final List<String> PROTOCOL_FIELDS =
      List.of("tcp", "udp", "sctp", "destinationNamedPort");

  private AdminPortDecoder() {}

  static Optional<Ports.PortMatch> port(Cursor entry) {
    Optional<String> field = only(entry, "ports", PORT_FIELDS, PolicyShapes.ADMIN_PORT);
    if (field.isEmpty()) {
      return Optional.empty();
    }
    Cursor value = entry.field(field.get()).orElseThrow();
    return switch (field.get()) {
      case "portNumber" -> {
        Protocol protocol = PortDecoder.protocol(value);
        yield required(value, "port")
            .map(port -> new Ports.Numbered(protocol, PortSet.of(port), entry.origin()));
      }
      case "portRange" -> {
        Protocol protocol = PortDecoder.protocol(value);
        yield range(value, false).map(ports -> new Ports.Numbered(protocol, ports, entry.origin()));
      }
      default -> named(entry, value);
    };
  }

  static Optional<Ports.PortMatch> protocol(Cursor entry) {
    Optional<String> field = only(entry, "protocols", PROTOCOL_FIELDS, PolicyShapes.CNP_PROTOCOL);
    if (field.isEmpty()) {
      return Optional.empty();
    }
    Cursor value = entry.field(field.get()).orElseThrow();
    return switch (field.get()) {
      case "tcp" -> destination(entry, value, Protocol.TCP);
      case "udp" -> destination(entry, value, Protocol.UDP);
      case "sctp" -> destination(entry, value, Protocol.SCTP);
      default -> named(entry, value);
    };
  }

  /** The one field of a union that is set. */
  private static Optional<String> only(
      Cursor entry, String list, List<String> fields, FieldShape shape) {
    List<String> set = fields.stream().filter(entry::has).toList();
    if (set.size() == 1) {
      return Optional.of(set.get(0));
    }
    if (!UnknownField.hasUnknown(entry, shape) && entry.node() instanceof MapNode) {
      String names = String.join(", ", fields);
      entry.report(
          Code.PROTOCOL_ENTRY,
          "write an entry for each",
          list,
          names,
          set.isEmpty() ? "none" : String.join(" and ", set));
    }
    return Optional.empty();
  }

  private static Optional<Ports.PortMatch> named(Cursor entry, Cursor value) {
    Optional<String> name = value.string();
    name.ifPresent(n -> PortDecoder.checkName(value, n));
    return name.map(n -> new Ports.Named(Optional.empty(), n, entry.origin()));
  }

  private static Optional<Ports.PortMatch> destination(
      Cursor entry, Cursor value, Protocol protocol) {
    Optional<Cursor> port = value.field("destinationPort");
    if (port.isEmpty()) {
      value.report(
          Code.EMPTY_PROTOCOL,
          "write `destinationPort: {range: {start: 1, end: 65535}}`",
          value.label(),
          protocol);
      return Optional.of(new Ports.Numbered(protocol, PortSet.ALL, entry.origin()));
    }
    Optional<String> field =
        only(port.get(), "destinationPort", List.of("number", "range"), PolicyShapes.CNP_PORT);
    if (field.isEmpty()) {
      return Optional.empty();
    }
    Optional<PortSet> ports = field.get().equals("number")
        ? required(port.get(), "number").map(PortSet::of)
        : range(port.get().field("range").orElseThrow(), true);
    return ports.map(p -> new Ports.Numbered(protocol, p, entry.origin()));
  }

  /**
   * @param rising whether the API refuses a range of one port
   */
  private static Optional<PortSet> range(Cursor range, boolean rising) {
    Optional<Integer> start = required(range, "start");
    Optional<Integer> end = required(range, "end");
    if (start.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    if (end.get() < start.get() || (rising && end.get().equals(start.get()))) {
      String problem = "a range's `start` " + start.get() + " must be below its `end` " + end.get();
      range.report(
          Code.BAD_PORT_RANGE,
          end.get().equals(start.get()) ? "write `number: " + start.get() + "`" : "swap them",
          problem);
      return Optional.empty();
    }
    return Optional.of(PortSet.range(start.get(), end.get()));
  }

  private static Optional<Integer> required(Cursor object, String field) {
    Optional<Cursor> value = object.field(field);
    if (value.isEmpty()) {
      if (object.node() instanceof MapNode) {
        object.report(
            Code.MISSING_FIELD, "write `" + field + ": …`, 1 to 65535", object.label(), field);
      }
      return Optional.empty();
    }
    OptionalInt number = PortDecoder.number(value.get());
    return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
  }
}
