package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick reader and the complete parser make the same trees, places included, of all that the quick one takes. */
class QuickYamlTest {

  private static Optional<List<Document>> quick(String text) {
    return QuickYaml.read("x.yaml", new Chunk(text, 1), ReadLimits.DEFAULT, new StringPool());
  }

  private static List<Document> complete(String text) throws Unreadable {
    List<Document> documents = new ArrayList<>();
    new YamlTrees("x.yaml", ReadLimits.DEFAULT).read(new Chunk(text, 1), documents::add);
    documents.removeIf(document ->
        document.root() instanceof ScalarNode scalar && scalar.kind() == ScalarNode.Kind.NULL);
    return documents;
  }

  private static String show(List<Document> documents) {
    StringBuilder text = new StringBuilder();
    for (Document document : documents) {
      show(document.root(), text);
      text.append(document.remarks()).append('\n');
    }
    return text.toString();
  }

  private static void show(YamlNode node, StringBuilder text) {
    text.append(node.line()).append(':').append(node.column()).append(' ');
    if (node instanceof MapNode map) {
      text.append("{\n");
      for (int i = 0; i < map.size(); i++) {
        text.append(map.keyLine(i))
            .append(':')
            .append(map.keyColumn(i))
            .append(' ')
            .append(map.key(i))
            .append(" = ");
        show(map.value(i), text);
      }
      text.append("}\n");
    } else if (node instanceof ListNode list) {
      text.append("[\n");
      list.items().forEach(item -> show(item, text));
      text.append("]\n");
    } else if (node instanceof ScalarNode scalar) {
      text.append(scalar.kind())
          .append(' ')
          .append(scalar.text().replace("\n", "\\n"))
          .append('\n');
    }
  }

