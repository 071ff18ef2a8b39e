package dev.postern.traffic;

import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The beginning of a log, by which its format is known. */
final class LogHead {

  /** How many lines, or records, are looked at: the first may be broken, as where a log was cut. */
  private static final int ENTRIES = 20;

  /** A byte order mark as text. */
  private static final String MARK = "\uFEFF";

  private final List<String> lines;
  private final List<JsonNode> objects = new ArrayList<>();
  private final boolean document;
  private final boolean oneLongLine;
  private boolean emptyList;

  private LogHead(byte[] head, boolean cut) {
    List<String> all = new ArrayList<>(new String(head, StandardCharsets.UTF_8)
        .lines()
        .limit(ENTRIES + 1L)
        .map(line -> line.startsWith(MARK) ? line.substring(MARK.length()) : line)
        .toList());
    oneLongLine = cut && all.size() == 1;
    if (cut && all.size() > 1 && all.size() <= ENTRIES) {
      all.remove(all.size() - 1);
    }
    lines = all.stream().filter(line -> !line.isBlank()).limit(ENTRIES).toList();
    for (String line : lines) {
      if (line.stripLeading().startsWith("{")) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        JsonNode value = TrafficLog.json(bytes, 0, bytes.length);
        if (value.isObject()) {
          objects.add(value);
        }
      }
    }
    document = isDocument(head);
  }

  /**
   * The beginning of a log.
   *
   * @param cut whether the log may go on after it
   */
  static LogHead of(byte[] head, boolean cut) {
    return new LogHead(head, cut);
  }

  /** Whether it is JSON over several lines; its first values are then what is looked at. */
  private boolean isDocument(byte[] head) {
    String first = lines.isEmpty() ? "" : lines.get(0).strip();
    boolean array = first.startsWith("[") && isArray(first.substring(1).strip());
    if (!array && !first.startsWith("{")) {
      return false;
    }
    byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
    JsonNode alone = TrafficLog.json(bytes, 0, bytes.length);
    if (alone.isObject() && !JsonDocument.isList(alone)) {
      return false;
    }
    List<JsonNode> values = new ArrayList<>();
    boolean ended = true;
    boolean whole = true;
    try {
      JsonDocument.read(new ByteArrayInputStream(head), (value, line) -> {
        values.add(value);
        return values.size() < ENTRIES;
      });
    } catch (JsonEOFException cutOff) {
      whole = false;
      ended = values.isEmpty() && !objects.isEmpty();
    } catch (IOException broken) {
      // Where the first line is cut and others are whole, it is a log of lines.
      whole = false;
      ended = values.isEmpty();
      if (ended) {
        return false;
      }
    }
    emptyList = values.isEmpty() && whole;
    if (values.isEmpty() && ended && !array) {
      return emptyList;
    }
    objects.clear();
    objects.addAll(values);
    return true;
  }

  /** Lines of text begin with a bracket, too: [2026-11-30T10:00:00.000Z] "GET … */
  private static boolean isArray(String next) {
    return next.isEmpty() || next.startsWith("{") || next.startsWith("]");
  }

  /** Whether it is JSON that holds no record: an empty array, or an object whose list is empty. */
  boolean isEmptyList() {
    return emptyList;
  }

  /** Whether it is JSON that is not one object a line. */
  boolean isDocument() {
    return document;
  }

  /** Whether the first line is longer than what is looked at. */
  boolean isOneLongLine() {
    return oneLongLine && !document;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /**
   * The first of the formats that recognises an entry, the entries in their order.
   *
   * @throws UnknownFormat if none does
   */
  FlowFormat format(List<FlowFormat> formats) throws UnknownFormat {
    if (formats.size() == 1) {
      return formats.get(0);
    }
    Optional<FlowFormat> ofObjects = objects.stream()
        .flatMap(object -> formats.stream()
            .filter(format ->
                format instanceof FlowFormat.OfObjects objects && objects.recognises(object)))
        .findFirst();
    if (ofObjects.isPresent()) {
      return ofObjects.get();
    }
    return lines.stream()
        .flatMap(line -> formats.stream()
            .filter(format -> format instanceof FlowFormat.OfLines text && text.recognises(line)))
        .findFirst()
        .orElseThrow(() -> new UnknownFormat(formats));
  }
}
