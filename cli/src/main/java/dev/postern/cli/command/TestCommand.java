package dev.postern.cli.command;

import dev.postern.cli.console.Complaint;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.input.Choices;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.Effort;
import dev.postern.cli.input.Naming;
import dev.postern.cli.input.TextInput;
import dev.postern.cli.spec.CheckFormat;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.manifest.Loaded;
import dev.postern.question.Statement;
import dev.postern.spec.Check;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import dev.postern.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern test}: expectations that are kept beside the manifests. */
@Command(
    name = "test",
    description = {
      "Hold manifests to statements that are kept beside them.",
      "One stands on a line:",
      "  shop/frontend can reach shop/db on 5432",
      "  namespace dev cannot reach namespace prod",
      "  only shop/frontend can reach shop/db",
      "  namespace dev can never reach shop/db      (nor any pod that could come)"
    },
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every statement holds",
      "1:some do not",
      "2:something could not be read, or is no statement about this cluster",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern test examples/shop/shop.postern -f examples/shop")
public final class TestCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private Choices choices;

  @Mixin
  private Naming naming;

  @Mixin
  private Effort effort;

  @Parameters(
      paramLabel = "<spec>",
      arity = "1..*",
      description = "Files of statements, as shop.postern, or directories of them.")
  private List<String> specifications = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private CheckFormat format = CheckFormat.text;

  public TestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Read> read =
        specifications.stream().flatMap(this::files).map(this::read).toList();
    Loaded loaded = input.load(console);
    Verifier verifier =
        naming.verifier(Verifier.of(loaded.cluster(), choices.options()), input.namespace());
    Specifications specs = new Specifications(verifier, effort.limits());
    List<CheckedLine> lines = new ArrayList<>();
    for (Read file : read) {
      List<CheckedLine> ofFile = new ArrayList<>();
      file.specification
          .mistakes()
          .forEach(mistake -> ofFile.add(new CheckedLine(
              file.name,
              mistake.line(),
              mistake.problem().sentence(),
              Result.BAD,
              mistake.problem().getMessage(),
              Optional.empty())));
      for (Statement statement : file.specification.statements()) {
        Check check = specs.check(statement);
        ofFile.add(new CheckedLine(
            file.name,
            statement.line(),
            statement.text(),
            check.result(),
            check.detail(),
            check.witness()));
      }
      ofFile.sort(Comparator.comparingInt(CheckedLine::line));
      lines.addAll(ofFile);
    }
    format.write(lines, console.out());
    return input.status(loaded, status(lines));
  }

  private static int status(List<CheckedLine> lines) {
    List<Result> results = lines.stream().map(CheckedLine::result).toList();
    if (results.contains(Result.BAD)) {
      return ExitStatus.BAD_INPUT;
    }
    if (results.contains(Result.FAILS)) {
      return ExitStatus.NO;
    }
    return results.contains(Result.UNDECIDED) ? ExitStatus.UNDECIDED : ExitStatus.YES;
  }

  /** A specification with the name that the user gave it. */
  private record Read(String name, Statement.Specification specification) {}

  /** A file, or all that end in {@code .postern} in a directory and below it. */
  private Stream<String> files(String name) {
    if (name.equals("-") || !Files.isDirectory(Path.of(name))) {
      return Stream.of(name);
    }
    try (Stream<Path> files = Files.walk(Path.of(name))) {
      List<String> found = files
          .filter(file -> file.toString().endsWith(".postern") && Files.isRegularFile(file))
          .map(Path::toString)
          .sorted()
          .toList();
      if (found.isEmpty()) {
        throw new Complaint(
            name + ": error: there is no file of statements in it (hint: they end in .postern)");
      }
      return found.stream();
    } catch (IOException problem) {
      throw new Complaint(name + ": error: cannot read it: " + problem.getMessage());
    }
  }

  private Read read(String file) {
    TextInput text = new TextInput(
        file, "name a file of statements, as `shop/frontend can reach shop/db on 5432`");
    Statement.Specification specification = text.read(
        console, lines -> Statement.specification(lines.lines().collect(Collectors.joining("\n"))));
    if (specification.statements().isEmpty() && specification.mistakes().isEmpty()) {
      throw text.complaint("there is no statement in it");
    }
    return new Read(text.name(), specification);
  }
}
