package dev.postern.cli.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.postern.diagnostic.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes JSON to a console. It streams: Jackson's object mapper would take longer to load than most commands to run. */
public final class Json {

  private static final JsonFactory FACTORY =
      new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  static {
    FACTORY.setCharacterEscapes(new Escapes());
  }

  private Json() {}

  /** Every value arrives as it is, and a terminal that shows it, or a reader of its bytes, sees nothing but text. */
  private static final class Escapes extends CharacterEscapes {

    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      codes[0x7F] = CharacterEscapes.ESCAPE_CUSTOM;
      return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int unit) {
      return unit > 0x7F && !Printable.isUnsafe(unit)
          ? null
          : new SerializedString(String.format(Locale.ROOT, "\\u%04x", unit));
    }
  }

  /** What is written. */
  @FunctionalInterface
  public interface Content {
    /** Writes one value. */
    void write(JsonGenerator json) throws IOException;
  }

  /** One value, indented, and a line break. */
  public static void write(Printer out, Content content) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter pretty = new DefaultPrettyPrinter();
    pretty.indentObjectsWith(indent);
    pretty.indentArraysWith(indent);
    try (JsonGenerator json = FACTORY.createGenerator(CommandEscapes.json(out))) {
      content.write(json.setPrettyPrinter(pretty));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    out.println();
  }

  /** One value on one line, and a line break. */
  public static void writeLine(Printer out, Content content) {
    try (JsonGenerator json = FACTORY.createGenerator(CommandEscapes.json(out))) {
      content.write(json);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    out.println();
  }
}
