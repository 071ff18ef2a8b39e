package dev.postern.manifest;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields that the API has in one place, and what kind of value each takes. Fields that mean something to Postern have a type; of the
 * others only the names are known.
 */
final class FieldShape {

  /** What an unknown field is. */
  enum Strictness {
    STRICT,
    LENIENT,
    OPEN
  }

  /** What a field's value is. */
  enum ValueType {
    ANY,
    STRING,
    BOOLEAN,
    INTEGER,
    INTEGER_OR_STRING,
    STRING_MAP,
    STRING_LIST,
    OBJECT,
    OBJECT_LIST
  }

  /**
   * A known field.
   *
   * @param shape of the object, or of each object in the list
   */
  record Field(ValueType type, Optional<FieldShape> shape) {}

  private final String name;
  private final Strictness strictness;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final Map<String, String> missing = new HashMap<>();

  private FieldShape(String name, Strictness strictness) {
    this.name = name;
    this.strictness = strictness;
  }

  /** An object in which an unknown field is an error. */
  static FieldShape strict(String name) {
    return new FieldShape(name, Strictness.STRICT);
  }

  /** An object in which only the misspelling of a field that means something is an error: newer API versions may add fields. */
  static FieldShape lenient(String name) {
    return new FieldShape(name, Strictness.LENIENT);
  }

  /** A lenient object whose decoder has the last word on unknown fields. */
  static FieldShape open(String name) {
    return new FieldShape(name, Strictness.OPEN);
  }

  private FieldShape add(ValueType type, Optional<FieldShape> shape, String... names) {
    for (String field : names) {
      fields.put(field, new Field(type, shape));
    }
    return this;
  }

  /** Fields whose values are not looked at. */
  FieldShape any(String... names) {
    return add(ValueType.ANY, Optional.empty(), names);
  }

  FieldShape string(String... names) {
    return add(ValueType.STRING, Optional.empty(), names);
  }

  FieldShape bool(String... names) {
    return add(ValueType.BOOLEAN, Optional.empty(), names);
  }

  FieldShape integer(String... names) {
    return add(ValueType.INTEGER, Optional.empty(), names);
  }

  FieldShape integerOrString(String... names) {
    return add(ValueType.INTEGER_OR_STRING, Optional.empty(), names);
  }

  FieldShape stringMap(String... names) {
    return add(ValueType.STRING_MAP, Optional.empty(), names);
  }

  FieldShape stringList(String... names) {
    return add(ValueType.STRING_LIST, Optional.empty(), names);
  }

  FieldShape object(FieldShape shape, String... names) {
    return add(ValueType.OBJECT, Optional.of(shape), names);
  }

  FieldShape list(FieldShape shape, String... names) {
    return add(ValueType.OBJECT_LIST, Optional.of(shape), names);
  }

  /** Says what an object means without a field, where that is more than people expect. */
  FieldShape whenMissing(String field, String meaning) {
    missing.put(field, meaning);
    return this;
  }

  /** What an object means without a field; empty if nobody is surprised. */
  Optional<String> missing(String field) {
    return Optional.ofNullable(missing.get(field));
  }

  /** The API's name for it, as {@code NetworkPolicyPeer}. */
  String name() {
    return name;
  }

  Strictness strictness() {
    return strictness;
  }

  boolean isStrict() {
    return strictness == Strictness.STRICT;
  }

  /** By name, in the API's order. */
  Map<String, Field> fields() {
    return fields;
  }
}