  /** Whether the quick reader took it. */
  private static boolean agree(String text) {
    Optional<List<Document>> quick = quick(text);
    if (quick.isPresent()) {
      try {
        assertThat(show(quick.get())).as(text).isEqualTo(show(complete(text)));
      } catch (Unreadable e) {
        throw new AssertionError("taken, though wrong:\n" + text, e);
      }
    }
    return quick.isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b\nc:\n  d: e\n",
        "a:\n- b\n- c: d\n  e: f\n-\n  g: h\ni:\n  - j\n  -\n  - k\n",
        "- - a\n  - b\n- c\n",
        "a:   # comment\n  b: c # comment\n# comment\n\nd:\ne: ''\n",
        "a: {b: c, \"d\": [1, 2, 'x'], e: , f: {}, }\ng: [a,\n  b,\n  # c\n  {h: i}]\n",
        "a: |\n  one\n    two\n\n  three\n\n\nb: >-\n  one\n  two\n\n  three\n   four\n  five\nc: |+\n  x\n\n\nd: e\n",
        "a: one\n  two\n\n  three\nb: x\n",
        "a: 'it''s\n  folded\n\n  twice'\nb: \"x\\n\\\"y\\\" \\\n  z  \n  w\"\n",
        "a: http://b:80/c#d\ne: a - b:c\n",
        "\"a\": 1\n'b' : 2\n1: x\ntrue: y\n",
        "---\na: b\n",
        "--- # comment\na: b\n",
        "# leading\n\n---\na: b\n",
        "a:\n  - b: c\n\n    d: e\n  # comment\n  - f\n",
        "a: -1\nb: -x\n",
        "a: b\na: c\nd: {e: f, e: g}\n",
        "a: |\n  x",
        "a:\n- |\n  x\n- y\n- >\n  z\n",
        "a: ::1\nb: ?x\n",
        "a: |-\n  x\n",
        "a: |+\n  x\n\n",
        "a: |+\n  x",
        "a: >-\n  x\n   y\n  z\n\n"
      })
  void everydayYamlIsTakenAndMeansTheSame(String text) {
    assertThat(agree(text)).as(text).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &x b\nc: *x\n",
        "a: !!str 1\n",
        "? a\n: b\n",
        "a:\tb\n",
        "a: caf\u00e9\n",
        "a: b\r\n",
        "a: b: c\n",
        "a:\n  b: c\n d: e\n",
        "a: b\n   c: d\n",
        "a: [b\n",
        "a: {b}\n",
        "a: 'b\n",
        "a: \"\\x\"\n",
        "a: - b\n",
        "- a\nb: c\n",
        "<<: {a: b}\n",
        "[a: b]\n",
        "text\n",
        "a: b\n...\nc: d\n",
        "%YAML 1.2\n---\na: b\n",
        "--- {a: b}\n",
        "~: x\n",
        "a: @b\n",
        "a: `b\n",
        "a: \"b\"c\n",
        "a: |2\n  x\n",
        "a: |\n     \n  x\n",
        "on: x\n",
        "0x10: z\n",
        "{a: b}: c\n",
        "a: [b]c\n",
        "a: b #c\n  d\n"
      })
  void whatIsNotEverydayIsLeftToTheCompleteParser(String text) {
    assertThat(agree(text)).as(text).isFalse();
  }

  @Test
  void theSpecimensAreTaken() {
    for (String specimen : Specimens.ALL) {
      assertThat(agree(specimen)).as(specimen).isTrue();
    }
  }

  @Test
  void manifestsInTheWildAreReadAlike() throws IOException {
    Path corpus = Path.of("..", "..", "shared", "corpus");
    List<Path> files = new ArrayList<>(yamlUnder(Path.of("..", "examples")));
    files.addAll(Files.isDirectory(corpus) ? yamlUnder(corpus) : List.of());
    int taken = 0;
    for (Path file : files) {
      for (Chunk chunk : Chunk.split(Files.readString(file))) {
        taken += agree(chunk.text()) ? 1 : 0;
      }
    }
    assertThat(taken).isGreaterThan(10);
  }

  private static List<Path> yamlUnder(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().matches(".*\\.ya?ml")).toList();
    }
  }

  @Property(tries = 2000)
  void anyTextThatIsTakenMeansTheSame(@ForAll("text") String text) {
    Statistics.label("quick").collect(agree(text));
  }

  @Property(tries = 2000)
  void aChangedSpecimenThatIsTakenMeansTheSame(@ForAll("changed") String text) {
    Statistics.label("quick").collect(agree(text));
  }

  @Property(tries = 2000)
  void generatedBlocksMeanTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "---\n" : "");
    block(random, text, 0, 0);
    if (random.nextInt(3) == 0) {
      int at = random.nextInt(text.length());
      text.insert(at, pick(random, " ", "\n", ":", "- ", "#", "'", "x", "  ", "\n\n"));
    }
    Statistics.label("quick")
        .collect(agree(text.toString()))
        .coverage(it -> it.check(true).percentage(p -> p > 60.0));
  }

  private static String pick(Random random, String... words) {
    return words[random.nextInt(words.length)];
  }

  /** A map or list whose lines start at an indent; the first line's indent is there already. */
  private static void block(Random random, StringBuilder text, int indent, int depth) {
    boolean map = depth == 0 || random.nextBoolean();
    int entries = 1 + random.nextInt(3);
    for (int i = 0; i < entries; i++) {
      text.append(i == 0 ? "" : " ".repeat(indent));
      text.append(
          map
              ? pick(random, "a", "b", "\"c\"", "'d'", "80", "k8s.io/e")
                  + pick(random, ":", ":", " :")
              : "-");
      int choice = random.nextInt(depth > 3 ? 4 : 7);
      if (choice < 3) {
        String[] flat = {
          "x",
          "80",
          "x y",
          "'it''s'",
          "\"a\\n\"",
          "[a, 'b']",
          "{a: b, \"c\": 1}",
          "on",
          "~",
          "http://a:1",
          "''",
          "{}",
          "[]",
          "-1",
          "a#b",
          "x,y"
        };
        text.append(pick(random, " ", "  "))
            .append(pick(random, flat))
            .append(pick(random, "", "", "  ", " # c"))
            .append('\n');
      } else if (choice == 3) {
        String pad = "\n" + " ".repeat(indent + 1 + random.nextInt(3));
        String[] several = {
          " |" + pad + "x" + pad + " y\n" + pad + "z",
          " >-" + pad + "x" + pad + "y\n" + pad + "z\n",
          " x" + pad + "y\n" + pad + "z",
          " 'a" + pad + "b\n" + pad + "c'",
          " \"a" + pad + "b\"",
          " {a: b," + pad + "c: d}",
          " [a," + pad + "# c" + pad + "b]",
          ""
        };
        text.append(pick(random, several)).append('\n');
      } else if (map || choice == 4) {
        int deeper = indent + (map && random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(3));
        boolean same = deeper == indent;
        text.append(pick(random, "\n", "\n", " # c\n", "\n\n")).append(" ".repeat(deeper));
        if (same) {
          text.append("- x\n").append(" ".repeat(deeper)).append("- ");
          block(random, text, deeper + 2, depth + 1);
        } else {
          block(random, text, deeper, depth + 1);
        }
      } else {
        int gap = 1 + random.nextInt(2);
        text.append(" ".repeat(gap));
        block(random, text, indent + 1 + gap, depth + 1);
      }
    }
  }

  /** Texts of the pieces that YAML is made of, mostly in an order that could be right. */
  @Provide
  Arbitrary<String> text() {
    Arbitrary<String> indent =
        Arbitraries.of("", "", "  ", "  ", "    ", " ", "   ", "- ", "  - ", "- - ");
    Arbitrary<String> start = Arbitraries.of(
        "a: ", "b: ", "c:", "\"d\": ", "'e': ", "- ", "-", "1: ", "", "? ", "a : ", "yes: ");
    Arbitrary<String> value = Arbitraries.of(
        "x",
        "",
        "80",
        "x y",
        "'it''s'",
        "\"a\\n\"",
        "[a, b]",
        "{a: b}",
        "{a: 1, \"b\": [c]}",
        "|",
        ">",
        "|-",
        ">+",
        "# no",
        "x # c",
        "on",
        "0777",
        "~",
        "'open",
        "\"open",
        "[open",
        "x: y",
        "http://a:1",
        "'x' # c",
        "\\",
        "*a",
        "&a x",
        "!t x",
        "- x",
        "---",
        "...",
        "[a, , b]",
        "x  ",
        "''",
        "{}",
        "[]",
        "{a: b, }",
        "[a,]",
        "{a:1}",
        "{\"a\":1}",
        "[a:b]",
        "%x",
        "@",
        "#",
        "a#b",
        "a: ",
        "\"a\\\n  b\"",
        "[- a]",
        "'a' : b",
        "[{a: b},\n c]",
        "{a: 'b\n c'}",
        "[-, a]",
        "[?a]",
        "\"\\u0041\"",
        "{,}",
        "a,b",
        "a]",
        "}");
    return Arbitraries.of(3, 6, 10)
        .flatMap(lines -> indent
            .flatMap(i -> start.flatMap(s -> value.map(v -> i + s + v)))
            .list()
            .ofSize(lines))
        .map(lines -> String.join("\n", lines) + "\n");
  }

  @Provide
  Arbitrary<String> changed() {
    Arbitrary<String> piece = Arbitraries.of(
        " ", "\n", "  ", ":", ": ", "- ", "#", " #", "'", "\"", "{", "}", "[", "]", ",", "|", ">",
        "x", "\n\n", "\n  ", "?", "---\n");
    return Arbitraries.of(Specimens.ALL)
        .flatMap(text -> Arbitraries.integers()
            .between(0, text.length() - 1)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .flatMap(places -> piece.map(p -> {
              StringBuilder changed = new StringBuilder(text);
              for (int place : places) {
                int at = Math.min(place, changed.length());
                if (place % 2 == 0 || at == changed.length()) {
                  changed.insert(at, p);
                } else {
                  changed.replace(at, at + 1, p);
                }
              }
              return changed.toString();
            })));
  }
}
