package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.UnreadableEntry;
import java.time.Instant;
import java.util.Optional;

/**
 * The fields of a JSON object. Writers of one format differ in how they spell a field and whether a number is a string; the first name
 * that is there counts.
 */
record ObjectFields(JsonNode object) {

  /** The value of a field; missing if there is none. */
  JsonNode at(String... names) {
    for (String name : names) {
      JsonNode value = object.path(name);
      if (!value.isMissingNode() && !value.isNull()) {
        return value;
      }
    }
    return object.path("");
  }

  /** An object in a field. */
  ObjectFields in(String... names) {
    return new ObjectFields(at(names));
  }

  boolean has(String... names) {
    for (String name : names) {
      if (object.hasNonNull(name)) {
        return true;
      }
    }
    return false;
  }

  /** A text or a number as text; empty if there is none. */
  String text(String... names) {
    JsonNode value = at(names);
    if (value.isFloatingPointNumber() && Double.isFinite(value.doubleValue())) {
      // Not 1.7E9, which is a time.
      return value.decimalValue().stripTrailingZeros().toPlainString();
    }
    return value.isValueNode() ? value.asText("") : "";
  }

  /** A count; 0 if there is none, and {@link Long#MAX_VALUE} if it is more. */
  long number(String... names) {
    JsonNode value = at(names);
    return value.isNumber()
        ? Math.max(0, value.canConvertToLong() ? value.asLong() : (long) value.doubleValue())
        : LogText.number(value.asText(""));
  }

  Optional<Address> address(String... names) throws UnreadableEntry {
    return LogText.addressIfSaid(text(names));
  }

  Optional<Instant> time(String... names) throws UnreadableEntry {
    return LogText.time(text(names));
  }

  /** A destination port, in the first of these fields. */
  int port(Protocol protocol, String... names) throws UnreadableEntry {
    return LogText.port(protocol, text(names), names[0]);
  }

  /** A source port, in the first of these fields; 0 if there is none, or none of this protocol. */
  int sourcePort(Protocol protocol, String... names) {
    return protocol.hasPorts() ? LogText.sourcePort(text(names)) : 0;
  }
}
