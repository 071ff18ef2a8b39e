package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The scripts for GitHub, GitLab, pre-commit and kubectl, run as those run them: in a repository of two commits, with their environment. */
@EnabledOnOs(OS.LINUX)
class IntegrationsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path INTEGRATIONS = ROOT.resolve("integrations");

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: x}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, image: x, ports: [{containerPort: 5432}]}]}
      """;

  private static final String POLICY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress]
        ingress: %s
      """;

  @TempDir
  private Path directory;

  private Path repository = Path.of("");
  private Path command = Path.of("");
  private final Map<String, String> environment = new HashMap<>();

  private record Call(int status, String out, String err) {}

  @BeforeEach
  void aRepositoryOfTwoCommitsOfWhichTheSecondOpensTheDatabase() throws Exception {
    repository = Files.createDirectories(directory.resolve("repository"));
    Path tools = Files.createDirectories(directory.resolve("tools"));
    command = script(
        tools.resolve("postern"),
        "exec '" + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
            + System.getProperty("java.class.path")
            + "' dev.postern.cli.Postern \"$@\"");
    environment.put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
    environment.put("HOME", directory.toString());
    environment.put("POSTERN", command.toString());
    environment.put("RUNNER_TEMP", directory.toString());
    git("init", "-q", "-b", "main");
    write("deploy/pods.yaml", PODS);
    write(
        "deploy/policy.yaml",
        POLICY.formatted("[{from: [{podSelector: {matchLabels: {app: web}}}]}]"));
    write("policies/shop.postern", "shop/web can reach shop/db on 5432\n");
    commit("one");
    write("deploy/policy.yaml", POLICY.formatted("[{}]"));
    commit("two");
  }

  // --- GitHub

  @Test
  void theActionReportsFindingsStatementsAndOneCommentThatEachPushUpdates() throws Exception {
    gh("");
    environment.put("POSTERN_PATH", "deploy\n");
    environment.put("POSTERN_SPEC", "policies");
    environment.put("POSTERN_BASE", "HEAD~1");
    environment.put("GITHUB_REF", "refs/pull/7/merge");
    environment.put("GITHUB_REPOSITORY", "team/shop");
    environment.put("GITHUB_OUTPUT", directory.resolve("output").toString());
    environment.put("GITHUB_STEP_SUMMARY", directory.resolve("summary").toString());

    Call run = run("github/run.sh");

    JsonNode sarif =
        new ObjectMapper().readTree(repository.resolve("postern.sarif").toFile());
    assertThat(sarif.at("/runs/0/tool/driver/name").asText()).isEqualTo("postern");
    assertThat(run.out()).contains("ok    policies/shop.postern:1");
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(Files.readString(directory.resolve("output")))
        .contains("sarif=postern.sarif\n", "status=1\n", "review=" + directory);
    assertThat(Files.readString(directory.resolve("summary")))
        .contains("### Statements", "shop/db", "deploy/policy.yaml");
    List<String> calls = Files.readAllLines(directory.resolve("gh.calls"));
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0))
        .contains("api --paginate repos/team/shop/issues/7/comments", ".author_association");
    assertThat(calls.get(1))
        .startsWith("api --method POST repos/team/shop/issues/7/comments -F body=@");
    assertThat(Files.readString(directory.resolve("gh.body")))
        .startsWith("<!-- postern review -->\n")
        .contains("shop/db");

    gh("99");
    run("github/run.sh");

    assertThat(Files.readAllLines(directory.resolve("gh.calls")).get(1))
        .startsWith("api --method PATCH repos/team/shop/issues/comments/99 -F body=@");
  }

  @Test
  void theActionWritesThroughNoLinkThatTheRepositoryBrings() throws Exception {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "theirs");
    Files.createSymbolicLink(repository.resolve("postern.sarif"), elsewhere);
    environment.put("POSTERN_PATH", "deploy");

    Call run = run("github/run.sh");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("postern.sarif is a symbolic link");
    assertThat(elsewhere).hasContent("theirs");

    Path place = Files.createDirectory(directory.resolve("place"));
    Files.createSymbolicLink(repository.resolve("reports"), place);
    environment.put("POSTERN_SARIF", "reports/postern.sarif");
    assertThat(run("github/run.sh").err()).contains("reports is a symbolic link");
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void theActionLeavesACommentOutWhereItMayNotWriteAndTheStatusAsItIs() throws Exception {
    script(directory.resolve("tools/gh"), "exit 1");
    environment.put("POSTERN_PATH", "deploy");
    environment.put("POSTERN_BASE", "HEAD~1");
    environment.put("GITHUB_REF", "refs/pull/7/merge");
    environment.put("GITHUB_REPOSITORY", "team/shop");
    Call run = run("github/run.sh");
    assertThat(run.err()).contains("pull-requests: write");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void theActionFailsWithTwoWhereSomethingCannotBeRead() throws Exception {
    gh("");
    environment.put("POSTERN_PATH", "nowhere");
    assertThat(run("github/run.sh").status()).isEqualTo(2);
    environment.put("POSTERN_PATH", "deploy");
    environment.put("POSTERN_BASE", "no-such-branch");
    Call run = run("github/run.sh");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("there is no revision no-such-branch");
    assertThat(directory.resolve("gh.calls")).doesNotExist();
  }

  @Test
  void theActionSetsEveryVariableThatItsScriptReads() throws IOException {
    String script = Files.readString(INTEGRATIONS.resolve("github/run.sh"));
    String action = Files.readString(ROOT.resolve("action.yml"));
    Matcher names = Pattern.compile("\\$\\{(POSTERN_\\w+)").matcher(script);
    assertThat(names.results().map(name -> name.group(1)).distinct())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(action).contains(name + ": ${{ inputs."));
    Map<?, ?> read = (Map<?, ?>) yaml(action);
    assertThat(((Map<?, ?>) read.get("inputs")).keySet())
        .allSatisfy(input -> assertThat(action).contains("inputs." + input + " }}"));
    assertThat(Files.isExecutable(INTEGRATIONS.resolve("github/run.sh"))).isTrue();
  }

  // --- GitLab

  @Test
  void theTemplateOfGitLabWritesTheReportsThatItNames() throws Exception {
    Map<?, ?> job =
        (Map<?, ?>) ((Map<?, ?>) yaml(Files.readString(INTEGRATIONS.resolve("gitlab/postern.yml"))))
            .get(".postern");
    ((Map<?, ?>) job.get("variables"))
        .forEach(
            (name, value) -> environment.putIfAbsent(String.valueOf(name), String.valueOf(value)));
    environment.put("POSTERN_PATH", "deploy");
    environment.put("POSTERN_SPEC", "policies");
    environment.put("CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD~1");
    String script = String.valueOf(((List<?>) job.get("script")).get(0));

    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "theirs");
    Files.createSymbolicLink(repository.resolve("postern-quality.json"), elsewhere);

    Call run = call("bash", "-eo", "pipefail", "-c", script);

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(elsewhere).hasContent("theirs");
    assertThat(new ObjectMapper()
            .readTree(repository.resolve("postern-quality.json").toFile())
            .isArray())
        .isTrue();
    assertThat(DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(repository.resolve("postern-junit.xml").toFile())
            .getElementsByTagName("testcase")
            .getLength())
        .isEqualTo(1);
    assertThat(Files.readString(repository.resolve("postern-review.md"))).contains("shop/db");
    Map<?, ?> reports = (Map<?, ?>) ((Map<?, ?>) job.get("artifacts")).get("reports");
    assertThat(reports.values())
        .allSatisfy(file -> assertThat(repository.resolve(String.valueOf(file))).exists());
  }

  // --- pre-commit

  @Test
  void theHooksRunTheirCommandOnTheWholeRepository() throws Exception {
    List<?> hooks = (List<?>) yaml(Files.readString(ROOT.resolve(".pre-commit-hooks.yaml")));
    assertThat(hooks).hasSize(2);
    for (Object hook : hooks) {
      String entry = String.valueOf(((Map<?, ?>) hook).get("entry"));
      assertThat(ROOT.resolve(entry.split(" ")[0])).isExecutable();
    }
    Call clean = run("pre-commit.sh", "lint", "--changed-since", "HEAD");
    assertThat(clean.status()).as(clean.out() + clean.err()).isZero();
    write("deploy/policy.yaml", POLICY.formatted("[{from: [{podSelector: {app: web}}]}]"));
    Call broken = run("pre-commit.sh", "lint", "--changed-since", "HEAD");
    assertThat(broken.status()).isEqualTo(1);
    assertThat(broken.out()).contains("deploy/policy.yaml:");
    assertThat(
            run("pre-commit.sh", "test", "-f", "deploy/pods.yaml", "policies").status())
        .isZero();
  }

  // --- kubectl

  @Test
  void thePluginAsksTheCurrentContextUnlessFilesOrAnotherAreNamed() throws Exception {
    script(directory.resolve("tools/postern-arguments"), "echo \"$@\"");
    script(directory.resolve("tools/kubectl"), "echo kind-dev");
    environment.put("POSTERN", directory.resolve("tools/postern-arguments").toString());
    String question = "can shop/web reach shop/db";
    assertThat(run("kubectl/kubectl-postern", question.split(" ")).out())
        .isEqualTo(question + " --context kind-dev\n");
    assertThat(run("kubectl/kubectl-postern", "lint", "-A").out())
        .isEqualTo("lint --context kind-dev\n");
    assertThat(run("kubectl/kubectl-postern", "lint", "--context", "prod").out())
        .isEqualTo("lint --context prod\n");
    assertThat(run("kubectl/kubectl-postern", "lint", "-f", "deploy").out())
        .isEqualTo("lint -f deploy\n");
    assertThat(run("kubectl/kubectl-postern", "lint", "deploy").out()).isEqualTo("lint deploy\n");
    assertThat(run("kubectl/kubectl-postern", "lint", "--baseline", "deploy").out())
        .isEqualTo("lint --baseline deploy --context kind-dev\n");
    assertThat(run("kubectl/kubectl-postern", "version").out()).isEqualTo("version\n");
    assertThat(run("kubectl/kubectl-postern", "report", "-o", "page.html").out())
        .isEqualTo("report -o page.html --context kind-dev\n");
    assertThat(run("kubectl/kubectl-postern", "can", "--help").out()).isEqualTo("can --help\n");
    script(directory.resolve("tools/kubectl"), "echo \"context of $*\"");
    for (String other : List.of("--kubeconfig=other", "--kubeconfig other")) {
      List<String> lint = new ArrayList<>(List.of("lint"));
      lint.addAll(List.of(other.split(" ")));
      assertThat(run("kubectl/kubectl-postern", lint.toArray(String[]::new)).out())
          .isEqualTo(
              "lint %1$s --context context of config current-context %1$s\n".formatted(other));
    }
    script(directory.resolve("tools/kubectl"), "exit 1");
    Call without = run("kubectl/kubectl-postern", "lint");
    assertThat(without.status()).isEqualTo(2);
    assertThat(without.err()).contains("kubectl has no current context");
  }

  @Test
  void theManifestForKrewNamesTheArchiveAndItsDigest() throws Exception {
    Path archive = Files.writeString(directory.resolve("postern-1.2.3-linux-x64.tar.gz"), "x");
    Call run = run("kubectl/krew.sh", "https://example.com/postern", archive.toString());
    Map<?, ?> manifest = (Map<?, ?>) yaml(run.out());
    Map<?, ?> spec = (Map<?, ?>) manifest.get("spec");
    Map<?, ?> platform = (Map<?, ?>) ((List<?>) spec.get("platforms")).get(0);
    assertThat(spec.get("version")).isEqualTo("v1.2.3");
    assertThat(platform.get("uri"))
        .isEqualTo(
            "https://example.com/postern/releases/download/v1.2.3/postern-1.2.3-linux-x64.tar.gz");
    assertThat(platform.get("sha256"))
        .isEqualTo("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    assertThat(run.out()).doesNotContain("@");
    assertThat(run("kubectl/krew.sh").status()).isEqualTo(2);
  }

  // --- what they are run by

  private static Object yaml(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  /** A program of GitHub that notes how it was called, and knows of a comment. */
  private void gh(String comment) throws IOException {
    Files.deleteIfExists(directory.resolve("gh.calls"));
    script(directory.resolve("tools/gh"), """
        printf '%%s\\n' "$*" | head -n 1 >>'%1$s/gh.calls'
        for argument; do
          case $argument in body=@*) cp "${argument#body=@}" '%1$s/gh.body' ;; esac
        done
        case $* in *--paginate*) printf '%%s\\n' '%2$s' ;; esac
        """.formatted(directory, comment));
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private void write(String name, String text) throws IOException {
    Path file = repository.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void git(String... arguments) throws Exception {
    String[] all = Stream.concat(
            Stream.of("git", "-c", "user.name=a", "-c", "user.email=a@example.com"),
            Stream.of(arguments))
        .toArray(String[]::new);
    Call call = call(all);
    assertThat(call.status()).as(call.err()).isZero();
  }

  private void commit(String message) throws Exception {
    git("add", "-A");
    git("commit", "-qm", message);
  }

  private Call run(String script, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(INTEGRATIONS.resolve(script).toString()));
    words.addAll(List.of(arguments));
    return call(words.toArray(String[]::new));
  }

  private Call call(String... words) throws Exception {
    Path out = directory.resolve("standard-output");
    Path err = directory.resolve("standard-error");
    ProcessBuilder builder = new ProcessBuilder(words)
        .directory(repository.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int status = builder.start().waitFor();
    return new Call(status, Files.readString(out), Files.readString(err));
  }
}
