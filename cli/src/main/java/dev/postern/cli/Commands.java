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
import dev.postern.cli.command.SuggestCommand;
import dev.postern.cli.command.TestCommand;
import dev.postern.cli.command.VersionCommand;
import dev.postern.cli.command.WhyCommand;
import dev.postern.cli.console.Console;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The subcommands by name, in the order in which the help lists them. A new command is one class and two lines here. */
final class Commands {

  private static final List<String> NAMES = List.of(
      "can",
      "why",
      "connectivity",
      "exposure",
      "report",
      "policies",
      "lint",
      "diff",
      "review",
      "test",
      "replay",
      "suggest",
      "compile",
      "prove",
      "explain",
      "help",
      "completion",
      "version");

  /** Those that speak of the others. */
  private static final Set<String> OF_ALL = Set.of("help", "completion");

  private Commands() {}

  /** A command by its name; a switch, since each reference to a constructor costs a start more than the command's own class. */
  static Callable<Integer> named(String name, Console console) {
    return switch (name) {
      case "can" -> new CanCommand(console);
      case "why" -> new WhyCommand(console);
      case "connectivity" -> new ConnectivityCommand(console);
      case "exposure" -> new ExposureCommand(console);
      case "report" -> new ReportCommand(console);
      case "policies" -> new PoliciesCommand(console);
      case "lint" -> new LintCommand(console);
      case "diff" -> new DiffCommand(console);
      case "review" -> new ReviewCommand(console);
      case "test" -> new TestCommand(console);
      case "replay" -> new ReplayCommand(console);
      case "suggest" -> new SuggestCommand(console);
      case "compile" -> new CompileCommand(console);
      case "prove" -> new ProveCommand(console);
      case "explain" -> new ExplainCommand(console);
      case "help" -> new HelpCommand(console);
      case "completion" -> new CompletionCommand(console);
      case "version" -> new VersionCommand(console);
      default -> throw new IllegalArgumentException(name + " is no command");
    };
  }

  /** Adds the one command that the arguments name; all of them where they name none, and where one speaks of the others, for the help and for did-you-mean. */
  static void addTo(CommandLine root, Console console, String... arguments) {
    if (arguments.length > 0 && NAMES.contains(arguments[0]) && !OF_ALL.contains(arguments[0])) {
      root.addSubcommand(arguments[0], named(arguments[0], console));
    } else {
      NAMES.forEach(name -> root.addSubcommand(name, named(name, console)));
    }
  }
}
