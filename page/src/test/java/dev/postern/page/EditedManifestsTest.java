package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadMemory;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.selector.Labels;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import dev.postern.testing.text.ManifestText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Manifests that are edited again and again, of which what did not change is not read anew, say what they say when they are read at once. */
class EditedManifestsTest {

  private static final int CLUSTERS = 100;

  private static final int EDITS = 4;

  /** Documents that change how others are read: made-up names, one object twice, no manifest at all. */
  private static final List<String> ODD = List.of(
      "apiVersion: v1\nkind: Pod\nmetadata: {generateName: made-}\nspec: {containers: []}\n",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: twice, labels: {a: b}}\n",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: twice, labels: {a: c}}\n",
      "kind: NetworkPolicy\nspec: [\n",
      "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n",
      "# postern:ignore because\n");

  @Test
  void everyEditAnswersAsIfAllWereReadAnew() {
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      List<String> documents =
          new ArrayList<>(Arrays.asList(ManifestText.yaml(cluster).split("---\n")));
      // With documents that touch each other nothing can be told without joining all anew.
      if (seed % 2 == 0) {
        documents.addAll(ODD);
      }
      List<List<String>> files = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      documents.forEach(each -> files.get(random.nextInt(files.size())).add(each));
      List<PageSource> first = sources(files);
      PageEngine before = PageEngine.read(first, PageReading.DEFAULT);
      for (int edit = 0; edit < EDITS; edit++) {
        change(files.get(random.nextInt(files.size())), random);
        List<PageSource> sources = sources(files);
        List<PageSource> others =
            sources.stream().filter(source -> !first.contains(source)).toList();
        PageEngine edited = before.edited(
            others.stream().map(PageSource::name).toList(),
            others.stream().map(PageSource::text).toList());
        PageEngine anew = PageEngine.read(sources, PageReading.DEFAULT);
        PageSource rehearsed = first.get(random.nextInt(first.size()));
        before.rehearse(rehearsed.name(), rehearsed.text(), edit);
        String name = "seed " + seed + ", edit " + edit;
        assertThat(edited.diagnostics()).as(name).isEqualTo(anew.diagnostics());
        assertThat(before.difference(edited, "a", "b"))
            .as(name)
            .isEqualTo(before.difference(anew, "a", "b"));
        PageEngine beside = before.beside(sources);
        assertThat(beside.difference(before, "older", "here"))
            .as(name)
            .isEqualTo(anew.difference(before, "older", "here"));
        assertThat(beside.diagnostics()).as(name).isEqualTo(anew.diagnostics());
        if (edit == EDITS - 1) {
          assertThat(edited.overview()).as(name).isEqualTo(anew.overview());
          assertThat(edited.findings()).as(name).isEqualTo(anew.findings());
        }
      }
    }
  }

  @Test
  void aRehearsalIsAnEditThatIsRead() {
    Workload workload = new Workload(
        "shop",
        "web",
        "Deployment",
        Labels.of(Map.of("app.kubernetes.io/name", "web")),
        List.of(),
        false,
        List.of(),
        Origin.NONE);

    Loaded loaded = Manifests.read(
        List.of(Source.text(
            "one.yaml",
            "# nothing" + RehearsedPolicy.of(workload, EnumSet.of(Direction.EGRESS), 7))),
        ReadOptions.DEFAULT);

    assertThat(loaded.diagnostics()).extracting(Diagnostic::message).isEmpty();
    assertThat(loaded.cluster().policies()).extracting(Policy::namespace).containsExactly("shop");
    assertThat(loaded.cluster().policies().get(0).isolates()).containsExactly(Direction.EGRESS);
  }

  @Test
  void aRehearsalIsolatesNobodyAnew() {
    String text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {containers: []}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: shop}
        spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: []}
        """;
    PageEngine engine =
        PageEngine.read(List.of(new PageSource("all.yaml", text, false)), PageReading.DEFAULT);

    assertThat(engine.cluster().workloads())
        .extracting(Workload::name, engine::isolated)
        .containsExactlyInAnyOrder(
            tuple("web", Set.of(Direction.INGRESS)),
            tuple("db", Set.of(Direction.INGRESS, Direction.EGRESS)));
  }

  @Test
  void anEditReadsNothingAnewButTheDocumentItChanges() {
    String policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        + "metadata: {name: NAME, namespace: shop}\nspec: {podSelector: {}}\n";
    String text = policy.replace("NAME", "a") + "---\n" + policy.replace("NAME", "b") + "---\n"
        + policy.replace("NAME", "c");
    ReadMemory memory = new ReadMemory(ReadOptions.DEFAULT);
    Source other = Source.text("other.yaml", policy.replace("NAME", "d"));
    Source before = Source.text("one.yaml", text);
    Source after = Source.text("one.yaml", text.replace("{name: b, ", "{name: e, "));
    List<Policy> was = memory.read(List.of(before, other)).cluster().policies();
    List<Policy> is = memory.read(List.of(after, other)).cluster().policies();

    assertThat(was).extracting(Policy::name).containsExactly("a", "b", "c", "d");
    assertThat(is).extracting(Policy::name).containsExactly("a", "c", "d", "e");
    assertThat(is.get(0)).isSameAs(was.get(0));
    assertThat(is.get(1)).isSameAs(was.get(2));
    assertThat(is.get(2)).isSameAs(was.get(3));
  }

  /** Documents go, come twice, change their places, or change a number. */
  private static void change(List<String> file, SplittableRandom random) {
    if (file.isEmpty()) {
      file.add(ODD.get(random.nextInt(ODD.size())));
      return;
    }
    int place = random.nextInt(file.size());
    switch (random.nextInt(4)) {
      case 0 -> file.remove(place);
      case 1 -> file.add(random.nextInt(file.size()), file.get(place));
      case 2 -> file.add(random.nextInt(file.size()), file.remove(place));
      default -> file.set(place, file.get(place).replaceAll("\\b80\\b", "81") + "# edited\n");
    }
  }

  private static List<PageSource> sources(List<List<String>> files) {
    List<PageSource> sources = new ArrayList<>();
    for (List<String> file : files) {
      sources.add(
          new PageSource("file-" + sources.size() + ".yaml", String.join("---\n", file), false));
    }
    return sources;
  }
}
