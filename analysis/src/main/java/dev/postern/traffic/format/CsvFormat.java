package dev.postern.traffic.format;

import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plain text with columns and a header (RFC 4180, one record a line; commas, semicolons or tabs between values): the columns are called as
 * the {@link Field}s are, in any case, or as a user says. Needed are a source, a destination, the protocol and the port.
 */
public final class CsvFormat implements FlowFormat.OfLines {

  /** What a column can be. */
  public enum Field {
    SOURCE("source"),
    SOURCE_NAMESPACE("source-namespace"),
    SOURCE_POD("source-pod"),
    SOURCE_WORKLOAD("source-workload"),
    SOURCE_PORT("source-port"),
    DESTINATION("destination"),
    DESTINATION_NAMESPACE("destination-namespace"),
    DESTINATION_POD("destination-pod"),
    DESTINATION_WORKLOAD("destination-workload"),
    PROTOCOL("protocol"),
    PORT("port"),
    /** {@code passed}, {@code allow}, {@code forwarded}, …, or {@code denied}, {@code drop}, …; empty where it was only seen. */
    VERDICT("verdict"),
    /** {@code ingress} where it arrived, {@code egress} where it left. */
    DIRECTION("direction"),
    /** {@code true} for a reply. */
    REPLY("reply"),
    COUNT("count"),
    BYTES("bytes"),
    FIRST("first"),
    LAST("last");

    private final String word;

    Field(String word) {
      this.word = word;
    }

    /** How it is called, where a user says no other name. */
    public String word() {
      return word;
    }

    /** The field of a word. */
    public static Optional<Field> of(String word) {
      for (Field each : values()) {
        if (each.word.equals(word)) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    }
  }

  private static final Set<String> PASSED = Set.of(
      "passed",
      "pass",
      "allow",
      "allowed",
      "accept",
      "accepted",
      "forwarded",
      "permit",
      "permitted");
  private static final Set<String> DENIED =
      Set.of("denied", "deny", "drop", "dropped", "reject", "rejected", "block", "blocked");

  private final Map<Field, String> names;

  CsvFormat(Map<Field, String> names) {
    this.names = Map.copyOf(names);
  }

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String title() {
    return "columns with a header";
  }

  @Override
  public boolean recognises(String line) {
    try {
      reader(Optional.of(line));
      return true;
    } catch (UnreadableEntry other) {
      return false;
    }
  }

  @Override
  public boolean isHeader(String line) {
    return true;
  }

  private static char separator(String header) {
    return header.indexOf('\t') >= 0 ? '\t' : header.indexOf(';') >= 0 ? ';' : ',';
  }

  @Override
  public FlowFormat.LineReader reader(Optional<String> header) throws UnreadableEntry {
    String first = header.orElse("");
    char separator = separator(first);
    List<String> titles = split(first.startsWith("\uFEFF") ? first.substring(1) : first, separator);
    Map<Field, Integer> columns = Columns.of("header", titles, names).places();
    int width = titles.size();
    return (line, place, sink) -> {
      List<String> values = split(line, separator);
      if (values.size() != width) {
        throw new UnreadableEntry(
            "it has " + values.size() + " values, and the header has " + width);
      }
      read(columns, values, place, sink);
    };
  }

  private static void read(
      Map<Field, Integer> columns, List<String> values, LogPlace place, FlowSink sink)
      throws UnreadableEntry {
    ColumnRecord.read(
        field -> {
          Integer column = columns.get(field);
          return column == null ? "" : values.get(column).strip();
        },
        place,
        sink);
  }

  /** What a word of the column {@link Field#VERDICT} says; empty if it says neither. */
  static Optional<Outcome> outcome(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return lower.isEmpty() || lower.equals("-") || lower.equals("seen")
        ? Optional.of(Outcome.SEEN)
        : PASSED.contains(lower)
            ? Optional.of(Outcome.PASSED)
            : DENIED.contains(lower) ? Optional.of(Outcome.DENIED) : Optional.empty();
  }

  private static List<String> split(String line, char separator) throws UnreadableEntry {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (true) {
      if (at < line.length() && line.charAt(at) == '"') {
        StringBuilder value = new StringBuilder();
        int next = at + 1;
        while (true) {
          if (next >= line.length()) {
            throw new UnreadableEntry(at + 1, "a quoted value does not end on its line");
          }
          if (line.charAt(next) == '"') {
            if (next + 1 < line.length() && line.charAt(next + 1) == '"') {
              next++;
            } else {
              break;
            }
          }
          value.append(line.charAt(next++));
        }
        values.add(value.toString());
        at = next + 1;
        if (at < line.length() && line.charAt(at) != separator) {
          throw new UnreadableEntry(at + 1, "something stands after a quoted value");
        }
      } else {
        int end = line.indexOf(separator, at);
        values.add(line.substring(at, end < 0 ? line.length() : end).strip());
        at = end < 0 ? line.length() : end;
      }
      if (at >= line.length()) {
        return values;
      }
      at++;
    }
  }
}
