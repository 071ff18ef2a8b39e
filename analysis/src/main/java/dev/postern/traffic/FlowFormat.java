package dev.postern.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A format of traffic logs: one class that knows its fields and where they are described. It holds no state, and is safe for use by many
 * threads.
 */
public sealed interface FlowFormat {

  /** The word by which it is chosen, as {@code hubble}. */
  String name();

  /** What it is, in a few words. */
  String title();

  /** A format whose entries are JSON objects: one a line, or elements of an array. */
  non-sealed interface OfObjects extends FlowFormat {

    /** Whether an object has what only objects of this format have. */
    boolean recognises(JsonNode object);

    /**
     * Reads one object.
     *
     * @throws UnreadableEntry if a field that is needed is missing or is not what it must be
     */
    void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry;
  }

  /** A format whose entries are lines of text. */
  non-sealed interface OfLines extends FlowFormat {

    /** Whether a line has the shape that only lines of this format, or its header, have. */
    boolean recognises(String line);

    /** Whether a log's first line names its columns, and is no entry. */
    default boolean isHeader(String line) {
      return false;
    }

    /**
     * A reader of one log's lines.
     *
     * @param header the line that names the columns, if there is one
     * @throws UnreadableEntry if the header lacks a column that is needed
     */
    LineReader reader(Optional<String> header) throws UnreadableEntry;
  }

  /** Reads lines of one log. */
  @FunctionalInterface
  interface LineReader {

    /**
     * Reads one line.
     *
     * @throws UnreadableEntry if a field that is needed is missing or is not what it must be
     */
    void read(String line, LogPlace place, FlowSink sink) throws UnreadableEntry;
  }
}
