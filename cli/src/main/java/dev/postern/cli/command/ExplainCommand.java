package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.finding.CodePage;
import dev.postern.cli.help.PageText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code postern explain}: the page of a code. */
@Command(
    name = "explain",
    description = "Show the page of a diagnostic's code: what to avoid, what to prefer, and why.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:shown", "2:there is no such code"},
    footerHeading = "%nExample:%n",
    footer = "  postern explain NP111")
public final class ExplainCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "<code>", description = "A code as messages end in it, as NP111.")
  private String code = "";

  public ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    PageText.write(
        CodePage.of(code)
            .orElseThrow(() -> new UserError("postern explain: error: " + CodePage.unknown(code))),
        console);
    return ExitStatus.YES;
  }
}
