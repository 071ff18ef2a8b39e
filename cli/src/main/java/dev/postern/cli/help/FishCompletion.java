package dev.postern.cli.help;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The script that completes the command in fish, which picocli does not write. */
public final class FishCompletion {

  private FishCompletion() {}

  /** The script for a command with subcommands, one {@code complete} a line. */
  public static String of(CommandSpec root) {
    List<String> lines = new ArrayList<>();
    lines.add("# Completion of " + root.name() + " for fish.");
    options(root, "__fish_use_subcommand", lines);
    root.subcommands().forEach((name, command) -> {
      CommandSpec spec = command.getCommandSpec();
      lines.add(line(root) + " -f -n __fish_use_subcommand -a " + name
          + description(spec.usageMessage().description()));
      String here = "'__fish_seen_subcommand_from " + name + "'";
      options(root, spec, here, lines);
      spec.positionalParameters().stream()
          .filter(parameter -> parameter.completionCandidates() != null)
          .forEach(
              parameter -> lines.add(line(root) + " -f -n " + here + " -a " + values(parameter)));
    });
    return String.join("\n", lines);
  }

  private static void options(CommandSpec root, String where, List<String> lines) {
    options(root, root, where, lines);
  }

  private static void options(
      CommandSpec root, CommandSpec spec, String where, List<String> lines) {
    for (OptionSpec option : spec.options()) {
      StringBuilder line = new StringBuilder(line(root)).append(" -n ").append(where);
      for (String name : option.names()) {
        line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
      }
      if (option.arity().max() > 0) {
        line.append(" -r");
        if (option.completionCandidates() != null) {
          line.append(" -f -a ").append(quoted(String.join(" ", option.completionCandidates())));
        }
      }
      lines.add(line + description(option.description()));
    }
  }

  private static String values(PositionalParamSpec parameter) {
    return quoted(String.join(" ", parameter.completionCandidates()));
  }

  private static String line(CommandSpec root) {
    return "complete -c " + root.name();
  }

  private static String description(String... text) {
    String words = String.join(" ", text).replaceAll("\\s+", " ");
    int end = words.indexOf(". ");
    String first = (end < 0 ? words : words.substring(0, end)).replaceFirst("\\.$", "");
    return first.isEmpty() ? "" : " -d " + quoted(String.format(Locale.ROOT, "%s", first));
  }

  /** In single quotes fish gives a meaning to the quote and the backslash alone. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
