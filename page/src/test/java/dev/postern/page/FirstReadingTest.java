package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.reach.IgnoredKinds;
import dev.postern.reach.WorkloadNames;
import dev.postern.service.ServiceProxy;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import dev.postern.testing.text.ManifestText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a page reads first of its manifests says of two workloads what all manifests say. */
class FirstReadingTest {

  private static final int CLUSTERS = 400;

  private static String policy(String namespace, String name, String selector) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: NAME, namespace: SPACE}
        spec: {podSelector: SELECTOR, ingress: [{from: [{namespaceSelector: {}}]}]}
        """.replace("NAME", name).replace("SPACE", namespace).replace("SELECTOR", selector);
  }

  private static String deployment(String namespace, String name) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME, namespace: SPACE}
        spec: {selector: {matchLabels: {app: NAME}}, template: {metadata: {labels: {app: NAME}}, spec: {containers: []}}}
        """.replace("NAME", name).replace("SPACE", namespace);
  }

  @Test
  void twoWorkloadsAreJudgedByWhatIsReadOfThem() {
    int asked = 0;
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Cluster cluster =
          withoutAddresses(RandomCluster.of(seed, Profile.EVERYTHING).closed());
      List<String> documents =
          new ArrayList<>(Arrays.asList(ManifestText.yaml(cluster).split("---\n")));
      documents.add("# nothing but a comment\n");
      List<List<String>> files = List.of(new ArrayList<>(), new ArrayList<>());
      documents.forEach(each -> files.get(random.nextInt(files.size())).add(each));
      List<PageSource> sources = new ArrayList<>();
      files.forEach(file -> sources.add(
          new PageSource("file-" + sources.size() + ".yaml", String.join("---\n", file), false)));
      PageReading reading = reading(random);
      PageEngine whole = PageEngine.read(sources, reading);
      Optional<FirstReading> first = whole.firstReading(sources);
      if (first.isEmpty() || cluster.workloads().size() < 2) {
        continue;
      }
      WorkloadNames names = new WorkloadNames(cluster);
      for (int i = 0; i < 6; i++) {
        Workload source =
            cluster.workloads().get(random.nextInt(cluster.workloads().size()));
        Workload destination =
            cluster.workloads().get(random.nextInt(cluster.workloads().size()));
        String question = "can " + names.of(source) + " reach " + names.of(destination)
            + List.of("", " on 80", " on udp/53", " on any traffic").get(random.nextInt(4));
        PageEngine part = PageEngine.read(
            first.get().between(sources, List.of(names.of(source), names.of(destination))),
            reading);
        assertThat(part.decided(question))
            .as("seed %d: %s", seed, question)
            .isEqualTo(whole.decided(question));
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(Tries.share(CLUSTERS) / 5);
  }

  @Test
  void whatIsAboutOtherWorkloadsIsNotRead() {
    List<String> documents = List.of(
        policy("one", "a", "{}"),
        policy("one", "b", "{matchLabels: {app: web}}"),
        policy("one", "c", "{matchLabels: {app: db}}"),
        policy("two", "d", "{}"),
        deployment("one", "web"),
        deployment("one", "db"),
        deployment("two", "web"),
        "apiVersion: v1\nkind: Node\nmetadata: {name: three}\n");
    String text = String.join("---\n", documents);
    List<PageSource> sources = List.of(
        new PageSource("all.yaml", text, false),
        new PageSource("two.yaml", policy("two", "e", "{}"), false));
    FirstReading first =
        PageEngine.read(sources, PageReading.DEFAULT).firstReading(sources).orElseThrow();

    List<PageSource> cut = first.between(sources, List.of("one/web"));

    assertThat(cut).extracting(PageSource::name).containsExactly("all.yaml");
    assertThat(cut.get(0).text())
        .contains("name: a", "name: b", "name: web, namespace: one", "name: three")
        .doesNotContain("name: c", "name: d", "name: db", "namespace: two");
    assertThat(cut.get(0).text().lines().toList().indexOf("metadata: {name: three}"))
        .isEqualTo(text.lines().toList().indexOf("metadata: {name: three}"));
  }

  @Test
  void whatMakesPodsOfAnothersTemplateIsReadWithIt() {
    String rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
        + "metadata: {name: db, namespace: one}\n"
        + "spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: template}}\n";
    List<PageSource> sources = List.of(new PageSource(
        "all.yaml",
        String.join(
            "---\n",
            deployment("one", "web"),
            deployment("one", "other"),
            deployment("one", "template"),
            rollout,
            policy("one", "a", "{}")),
        false));
    PageEngine whole = PageEngine.read(sources, PageReading.DEFAULT);
    FirstReading first = whole.firstReading(sources).orElseThrow();

    List<PageSource> cut = first.between(sources, List.of("one/web", "one/db"));

    assertThat(cut.get(0).text()).contains("name: template").doesNotContain("name: other");
    String question = "can one/web reach one/db on 80";
    assertThat(PageEngine.read(cut, PageReading.DEFAULT).decided(question))
        .isEqualTo(whole.decided(question));
  }

  @Test
  void manifestsWithErrorsOrUnknownPoliciesAreReadAsAWhole() {
    for (String odd : List.of(
        "kind: NetworkPolicy\nspec: [\n",
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: x}\nspec: {}\n")) {
      List<PageSource> sources =
          List.of(new PageSource("all.yaml", policy("one", "a", "{}") + "---\n" + odd, false));
      assertThat(PageEngine.read(sources, PageReading.DEFAULT).firstReading(sources))
          .isEmpty();
    }
  }

  /** As in manifests that no cluster wrote; its namespaces are declared. */
  private static Cluster withoutAddresses(Cluster cluster) {
    return new Cluster(
        cluster.namespaces(),
        cluster.workloads().stream()
            .map(each -> new Workload(
                each.namespace(),
                each.name(),
                each.kind(),
                each.labels(),
                each.ports(),
                each.hostNetwork(),
                each.pods().stream()
                    .map(pod -> new Pod(pod.name(), pod.node(), List.of(), pod.origin()))
                    .toList(),
                each.origin()))
            .toList(),
        List.<Service>of(),
        cluster.nodes().stream()
            .map(node -> new Node(node.name(), node.labels(), List.of(), node.origin()))
            .toList(),
        cluster.entrances(),
        cluster.policies(),
        List.of());
  }

  private static PageReading reading(SplittableRandom random) {
    return new PageReading(
        "default",
        Optional.empty(),
        "cluster.local",
        random.nextBoolean(),
        new IgnoredKinds(List.of()),
        List.of(),
        new Options(
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean() ? Options.HostNetwork.NODE : Options.HostNetwork.POD,
            Options.MissingAddress.values()[random.nextInt(3)]),
        new ServiceProxy(random.nextBoolean(), random.nextBoolean()),
        List.of("a note"));
  }
}
