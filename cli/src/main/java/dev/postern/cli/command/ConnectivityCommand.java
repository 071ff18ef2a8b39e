package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.matrix.MatrixFormat;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.manifest.Loaded;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern connectivity}: the whole matrix. */
@Command(
    name = "connectivity",
    description = "Say who may reach whom on what; a workload's replicas are one endpoint.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:written", "2:the manifests are bad"},
    footerHeading = "%nExample:%n",
    footer = {
      "  postern connectivity -f examples/shop",
      "  postern connectivity -f examples/shop -o html"
    })
public final class ConnectivityCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: table.")
  private MatrixFormat format = MatrixFormat.table;

  public ConnectivityCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Loaded loaded = input.load(console);
    format.write(
        choices.readings(input.paths()).said(console).verifier(loaded.cluster()).connectivity(),
        console.out());
    return input.status(loaded, ExitStatus.YES);
  }
}
