package dev.postern.manifest;

import dev.postern.diagnostic.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A piece of a manifest as it was written, for those who look at how something is said and not only at what it means: a null, an empty
 * list, a field of a kind that Postern does not read. Immutable.
 */
public final class Written {

  private final Cursor cursor;

  Written(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Where it begins. */
  public Origin origin() {
    return cursor.origin();
  }

  /** The value of a field; empty if it is missing or null. */
  public Optional<Written> field(String name) {
    return cursor.field(name).map(Written::new);
  }

  /** The value at the end of a way through fields; empty if a step is missing or null. */
  public Optional<Written> at(String... way) {
    Optional<Written> place = Optional.of(this);
    for (String name : way) {
      place = place.flatMap(p -> p.field(name));
    }
    return place;
  }

  /** Whether a field is written, if only as null. */
  public boolean mentions(String name) {
    return cursor.mentions(name);
  }

  /** Whether a field is written as null. */
  public boolean isNull(String name) {
    return cursor.mentions(name) && !cursor.has(name);
  }

  /** Whether a field is written as a list without items. */
  public boolean isEmptyList(String name) {
    return cursor
        .field(name)
        .filter(value -> value.node() instanceof ListNode list && list.items().isEmpty())
        .isPresent();
  }

  /** The place of a field's key; this place if there is no such field. */
  public Origin keyOrigin(String name) {
    return cursor.fieldOrigin(name);
  }

  /** The names of its fields in order; none if it is no map. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    if (cursor.node() instanceof MapNode map) {
      for (int i = 0; i < map.size(); i++) {
        keys.add(map.key(i));
      }
    }
    return keys;
  }

  /** The items of a field that is a list; none if it is no list. */
  public List<Written> items(String name) {
    return cursor.items(name).stream().map(Written::new).toList();
  }

  /** The text of a scalar as it was written, without quotes; empty for a null, a map or a list. */
  public Optional<String> text() {
    return cursor.node() instanceof ScalarNode scalar && scalar.kind() != ScalarNode.Kind.NULL
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  /** The text of a field that is a scalar. */
  public Optional<String> text(String name) {
    return field(name).flatMap(Written::text);
  }

  /** The number in a field, if it is a whole one. */
  public OptionalInt number(String name) {
    return cursor.integer(name);
  }

  /** Whether a field is true. */
  public boolean isTrue(String name) {
    return cursor.isTrue(name);
  }

  /** Whether another piece says the same, wherever it stands; the order of fields counts, too. */
  public boolean saysTheSameAs(Written other) {
    return same(cursor.node(), other.cursor.node());
  }

  private static boolean same(YamlNode one, YamlNode other) {
    if (one instanceof MapNode map && other instanceof MapNode more && map.size() == more.size()) {
      boolean same = true;
      for (int i = 0; same && i < map.size(); i++) {
        same = map.key(i).equals(more.key(i)) && same(map.value(i), more.value(i));
      }
      return same;
    }
    if (one instanceof ListNode list
        && other instanceof ListNode more
        && list.items().size() == more.items().size()) {
      boolean same = true;
      for (int i = 0; same && i < list.items().size(); i++) {
        same = same(list.items().get(i), more.items().get(i));
      }
      return same;
    }
    return one instanceof ScalarNode scalar
        && other instanceof ScalarNode more
        && scalar.kind() == more.kind()
        && scalar.text().equals(more.text());
  }

  /** An object's {@code kind}; empty if it has none. */
  public String kind() {
    return text("kind").orElse("");
  }

  /** An object's namespace; empty if it names none. */
  public String namespace() {
    return at("metadata", "namespace").flatMap(Written::text).orElse("");
  }

  /** An object's name; empty if it has none. */
  public String name() {
    return at("metadata", "name").flatMap(Written::text).orElse("");
  }
}
