package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.finding.CodePage;
import dev.postern.cli.help.HelpLines;
import dev.postern.cli.help.PageText;
import dev.postern.cli.help.Topic;
import dev.postern.diagnostic.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern help}: the usage of a command, the page of a topic or a code; both where a topic has a command's name. */
@Command(
    name = "help",
    description = "Show the usage of a command, or the page of a topic.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:shown", "2:there is no such command and no such topic"},
    footerHeading = "%nExample:%n",
    footer = {"  postern help questions", "  postern help can"})
public final class HelpCommand implements Callable<Integer> {

  private final Console console;

  @Spec
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "<topic>",
      description =
          "A command, a topic or a code; none: the commands and the topics. A command's page follows its usage.")
  private @Nullable String topic;

  public HelpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (topic == null) {
      usage(spec.root().commandLine());
      topics();
    } else {
      about(topic);
    }
    return ExitStatus.YES;
  }

  private void about(String name) {
    Map<String, CommandLine> commands = spec.root().commandLine().getSubcommands();
    Optional<CommandLine> command = Optional.ofNullable(commands.get(name));
    Optional<String> page = Topic.of(name).map(Topic::page).or(() -> CodePage.of(name));
    if (command.isEmpty() && page.isEmpty()) {
      throw new UserError(unknown(name, commands.keySet().stream().toList()));
    }
    command.ifPresent(this::usage);
    if (command.isPresent() && page.isPresent()) {
      console.out().println();
    }
    page.ifPresent(text -> PageText.write(text, console));
  }

  private void usage(CommandLine command) {
    console.out().escaped(command.getUsageMessage(command.getColorScheme()));
  }

  private void topics() {
    int width =
        Topic.all().stream().mapToInt(each -> each.name().length()).max().orElse(0);
    console.out().println();
    console.out().println("Topics (postern help <topic>):");
    int columns = console.columns().orElse(HelpLines.UNKNOWN_WIDTH);
    Topic.all()
        .forEach(each -> HelpLines.fitted(
                "  " + each.name() + " ".repeat(width - each.name().length() + 2) + each.title(),
                columns)
            .lines()
            .forEach(console.out()::println));
  }

  private static String unknown(String topic, List<String> commands) {
    List<String> names = Stream.concat(commands.stream(), Topic.all().stream().map(Topic::name))
        .distinct()
        .toList();
    return "postern help: error: there is no command and no topic `" + topic + "`"
        + Nearest.to(topic, names)
            .map(near -> " (hint: did you mean `" + near + "`?)")
            .orElse(" (hint: `postern help` lists them)");
  }
}
