package dev.postern.cli;

import dev.postern.cli.command.CanCommand;
import dev.postern.cli.command.CompileCommand;
import dev.postern.cli.command.CompletionCommand;
import dev.postern.cli.command.ConnectivityCommand;
import dev.postern.cli.command.DiffCommand;
import dev.postern.cli.command.ExplainCommand;
import dev.postern.cli.command.ExposureCommand;
import dev.postern.cli.command.HelpCommand;
import dev.postern.cli.command.LintCommand;
import dev.postern.cli.command.PoliciesCommand;
import dev.postern.cli.command.ProveCommand;
import dev.postern.cli.command.ReplayCommand;
import dev.postern.cli.command.ReportCommand;
import dev.postern.cli.command.ReviewCommand;
import dev.postern.cli.command.TestCommand;
import dev.postern.cli.command.VersionCommand;
import dev.postern.cli.command.WhyCommand;
import dev.postern.cli.console.Console;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;

/** The subcommands by name, in the order in which the help lists them. A new command is one class and one line here. */
final class Commands {

  private static final Map<String, Function<Console, Callable<Integer>>> ALL =
      new LinkedHashMap<>();

  static {
    ALL.put("can", CanCommand::new);
    ALL.put("why", WhyCommand::new);
    ALL.put("connectivity", ConnectivityCommand::new);
    ALL.put("exposure", ExposureCommand::new);
    ALL.put("report", ReportCommand::new);
    ALL.put("policies", PoliciesCommand::new);
    ALL.put("lint", LintCommand::new);
    ALL.put("diff", DiffCommand::new);
    ALL.put("review", ReviewCommand::new);
    ALL.put("test", TestCommand::new);
    ALL.put("replay", ReplayCommand::new);
    ALL.put("compile", CompileCommand::new);
    ALL.put("prove", ProveCommand::new);
    ALL.put("explain", ExplainCommand::new);
    ALL.put("help", HelpCommand::new);
    ALL.put("completion", CompletionCommand::new);
    ALL.put("version", VersionCommand::new);
  }

  /** Those that speak of the others. */
  private static final Set<String> OF_ALL = Set.of("help", "completion");

  private Commands() {}

  /** Adds the one command that the arguments name; all of them where they name none, and where one speaks of the others, for the help and for did-you-mean. */
  static void addTo(CommandLine root, Console console, String... arguments) {
    if (arguments.length > 0 && ALL.containsKey(arguments[0]) && !OF_ALL.contains(arguments[0])) {
      root.addSubcommand(arguments[0], ALL.get(arguments[0]).apply(console));
    } else {
      ALL.forEach((name, command) -> root.addSubcommand(name, command.apply(console)));
    }
  }
}
