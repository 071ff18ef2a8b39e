package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Nearest;
import dev.postern.manifest.FieldShape.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Words the complaint about a field that its object does not have, with what was probably meant. */
final class UnknownField {

  private UnknownField() {}

  /** Reports it; the field that was meant, if one is near. */
  static Optional<FieldShape.Field> report(Cursor object, int at, ShapeCheck.Within within) {
    FieldShape shape = within.shape();
    MapNode map = (MapNode) object.node();
    String key = map.key(at);
    Optional<String> near =
        Nearest.to(key, shape.fields().keySet()).filter(field -> map.indexOf(field) < 0);
    boolean matters = near.map(shape.fields()::get)
        .filter(field -> field.type() != ValueType.ANY)
        .isPresent();
    if (shape.strictness() == FieldShape.Strictness.OPEN && !matters) {
      return Optional.empty();
    }
    Code code = shape.isStrict() || matters ? Code.UNKNOWN_FIELD : Code.IGNORED_FIELD;
    String hint = hint(map, at, within, near);
    object.report(code.at(object.keyOrigin(at), key, shape.name()).hint(hint));
    return near.map(shape.fields()::get);
  }

  /** Whether an object has a field that was complained about: then it needs no second complaint for being empty. */
  static boolean hasUnknown(Cursor object, FieldShape shape) {
    if (object.node() instanceof MapNode map) {
      for (int i = 0; i < map.size(); i++) {
        if (!shape.fields().containsKey(map.key(i))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String hint(MapNode map, int at, ShapeCheck.Within within, Optional<String> near) {
    FieldShape shape = within.shape();
    String key = map.key(at);
    YamlNode value = map.value(at);
    if (near.isPresent()) {
      return "did you mean `" + near.get() + "`?";
    }
    if (shape == Shapes.LABEL_SELECTOR && value instanceof ScalarNode scalar) {
      return "did you mean `matchLabels: {" + key + ": " + scalar.text() + "}`?";
    }
    for (Map.Entry<String, FieldShape.Field> field : shape.fields().entrySet()) {
      Optional<FieldShape> inner = field.getValue().shape();
      if (inner.isPresent()
          && inner.get().fields().containsKey(key)
          && field.getValue().type() != ValueType.ANY) {
        boolean list = field.getValue().type() == ValueType.OBJECT_LIST;
        return "`" + key + "` belongs into `" + field.getKey() + (list ? ": [{" : ": {") + key
            + ": …" + (list ? "}]`" : "}`");
      }
    }
    for (Optional<ShapeCheck.Within> outer = within.above();
        outer.isPresent();
        outer = outer.get().above()) {
      if (outer.get().shape().fields().containsKey(key)) {
        return "`" + key + "` is a field of " + outer.get().shape().name() + ": indent it less";
      }
    }
    if (shape.isStrict() && shape.fields().size() <= 12) {
      return "it has " + String.join(", ", List.copyOf(shape.fields().keySet()));
    }
    return "";
  }
}
