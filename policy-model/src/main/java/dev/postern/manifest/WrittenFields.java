package dev.postern.manifest;

import dev.postern.manifest.WrittenNode.Form;
import java.util.List;
import java.util.function.Consumer;

/** Marks in objects as they are written what {@link ReadFields} lets through. */
final class WrittenFields {

  /** How a node is looked at. */
  enum Look {
    /** All of it. */
    WHOLE,
    /** An object. */
    OBJECT,
    /** Its fields by their names. */
    FIELDS,
    /** Annotations. */
    ANNOTATIONS
  }

  private WrittenFields() {}

  /**
   * Marks an object, or a list of objects.
   *
   * @param listed the kind that a typed list gives its items; empty elsewhere
   */
  static void object(WrittenNode written, String listed) {
    WrittenNode object = written.itself();
    if (object.form() != Form.MAP || !object.look(Look.OBJECT)) {
      return;
    }
    String kind = text(object, "kind", listed);
    boolean policy = ReadFields.isPolicy(kind, text(object, "apiVersion", ""));
    List<WrittenNode> children = object.children();
    for (int i = 0; i + 1 < children.size(); i += 2) {
      String name = children.get(i).itself().text();
      WrittenNode value = children.get(i + 1);
      if (name.equals("<<")) {
        each(value, map -> object(map, kind));
      } else if (name.equals("items")) {
        mark(value, Look.FIELDS);
        String of = ObjectReading.itemKind(kind);
        each(value, item -> object(item, of));
      } else if (name.equals("objects") && kind.equals("Template")) {
        mark(value, Look.FIELDS);
        each(value, item -> object(item, ""));
      } else if (policy && !name.equals("metadata") && !name.equals("status")) {
        whole(value);
      } else {
        field(name, value);
      }
    }
  }

  private static String text(WrittenNode map, String name, String missing) {
    return map.field(name).map(WrittenNode::text).orElse(missing);
  }

  private static void each(WrittenNode value, Consumer<WrittenNode> action) {
    WrittenNode node = value.itself();
    if (node.form() == Form.LIST) {
      node.children().forEach(action);
    } else {
      action.accept(node);
    }
  }

  private static boolean mark(WrittenNode value, Look look) {
    boolean first = value.look(look);
    return value.itself() == value ? first : value.itself().look(look);
  }

  private static void field(String name, WrittenNode value) {
    if (ReadFields.isClosed(name)) {
      return;
    }
    if (ReadFields.isWhole(name)) {
      whole(value);
      return;
    }
    if (name.equals("annotations")) {
      annotations(value);
      return;
    }
    WrittenNode node = value.itself();
    switch (node.form()) {
      case SCALAR -> {
        if (ReadFields.isValue(name)) {
          mark(value, Look.WHOLE);
        }
      }
      case LIST -> {
        if (mark(value, Look.FIELDS)) {
          node.children().forEach(item -> field(name, item));
        }
      }
      case MAP -> {
        if (mark(value, Look.FIELDS)) {
          for (int i = 0; i + 1 < node.children().size(); i += 2) {
            String inner = node.children().get(i).itself().text();
            field(inner.equals("<<") ? name : inner, node.children().get(i + 1));
          }
        }
      }
      case ALIAS -> {
        // One that stands for nothing.
      }
    }
  }

  private static void annotations(WrittenNode value) {
    WrittenNode node = value.itself();
    if (node.form() != Form.MAP || !mark(value, Look.ANNOTATIONS)) {
      return;
    }
    for (int i = 0; i + 1 < node.children().size(); i += 2) {
      String name = node.children().get(i).itself().text();
      if (name.equals("<<")) {
        each(node.children().get(i + 1), WrittenFields::annotations);
      } else if (ReadFields.isAnnotation(name)) {
        whole(node.children().get(i + 1));
      }
    }
  }

  private static void whole(WrittenNode value) {
    if (mark(value, Look.WHOLE)) {
      value.itself().children().forEach(WrittenFields::whole);
    }
  }
}
