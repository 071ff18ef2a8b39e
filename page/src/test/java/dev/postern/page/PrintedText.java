package dev.postern.page;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;

/** Reads back which characters a PDF shows: those that the tables of its fonts lead glyphs to, since a font holds only what is used. */
final class PrintedText {

  private static final Pattern STREAM =
      Pattern.compile("stream\r?\n(.*?)endstream", Pattern.DOTALL);
  private static final Pattern ONE = Pattern.compile("<[0-9A-F]{4}> <([0-9A-F]{4})>\\s");
  private static final Pattern RANGE =
      Pattern.compile("<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]{4})>");

  private PrintedText() {}

  static Set<String> characters(byte[] pdf) {
    Set<String> characters = new TreeSet<>();
    Matcher streams = STREAM.matcher(new String(pdf, StandardCharsets.ISO_8859_1));
    while (streams.find()) {
      String table = inflated(streams.group(1));
      if (!table.contains("begincmap")) {
        continue;
      }
      Matcher ranges = RANGE.matcher(table);
      while (ranges.find()) {
        int count = number(ranges.group(2)) - number(ranges.group(1));
        for (int i = 0; i <= count; i++) {
          characters.add(Character.toString(number(ranges.group(3)) + i));
        }
      }
      Matcher ones = ONE.matcher(ranges.replaceAll(""));
      while (ones.find()) {
        characters.add(Character.toString(number(ones.group(1))));
      }
    }
    return characters;
  }

  private static int number(String hexadecimal) {
    return Integer.parseInt(hexadecimal, 16);
  }

  private static String inflated(String stream) {
    byte[] bytes = stream.getBytes(StandardCharsets.ISO_8859_1);
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException notDeflated) {
      return "";
    }
  }
}
