package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.testing.Engines;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import dev.postern.testing.text.ManifestText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The native program and the command in a JVM are one: what the program answers it says as the command does, byte by byte, and what it cannot
 * answer it leaves to the JVM without a word.
 */
@EnabledOnOs(OS.LINUX)
class NativeProgramTest {

  private static final int LEFT = 97;

  /** What is added to the exit status of an answer. */
  private static final int ANSWERED = 64;

  private static final int CLUSTERS = 150;

  private static final int DAMAGED = 500;

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final String SHOP = ROOT.resolve("examples/shop").toString();

  private static Path program = Path.of("");

  @TempDir
  private Path directory;

  @BeforeAll
  static void compiled() throws IOException, InterruptedException {
    Engines.requireInstalled("cc");
    Path built = Path.of("target", "native").toAbsolutePath();
    Files.createDirectories(built);
    Path log = built.resolve("log");
    // As the command's own jars; not the tests'.
    String classPath = Arrays.stream(
            System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("/testing/"))
        .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder script = new ProcessBuilder(
            ROOT.resolve("cli/src/build/native-program").toString(),
            classPath,
            Path.of("target", "teavm").toAbsolutePath().toString(),
            built.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile());
    script.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertThat(script.start().waitFor()).as(Files.readString(log)).isZero();
    program = built.resolve("postern");
  }

