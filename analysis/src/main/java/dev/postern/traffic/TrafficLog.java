package dev.postern.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postern.manifest.WholeJson;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
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
  private static final ObjectMapper LINE = new ObjectMapper();

  /** How much of a log is looked at to say what it is. */
  private static final int HEAD = 1 << 18;

  private final String file;
  private final FlowSink sink;
  private final EnumMap<Omission, Long> leftOut = new EnumMap<>(Omission.class);
  private final List<String> problems = new ArrayList<>();
  private long records;
  private long unreadable;
  /** The formats that the log could have been in. */
  private List<FlowFormat> offered = List.of();

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
    ByteOrderMark.requireUtf8(head);
    LogHead sample = LogHead.of(head, head.length == HEAD);
    if (sample.isEmptyList()) {
      return new TrafficLog(file, sink).summary(formats.get(0));
    }
    if (sample.isDocument()) {
      FlowFormat format = sample.format(formats);
      TrafficLog log = new TrafficLog(file, sink);
      log.offered = formats;
      if (!(format instanceof FlowFormat.OfObjects objects)) {
        throw new UnknownFormat(formats);
      }
      log.document(whole, objects);
      return log.summary(format);
    }
    ByteLines lines = new ByteLines(whole);
    if (sample.isOneLongLine() && formats.size() > 1) {
      // Longer than any that is read, or read whole only to be sure.
      lines.advance();
      throw new UnknownFormat(formats);
    }
    FlowFormat format =
        sample.isEmpty() || formats.size() == 1 ? formats.get(0) : sample.format(formats);
    TrafficLog log = new TrafficLog(file, sink);
    log.offered = formats;
    if (format instanceof FlowFormat.OfObjects objects) {
      log.objects(lines, objects);
    } else if (format instanceof FlowFormat.OfLines text) {
      log.text(lines, text, Optional.empty());
    }
    return log.summary(format);
  }

  /**
   * Whether parts of a log can be read apart: it is neither compressed nor one JSON document, so that an entry is a line.
   *
   * @param bytes its beginning at least
   * @throws IOException if it cannot be read
   */
  public static boolean hasParts(InputStream bytes) throws IOException {
    return hasParts(bytes.readNBytes(HEAD));
  }

  private static boolean hasParts(byte[] head) {
    LogHead sample = LogHead.of(head, head.length == HEAD);
    return !Decompressed.isCompressed(head) && !sample.isDocument() && !sample.isOneLongLine();
  }

  /**
   * Reads the lines of a log that begin in a part of it; parts that cover the log hold each of its lines once.
   *
   * @param file how messages call the part: lines are counted from its beginning
   * @param beginning the log from its beginning, which says what format it is in and what its columns are
   * @param part the log from where the part begins; for all but the first part, from one byte before
   * @param from where the part begins, in bytes
   * @param length how many bytes the part has
   * @throws IOException if it cannot be read, or has no parts ({@link #hasParts})
   */
  public static LogSummary readPart(
      String file,
      InputStream beginning,
      InputStream part,
      long from,
      long length,
      List<FlowFormat> formats,
      FlowSink sink)
      throws IOException {
    byte[] head = beginning.readNBytes(HEAD);
    if (!hasParts(head)) {
      throw new IOException("it is compressed, or one document, and cannot be read in parts");
    }
    ByteOrderMark.requireUtf8(head);
    LogHead sample = LogHead.of(head, head.length == HEAD);
    FlowFormat format =
        sample.isEmpty() || formats.size() == 1 ? formats.get(0) : sample.format(formats);
    // What the byte before belongs to begins in another part.
    ByteLines lines = new ByteLines(part, from == 0 ? length : length + 1);
    if (from > 0) {
      lines.advance();
    }
    TrafficLog log = new TrafficLog(file, sink);
    log.offered = formats;
    if (format instanceof FlowFormat.OfObjects objects) {
      log.objects(lines, objects);
    } else if (format instanceof FlowFormat.OfLines text) {
      log.text(lines, text, from, head);
    }
    return log.summary(format);
  }

  /** Reads lines of a part, by what the log's first line says; if that cannot be read, its part tells so, and nothing is read. */
  private void text(ByteLines lines, FlowFormat.OfLines format, long from, byte[] head)
      throws IOException {
    ByteLines beginning = new ByteLines(new ByteArrayInputStream(head));
    while (beginning.advance()) {
      if (beginning.isBlank()) {
        continue;
      }
      if (beginning.begin() >= from) {
        break;
      }
      String line = beginning.text();
      try {
        text(
            lines,
            format,
            Optional.of(
                format.reader(format.isHeader(line) ? Optional.of(line) : Optional.empty())));
      } catch (UnreadableEntry wrong) {
        return;
      }
      return;
    }
    text(lines, format, Optional.empty());
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
        JsonNode whole = WholeJson.read(LINE, lines.bytes(), lines.start(), lines.length());
        object(whole, new LogPlace(file, lines.number()), format, counting);
      } catch (JsonProcessingException broken) {
        problem(lines.number(), column(broken), words(broken));
      } catch (CharConversionException zeros) {
        // Of bytes that are 0, as a crash leaves them, the parser thinks that they are UTF-32.
        problem(lines.number(), 1, "no JSON: it is no text in UTF-8");
      }
    }
  }

  private void object(
      JsonNode value, LogPlace place, FlowFormat.OfObjects format, FlowSink counting) {
    try {
      if (!value.isObject()) {
        throw new UnreadableEntry("it is no JSON object");
      }
      Optional<FlowFormat> other = other(value, format);
      if (other.isPresent()) {
        throw ofAnother(other.get(), format);
      }
      format.read(value, place, counting);
    } catch (UnreadableEntry wrong) {
      problem(place.line(), wrong);
    }
  }

  /** The format of a record that is not of the log's, as where logs were put together; what neither knows is the log's. */
  private Optional<FlowFormat> other(JsonNode value, FlowFormat.OfObjects format) {
    return offered.size() < 2 || format.recognises(value)
        ? Optional.empty()
        : offered.stream()
            .filter(
                each -> each instanceof FlowFormat.OfObjects objects && objects.recognises(value))
            .findFirst();
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

  private void text(
      ByteLines lines, FlowFormat.OfLines format, Optional<FlowFormat.LineReader> known)
      throws IOException {
    Counting counting = new Counting();
    Optional<FlowFormat.LineReader> reader = known;
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
        OfLine own = new OfLine(counting);
        reader.get().read(line, new LogPlace(file, lines.number()), own);
        if (own.isNoFlow) {
          notAFlow(line, format, counting);
        }
      } catch (UnreadableEntry wrong) {
        problem(lines.number(), wrong);
        if (reader.isEmpty()) {
          // Without its header nothing of it can be read.
          return;
        }
      }
    }
  }

  /** Takes what a line says, unless that is nothing. */
  private static final class OfLine implements FlowSink {
    private final FlowSink sink;
    private boolean isNoFlow;

    OfLine(FlowSink sink) {
      this.sink = sink;
    }

    @Override
    public void flow(FlowRecord flow) {
      sink.flow(flow);
    }

    @Override
    public void leftOut(Omission why) {
      if (why == Omission.NOT_A_FLOW) {
        isNoFlow = true;
      } else {
        sink.leftOut(why);
      }
    }
  }

  /** A line that is nothing to the log's format may be a record of another one. */
  private void notAFlow(String line, FlowFormat.OfLines format, FlowSink counting)
      throws UnreadableEntry {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    JsonNode value =
        line.startsWith("{") ? json(bytes, 0, bytes.length) : MissingNode.getInstance();
    Optional<FlowFormat> other = offered.stream()
        .filter(each -> each instanceof FlowFormat.OfLines text
            ? text != format && text.recognises(line)
            : ((FlowFormat.OfObjects) each).recognises(value))
        .findFirst();
    if (other.isPresent()) {
      throw ofAnother(other.get(), format);
    }
    counting.leftOut(Omission.NOT_A_FLOW);
  }

  private static UnreadableEntry ofAnother(FlowFormat other, FlowFormat format) {
    return new UnreadableEntry(
        "it is a record of " + other.name() + ", and the log was read as " + format.name());
  }

  private void problem(long line, UnreadableEntry wrong) {
    problem(line, wrong.column(), wrong.why());
    unreadable += wrong.parts() - 1;
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
      return WholeJson.read(LINE, bytes, start, length);
    } catch (IOException broken) {
      return MissingNode.getInstance();
    }
  }
}
