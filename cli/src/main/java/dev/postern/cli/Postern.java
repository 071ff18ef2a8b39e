package dev.postern.cli;

import dev.postern.cli.console.ColorChoice;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.help.HelpLines;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code postern} command: finds the subcommand, runs it, and turns whatever happens into an exit status. */
@Command(
    name = "postern",
    mixinStandardHelpOptions = true,
    description = "Says what Kubernetes network policies mean, and proves what enforces them.",
    synopsisSubcommandLabel = "<command>",
    versionProvider = Version.class,
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:yes, clean, proved",
      "1:no, findings, a difference",
      "2:bad usage or bad input",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern can shop/frontend reach shop/db on 5432 -f examples/shop")
public final class Postern {

  @Option(
      names = "--color",
      paramLabel = "<when>",
      scope = ScopeType.INHERIT,
      description =
          "Colour text: ${COMPLETION-CANDIDATES}; default: auto, on a terminal unless NO_COLOR is set, or where FORCE_COLOR is.")
  private ColorChoice color = ColorChoice.auto;

  Postern() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String... arguments) {
    System.exit(run(Console.ofProcess(), arguments));
  }

  /** Runs one command; whatever it wrote is flushed when its exit status is returned. */
  public static int run(Console console, String... arguments) {
    return PlainLine.command(console, arguments)
        .map(command -> written(console, status(console, command)))
        .orElseGet(() -> run(console, commandLine(console, arguments), arguments));
  }

  static int run(Console console, CommandLine command, String... arguments) {
    return written(console, status(console, command, arguments));
  }

  private static int status(Console console, CommandLine command, String... arguments) {
    return status(console, () -> command.execute(arguments));
  }

  private static int status(Console console, Callable<Integer> command) {
    try {
      return command.call();
    } catch (OutOfMemoryError full) {
      console
          .err()
          .println("postern: error: out of memory (hint: JDK_JAVA_OPTIONS=-Xmx8g gives more)");
      return ExitStatus.UNDECIDED;
    } catch (Error defect) {
      return internalError(console, defect);
    } catch (Exception problem) {
      return failure(console, problem);
    }
  }

  /** An answer that did not arrive is none, and neither is one whose notes got lost; a reader that left wants no more. */
  private static int written(Console console, int status) {
    Optional<String> lost = console.out().lost();
    lost.ifPresent(
        why -> console.err().println("postern: error: the answer could not be written: " + why));
    boolean silent = console.err().lost().isPresent();
    return lost.isPresent() || silent ? ExitStatus.BAD_INPUT : status;
  }

  /** When text is coloured. */
  ColorChoice color() {
    return color;
  }

  static CommandLine commandLine(Console console, String... arguments) {
    Postern postern = new Postern();
    CommandLine root = new CommandLine(postern);
    Commands.addTo(root, console, arguments);
    // Its own help breaks lines and may be coloured.
    return root.setOut(new PrintWriter(console.out()))
        .setErr(new PrintWriter(console.err()))
        .registerConverter(Path.class, FileName::path)
        .setExpandAtFiles(false)
        .setExecutionStrategy(parsed -> {
          console.color(postern.color);
          if (isAboutHelp(parsed)) {
            HelpLines.fit(root, console.columns().orElse(HelpLines.UNKNOWN_WIDTH));
          }
          root.setColorScheme(
              Help.defaultColorScheme(console.coloured() ? Help.Ansi.ON : Help.Ansi.OFF));
          return new RunLast().execute(parsed);
        })
        .setParameterExceptionHandler((problem, unusedArguments) -> usage(console, problem))
        .setExecutionExceptionHandler(
            (problem, unusedCommand, unusedResult) -> failure(console, problem));
  }

  /** The width costs a process: it is asked for where it matters. */
  private static boolean isAboutHelp(ParseResult parsed) {
    return parsed.isUsageHelpRequested()
        || parsed.hasSubcommand()
            && (parsed.subcommand().commandSpec().name().equals("help")
                || isAboutHelp(parsed.subcommand()));
  }

  private static int usage(Console console, ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    console.err().println("postern: error: " + problem.getMessage());
    UnmatchedArgumentException.printSuggestions(problem, console.err());
    console.err().println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
    return ExitStatus.BAD_INPUT;
  }

  private static int failure(Console console, Exception problem) {
    if (problem instanceof UserError complaint) {
      complaint.lines().forEach(console.err()::println);
      return ExitStatus.BAD_INPUT;
    }
    if (problem instanceof InvalidPathException name) {
      console.err().println("postern: error: " + FileName.notHere(name));
      return ExitStatus.BAD_INPUT;
    }
    return internalError(console, problem);
  }

  /** A defect of Postern's own: one line for the user; the stack trace only on request. */
  private static int internalError(Console console, Throwable problem) {
    console.err().println("postern: internal error: " + problem);
    console
        .err()
        .println(
            "This is a defect in Postern " + Version.text() + " (Java " + Runtime.version()
                + "): please report it with the command and its input; POSTERN_TRACE=1 adds a trace to send along.");
    if (!console.environment().getOrDefault("POSTERN_TRACE", "").isEmpty()) {
      problem.printStackTrace(console.err());
    }
    return ExitStatus.BAD_INPUT;
  }
}
