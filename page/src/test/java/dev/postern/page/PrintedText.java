package dev.postern.page;

import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads back what a PDF shows, by Poppler. */
final class PrintedText {

  private PrintedText() {}

  /** Line by line, as it is laid out. */
  static List<String> lines(byte[] pdf) throws IOException {
    Engines.requireInstalled("pdftotext");
    Path file = Files.createTempFile("page", ".pdf");
    try {
      Files.write(file, pdf);
      Process process = new ProcessBuilder("pdftotext", "-layout", file.toString(), "-")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .toList();
    } finally {
      Files.delete(file);
    }
  }
}
