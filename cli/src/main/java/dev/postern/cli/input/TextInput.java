package dev.postern.cli.input;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text beside the manifests, as questions, statements or flows are.
 *
 * @param file its path, or {@code -} for standard input
 * @param hint what kind of file is wanted, for who names another
 */
public record TextInput(String file, String hint) {

  /** What is done with the text. */
  @FunctionalInterface
  public interface Use<T> {
    /** Reads it to its end, or as far as is needed. */
    T read(BufferedReader text) throws IOException;
  }

  /** How messages call it. */
  public String name() {
    return file.equals("-") ? "<stdin>" : file;
  }

  /**
   * Reads it.
   *
   * @throws UserError if it is not there, is not readable, or is no UTF-8 text
   */
  public <T> T read(Console console, Use<T> use) {
    try (InputStream bytes = open(console);
        BufferedReader text = new BufferedReader(
            InputBound.lines(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder())))) {
      skipByteOrderMark(text);
      return use.read(text);
    } catch (IOException problem) {
      throw complaint(problem);
    } catch (UncheckedIOException problem) {
      // What lines of a reader throw.
      throw complaint(
          problem.getCause() == null
              ? new IOException(problem.getMessage(), problem)
              : problem.getCause());
    }
  }

  /** It is no part of the first line. */
  private static void skipByteOrderMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
  }

  /** What is done with the bytes. */
  @FunctionalInterface
  public interface BytesUse<T> {
    /** Reads them to their end, or as far as is needed. */
    T read(InputStream bytes) throws IOException;
  }

  /**
   * Reads it as bytes, for who decodes them.
   *
   * @throws UserError if it is not there, or cannot be read
   */
  public <T> T bytes(Console console, BytesUse<T> use) {
    try (InputStream bytes = open(console)) {
      return use.read(bytes);
    } catch (IOException problem) {
      throw complaint("cannot read it: " + problem.getMessage());
    }
  }

  /**
   * The whole text.
   *
   * @throws UserError if it is not there, is not readable, is no UTF-8 text, or is too large
   */
  public String whole(Console console) {
    try {
      return file.equals("-")
          ? InputBound.WRITTEN.text(console.in())
          : InputBound.WRITTEN.text(path());
    } catch (IOException problem) {
      throw complaint(problem);
    }
  }

  private InputStream open(Console console) throws IOException {
    return file.equals("-") ? console.in() : InputBound.log(path());
  }

  private Path path() {
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw complaint("it is a directory");
    }
    if (!Files.exists(path)) {
      throw complaint("no such file");
    }
    if (!Files.isReadable(path)) {
      throw complaint("it is not readable");
    }
    return path;
  }

  private UserError complaint(IOException problem) {
    return complaint(
        problem instanceof CharacterCodingException
            ? "it is no UTF-8 text"
            : "cannot read it: " + problem.getMessage());
  }

  /** A complaint about what it is. */
  public UserError complaint(String what) {
    return new UserError(name() + ": error: " + what + " (hint: " + hint + ")");
  }
}
