package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.ScalarNode.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A place in an object that is being decoded: the value there, the way to it, and where problems go. A value of the wrong type counts as
 * absent: {@link ShapeCheck} has complained about it before.
 */
final class Cursor {

  private final String file;
  private final Problems problems;
  private final Optional<Cursor> parent;
  private final String name;
  private final int index;
  private final YamlNode node;

  private Cursor(
      String file,
      Problems problems,
      Optional<Cursor> parent,
      String name,
      int index,
      YamlNode node) {
    this.file = file;
    this.problems = problems;
    this.parent = parent;
    this.name = name;
    this.index = index;
    this.node = node;
  }

  static Cursor root(String file, YamlNode node, Problems problems) {
    return new Cursor(file, problems, Optional.empty(), "", -1, node);
  }

  YamlNode node() {
    return node;
  }

  Problems problems() {
    return problems;
  }

  /** A field's value; empty if it is missing or null, which the API does not tell apart. */
  Optional<Cursor> field(String field) {
    if (node instanceof MapNode map) {
      int at = map.indexOf(field);
      if (at >= 0 && !isNull(map.value(at))) {
        return Optional.of(new Cursor(file, problems, Optional.of(this), field, -1, map.value(at)));
      }
    }
    return Optional.empty();
  }

  private static boolean isNull(YamlNode node) {
    return node instanceof ScalarNode scalar && scalar.kind() == Kind.NULL;
  }

  /** The value of this map's key at an index; empty if it is null. */
  Optional<Cursor> child(int at) {
    MapNode map = (MapNode) node;
    return isNull(map.value(at))
        ? Optional.empty()
        : Optional.of(
            new Cursor(file, problems, Optional.of(this), map.key(at), -1, map.value(at)));
  }

  /** Whether a field is written, if only as null. */
  boolean mentions(String field) {
    return node instanceof MapNode map && map.indexOf(field) >= 0;
  }

  /** Whether a field has a value. */
  boolean has(String field) {
    return field(field).isPresent();
  }

  /** The items of a list; none if it is no list. */
  List<Cursor> items() {
    if (!(node instanceof ListNode list)) {
      return List.of();
    }
    List<Cursor> items = new ArrayList<>(list.items().size());
    for (int i = 0; i < list.items().size(); i++) {
      items.add(
          new Cursor(file, problems, Optional.of(this), "", i, list.items().get(i)));
    }
    return items;
  }

  /** The items of a field that is a list; none if it is missing. */
  List<Cursor> items(String field) {
    return field(field).map(Cursor::items).orElse(List.of());
  }

  /** The text of a string; the empty one for an item of a list that is null, as the API server reads it. */
  Optional<String> string() {
    if (index >= 0 && isNull(node)) {
      return Optional.of("");
    }
    return node instanceof ScalarNode scalar && scalar.kind() == Kind.STRING
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  Optional<String> string(String field) {
    return field(field).flatMap(Cursor::string);
  }

  List<String> strings(String field) {
    return items(field).stream().flatMap(item -> item.string().stream()).toList();
  }

  /** A whole number that fits an int, as the API's numbers do. */
  OptionalInt integer() {
    if (node instanceof ScalarNode scalar) {
      OptionalLong value = Scalars.integer(scalar);
      if (value.isPresent() && value.getAsLong() == (int) value.getAsLong()) {
        return OptionalInt.of((int) value.getAsLong());
      }
    }
    return OptionalInt.empty();
  }

  OptionalInt integer(String field) {
    Optional<Cursor> found = field(field);
    return found.isPresent() ? found.get().integer() : OptionalInt.empty();
  }

  boolean isTrue(String field) {
    int at = node instanceof MapNode map ? map.indexOf(field) : -1;
    return at >= 0
        && ((MapNode) node).value(at) instanceof ScalarNode scalar
        && scalar.kind() == Kind.BOOLEAN
        && Scalars.isTrue(scalar.text());
  }

  /** Whether the object around this place was read from an API server, which gives every object that it holds a {@code uid}. */
  boolean isStored() {
    return field("metadata").flatMap(metadata -> metadata.string("uid")).isPresent()
        || parent.map(Cursor::isStored).orElse(false);
  }

  /** How messages call it: the field's name, or {@code from[1]}. */
  String label() {
    return index < 0 ? name : parent.map(Cursor::label).orElse("") + "[" + index + "]";
  }

  /** {@code spec.ingress[0].from[1]}. */
  String path() {
    if (index >= 0) {
      return parent.orElseThrow().path() + "[" + index + "]";
    }
    String above = parent.map(Cursor::path).orElse("");
    return above.isEmpty() ? name : above + "." + name;
  }

  Origin origin() {
    return new Origin(file, node.line(), node.column(), path());
  }

  /** The place of one of this map's keys. */
  Origin keyOrigin(int at) {
    MapNode map = (MapNode) node;
    String above = path();
    return new Origin(
        file,
        map.keyLine(at),
        map.keyColumn(at),
        above.isEmpty() ? map.key(at) : above + "." + map.key(at));
  }

  /** The place of a field's key if it is there, else this place. */
  Origin fieldOrigin(String field) {
    int at = node instanceof MapNode map ? map.indexOf(field) : -1;
    return at < 0 ? origin() : keyOrigin(at);
  }

  /** Says that something is wrong here. */
  void report(Code code, String hint, Object... arguments) {
    problems.add(code.at(origin(), arguments).hint(hint));
  }

  void report(Diagnostic diagnostic) {
    problems.add(diagnostic);
  }
}
