package dev.postern.cli.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Writes JSON to a console. It streams: Jackson's object mapper would take longer to load than most commands to run. */
public final class Json {

  private static final JsonFactory FACTORY =
      new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  private Json() {}

  /** What is written. */
  @FunctionalInterface
  public interface Content {
    /** Writes one value. */
    void write(JsonGenerator json) throws IOException;
  }

  /** One value, indented, and a line break. */
  public static void write(PrintWriter out, Content content) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter pretty = new DefaultPrettyPrinter();
    pretty.indentObjectsWith(indent);
    pretty.indentArraysWith(indent);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      content.write(json.setPrettyPrinter(pretty));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    out.println();
  }

  /** One value on one line, and a line break. */
  public static void writeLine(PrintWriter out, Content content) {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      content.write(json);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    out.println();
  }
}
