package dev.postern.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads a log of traffic as a stream, in memory that does not grow with it. Entries that cannot be read are counted, the first of them
 * told, and the others are used.
 */
public final class TrafficLog {

  /** For a line, which is one value. */
  private static final ObjectMapper LINE =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** How much of a log is looked at to say what it is. */
  private static final int HEAD = 1 << 18;

  private final String file;
  private final FlowSink sink;
  private final EnumMap<Omission, Long> leftOut = new EnumMap<>(Omission.class);
  private final List<String> problems = new ArrayList<>();
  private long records;
  private long unreadable;

  private TrafficLog(String file, FlowSink sink) {
    this.file = file;
    this.sink = sink;
  }

  /**
   * Reads a log to its end.
   *
   * @param file how messages call it
   * @param bytes its bytes, as they are or compressed by gzip or zstd; they stay open
   * @param formats the formats that it may be in; if more than one, its first lines decide
   * @param sink what takes its records
   * @throws UnknownFormat if it has lines, and its first are in none of these formats
   * @throws IOException if it cannot be read, as where compressed bytes end too early, or if a line is longer than 16 MiB
   */
  public static LogSummary read(
      String file, InputStream bytes, List<FlowFormat> formats, FlowSink sink) throws IOException {
    InputStream plain = Decompressed.of(bytes);
    byte[] head = plain.readNBytes(HEAD);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), plain);
    LogHead sample = LogHead.of(head, head.length == HEAD);
    if (sample.isDocument()) {
      FlowFormat format = sample.format(formats);
      TrafficLog log = new TrafficLog(file, sink);
      if (!(format instanceof FlowFormat.OfObjects objects)) {
        throw new UnknownFormat(formats);
      }
      log.document(whole, objects);
      return log.summary(format);
    }
    ByteLines lines = new ByteLines(whole);
    if (sample.isOneLongLine()) {
      // Longer than any that is read, or read whole only to be sure.
      lines.advance();
      throw new UnknownFormat(formats);
    }
    FlowFormat format =
        sample.isEmpty() || formats.size() == 1 ? formats.get(0) : sample.format(formats);
    TrafficLog log = new TrafficLog(file, sink);
    if (format instanceof FlowFormat.OfObjects objects) {
      log.objects(lines, objects);
    } else if (format instanceof FlowFormat.OfLines text) {
      log.text(lines, text);
    }
    return log.summary(format);
  }

  private LogSummary summary(FlowFormat format) {
    return new LogSummary(file, format, records, new TreeMap<>(leftOut), unreadable, problems);
  }

  /** Takes what formats read, and counts it. */
  private final class Counting implements FlowSink {
    @Override
    public void flow(FlowRecord flow) {
      records++;
      sink.flow(flow);
    }

    @Override
    public void leftOut(Omission why) {
      leftOut.merge(why, 1L, Long::sum);
      sink.leftOut(why);
    }
  }

  private void objects(ByteLines lines, FlowFormat.OfObjects format) throws IOException {
    Counting counting = new Counting();
    while (lines.advance()) {
      if (lines.isBlank()) {
        continue;
      }
      try {
        JsonNode whole = LINE.readTree(lines.bytes(), lines.start(), lines.length());
        object(whole, new LogPlace(file, lines.number()), format, counting);
      } catch (JsonProcessingException broken) {
        problem(lines.number(), column(broken), words(broken));
      }
    }
  }

  private void object(
      JsonNode value, LogPlace place, FlowFormat.OfObjects format, FlowSink counting) {
    try {
      if (!value.isObject()) {
        throw new UnreadableEntry("it is no JSON object");
      }
      format.read(value, place, counting);
    } catch (UnreadableEntry wrong) {
      problem(place.line(), wrong.column(), wrong.why());
    }
  }

  private void document(InputStream bytes, FlowFormat.OfObjects format) throws IOException {
    Counting counting = new Counting();
    try {
      JsonDocument.read(bytes, (value, line) -> {
        object(value, new LogPlace(file, line), format, counting);
        return true;
      });
    } catch (JsonProcessingException broken) {
      long line = broken.getLocation() == null ? 1 : broken.getLocation().getLineNr();
      problem(line, column(broken), words(broken) + "; nothing after it was read");
    }
  }

  private void text(ByteLines lines, FlowFormat.OfLines format) throws IOException {
    Counting counting = new Counting();
    Optional<FlowFormat.LineReader> reader = Optional.empty();
    while (lines.advance()) {
      if (lines.isBlank()) {
        continue;
      }
      String line = lines.text();
      try {
        if (reader.isEmpty()) {
          boolean header = format.isHeader(line);
          reader = Optional.of(format.reader(header ? Optional.of(line) : Optional.empty()));
          if (header) {
            continue;
          }
        }
        reader.get().read(line, new LogPlace(file, lines.number()), counting);
      } catch (UnreadableEntry wrong) {
        problem(lines.number(), wrong.column(), wrong.why());
        if (reader.isEmpty()) {
          // Without its header nothing of it can be read.
          return;
        }
      }
    }
  }

  private void problem(long line, int column, String what) {
    unreadable++;
    if (problems.size() < LogSummary.TOLD) {
      problems.add(file + ":" + line + ":" + column + ": error: " + what);
    }
  }

  static int column(JsonProcessingException broken) {
    return broken.getLocation() == null ? 1 : Math.max(1, broken.getLocation().getColumnNr());
  }

  private static String words(JsonProcessingException broken) {
    return "no JSON: " + broken.getOriginalMessage().lines().findFirst().orElse("");
  }

  /** What a line is as JSON; missing if it is none. */
  static JsonNode json(byte[] bytes, int start, int length) {
    try {
      return LINE.readTree(bytes, start, length);
    } catch (IOException broken) {
      return MissingNode.getInstance();
    }
  }
}
