package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.policy.Policy;
import dev.postern.reach.IgnoredKinds;
import dev.postern.reach.WorkloadNames;
import dev.postern.service.ServiceProxy;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import dev.postern.testing.text.ManifestText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The engine as JavaScript and the engine in a JVM are one: whatever is asked of either, it says the same, byte by byte. */
class CompiledEngineTest {

  /** So many clusters, and as many second versions of them. */
  private static final int CLUSTERS = 320;

  /** Asks everything of two versions of a cluster, and gives back what was said. */
  private static final String ASK = """
      const [one, other, reading, questions, pairs, narrow] = arguments;
      const said = [];
      read(0, one, reading);
      read(1, other, reading);
      said.push(overview(0), matrix(0, '', '', ''), findings(0));
      for (const question of questions) {
        said.push(ask(0, question));
      }
      said.push(...questions.map(sentence));
      for (const [from, to] of pairs) {
        said.push(pair(0, from, to));
      }
      said.push(matrix(0, narrow, '', '5432'));
      said.push(difference(0, 1, 'old', 'new'));
      edit(2, 0, ['one.yaml'], [other[0].text]);
      said.push(diagnostics(2), difference(0, 2, 'old', 'edit'));
      readBeside(3, 0, other);
      said.push(difference(3, 0, 'older', 'here'));
      return said;
      """;

  private static CompiledEngine compiled;

  @BeforeAll
  static void start() throws IOException {
    compiled = new CompiledEngine();
  }

  @AfterAll
  static void stop() {
    if (compiled != null) {
      compiled.close();
    }
  }

  @Test
  void bothSayTheSameOfRandomClusters() {
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      SplittableRandom random = new SplittableRandom(seed);
      List<Policy> policies =
          cluster.policies().stream().filter(policy -> random.nextInt(4) > 0).toList();
      Cluster other = cluster.withPolicies(policies);
      compare(
          "seed " + seed,
          ManifestText.yaml(cluster),
          seed % 3 == 0 ? ManifestText.json(other) : ManifestText.yaml(other),
          reading(random),
          questions(cluster, random),
          cluster.namespaces().isEmpty()
              ? ""
              : "namespace " + cluster.namespaces().firstKey(),
          random);
    }
  }

  @Test
  void bothSayTheSameOfManifestsThatAreWrong() {
    List<String> wrong = List.of(
        "kind: NetworkPolicy\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {x: 1}}\nspec: {containers: []}\n",
        "a: &a [*a]\n",
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: \"\\u202e\\0\", namespace: x}\n"
            + "spec: {podSelector: {}, ingress: [{ports: [{port: 99999}], from: [{ipBlock: {cidr: 10.0.0.300/8}}]}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: !!binary |\n    aGFs\n    bG8=\n",
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: x}\nspec: {}\n",
        "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"\\ud83d\\ude00\"}}",
        "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"a\", \"labels\": {\"n\": 1e400}}}");
    for (String text : wrong) {
      compare(
          text,
          text,
          text + "\n",
          PageReading.DEFAULT,
          List.of(
              "who can reach x/y",
              "can internet reach \u2603",
              "nonsense",
              "can a reach b on 99999999999",
              "can internet reach anyone on 0x50"),
          "namespace none",
          new SplittableRandom(0));
    }
  }

  private static void compare(
      String name,
      String one,
      String other,
      PageReading reading,
      List<String> questions,
      String narrow,
      SplittableRandom random) {
    List<PageSource> before = List.of(new PageSource("one.yaml", one, false));
    List<PageSource> after = List.of(new PageSource("one.yaml", other, true));
    PageEngine engine = PageEngine.read(before, reading);
    List<String> expected = new ArrayList<>();
    expected.add(engine.overview());
    expected.add(engine.matrix("", "", ""));
    expected.add(engine.findings());
    questions.forEach(question -> expected.add(engine.ask(question)));
    questions.forEach(question -> expected.add(PageEngine.sentence(question)));
    int endpoints = engine.endpoints();
    List<List<Integer>> pairs = new ArrayList<>();
    for (int i = 0; i < 3 && endpoints > 1; i++) {
      int from = random.nextInt(endpoints);
      pairs.add(List.of(from, (from + 1 + random.nextInt(endpoints - 1)) % endpoints));
    }
    pairs.forEach(pair -> expected.add(engine.pair(pair.get(0), pair.get(1))));
    expected.add(engine.matrix(narrow, "", "5432"));
    expected.add(engine.difference(PageEngine.read(after, reading), "old", "new"));
    PageEngine edited = engine.edited(List.of("one.yaml"), List.of(other));
    expected.add(edited.diagnostics());
    expected.add(engine.difference(edited, "old", "edit"));
    expected.add(PageEngine.read(after, reading).difference(engine, "older", "here"));

    Object said = compiled.run(
        ASK,
        CompiledEngine.objects(before),
        CompiledEngine.objects(after),
        CompiledEngine.object(reading),
        questions,
        pairs,
        narrow);

    List<?> answers = (List<?>) said;
    assertThat(answers).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(answers.get(i)).as(name + ", answer " + i).isEqualTo(expected.get(i));
    }
  }

  private static List<String> questions(Cluster cluster, SplittableRandom random) {
    if (cluster.workloads().isEmpty()) {
      return List.of();
    }
    WorkloadNames names = new WorkloadNames(cluster);
    List<String> all = cluster.workloads().stream().map(names::of).toList();
    String one = all.get(random.nextInt(all.size()));
    String other = all.get(random.nextInt(all.size()));
    Workload some = cluster.workloads().get(random.nextInt(cluster.workloads().size()));
    String label = some.labels().asMap().entrySet().stream()
        .findFirst()
        .map(Object::toString)
        .orElse("a=b");
    List<String> questions = new ArrayList<>(List.of(
        "can " + one + " reach " + other + " on "
            + List.of("5432", "udp/53", "80-443", "icmp").get(random.nextInt(4)),
        "who can reach " + one,
        "what can " + one + " reach on any traffic",
        "can internet reach namespace " + some.namespace(),
        "can any pod in namespace " + some.namespace() + " reach 10.0.0.0/8 on 443",
        "can any node reach " + other,
        "can pods " + label + " reach anyone"));
    while (questions.size() > 3) {
      questions.remove(random.nextInt(questions.size()));
    }
    return questions;
  }

  private static PageReading reading(SplittableRandom random) {
    return new PageReading(
        "default",
        Optional.empty(),
        "cluster.local",
        random.nextBoolean(),
        new IgnoredKinds(random.nextInt(4) == 0 ? List.of("all") : List.of()),
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
