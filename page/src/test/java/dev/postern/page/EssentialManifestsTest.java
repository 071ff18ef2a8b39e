package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.EssentialText;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import dev.postern.testing.text.ManifestText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a page leaves out of manifests makes no answer another. */
class EssentialManifestsTest {

  private static final int CLUSTERS = 100;

  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private static final Pattern EXCERPT = Pattern.compile("\"excerpt\":\"(?:[^\"\\\\]++|\\\\.)*+\"");

  /** What no answer may show, in every place that manifests have for it. */
  private static final String SECRETS = """
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: s, namespace: x, annotations: {a: hunter2}}
      stringData: {password: hunter2}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: s, namespace: x}
      data:
        file: |
          hunter2
          hunter2
      ---
      apiVersion: example.com/v1
      kind: Widget
      metadata: {name: w, namespace: x}
      spec: {token: hunter2, users: [hunter2, {password: hunter2}]}
      """;

  @Test
  void randomClustersAnswerTheSame() {
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      String text = ManifestText.yaml(cluster) + SECRETS;
      String kept = EssentialText.of(text).orElseThrow();
      assertThat(kept).doesNotContain("hunter2");
      same("seed " + seed, text, kept);
      for (String document : text.split("(?m)^(?=---)")) {
        leavesOutAlike(document);
      }
      String json = ManifestText.json(cluster);
      same("seed " + seed, json, EssentialText.of(json).orElseThrow());
      assertThat(answers(EssentialText.ofAnswer(json))).as("seed " + seed).isEqualTo(answers(json));
    }
  }

  @Test
  void everyExampleOfTheDocumentationAndEveryExampleFileAnswersTheSame() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String root : List.of("../docs", "../examples")) {
      try (Stream<Path> walk = Files.walk(Path.of(root))) {
        walk.filter(file -> file.toString().matches(".*\\.(md|yaml|json)")
                && !file.toString().contains("target"))
            .sorted()
            .forEach(files::add);
      }
    }
    int examples = 0;
    for (Path file : files) {
      String text = Files.readString(file);
      if (!file.toString().endsWith(".md")) {
        same(file.toString(), text, EssentialText.of(text).orElseThrow());
        continue;
      }
      Matcher matcher = EXAMPLE.matcher(text);
      while (matcher.find()) {
        String example = matcher.group(1);
        EssentialText.of(example).ifPresent(kept -> same(file + ": " + example, example, kept));
        examples++;
      }
    }
    assertThat(examples).isGreaterThan(100);
  }

  /** Of a document in which all is essential the quicker parser tells so; a letter beyond ASCII keeps it from reading one. */
  private static void leavesOutAlike(String document) {
    String letter = "# \u00e9\n";
    assertThat(letter + EssentialText.of(document).orElseThrow())
        .isEqualTo(EssentialText.of(letter + document).orElseThrow());
  }

  private static void same(String name, String text, String kept) {
    PageEngine whole = engine(text);
    PageEngine essential = engine(kept);
    assertThat(plain(essential.overview())).as(name).isEqualTo(plain(whole.overview()));
    assertThat(plain(essential.findings())).as(name).isEqualTo(plain(whole.findings()));
    assertThat(essential.matrix("", "", "")).as(name).isEqualTo(whole.matrix("", "", ""));
    assertThat(whole.difference(essential, "", ""))
        .as(name)
        .contains("\"opened\":[],\"closed\":[]");
  }

  /** Where lines are others. */
  private static List<String> answers(String text) {
    PageEngine engine = engine(text);
    return List.of(
        engine.matrix("", "", ""),
        plain(engine.findings())
            .replaceAll("\"(line|column)\":[0-9]+", "")
            .replaceAll("one:[0-9:]+", ""));
  }

  private static String plain(String answer) {
    return EXCERPT.matcher(answer).replaceAll("");
  }

  private static PageEngine engine(String text) {
    return PageEngine.read(List.of(new PageSource("one", text, false)), PageReading.DEFAULT);
  }
}