  private Run run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "terminal="));
    command.addAll(List.of(arguments));
    return run(new ProcessBuilder(command));
  }

  private Run run(ProcessBuilder builder) {
    Path out = directory.resolve("native.out");
    Path err = directory.resolve("native.err");
    try {
      if (builder.redirectOutput() == ProcessBuilder.Redirect.PIPE) {
        builder.redirectOutput(out.toFile());
      } else {
        Files.writeString(out, "");
      }
      builder.environment().keySet().removeAll(List.of("NO_COLOR", "FORCE_COLOR"));
      Process process = builder.redirectError(err.toFile()).start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException | InterruptedException problem) {
      throw new AssertionError(problem);
    }
  }

  private void saysTheSame(String... arguments) {
    assertThat(run(arguments)).as(String.join(" ", arguments)).isEqualTo(answered(arguments));
  }

  private static Run answered(String... arguments) {
    Run run = Run.of(arguments);
    return new Run(ANSWERED + run.status(), run.out(), run.err());
  }

  /** Whether it answers, which it then must do as the command does. */
  private boolean answers(String... arguments) {
    Run run = run(arguments);
    if (run.status() == LEFT) {
      assertThat(run).isEqualTo(new Run(LEFT, "", ""));
      return false;
    }
    assertThat(run).as(String.join(" ", arguments)).isEqualTo(answered(arguments));
    return true;
  }

  private void isLeft(String... arguments) {
    assertThat(run(arguments)).as(String.join(" ", arguments)).isEqualTo(new Run(LEFT, "", ""));
  }

  private Path manifest(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void questionsAreAnsweredAsInAJvm() throws IOException {
    for (String line : Files.readAllLines(ROOT.resolve("examples/questions.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        saysTheSame("can", line, "-f", SHOP);
        saysTheSame("can", line, "-f", SHOP, "-o", "json");
        saysTheSame("why", line, "-f", SHOP);
      }
    }
    saysTheSame("can", "who", "can", "reach", "shop/db", "on", "5432", "-f", SHOP);
    saysTheSame("can", "internet", "reach", "service", "shop/cart", "-f", SHOP + "/");
    saysTheSame("can", "shop/frontend", "reach", "shop/db", "-f", SHOP + "/db.yaml");
    saysTheSame("can", "frontend", "reach", "db", "-n", "shop", "-f", SHOP, "--color=always");
  }

  @Test
  void mattersOfTheWholeClusterAreWrittenAsInAJvm() throws IOException {
    try (Stream<Path> examples = Files.list(ROOT.resolve("examples"))) {
      for (Path example : examples.filter(Files::isDirectory).sorted().toList()) {
        for (String command : List.of("connectivity", "exposure", "policies")) {
          answers(command, "-f", example.toString());
        }
      }
    }
    for (String format : List.of("table", "csv", "json", "md", "dot", "mermaid", "svg")) {
      saysTheSame("connectivity", "-f", SHOP, "-o", format);
    }
    saysTheSame("connectivity", "-f", SHOP, "--why", "--to", "shop/db", "--denied");
    saysTheSame("connectivity", "-f", SHOP, "--by-labels");
    saysTheSame("connectivity", "-f", SHOP, "--from", "internet", "--dataplane", "calico");
    saysTheSame("exposure", "-f", SHOP, "-o", "json");
    saysTheSame("policies", "-f", SHOP, "-o", "md");
  }

  @Test
  void whatIsWrongIsSaidAsInAJvm() throws IOException {
    saysTheSame("can", "shop/frontend", "reach", "-f", SHOP);
    saysTheSame("can", "shop/fronted", "reach", "shop/db", "-f", SHOP);
    saysTheSame("can", "shop/frontend", "reach", "shop/db", "on", "http", "-f", SHOP);
    saysTheSame("connectivity", "-f", SHOP, "--to", "shop/nothing");
    saysTheSame("connectivity", "-f", SHOP, "--denied", "-o", "dot");
    saysTheSame("connectivity", "-f", ROOT.resolve("examples/mistakes").toString(), "-o", "json");
    for (String text : List.of(
        "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: a, namespace: b}\nspec: {podSelector: {}, ingress: [{ports: [{port: 70000}]}]}\n",
        "kind: Pod\n  bad: [indent\n",
        "a: &a [*a]\n",
        "kind: Frobnicator\napiVersion: v7\n",
        "",
        "\u00e9\u4e2d\ud83d\ude00: \u202e\n",
        "{\"kind\": \"List\", \"items\": [{]}")) {
      saysTheSame("connectivity", "-f", manifest("bad.yaml", text).toString());
      saysTheSame("connectivity", "-f", manifest("bad.json", text).toString());
    }
  }

  @Test
  void randomClustersMeanTheSame() throws IOException {
    for (int seed = 0; seed < Tries.share(CLUSTERS); seed++) {
      Cluster cluster = RandomCluster.of(seed, Profile.EVERYTHING);
      String file = manifest("cluster.yaml", ManifestText.yaml(cluster)).toString();
      saysTheSame("connectivity", "-f", file, "-o", "json");
      SplittableRandom random = new SplittableRandom(seed);
      List<String> names =
          cluster.workloads().stream().map(Workload::id).map(Object::toString).toList();
      if (names.isEmpty()) {
        continue;
      }
      String one = names.get(random.nextInt(names.size()));
      String other = names.get(random.nextInt(names.size()));
      saysTheSame("can", one + " reach " + other, "-f", file, "-o", "json");
      saysTheSame("why", one + " reach " + other + " on 80", "-f", file);
      saysTheSame("can", "who can reach " + other, "-f", file, "--closed");
      saysTheSame("exposure", "-f", file, "-o", "csv");
    }
  }

  @Test
  void damagedManifestsAreTakenAlike() throws IOException {
    List<byte[]> whole = new ArrayList<>();
    for (String directory : List.of("shop", "mistakes", "microservices", "running")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve("examples").resolve(directory))) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
          whole.add(Files.readAllBytes(file));
        }
      }
    }
    int answered = 0;
    for (int seed = 0; seed < Tries.share(DAMAGED); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
      for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
        int at = random.nextInt(bytes.length);
        int from = random.nextInt(bytes.length);
        int count = Math.min(random.nextInt(20), bytes.length - Math.max(at, from));
        switch (random.nextInt(3)) {
          case 0 -> bytes[at] = (byte) random.nextInt(256);
          case 1 -> System.arraycopy(bytes, from, bytes, at, count);
          default -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        }
      }
      Path file = Files.write(directory.resolve("damaged.yaml"), bytes);
      answered += answers("connectivity", "-f", file.toString(), "-o", "json") ? 1 : 0;
    }
    assertThat(answered).isGreaterThan(Tries.share(DAMAGED) / 2);
  }

  @Test
  void whatIsNoCharacterIsReadAsInAJvmOrLeft() throws IOException {
    String pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: b}
        spec: {containers: [{name: c, image: %s}]}
        """;
    for (String escape : List.of("\\U00110000", "\\U7fffffff", "\\ud83d", "\\U0010ffff")) {
      saysTheSame(
          "policies",
          "-f",
          manifest("escape.yaml", pod.formatted("\"" + escape + "\"")).toString());
    }
    for (String odd : List.of("!!binary w=L=", "!!binary 7aCA", "!<x%C0%AF> y", "!x%41 y")) {
      isLeft("policies", "-f", manifest("odd.yaml", pod.formatted(odd)).toString());
    }
  }

  /** Several times as much as all other tests need, since no memory is given back. */
  @Test
  void manyWorkloadsMeanTheSame() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 160; i++) {
      text.append("""
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: app-%1$d, namespace: ns%2$d}
          spec:
            selector: {matchLabels: {app: app-%1$d}}
            template:
              metadata: {labels: {app: app-%1$d, tier: t%3$d}}
              spec: {containers: [{name: main, image: x, ports: [{name: web, containerPort: %4$d}]}]}
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: app-%1$d, namespace: ns%2$d}
          spec:
            podSelector: {matchExpressions: [{key: app, operator: In, values: [app-%1$d]}]}
            policyTypes: [Ingress, Egress]
            ingress: [{from: [{podSelector: {matchLabels: {tier: t%5$d}}, namespaceSelector: {}}], ports: [{port: web}]}]
            egress: [{to: [{ipBlock: {cidr: 10.%3$d.0.0/16, except: [10.%3$d.%2$d.0/24]}}]}, {to: [{namespaceSelector: {}}]}]
          """.formatted(i, i % 20, i % 7, 8000 + i, (i + 1) % 7));
    }
    String file = manifest("many.yaml", text.toString()).toString();
    saysTheSame("connectivity", "-f", file, "-o", "json");
    saysTheSame("exposure", "-f", file);
  }

  @Test
  void whatItHasNotIsLeftToTheJvm() throws IOException {
    isLeft();
    isLeft("can");
    isLeft("can", "--help");
    isLeft("lint", SHOP);
    isLeft("can", "shop/frontend", "reach", "shop/db", "-f", "-");
    isLeft("can", "--batch", "-", "-f", SHOP);
    isLeft("can", "--open", "any pod in namespace shop reach shop/db", "-f", SHOP);
    isLeft("connectivity", "-f", SHOP, "-o", "html");
    isLeft("connectivity", "-f", SHOP, "--frob");
    isLeft("connectivity", "--context", "prod");
    isLeft("connectivity", "-f", directory.resolve("nothing").toString());
    isLeft("connectivity", "-f", "/dev/null");
    isLeft("connectivity", "-f", SHOP + "/../shop");
    // A regular file of which every read fails.
    isLeft("connectivity", "-f", "/proc/self/mem");
    Path pipe = directory.resolve("pipe.yaml");
    assertThat(run(new ProcessBuilder("mkfifo", pipe.toString())).status()).isZero();
    isLeft("connectivity", "-f", pipe.toString());
    isLeft("connectivity", "-f", manifest("nom\u00e9.yaml", "").toString());
    isLeft(
        "connectivity", "-f", manifest("settings/.postern.yaml", "").getParent().toString());
    isLeft("connectivity", "-f", manifest("empty/readme", "").getParent().toString());
    for (String odd :
        List.of("kustomization.yaml", "Chart.yaml", "..data/a.yaml", "caf\u00e9.yaml")) {
      Path file = manifest("odd" + odd.length() + "/" + odd, "");
      Path top = directory.resolve("odd" + odd.length());
      Files.copy(Path.of(SHOP, "db.yaml"), top.resolve("db.yaml"));
      assertThat(file).exists();
      isLeft("connectivity", "-f", top.toString());
    }
    Path links = Files.createDirectory(directory.resolve("links"));
    Files.createSymbolicLink(links.resolve("db.yaml"), Path.of(SHOP, "db.yaml"));
    isLeft("connectivity", "-f", links.toString());
    isLeft("connectivity", "-f", links.resolve("db.yaml").toString());
    Path link = Files.createSymbolicLink(directory.resolve("shop"), Path.of(SHOP));
    isLeft("connectivity", "-f", link.toString());
    isLeft(
        "connectivity", "-f", manifest("large.yaml", "# much\n".repeat(200_000)).toString());
  }

  @Test
  void anAnswerThatCannotBeWrittenIsLeftToTheJvm() {
    ProcessBuilder full =
        new ProcessBuilder(program.toString(), "terminal=", "connectivity", "-f", SHOP);
    full.redirectOutput(new File("/dev/full"));
    assertThat(run(full)).isEqualTo(new Run(LEFT, "", ""));
  }

  @Test
  void anAnswerWhoseNotesGotLostIsNone() throws IOException {
    StringBuilder text = new StringBuilder("""
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: b}
        spec: {containers: [{name: c, image: x}]}
        """);
    for (int i = 0; i < 20; i++) {
      text.append("""
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: p%d, namespace: b}
          spec: {podSelector: {matchLabels: {app: nothing}}, ingress: null}
          """.formatted(i));
    }
    String file = manifest("notes.yaml", text.toString()).toString();
    saysTheSame("can", "b/a", "reach", "internet", "-f", file);
    Run run = run(new ProcessBuilder(
        "bash",
        "-c",
        "ulimit -f 1; exec \"$@\"",
        "bash",
        program.toString(),
        "terminal=",
        "can",
        "b/a",
        "reach",
        "internet",
        "-f",
        file));
    assertThat(run.status()).isEqualTo(ANSWERED + 2);
    assertThat(run.err()).hasSize(1 << 10);
  }
}
