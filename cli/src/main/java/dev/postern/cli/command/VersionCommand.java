package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Release;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code postern version}: which Postern this is, and what it runs on. */
@Command(
    name = "version",
    description = "Say which version this is, and what it runs on.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:said"},
    footerHeading = "%nExample:%n",
    footer = "  postern version -o json")
public final class VersionCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private AnswerFormat format = AnswerFormat.text;

  public VersionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", Release.version());
    facts.put("java", Runtime.version().toString());
    facts.put("os", System.getProperty("os.name", ""));
    facts.put("arch", System.getProperty("os.arch", ""));
    if (format == AnswerFormat.json) {
      Json.write(console.out(), json -> {
        json.writeStartObject();
        for (Map.Entry<String, String> fact : facts.entrySet()) {
          json.writeStringField(fact.getKey(), fact.getValue());
        }
        json.writeEndObject();
      });
    } else {
      console.out().println("postern " + facts.get("version"));
      console
          .out()
          .println("Java " + facts.get("java") + ", " + facts.get("os") + " " + facts.get("arch"));
    }
    return ExitStatus.YES;
  }
}
