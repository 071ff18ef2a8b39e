package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.help.FishCompletion;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code postern completion}: a script that completes commands, options and their values in a shell. */
@Command(
    name = "completion",
    description = "Print a script that completes postern's command line in a shell.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:printed", "2:bad usage"},
    footerHeading = "%nExample:%n",
    footer = {
      "  postern completion bash",
      "To load it: source <(postern completion bash), the same in zsh after",
      "`autoload -U compinit && compinit`; in fish: postern completion fish | source"
    })
public final class CompletionCommand implements Callable<Integer> {

  /** The shells that are known. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  private final Console console;

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "<shell>", description = "One of ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CommandSpec root = spec.root();
    sort(root);
    console
        .out()
        .raw(
            switch (shell) {
              // picocli's script serves both: zsh reads it by its own bashcompinit.
              case bash, zsh ->
                AutoComplete.bash(root.name(), root.commandLine()).strip();
              case fish -> FishCompletion.of(root);
            });
    return ExitStatus.YES;
  }

  /** By their names: a JVM lists methods that take options in another order from time to time, and scripts are the same twice. */
  private static void sort(CommandSpec command) {
    List<OptionSpec> options = command.options().stream()
        // One that is every command's is on all of them at once.
        .filter(option -> option.scopeType() == ScopeType.LOCAL && !option.inherited())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .toList();
    options.forEach(command::remove);
    options.forEach(command::addOption);
    Set.copyOf(command.subcommands().values())
        .forEach(subcommand -> sort(subcommand.getCommandSpec()));
  }
}
