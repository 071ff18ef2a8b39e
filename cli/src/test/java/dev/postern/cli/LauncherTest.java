package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./postern}, in a tree of its own with a Maven and a JDK that only write down that they were called: when it builds,
 * when it does not, and what it says when it cannot.
 */
class LauncherTest {

  private static final String MAVEN = """
      #!/usr/bin/env bash
      echo "mvn $*" >>"$CALLS"
      echo '[INFO] Building Postern policy model 0.1.0-SNAPSHOT                           [2/9]'
      if [ -n "${BROKEN:-}" ]; then
        echo '[ERROR] /src/Model.java:[3,7] cannot find symbol'
        exit 1
      fi
      mkdir -p cli/target/app && echo jar >cli/target/app/cli-0.1.0.jar
      """;

  private static final String JAVA = """
      #!/usr/bin/env bash
      case "$*" in
        *showSettings*) echo "    java.specification.version = ${RELEASE:-17}" >&2 ;;
        *ArchiveTraining*)
          echo "java rehearses" >>"$CALLS"
          for o; do case $o in -XX:AOTCacheOutput=*) [ -n "${NO_CACHE:-}" ] || : >"${o#*=}" ;; esac; done ;;
        *SharedArchiveFile=*) for o; do case $o in -XX:SharedArchiveFile=*) : >"${o#*=}" ;; esac; done ;;
        -version) echo "openjdk version \\"${RELEASE:-17}\\"" >&2 ;;
        *dev.postern.cli.Postern*) echo "started by ${1##*/}" >>"$CALLS"; echo "answer to: ${*: -2}" ;;
      esac
      """;

  @TempDir
  Path tree;

  private Path calls;

  @BeforeEach
  void aTree() throws IOException {
    calls = tree.resolve("calls");
    Files.createFile(calls);
    script(tree.resolve("postern"), Files.readString(repository().resolve("postern")));
    script(tree.resolve("bin/mvn"), MAVEN);
    script(tree.resolve("jdk/bin/java"), JAVA);
    script(tree.resolve("jdk/bin/javac"), "#!/usr/bin/env bash\n");
    for (String file :
        List.of("pom.xml", ".mvn/maven.config", "cli/pom.xml", "cli/src/main/A.java")) {
      Files.createDirectories(tree.resolve(file).getParent());
      Files.createFile(tree.resolve(file));
    }
  }

