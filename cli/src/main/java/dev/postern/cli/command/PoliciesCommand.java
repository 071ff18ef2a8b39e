package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.policies.PolicyFormat;
import dev.postern.manifest.Loaded;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern policies}: what each policy says, without any workload. */
@Command(
    name = "policies",
    description =
        "List what each policy says, a rule a line: subject, direction, action, peers and ports. No workload is needed.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:written", "2:the manifests are bad"},
    footerHeading = "%nExample:%n",
    footer = {
      "  postern policies -f examples/shop",
      "  postern policies -f examples/shop/db.yaml -o md"
    })
public final class PoliciesCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: table.")
  private PolicyFormat format = PolicyFormat.table;

  public PoliciesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Loaded loaded = input.load(console);
    format.write(loaded.cluster(), console.out());
    return input.status(loaded, ExitStatus.YES);
  }
}
