package dev.postern.maven;

import dev.postern.cli.Postern;
import dev.postern.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  /** What must not be empty, by the name of its parameter. */
  abstract Map<String, List<File>> required();

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("skipped, as postern.skip says");
      return;
    }
    Set<String> empty = new TreeSet<>();
    required().forEach((parameter, files) -> {
      if (files.isEmpty()) {
        empty.add(parameter);
      }
    });
    if (!empty.isEmpty()) {
      // What checks nothing must not look as if it had.
      throw new MojoExecutionException("nothing to check: <" + String.join("> and <", empty)
          + "> is empty (hint: <skip>true</skip> leaves the goal out)");
    }
    List<String> arguments = new ArrayList<>(command());
    arguments.addAll(options);
    try {
      List<Path> read = new ArrayList<>(reads());
      read.addAll(namedByOptions());
      LastSuccess run = LastSuccess.of(
          directory.toPath().resolve(arguments.get(0) + "-" + execution), version, arguments, read);
      if (readsElsewhere()) {
        run = run.passing();
      }
      if (!force && run.isRemembered()) {
        getLog().info("nothing changed since this last ended well");
        return;
      }
      run.forget();
      call(arguments);
      run.remember();
    } catch (IOException | UncheckedIOException problem) {
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

  /** Options by which a command reads what is no file, or whatever it finds on the way. */
  private static final List<String> READ_ELSEWHERE =
      List.of("--changed-since", "--context", "--kubeconfig", "--render");

  /** The files and directories that further options name. */
  final List<Path> namedByOptions() {
    List<Path> named = new ArrayList<>();
    for (String option : options) {
      for (String word : List.of(option, option.substring(option.indexOf('=') + 1))) {
        File file = new File(word);
        if (!word.isEmpty() && file.exists()) {
          named.add(file.toPath());
        }
      }
      // A short option may have its value right behind it.
      if (option.startsWith("-") && option.length() > 2 && new File(option.substring(2)).exists()) {
        named.add(Path.of(option.substring(2)));
      }
    }
    return named;
  }

  /** Whether further options let the command read what no digest of files covers. */
  final boolean readsElsewhere() {
    return options.stream()
        .anyMatch(option -> READ_ELSEWHERE.stream().anyMatch(option::startsWith));
  }
}
