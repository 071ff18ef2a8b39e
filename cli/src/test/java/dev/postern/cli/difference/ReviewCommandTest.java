package dev.postern.cli.difference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Postern;
import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reviewer is told of a change. */
class ReviewCommandTest {

  private static final String BEFORE = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop, uid: u1}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: web}}}]
          ports: [{port: 5432}]
      """;

  /** The internet in place of the web; a new policy isolates it. */
  private static final String AFTER = BEFORE.replace(
          "{podSelector: {matchLabels: {app: web}}}", "{ipBlock: {cidr: 203.0.113.1/24}}")
      + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: web, namespace: shop}
          spec:
            podSelector: {matchLabels: {app: web}}
            ingress: [{from: [{podSelector: {matchLabels: {app: db}}}]}]
          """;

  @TempDir
  private Path directory;

  private Path before = Path.of("");
  private Path after = Path.of("");
  private Path spec = Path.of("");

  @BeforeEach
  void write() throws IOException {
    before = Files.writeString(directory.resolve("before.yaml"), BEFORE);
    after = Files.writeString(directory.resolve("after.yaml"), AFTER);
    spec = Files.writeString(
        directory.resolve("shop.postern"),
        "shop/web can reach shop/db on 5432\nshop/db can reach shop/web on 8080\n");
  }

  private Run review(String... more) {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(
        new String[] {"review", before.toString(), after.toString(), "--spec", spec.toString()},
        0,
        arguments,
        0,
        5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Run.of(arguments);
  }

  @Test
  void theTextSaysWhatOpensAndClosesWithTheLinesAndWhatElseChanges() {
    Run run = review();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "+ 203.0.113.0/24 -> shop/db on tcp/5432 (IPv4)\n    ingress: shop/db ingress[0] ("
                + after + ":17:")
        .contains("- shop/web -> shop/db on tcp/5432\n    ingress: no rule allows it")
        .contains("before: shop/db ingress[0] (" + before + ":17:")
        .contains("newly isolates 1 workload for ingress: shop/web")
        .contains("opened to addresses outside the cluster: shop/db")
        .contains("1 new finding\n", "NP203")
        .contains("1 of 2 statements hold\n  FAIL, held before: " + spec + ":1: ");
  }

  @Test
  void theReverseFixesTheFinding() {
    assertThat(Run.of("review", after.toString(), before.toString()).out())
        .contains("1 finding fixed\n")
        .doesNotContain("new finding");
  }

  @Test
  void nothingChangesBetweenEqualVersions() {
    Run run = Run.of("review", before.toString(), before.toString());

    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("no traffic is opened or closed\n");
  }

  @Test
  void jsonHoldsAllOfIt() throws IOException {
    JsonNode json = new ObjectMapper().readTree(review("-o", "json").out());

    assertThat(json.at("/opened/0/because/0/after/policies/0/line").asInt()).isEqualTo(17);
    assertThat(json.at("/closed/1/because/0/before/policies/0/policy").asText())
        .isEqualTo("shop/db");
    assertThat(json.at("/exposed/0").asText()).isEqualTo("shop/db");
    assertThat(json.at("/newlyIsolated/ingress/0").asText()).isEqualTo("shop/web");
    assertThat(json.at("/newFindings/0/code").asText()).isEqualTo("NP203");
    assertThat(json.at("/statements/0/result").asText()).isEqualTo("fails");
    assertThat(json.at("/statements/0/heldBefore").asBoolean()).isTrue();
    assertThat(json.at("/statements/1/result").asText()).isEqualTo("holds");
  }

  @Test
  void markdownAndAnnotationsSayTheSame() {
    assertThat(review("-o", "md").out())
        .contains("### Opened", "### Closed", "### New findings", "**FAIL, held before**");
    assertThat(review("-o", "github").out())
        .contains("::warning file=" + after + ",line=17,")
        .contains(
            "title=opens traffic::203.0.113.0/24 -> shop/db on tcp/5432 (IPv4)%0Aingress: shop/db")
        .contains("title=closes traffic::")
        .contains("title=NP203::")
        .contains("::error file=" + spec + ",line=1,title=FAIL%2C held before::");
  }

  @Test
  void manifestsWithErrorsAreNoAnswerOnEitherSide() throws IOException {
    Path broken = Files.writeString(
        directory.resolve("broken.yaml"), BEFORE + "---\napiVersion: v1\nkind: Pod\nspec: {}\n");

    Run run = Run.of("review", broken.toString(), broken.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).contains("manifests with errors are left out");
    assertThat(Run.of("review", before.toString(), broken.toString()).status()).isEqualTo(2);
    assertThat(Run.of("review", broken.toString(), before.toString()).status()).isEqualTo(2);
  }

  @Test
  void aSideThatIsNotThereIsABrokenRunAndNoChange() {
    Run run = Run.of("review", "HEAD~1", after.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("cannot read `HEAD~1`: there is no such file or directory")
        .contains("write `--changed-since HEAD~1` and the manifests");
  }

  @Test
  void whatCannotBeReadOnOneSideIsSaidAsideAndIsNoFinding() throws IOException {
    Path old = Files.createDirectories(directory.resolve("old"));
    Files.writeString(old.resolve("shop.yaml"), BEFORE);
    Files.createSymbolicLink(old.resolve("gone.yaml"), directory.resolve("nowhere.yaml"));

    for (List<String> sides : List.of(
        List.of(old.toString(), before.toString()), List.of(before.toString(), old.toString()))) {
      Run run = Run.of("review", sides.get(0), sides.get(1));

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.out()).doesNotContain("finding");
      assertThat(run.err()).contains("gone.yaml");
    }
  }

  @Test
  void badUsageIsABrokenRun() {
    assertThat(Run.of("review", before.toString()).status()).isEqualTo(2);
    assertThat(Run.of("review", before.toString(), directory.resolve("gone").toString())
            .status())
        .isEqualTo(2);
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 5];
    System.arraycopy(
        new String[] {"git", "-c", "user.name=t", "-c", "user.email=t@example.org"},
        0,
        command,
        0,
        5);
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    assertThat(new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor())
        .isZero();
  }

  @Test
  void aRevisionStandsForTheVersionBefore() throws Exception {
    Files.delete(after);
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "a");
    Files.writeString(before, AFTER);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console plain = Console.of(new ByteArrayInputStream(new byte[0]), out, out);
    Console console = new Console(
        plain.in(), plain.out(), plain.err(), Map.of("PATH", System.getenv("PATH")), false, false);

    int status = Postern.run(console, "review", "--changed-since", "HEAD", directory.toString());

    assertThat(status).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("+ 203.0.113.0/24 -> shop/db on tcp/5432")
        .contains("before: shop/db ingress[0] (" + before + ":17:")
        .contains("1 new finding\n");
  }

  private String review(Path manifests) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console plain = Console.of(new ByteArrayInputStream(new byte[0]), out, out);
    Console console = new Console(
        plain.in(), plain.out(), plain.err(), Map.of("PATH", System.getenv("PATH")), false, false);
    Postern.run(console, "review", "--changed-since", "HEAD", manifests.toString());
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What stands behind a link is part of the version before, too: else all of it would be new. */
  @Test
  void linksOfTheVersionBeforeLeadToWhatWasThereThen() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Path read = Files.createDirectory(directory.resolve("read"));
    Files.move(before, shared.resolve("policies.yaml"));
    Files.delete(after);
    Files.createSymbolicLink(read.resolve("shop.yaml"), Path.of("../shared/policies.yaml"));
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "a");
    Files.writeString(shared.resolve("policies.yaml"), AFTER);

    assertThat(review(read))
        .contains("+ 203.0.113.0/24 -> shop/db on tcp/5432")
        .contains("before: shop/db ingress[0]")
        .contains("newly isolates 1 workload for ingress: shop/web\n");
  }

  @Test
  void submodulesOfTheVersionBeforeAreReadAtTheirCommit() throws Exception {
    Path module = Files.createDirectory(directory.resolve("module"));
    Files.move(before, module.resolve("shop.yaml"));
    Files.delete(after);
    git("init", "-q");
    git("-C", "module", "init", "-q");
    git("-C", "module", "add", ".");
    git("-C", "module", "commit", "-q", "-m", "m");
    git("add", "module");
    git("commit", "-q", "-m", "a");
    Files.writeString(module.resolve("shop.yaml"), AFTER);

    assertThat(review(directory))
        .contains("+ 203.0.113.0/24 -> shop/db on tcp/5432")
        .contains("before: shop/db ingress[0]")
        .contains("newly isolates 1 workload for ingress: shop/web\n");
  }

  /** A tree of git may say that one name is a link and a directory, which no client writes. */
  @Test
  void noFileOfTheVersionBeforeIsWrittenThroughALink() throws Exception {
    Path aside = Files.createDirectory(directory.resolve("aside"));
    Path read = Files.createDirectory(directory.resolve("read"));
    Files.writeString(read.resolve("shop.yaml"), AFTER);
    git("init", "-q");
    String blob = said("hash-object", "-w", "read/shop.yaml");
    Files.writeString(directory.resolve("to"), aside.toString());
    String link = said("hash-object", "-w", "to");
    String inner = tree("100644 shop.yaml\0", blob);
    String doubled = tree("120000 inner\0", link, "40000 inner\0", inner);
    String commit = said("commit-tree", "-m", "a", tree("40000 read\0", doubled));
    git("update-ref", "HEAD", commit);

    review(read);

    assertThat(aside).isEmptyDirectory();
  }

  /** Writes a tree as git keeps it: mode, name, NUL, and the object's twenty bytes. */
  private String tree(String... parts) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < parts.length; i += 2) {
      bytes.writeBytes(parts[i].getBytes(StandardCharsets.UTF_8));
      bytes.writeBytes(HexFormat.of().parseHex(parts[i + 1]));
    }
    Files.write(directory.resolve("tree"), bytes.toByteArray());
    return said("hash-object", "-t", "tree", "-w", "--literally", "tree");
  }

  private String said(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.strip();
  }
}
