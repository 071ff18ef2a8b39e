package dev.postern.manifest;

import dev.postern.manifest.WrittenNode.Form;
import java.util.ArrayList;
import java.util.List;

/** Writes what is looked at of an object as JSON, a field on a line. For one thread. */
final class EssentialJson {

  private final StringBuilder out;

  EssentialJson(StringBuilder out) {
    this.out = out;
  }

  void write(WrittenNode root) {
    write(root, "\n");
  }

  private void write(WrittenNode node, String indent) {
    switch (node.form()) {
      case SCALAR -> {
        if (node.isPlain()) {
          out.append(node.text());
        } else {
          quoted(node.text());
        }
      }
      case LIST -> list(node, indent);
      case MAP -> map(node, indent);
      case ALIAS -> throw new IllegalArgumentException("JSON has no aliases");
    }
  }

  private void list(WrittenNode node, String indent) {
    List<WrittenNode> items =
        node.children().stream().filter(EssentialJson::isEssential).toList();
    boolean flat = items.stream().allMatch(item -> item.form() == Form.SCALAR);
    String inner = indent + "  ";
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : flat ? ", " : ",").append(flat ? "" : inner);
      write(items.get(i), inner);
    }
    out.append(flat ? "" : indent).append(']');
  }

  private void map(WrittenNode node, String indent) {
    List<Integer> fields = new ArrayList<>();
    for (int i = 0; i + 1 < node.children().size(); i += 2) {
      if (isEssential(node.children().get(i + 1))) {
        fields.add(i);
      }
    }
    String inner = indent + "  ";
    out.append('{');
    String separator = "";
    for (int i : fields) {
      out.append(separator).append(inner);
      quoted(node.children().get(i).text());
      out.append(": ");
      write(node.children().get(i + 1), inner);
      separator = ",";
    }
    out.append(fields.isEmpty() ? "" : indent).append('}');
  }

  private static boolean isEssential(WrittenNode node) {
    return node.isLookedAt() || (node.form() == Form.SCALAR && EssentialText.isHarmless(node));
  }

  private void quoted(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit == '"' || unit == '\\') {
        out.append('\\').append(unit);
      } else if (unit < ' ' || unit >= 0x7F) {
        out.append("\\u").append(Integer.toHexString(0x10000 | unit), 1, 5);
      } else {
        out.append(unit);
      }
    }
    out.append('"');
  }
}
