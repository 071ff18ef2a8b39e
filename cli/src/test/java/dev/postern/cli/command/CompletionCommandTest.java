package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in the shells that they are for, as far as the machine has them. */
class CompletionCommandTest {

  @TempDir
  Path directory;

  private Path script(String shell) throws IOException {
    Run run = Run.of("completion", shell);
    assertThat(run.status()).isZero();
    return Files.writeString(directory.resolve("postern." + shell), run.out());
  }

  private List<String> printed(String... command) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, command[0]))),
        "there is no " + command[0]);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", directory.toString());
    Process process = builder.directory(directory.toFile()).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text.lines().toList();
  }

  private List<String> inBash(String... words) throws IOException, InterruptedException {
    // compopt works only while bash itself completes.
    String line = "compopt() { :; }; source " + script("bash") + "; COMP_WORDS=(postern "
        + String.join(" ", Arrays.stream(words).map(word -> "'" + word + "'").toList())
        + "); COMP_CWORD=" + words.length
        + "; _complete_postern postern; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return printed("bash", "--norc", "-c", line);
  }

  @Test
  void bashCompletesCommandsOptionsAndTheirValues() throws Exception {
    assertThat(inBash("ca").stream().map(String::strip)).containsExactly("can");
    assertThat(inBash("prove", "--col").stream().map(String::strip)).containsExactly("--color");
    assertThat(inBash("lint", "-o", "").stream().map(String::strip))
        .contains("text", "json", "sarif");
  }

  @Test
  void zshReadsTheSameScript() throws Exception {
    assertThat(printed(
            "zsh",
            "-f",
            "-c",
            "autoload -U compinit && compinit -u -D; source " + script("zsh")
                + "; print ${_comps[postern]}"))
        .hasSize(1)
        .first()
        .asString()
        .contains("_complete_postern");
  }

  private List<String> inFish(String line) throws IOException, InterruptedException {
    return printed(
            "fish",
            "--no-config",
            "-c",
            "source " + script("fish") + "; complete -C '" + line + "'")
        .stream()
        .map(each -> each.replaceFirst("\t.*", ""))
        .toList();
  }

  @Test
  void fishCompletesCommandsOptionsAndTheirValues() throws Exception {
    assertThat(inFish("postern ca")).containsExactly("can");
    assertThat(inFish("postern prove --col")).containsExactly("--color");
    assertThat(inFish("postern lint -o sar")).containsExactly("sarif");
    assertThat(inFish("postern completion f")).containsExactly("fish");
  }

  @Test
  void aShellThatIsNotKnownIsBadUsage() {
    Run run = Run.of("completion", "tcsh");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("bash", "zsh", "fish");
  }

  @Test
  void theFishScriptNamesEveryCommand() {
    String script = Run.of("completion", "fish").out();

    assertThat(script)
        .contains("-a can -d 'Answer who may reach whom'", "-l color -r -f -a 'auto always never'");
    assertThat(script.lines())
        .allMatch(line -> line.startsWith("complete -c postern ") || line.startsWith("#"));
  }
}