  private static Path repository() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("postern")) ? here : here.getParent();
  }

  private static void script(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private record Call(int status, String out, String err) {}

  private Call postern(Map<String, String> environment) throws IOException, InterruptedException {
    return call(environment, "can");
  }

  private Call call(Map<String, String> environment, String word)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tree.resolve("postern").toString(), word, "x"));
    Path out = tree.resolve("out");
    Path err = tree.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("PATH", tree.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", tree.resolve("jdk").toString());
    builder.environment().put("CALLS", calls.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Call(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Call postern() throws IOException, InterruptedException {
    return postern(Map.of());
  }

  private long builds() throws IOException {
    return Files.readAllLines(calls).stream()
        .filter(line -> line.startsWith("mvn"))
        .count();
  }

  @Test
  void theFirstCallBuildsWithProgressAndAnswersAndTheNextOnlyAnswers() throws Exception {
    Call first = postern();
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).isEqualTo("answer to: can x\n");
    assertThat(first.err()).contains("postern: building", "2/9 policy model");
    assertThat(builds()).isOne();

    Call second = postern();
    assertThat(second.out()).isEqualTo("answer to: can x\n");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isOne();
  }

  @Test
  void aChangedAndAlsoARemovedSourceIsBuiltAnew() throws Exception {
    postern();
    Path source = tree.resolve("cli/src/main/A.java");
    FileTime later = FileTime.from(Instant.now().plusSeconds(60));
    Files.setLastModifiedTime(source, later);
    postern();
    assertThat(builds()).isEqualTo(2);

    Files.delete(source);
    Files.setLastModifiedTime(source.getParent(), later);
    postern();
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void aBuildThatFailsShowsWhatTheCompilerSaidAndIsTriedAgain() throws Exception {
    Call broken = postern(Map.of("BROKEN", "yes"));
    assertThat(broken.status()).isEqualTo(2);
    assertThat(broken.out()).isEmpty();
    assertThat(broken.err())
        .contains("/src/Model.java:[3,7] cannot find symbol", "the build failed", "build.log");

    assertThat(postern().status()).isZero();
  }

  @Test
  void aJdkThatIsTooOldIsNamed() throws Exception {
    Call old = postern(Map.of("RELEASE", "11"));
    assertThat(old.status()).isEqualTo(2);
    assertThat(old.err()).contains("needs a JDK, 17 or newer", "openjdk version \"11\"");
    assertThat(builds()).isZero();
  }

  @Test
  void aJavaHomeWithoutAJvmIsNamed() throws Exception {
    Call none = postern(Map.of("JAVA_HOME", tree.resolve("nowhere").toString()));
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("needs a JDK", "nowhere has no bin/java");
  }

  @Test
  void anotherJvmGetsAClassArchiveOfItsOwnWithoutANewBuild() throws Exception {
    postern();
    script(tree.resolve("other/bin/java"), JAVA);
    script(tree.resolve("other/bin/javac"), "#!/usr/bin/env bash\n");
    Call other = postern(Map.of("JAVA_HOME", tree.resolve("other").toString()));
    assertThat(other.status()).as(other.err()).isZero();
    assertThat(other.err()).contains("preparing a class archive");
    assertThat(builds()).isOne();
  }

  @Test
  void aJvmThatLoadsAllOfItsCacheHasASmallOneForShortCommands() throws Exception {
    Map<String, String> newer = Map.of("RELEASE", "25");
    assertThat(postern(newer).out()).isEqualTo("answer to: can x\n");
    call(newer, "compile");
    assertThat(starts()).containsExactly("started by short.args", "started by run.args");
    assertThat(Files.readString(tree.resolve(".postern/short.args")))
        .contains("-XX:AOTCache=", ".short\"");
    assertThat(Files.readString(tree.resolve(".postern/run.args")))
        .contains("-XX:AOTCache=")
        .doesNotContain(".short");
  }

  @Test
  void whereNoCacheCanBeMadeAllStartAlike() throws Exception {
    Call call = postern(Map.of("RELEASE", "25", "NO_CACHE", "yes"));
    assertThat(call.out()).isEqualTo("answer to: can x\n");
    assertThat(call.err()).contains("no class archive");
    assertThat(starts()).containsExactly("started by run.args");
  }

  /** A program in place of the native one. */
  private void program(String script) throws IOException {
    script(tree.resolve(".postern/app/postern"), "#!/usr/bin/env bash\n" + script);
  }

  @Test
  void theNativeProgramAnswersWhatItKnows() throws Exception {
    postern();
    program("echo \"native: $*\"; exit $((64 + 1))");
    assertThat(postern()).isEqualTo(new Call(1, "native: terminal= can x\n", ""));
    assertThat(call(Map.of(), "lint").out()).isEqualTo("answer to: lint x\n");
    assertThat(postern(Map.of("POSTERN_NATIVE", "no")).out()).isEqualTo("answer to: can x\n");
  }

  @Test
  void theJvmAnswersWhatTheNativeProgramLeavesOrFailsAt() throws Exception {
    postern();
    for (String end : List.of("exit 97", "exit 0", "exit 1", "kill -SEGV $$", "kill -ABRT $$")) {
      program(end);
      assertThat(postern()).as(end).isEqualTo(new Call(0, "answer to: can x\n", ""));
    }
    Files.writeString(tree.resolve(".postern/app/postern"), "\u007fELF of another machine");
    assertThat(postern().out()).isEqualTo("answer to: can x\n");
  }

  @Test
  void aBuildCompilesTheNativeProgramBesides() throws Exception {
    Files.createDirectories(tree.resolve("cli/target/teavm"));
    script(tree.resolve("bin/cc"), "#!/usr/bin/env bash\n");
    script(tree.resolve("cli/src/build/native-program"), """
        #!/usr/bin/env bash
        echo "compiles $1" >>"$CALLS"
        mkdir -p "$3" && printf '#!/bin/sh\\nexit 64\\n' >"$3/postern" && chmod +x "$3/postern"
        """);
    Call first = postern();
    assertThat(first.out()).isEqualTo("answer to: can x\n");
    assertThat(first.err()).contains("compiling a program for a faster start, in the background");
    Path program = tree.resolve(".postern/app/postern");
    while (!Files.isExecutable(program)) {
      Thread.onSpinWait();
    }
    assertThat(Files.readAllLines(calls)).anyMatch(line -> line.startsWith("compiles /"));
    assertThat(postern()).isEqualTo(new Call(0, "", ""));
  }

  private List<String> starts() throws IOException {
    return Files.readAllLines(calls).stream()
        .filter(line -> line.startsWith("started"))
        .toList();
  }
}
