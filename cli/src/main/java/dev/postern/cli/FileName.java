package dev.postern.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.TypeConversionException;

/** File names of the command line, which Java reads in the encoding of the locale that it was started in. */
final class FileName {

  private FileName() {}

  /** The path, or a complaint in words. */
  static Path path(String text) {
    try {
      if (text.isEmpty()) {
        throw new TypeConversionException(
            "an empty text names no file and no directory (hint: is a variable unset?)");
      }
      return Path.of(text);
    } catch (InvalidPathException problem) {
      throw new TypeConversionException(notHere(problem));
    }
  }

  /** What to do about a name that cannot be one here. */
  static String notHere(InvalidPathException problem) {
    return "`" + problem.getInput()
        + "` cannot be read as a file name in this locale (hint: set LC_ALL=C.UTF-8, or another UTF-8 locale that this machine has)";
  }
}
