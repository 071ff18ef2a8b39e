package dev.postern.maven;

import dev.postern.cli.Postern;
import dev.postern.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * A goal that runs one command in Maven's own process, and not again while neither what it reads nor how it is called has changed since it
 * ended well. A file of settings, {@code .postern.yaml}, names others that count, too: where there is one, the goal always runs.
 */
abstract class CommandGoal extends AbstractMojo {

  /** Leaves the goal out. */
  @Parameter(property = "postern.skip", defaultValue = "false")
  private boolean skip;

  /** Runs the goal although nothing changed since it last ended well. */
  @Parameter(property = "postern.force", defaultValue = "false")
  private boolean force;

  /** Further options of the command, as {@code --dataplane} and {@code calico}. */
  @Parameter
  private List<String> options = new ArrayList<>();

  @Parameter(defaultValue = "${project.build.directory}/postern", readonly = true, required = true)
  private File directory;

  @Parameter(defaultValue = "${plugin.version}", readonly = true, required = true)
  private String version;

  @Parameter(defaultValue = "${mojoExecution.executionId}", readonly = true)
  private String execution;

  /** The command and what it is about. */
  abstract List<String> command();

  /** All that the command reads: files, and directories with everything below them. */
  abstract List<Path> reads() throws IOException;

  /** What it is when the command says no. */
  abstract String complaint();

  /** Whether the goal has nothing to do, with the reason in the log. */
  abstract boolean isIdle();

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("skipped, as postern.skip says");
      return;
    }
    if (isIdle()) {
      return;
    }
    List<String> arguments = new ArrayList<>(command());
    arguments.addAll(options);
    try {
      GoodRun run = GoodRun.of(
          directory.toPath().resolve(arguments.get(0) + "-" + execution),
          version,
          arguments,
          reads());
      if (!force && run.isRemembered()) {
        getLog().info("nothing changed since this last ended well");
        return;
      }
      run.forget();
      call(arguments);
      run.remember();
    } catch (IOException problem) {
      throw new MojoExecutionException("cannot read or write: " + problem.getMessage(), problem);
    }
  }

  private void call(List<String> arguments) throws MojoExecutionException, MojoFailureException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Postern.run(
        Console.of(InputStream.nullInputStream(), out, err), arguments.toArray(String[]::new));
    out.toString(StandardCharsets.UTF_8)
        .lines()
        .forEach(status == 0 ? getLog()::info : getLog()::error);
    err.toString(StandardCharsets.UTF_8)
        .lines()
        .forEach(status == 0 ? getLog()::warn : getLog()::error);
    switch (status) {
      case 0 -> {}
      case 1 -> throw new MojoFailureException(complaint());
      case 3 ->
        throw new MojoFailureException("undecided, which is no yes: see above for the reason");
      default ->
        throw new MojoExecutionException(
            "postern " + arguments.get(0) + " could not be run, or could not read something");
    }
  }

  /** A path as a person at Maven's directory would write it, so that editors find what is printed. */
  static String shown(File file) {
    Path here = Path.of("").toAbsolutePath();
    Path path = file.toPath().toAbsolutePath().normalize();
    if (!path.startsWith(here)) {
      return path.toString();
    }
    String relative = here.relativize(path).toString();
    return relative.isEmpty() ? "." : relative;
  }

  /** The same for each, after an option each. */
  static List<String> shown(String option, List<File> files) {
    List<String> words = new ArrayList<>();
    for (File file : files) {
      words.add(option);
      words.add(shown(file));
    }
    return words;
  }

  /** Whether some of these is missing, which is said; a project without policies has nothing to check. */
  final boolean isMissing(List<File> files, String parameter) {
    if (files.isEmpty()) {
      getLog().info("nothing to do: <" + parameter + "> is empty");
      return true;
    }
    return false;
  }
}
