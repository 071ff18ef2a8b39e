package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Texts that mean something to a terminal, a CI system or a format, and readers of the formats that tell the shape of a report: how many
 * lines, records, cells, fields or elements it has, which must not depend on any name in it.
 */
public final class HostileText {

  private static final Pattern TAG = Pattern.compile("<[^>]*>?");

  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private HostileText() {}

  /** Any of them. */
  public static Arbitrary<String> any() {
    return Arbitraries.of(
            "\n",
            "\r",
            "\r\n",
            "::error::x",
            "::",
            "##[error]",
            "\u001b[2J",
            "\u202e",
            "\u2028",
            "\u0085",
            "\ufeff",
            "\uffff",
            "\ud800",
            "\ud83d\ude00",
            "\0",
            "\t",
            "@team",
            "[a](http://evil.example)",
            "![i](x)",
            "<script>",
            "</script>",
            "</td>",
            "<b onload=x>",
            "|",
            "\\|",
            "\\",
            "\\\"",
            "`",
            "#1",
            "'",
            "\"",
            "]]>",
            "&",
            "&lt;",
            "=cmd()",
            "+1",
            "-1",
            "%0A",
            ",",
            ":",
            ";",
            "];",
            "https://evil.example",
            "www.evil.example",
            "*b*",
            "~~s~~",
            "a",
            " ",
            "-->",
            ":tada:",
            "é")
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  /** What a report writes. */
  public static String written(Consumer<Printer> report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Printer out = Printer.to(bytes);
    report.accept(out);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static final String DATA = "<script type=\"application/json\" id=\"data\">";

  /** No line is a command to GitHub's runners, and no character one to a terminal. */
  public static void isHarmless(String text) {
    assertThat(text.lines())
        .noneMatch(line -> line.stripLeading().startsWith("::"))
        .noneMatch(line -> line.contains("##["))
        .noneMatch(line -> line.codePoints().anyMatch(Printable::isUnsafe));
  }

  /** The shape of a report in a format, by the format's name. */
  public static Object shape(String format, String text) {
    return switch (format) {
      case "json" -> fields(json(text));
      case "csv" -> csv(text).stream().map(List::size).toList();
      case "md" -> markdown(text);
      case "html" -> tags(text);
      case "dot" -> QUOTED.matcher(text).replaceAll("_");
      case "github" -> annotations(text);
      default -> text.lines().count();
    };
  }

  /** Reads JSON. */
  public static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException problem) {
      throw new UncheckedIOException(text, problem);
    }
  }

  /** All texts in JSON. */
  public static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    }
    node.forEach(each -> texts.addAll(texts(each)));
    return texts;
  }

  /** The names of fields and the sizes of lists, whatever the order of a list. */
  private static String fields(JsonNode node) {
    if (node.isObject()) {
      Set<String> fields = new TreeSet<>();
      node.properties().forEach(each -> fields.add(each.getKey() + "=" + fields(each.getValue())));
      return fields.toString();
    }
    if (node.isArray()) {
      List<String> all = new ArrayList<>();
      node.forEach(each -> all.add(fields(each)));
      return all.stream().sorted().toList().toString();
    }
    return node.getNodeType().name();
  }

  /** Reads comma-separated values (RFC 4180); no cell is a formula to a spreadsheet, no record a command. */
  public static List<List<String>> csv(String text) {
    List<List<String>> records = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      StringBuilder cell = new StringBuilder();
      if (text.charAt(at) == '"') {
        at++;
        while (text.charAt(at) != '"' || text.startsWith("\"\"", at)) {
          at += text.charAt(at) == '"' ? 1 : 0;
          cell.append(text.charAt(at++));
        }
        at++;
      } else {
        while (",\r".indexOf(text.charAt(at)) < 0) {
          assertThat(text.charAt(at)).isNotIn('"', '\n');
          cell.append(text.charAt(at++));
        }
      }
      assertThat(cell.toString()).doesNotMatch("(?s)[=+@\\t-].*");
      cells.add(cell.toString());
      if (text.charAt(at) == ',') {
        at++;
      } else {
        assertThat(text.substring(at, at + 2)).isEqualTo("\r\n");
        at += 2;
        records.add(List.copyOf(cells));
        cells.clear();
      }
    }
    assertThat(cells).isEmpty();
    return records;
  }

  /** The lines of Markdown, those of tables by their cells; what is neither ours nor escaped makes no link, mention, image or element. */
  private static List<Integer> markdown(String text) {
    List<Integer> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      // A span in backticks holds no backslash, so that each backslash takes a meaning away.
      String outside = line.replaceAll("<code>[^<|`]*</code>", "")
          .replaceAll("\\\\[\\p{Punct}]", "\0")
          .replaceAll("`[^`|\\\\]+`", "")
          .replace("<!-- -->", "\0")
          .replace("<br>", "\0");
      assertThat(outside)
          .as(line)
          .doesNotContain("`", "<", "[", "~", "&", "\\", "://")
          .doesNotContainPattern("@\\w")
          .doesNotContainPattern("#\\d")
          .doesNotContainPattern("(?i)www\\.[^\\x00]");
      lines.add((int) outside.chars().filter(unit -> unit == '|').count());
    }
    return lines;
  }

  /** What a page holds for its script, which no tag is in. */
  public static JsonNode pageData(String page) {
    int start = page.indexOf(DATA) + DATA.length();
    String data = page.substring(start, page.indexOf("</script>", start));
    assertThat(data).doesNotContain("<");
    return json(data);
  }

  /** A page without that: the same bytes whatever the manifests hold. */
  static String withoutData(String page) {
    int start = page.indexOf(DATA) + DATA.length();
    return page.substring(0, start) + page.substring(page.indexOf("</script>", start));
  }

  /** All tags of a page, in order. */
  private static List<String> tags(String text) {
    Matcher tags = TAG.matcher(text);
    List<String> all = new ArrayList<>();
    while (tags.find()) {
      all.add(tags.group());
    }
    return all;
  }

  /** How many annotations there are: one a line. */
  private static long annotations(String text) {
    assertThat(text.lines())
        .allMatch(line -> line.matches(
            "::(error|warning|notice) (file=[^:,]*,)?(line=\\d+(,col=\\d+)?,)?title=[^:,]*::.*"))
        .noneMatch(line -> line.codePoints().anyMatch(Printable::isUnsafe));
    return text.lines().count();
  }
}
