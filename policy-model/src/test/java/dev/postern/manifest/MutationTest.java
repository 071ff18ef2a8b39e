package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.diagnostic.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Nothing that is done to a manifest makes the reader throw, and everything it says has a place. */
class MutationTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static void survives(String name, byte[] bytes) {
    Loaded loaded = Manifests.read(Source.bytes(name, bytes));
    for (Diagnostic diagnostic : loaded.diagnostics()) {
      assertThat(diagnostic.origin().line()).as(diagnostic.toString()).isPositive();
      assertThat(diagnostic.origin().column()).as(diagnostic.toString()).isPositive();
      assertThat(diagnostic.message()).isNotBlank();
      assertThat(loaded.explain(diagnostic)).doesNotContain("Exception");
    }
  }

  @Test
  void everySpecimenIsReadWithoutAWord() {
    Loaded loaded = Manifests.read(Source.text("all.yaml", Specimens.stream()));
    assertThat(loaded.diagnostics()).isEmpty();
    assertThat(loaded.skipped()).isEmpty();
    assertThat(loaded.read())
        .hasSize(Specimens.ALL.size())
        .allSatisfy((kind, count) -> assertThat(count).isOne());
  }

  /** Every place of every specimen, one after the other, becomes something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"x\"",
        "\"\"",
        "5",
        "-1",
        "1e99",
        "true",
        "[]",
        "{}",
        "[null]",
        "[{}]",
        "[[]]",
        "{\"x\": 1}"
      })
  void aWrongValueAnywhereIsSurvived(String replacement) throws Exception {
    JsonNode other = JSON.readTree(replacement);
    int places = 0;
    for (JsonNode specimen : specimens()) {
      for (int at = 0; at < size(specimen); at++) {
        JsonNode copy = specimen.deepCopy();
        replace(copy, new int[] {at}, old -> other);
        survives("x.json", JSON.writeValueAsBytes(copy));
        places++;
      }
    }
    assertThat(places).isGreaterThan(400);
  }

  @Test
  void aFieldMissingAnywhereIsSurvived() throws Exception {
    for (JsonNode specimen : specimens()) {
      for (int at = 0; at < size(specimen); at++) {
        JsonNode copy = specimen.deepCopy();
        remove(copy, new int[] {at});
        survives("x.json", JSON.writeValueAsBytes(copy));
      }
    }
  }

  @Test
  void aStreamCutAnywhereIsSurvived() {
    String text = Specimens.stream();
    for (int end = 0; end < text.length(); end += 7) {
      survives("x.yaml", text.substring(0, end).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Property(tries = 400)
  void changedCharactersAreSurvived(
      @ForAll @IntRange(min = 0, max = 10_000) int specimen,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 1_000_000) Integer> places,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 0, max = 15) Integer> kinds) {
    StringBuilder text = new StringBuilder(Specimens.ALL.get(specimen % Specimens.ALL.size()));
    String[] parts = {
      "{", "}", "[", "]", ":", "- ", "\t", "\n", "&a ", "*a", "<<: ", "!!str ", "\"", "'", "|",
      "\u0000"
    };
    for (int place : places) {
      int at = place % text.length();
      String part = parts[kinds.get(place % kinds.size())];
      if (place % 3 == 0) {
        text.insert(at, part);
      } else if (place % 3 == 1) {
        text.replace(at, at + 1, part);
      } else {
        text.delete(at, Math.min(text.length(), at + place % 20));
      }
      if (text.isEmpty()) {
        text.append(' ');
      }
    }
    survives("x.yaml", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 300)
  void randomBytesAreSurvived(@ForAll @Size(max = 200) byte[] bytes) {
    survives("x.yaml", bytes);
    survives("x.json", bytes);
  }

  @Property(tries = 300)
  void randomTextIsSurvived(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 30) Integer> parts) {
    String[] words = {
      "a",
      "b",
      ": ",
      ":",
      "\n",
      "\n  ",
      "\n- ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      ",",
      "&x ",
      "*x",
      "<<: ",
      "\"",
      "'",
      "#",
      " #",
      "|\n",
      ">-\n",
      "? ",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "!!int ",
      "\r\n",
      "\r",
      "\u00e9",
      "kind: "
    };
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(words[part]));
    survives("x.yaml", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<JsonNode> specimens() {
    List<JsonNode> specimens = new ArrayList<>();
    for (String text : Specimens.ALL) {
      specimens.add(
          JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text)));
    }
    return specimens;
  }

  private static int size(JsonNode node) {
    int size = 0;
    for (JsonNode child : node) {
      size += 1 + size(child);
    }
    return size;
  }

  private static boolean replace(JsonNode node, int[] left, UnaryOperator<JsonNode> change) {
    if (node instanceof ObjectNode object) {
      for (String name : names(object)) {
        if (left[0]-- == 0) {
          object.set(name, change.apply(object.get(name)));
          return true;
        }
        if (replace(object.get(name), left, change)) {
          return true;
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (left[0]-- == 0) {
          array.set(i, change.apply(array.get(i)));
          return true;
        }
        if (replace(array.get(i), left, change)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean remove(JsonNode node, int[] left) {
    if (node instanceof ObjectNode object) {
      for (String name : names(object)) {
        if (left[0]-- == 0) {
          object.remove(name);
          return true;
        }
        if (remove(object.get(name), left)) {
          return true;
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (left[0]-- == 0) {
          array.remove(i);
          return true;
        }
        if (remove(array.get(i), left)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
