package dev.postern.cli.input;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.UnknownFormat;
import dev.postern.traffic.format.CsvFormat;
import dev.postern.traffic.format.FlowFormats;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The logs of traffic that a command reads, and the options that say how. */
public final class FlowInput {

  private static final String AUTO = "auto";

  @Parameters(
      paramLabel = "<flows>",
      arity = "1..*",
      description =
          "Logs of flows, or - for standard input; what gzip or zstd compressed is read as it is.")
  private List<String> logs = new ArrayList<>();

  @Option(
      names = "--strict",
      description =
          "Exit with status 2 if a line could not be read. Default: such lines are told and left out, and nothing is a yes.")
  private boolean strict;

  private Optional<FlowFormat> format = Optional.empty();

  private final Map<CsvFormat.Field, String> columns = new EnumMap<>(CsvFormat.Field.class);

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--format",
      paramLabel = "<format>",
      description =
          "What wrote the logs: hubble, calico, goldmane, antrea, antrea-log, ovn-acl, netobserv, conntrack, aws, azure, gcp, istio, istio-json, csv; default: auto, by the first lines.")
  void setFormat(String name) {
    if (!name.equals(AUTO)) {
      format = Optional.of(FlowFormats.named(name)
          .orElseThrow(() -> refused("--format is one of " + names() + ", not `" + name + "`")));
    }
  }

  @Option(
      names = "--columns",
      paramLabel = "<field=column,…>",
      description =
          "What the columns of a CSV log mean, as source=src_ip,port=dst_port; fields: source, source-namespace, source-pod, source-workload, source-port, destination (and the same of it), protocol, port, verdict, direction, reply, count, bytes, first, last.")
  void setColumns(String all) {
    for (String each : all.split(",", -1)) {
      int equal = each.indexOf('=');
      Optional<CsvFormat.Field> field = equal < 0
          ? Optional.empty()
          : CsvFormat.Field.of(each.substring(0, equal).strip());
      if (field.isEmpty()) {
        throw refused("--columns takes field=column, the field one of "
            + Stream.of(CsvFormat.Field.values())
                .map(CsvFormat.Field::word)
                .collect(Collectors.joining(", "))
            + ", not `" + each + "`");
      }
      columns.put(field.get(), each.substring(equal + 1).strip());
    }
  }

  private static String names() {
    return Stream.concat(Stream.of(AUTO), FlowFormats.ALL.stream().map(FlowFormat::name))
        .collect(Collectors.joining(", "));
  }

  /**
   * Reads all logs, one after the other, and tells on standard error what could not be read of them.
   *
   * @param withManifests whether manifests come from standard input
   * @throws UserError if a log cannot be read, has nothing in it, or is in no format that is known
   */
  public List<LogSummary> read(Console console, boolean withManifests, FlowSink sink) {
    List<FlowFormat> formats = formats();
    if (logs.contains("-") && withManifests) {
      throw new UserError(
          "postern: error: flows and manifests cannot both come from standard input");
    }
    List<LogSummary> read = Progress.during(
        console,
        "reading flows",
        () -> logs.stream()
            .distinct()
            .map(log -> read(log, console, formats, sink))
            .toList());
    for (LogSummary log : read) {
      log.problems().forEach(problem -> console.err().println(problem));
      long untold = log.unreadable() - log.problems().size();
      if (untold > 0) {
        console
            .err()
            .println(log.file() + ": error: " + untold + " more of its lines cannot be read");
      }
    }
    return read;
  }

  private List<FlowFormat> formats() {
    if (columns.isEmpty()) {
      return format.map(List::of).orElse(FlowFormats.ALL);
    }
    if (format.isPresent() && !format.get().name().equals("csv")) {
      throw refused("--columns is about CSV, and --format says " + format.get().name());
    }
    // Beside CSV of these columns there may be logs of other formats.
    FlowFormat csv = FlowFormats.csv(columns);
    return format.isPresent()
        ? List.of(csv)
        : Stream.concat(
                Stream.of(csv),
                FlowFormats.ALL.stream().filter(other -> !other.name().equals(csv.name())))
            .toList();
  }

  private LogSummary read(String log, Console console, List<FlowFormat> formats, FlowSink sink) {
    TextInput text =
        new TextInput(log, "name a log of flows, as `hubble observe -o jsonpb` prints it");
    LogSummary summary = text.bytes(console, bytes -> {
      try {
        return TrafficLog.read(text.name(), bytes, formats, sink);
      } catch (UnknownFormat unknown) {
        throw new UserError(
            text.name() + ": error: " + unknown.getMessage()
                + (columns.isEmpty()
                    ? " (hint: say what it is with --format, or with --columns what its columns mean)"
                    : " (hint: a log has the columns of --columns if its first line names all of them; --format csv says which it lacks)"));
      }
    });
    if (summary.isEmpty()) {
      throw text.complaint("there is no flow in it");
    }
    return summary;
  }

  /** What the process returns: lines that could not be read make a yes undecided, or are bad input where that was asked for. */
  public int status(List<LogSummary> read, int found) {
    boolean all = read.stream().allMatch(log -> log.unreadable() == 0);
    return all
        ? found
        : strict ? ExitStatus.BAD_INPUT : found == ExitStatus.YES ? ExitStatus.UNDECIDED : found;
  }

  private RuntimeException refused(String why) {
    return command == null
        ? new UserError("postern: error: " + why)
        : new ParameterException(command.commandLine(), why);
  }
}
