package dev.postern.manifest;

import dev.postern.manifest.WrittenNode.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of manifests whoever passes them on has to pass on: nothing but what reading, judging and linting look at. Values of environment
 * variables, Secrets and ConfigMaps, annotations and what the API server notes for itself are not among that.
 */
public final class EssentialText {

  private static final Pattern SECRET =
      Pattern.compile("[\"']?\\bkind\\b[\"']?\\s*:\\s*[\"']?Secret(List)?\\b");

  private static final String LEFT_OUT = "\"(left out)\"";

  private EssentialText() {}

  /**
   * A text with every other value replaced, and every line where it was; empty if a part of it cannot be read as YAML and speaks of a Secret, so
   * that nobody knows what it holds. A part that cannot be read stays as it is otherwise: what is wrong with it is told with its text.
   */
  public static Optional<String> of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    StringPool pool = new StringPool();
    for (Chunk chunk : Chunk.split(text)) {
      if (isAllEssential(chunk, pool)) {
        out.append(chunk.text());
        continue;
      }
      Optional<List<WrittenNode>> documents = WrittenNode.documents(chunk.text());
      if (documents.isPresent()) {
        documents.get().forEach(root -> WrittenFields.object(root, ""));
        blank(chunk.text(), documents.get(), out);
      } else if (SECRET.matcher(chunk.text()).find()) {
        return Optional.empty();
      } else {
        out.append(chunk.text());
      }
    }
    return Optional.of(out.toString());
  }

  /**
   * What an API server answered, without anything else, a field on a line.
   *
   * @throws IllegalArgumentException if it is no JSON
   */
  public static String ofAnswer(String json) {
    List<WrittenNode> documents = WrittenNode.documents(json)
        .orElseThrow(() -> new IllegalArgumentException("an answer of the API server is no JSON"));
    StringBuilder out = new StringBuilder();
    for (WrittenNode root : documents) {
      WrittenFields.object(root, "");
      new EssentialJson(out).write(root);
    }
    return out.append('\n').toString();
  }

  /**
   * Whether all of a part is looked at, as of most policies. Where its values stand in the text is not needed to tell that, so the quicker
   * parser does; what that one does not show as it is written, it does not tell of.
   */
  private static boolean isAllEssential(Chunk chunk, StringPool pool) {
    Optional<List<Document>> documents = QuickYaml.read("", chunk, ReadLimits.DEFAULT, pool);
    return documents.isPresent()
        && documents.get().stream()
            .allMatch(document -> document.remarks().isEmpty() && isAllEssential(document.root()));
  }

  private static boolean isAllEssential(YamlNode document) {
    WrittenNode root = WrittenNode.of(document);
    WrittenFields.object(root, "");
    List<WrittenNode> blanked = new ArrayList<>();
    collect(root, blanked);
    return blanked.isEmpty();
  }

  private static void blank(String text, List<WrittenNode> documents, StringBuilder out) {
    List<WrittenNode> blanked = new ArrayList<>();
    documents.forEach(root -> collect(root, blanked));
    blanked.sort(Comparator.comparingInt(WrittenNode::start));
    int at = 0;
    int points = 0;
    for (WrittenNode node : blanked) {
      int start = text.offsetByCodePoints(at, node.start() - points);
      int end = text.offsetByCodePoints(start, node.end() - node.start());
      out.append(text, at, start).append(replacement(node, text, start, end));
      at = end;
      points = node.end();
    }
    out.append(text, at, text.length());
  }

  private static void collect(WrittenNode node, List<WrittenNode> blanked) {
    if (node.form() == Form.SCALAR) {
      if (!node.isLookedAt() && !isHarmless(node)) {
        blanked.add(node);
      }
      return;
    }
    for (int i = 0; i < node.children().size(); i++) {
      // A map's names are no values.
      if (node.form() == Form.LIST || i % 2 == 1) {
        collect(node.children().get(i), blanked);
      }
    }
  }

  /** Nothing, true or false: no secret, and some of it is told from a text. */
  static boolean isHarmless(WrittenNode scalar) {
    return scalar.text().isEmpty()
        || (scalar.isPlain()
            && switch (Scalars.kind(scalar.text())) {
              case NULL, BOOLEAN -> true;
              default -> false;
            });
  }

  /** As wide as the value where something follows it on its line, so that nothing moves. */
  private static String replacement(WrittenNode node, String text, int start, int end) {
    StringBuilder breaks = new StringBuilder();
    text.substring(start, end)
        .chars()
        .filter(c -> c == '\n' || c == '\r')
        .forEach(c -> breaks.append((char) c));
    String parameters = OpenParameters.in(node.text());
    if (!breaks.isEmpty() || !parameters.isEmpty() || !isFollowed(text, end)) {
      String value = parameters.isEmpty() ? LEFT_OUT : "\"" + parameters + "\"";
      return node.anchor() + value + breaks;
    }
    int width = node.end() - node.start() - node.anchor().length();
    return node.anchor()
        + switch (width) {
          case 1 -> "x";
          case 2 -> "\"\"";
          default -> "\"" + "-".repeat(Math.max(0, width - 2)) + "\"";
        };
  }

  private static boolean isFollowed(String text, int end) {
    for (int i = end; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        return false;
      }
      if (c != ' ' && c != '\t') {
        return c != '#';
      }
    }
    return false;
  }
}
