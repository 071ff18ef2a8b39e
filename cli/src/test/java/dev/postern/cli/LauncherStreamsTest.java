package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of answers, and of the names of files, between {@code ./postern}, the shell and the system. */
@EnabledOnOs(OS.LINUX)
class LauncherStreamsTest {

  private static final String MAVEN = """
      #!/usr/bin/env bash
      mkdir -p cli/target/app && echo jar >cli/target/app/cli-0.1.0.jar
      """;

  /** The launcher's JVM, but with the classes of this build. */
  private static final String JAVA = """
      #!/usr/bin/env bash
      case "$*" in
        *showSettings*) echo "    java.specification.version = 17" >&2 ;;
        *dev.postern.cli.Postern*) shift 3; exec "$REAL_JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$CLASSES" dev.postern.cli.Postern "$@" ;;
      esac
      """;

  private static final String QUESTION = "can shop/frontend reach shop/db on 5432";

  @TempDir
  Path tree;

  private Path shop;

  @BeforeEach
  void aTree() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path repository = Files.exists(here.resolve("postern")) ? here : here.getParent();
    shop = repository.resolve("examples/shop");
    script("postern", Files.readString(repository.resolve("postern")));
    script("bin/mvn", MAVEN);
    script("jdk/bin/java", JAVA);
    script("jdk/bin/javac", "#!/usr/bin/env bash\n");
    for (String file :
        List.of("pom.xml", ".mvn/maven.config", "cli/pom.xml", "cli/src/main/A.java")) {
      Files.createDirectories(tree.resolve(file).getParent());
      Files.createFile(tree.resolve(file));
    }
    assertThat(shell("./postern --version >/dev/null 2>&1").status()).isZero();
  }

  private void script(String name, String text) throws IOException {
    Path path = tree.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private record Call(int status, String out, String err) {}

  private Call shell(String line) throws IOException {
    return shell(Map.of(), line);
  }

  /** Runs a line of bash in the tree. */
  private Call shell(Map<String, String> environment, String line) throws IOException {
    Path out = tree.resolve("out");
    Path err = tree.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of("bash", "-c", line)))
        .directory(tree.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    Map<String, String> variables = builder.environment();
    variables.put("PATH", tree.resolve("bin") + ":" + System.getenv("PATH"));
    variables.put("JAVA_HOME", tree.resolve("jdk").toString());
    variables.put(
        "REAL_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    variables.put("CLASSES", System.getProperty("java.class.path"));
    variables.put("SHOP", shop.toString());
    variables.putAll(environment);
    try {
      Process process = builder.start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      return new Call(process.exitValue(), read(out), read(err));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException(stop);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  @Test
  void aFullDeviceIsAnError() throws IOException {
    Call call = shell("./postern " + QUESTION + " -f $SHOP >/dev/full");

    assertThat(call.err())
        .isEqualTo("postern: error: the answer could not be written: No space left on device\n");
    assertThat(call.status()).isEqualTo(2);
  }

  @Test
  void aClosedStandardOutputIsAnErrorAndOtherClosedStreamsAreAsIfEmpty() throws IOException {
    Call closed = shell("./postern " + QUESTION + " -f $SHOP >&-");
    assertThat(closed.err())
        .isEqualTo("postern: error: the answer could not be written: standard output is closed\n");
    assertThat(closed.status()).isEqualTo(2);

    Call others = shell("./postern " + QUESTION + " -f $SHOP <&- 2>&-");
    assertThat(others.out()).startsWith("allowed: ");
    assertThat(others.status()).isZero();
  }

  @Test
  void aReaderThatLeavesIsNoError() throws IOException {
    Call call = shell("./postern connectivity -f $SHOP | head -n 1; echo \"${PIPESTATUS[0]}\"");

    assertThat(call.out()).startsWith("SOURCE").endsWith("\n0\n");
    assertThat(call.err()).isEmpty();
  }

  @Test
  void anArtefactThatDoesNotFitIsAnErrorAndLeavesNoScriptToRun() throws IOException {
    Engines.require("unshare", "mount");
    Files.createDirectories(tree.resolve("small"));
    Call call = shell("unshare -m bash -c '"
        + "mount -t tmpfs -o size=4k none small && "
        + "./postern compile --target nftables -f $SHOP --out small/artefact; status=$?; "
        + "ls small/artefact/*.sh 2>/dev/null; exit $status'");

    assertThat(call.status()).as(call.err()).isEqualTo(2);
    assertThat(call.err()).contains("postern: error: ").doesNotContain("Exception");
  }

  @Test
  void aFixThatDoesNotFitLeavesTheManifestAsItWas() throws IOException {
    Engines.require("unshare", "mount");
    Files.createDirectories(tree.resolve("small"));
    Files.writeString(
        tree.resolve("a.yaml"),
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: s}\n"
            + "spec:\n  podSelector: {app: db}\n");
    Call call = shell("unshare -m bash -c '"
        + "mount -t tmpfs -o size=4k none small && cp a.yaml small/ && "
        + "./postern lint --fix small/a.yaml; status=$?; "
        + "cmp a.yaml small/a.yaml && ls -A small; exit $status'");

    assertThat(call.err()).contains("cannot write it: ").doesNotContain("Exception");
    assertThat(call.out()).endsWith("a.yaml\n");
    assertThat(call.status()).isEqualTo(2);
  }

  @Test
  void aFileWhoseNameIsNotAsciiIsReadInEveryLocale() throws IOException {
    Files.writeString(
        tree.resolve("käse.yaml"),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: s}\nspec: {containers: []}\n");
    for (String locale : List.of("C", "POSIX", "no_SUCH.ISO-8859-1", "C.UTF-8")) {
      Call call = shell(Map.of("LC_ALL", locale), "./postern can s/a reach s/a on 80 -f käse.yaml");
      // Bash itself warns of a locale that is not there.
      assertThat(call.err().lines().filter(line -> !line.startsWith("bash: warning: ")))
          .as(locale)
          .isEmpty();
      assertThat(call.out()).as(locale).startsWith("allowed: ");
      assertThat(call.status()).as(locale).isZero();
    }
  }

  @Test
  void whereThereIsNoSuchLocaleTheErrorSaysWhatIsWrong() throws IOException {
    String java = "$REAL_JAVA -cp $CLASSES dev.postern.cli.Postern ";
    for (String arguments : List.of(
        "can s/a reach s/a on 80 -f käse.yaml",
        "test käse.postern -f $SHOP",
        "replay käse.json -f $SHOP",
        "can --batch käse.txt -f $SHOP",
        "can s/a reach s/a on 80 --kubeconfig käse",
        "compile --target nftables -f $SHOP --out käse",
        "prove -f $SHOP --iptables-save käse")) {
      Call call = shell(Map.of("LC_ALL", "C"), java + arguments);
      assertThat(call.status()).as(arguments).isEqualTo(2);
      assertThat(call.err())
          .as(arguments)
          .contains("cannot be read as a file name in this locale")
          .doesNotContain("Exception");
    }
  }
}
