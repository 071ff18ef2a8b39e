package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Fix;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.TextEdit;
import dev.postern.manifest.FieldShape.ValueType;
import dev.postern.manifest.ScalarNode.Kind;
import java.util.List;
import java.util.Optional;

/** Holds an object against its {@link FieldShape}: unknown fields, values of the wrong type, nulls. One walk, before anything is decoded. */
final class ShapeCheck {

  private ShapeCheck() {}

  /** The shapes around a place, the nearest first. */
  record Within(FieldShape shape, Optional<Within> above) {}

  static void check(Cursor object, FieldShape shape) {
    check(object, new Within(shape, Optional.empty()));
  }

  private static void check(Cursor object, Within within) {
    FieldShape shape = within.shape();
    if (!(object.node() instanceof MapNode map)) {
      wrongType(object, ValueType.OBJECT);
      return;
    }
    for (int i = 0; i < map.size(); i++) {
      Optional<FieldShape.Field> field = Optional.ofNullable(shape.fields().get(map.key(i)));
      if (field.isEmpty()) {
        // What is inside is wrong or right for the field that was meant.
        field = UnknownField.report(object, i, within);
      }
      if (field.isPresent() && field.get().type() != ValueType.ANY) {
        checkField(object, i, field.get(), within);
      }
    }
  }

  private static void checkField(Cursor object, int at, FieldShape.Field field, Within within) {
    MapNode map = (MapNode) object.node();
    String key = map.key(at);
    Optional<Cursor> value = object.child(at);
    if (value.isEmpty()) {
      if (within.shape().isStrict()) {
        String empty = field.type() == ValueType.STRING_MAP || field.type() == ValueType.OBJECT
            ? "; write `{}` for an empty one"
            : "";
        String meaning = "if it were missing"
            + within.shape().missing(key).map(then -> ": " + then).orElse("") + empty;
        object.report(Code.NULL_FIELD.at(object.keyOrigin(at), key, meaning));
      }
      return;
    }
    Cursor cursor = value.get();
    switch (field.type()) {
      case OBJECT -> check(cursor, new Within(field.shape().orElseThrow(), Optional.of(within)));
      case OBJECT_LIST -> {
        if (isList(cursor)) {
          cursor
              .items()
              .forEach(item ->
                  checkItem(item, new Within(field.shape().orElseThrow(), Optional.of(within))));
        }
      }
      case STRING_LIST -> {
        if (isList(cursor)) {
          cursor.items().forEach(ShapeCheck::checkString);
        }
      }
      case STRING_MAP -> checkStrings(cursor);
      default -> checkScalar(cursor, field.type());
    }
  }

  private static boolean isList(Cursor cursor) {
    if (cursor.node() instanceof ListNode) {
      return true;
    }
    String hint = cursor.node() instanceof MapNode ? "put `- ` before the first field" : "";
    cursor.report(Code.WRONG_TYPE, hint, cursor.label(), "a list", cursor.node().describe());
    return false;
  }

  private static void checkItem(Cursor item, Within within) {
    if (isNull(item)) {
      item.report(Code.NULL_FIELD, "remove the dash, or write `{}`", item.label(), "an empty map");
    } else {
      check(item, within);
    }
  }

  private static void checkString(Cursor item) {
    if (isNull(item)) {
      item.report(
          Code.NULL_FIELD, "remove the dash, or write `\"\"`", item.label(), "the empty string");
    } else {
      checkScalar(item, ValueType.STRING);
    }
  }

  private static boolean isNull(Cursor item) {
    return item.node() instanceof ScalarNode scalar && scalar.kind() == Kind.NULL;
  }

  private static void checkStrings(Cursor cursor) {
    if (!(cursor.node() instanceof MapNode map)) {
      wrongType(cursor, ValueType.STRING_MAP);
      return;
    }
    for (int i = 0; i < map.size(); i++) {
      String key = map.key(i);
      if (map.value(i) instanceof ScalarNode scalar && scalar.kind() == Kind.NULL) {
        cursor.report(Code.NULL_FIELD
            .at(cursor.keyOrigin(i), key, "the empty string")
            .hint("write `" + key + ": \"\"`"));
      } else {
        cursor.child(i).ifPresent(value -> checkScalar(value, ValueType.STRING));
      }
    }
  }

  private static void checkScalar(Cursor cursor, ValueType type) {
    boolean fits = cursor.node() instanceof ScalarNode scalar
        && switch (type) {
          case STRING -> scalar.kind() == Kind.STRING;
          case BOOLEAN -> scalar.kind() == Kind.BOOLEAN;
          case INTEGER -> Scalars.integer(scalar).isPresent();
          case INTEGER_OR_STRING ->
            scalar.kind() == Kind.STRING || Scalars.integer(scalar).isPresent();
          default -> false;
        };
    if (!fits) {
      wrongType(cursor, type);
    }
  }

  private static void wrongType(Cursor cursor, ValueType type) {
    String hint = "";
    if (cursor.node() instanceof ScalarNode scalar) {
      boolean number = scalar.kind() == Kind.STRING && Scalars.kind(scalar.text()) == Kind.INTEGER;
      if (type == ValueType.STRING && scalar.kind() != Kind.NULL) {
        hint = "put it in quotes: \"" + scalar.text() + "\"";
      } else if (type == ValueType.INTEGER && number) {
        hint = "write " + scalar.text() + " without quotes";
      } else if (type == ValueType.BOOLEAN
          && scalar.kind() == Kind.STRING
          && Scalars.kind(scalar.text()) == Kind.BOOLEAN) {
        hint = "write " + scalar.text() + " without quotes";
      }
    } else if (cursor.node() instanceof ListNode
        && (type == ValueType.OBJECT || type == ValueType.STRING_MAP)) {
      hint = "remove the dash";
    }
    Diagnostic problem = Code.WRONG_TYPE
        .at(
            cursor.origin(),
            cursor.label().isEmpty() ? "an object" : cursor.label(),
            word(type),
            cursor.node().describe())
        .hint(hint);
    cursor.report(
        cursor.node() instanceof ScalarNode scalar
                && type == ValueType.STRING
                && scalar.kind() != Kind.NULL
            ? problem.fix(quotes(scalar, cursor.origin()))
            : problem);
  }

  /** What is no string is written without quotes and on one line, just as its text is. */
  private static Fix quotes(ScalarNode scalar, Origin origin) {
    int end = origin.column() + scalar.text().codePointCount(0, scalar.text().length());
    String quoted = "\"" + scalar.text() + "\"";
    return new Fix(
        "put " + scalar.text() + " in quotes",
        Fix.Safety.SAFE,
        List.of(new TextEdit(
            origin.file(), origin.line(), origin.column(), origin.line(), end, quoted)));
  }

  private static String word(ValueType type) {
    return switch (type) {
      case STRING -> "a string";
      case BOOLEAN -> "true or false";
      case INTEGER -> "a whole number";
      case INTEGER_OR_STRING -> "a whole number or a name";
      case STRING_LIST, OBJECT_LIST -> "a list";
      case ANY, OBJECT, STRING_MAP -> "a map";
    };
  }
}
