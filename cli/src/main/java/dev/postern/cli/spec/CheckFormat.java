package dev.postern.cli.spec;

import dev.postern.cli.console.Printer;
import dev.postern.spec.Check.Result;
import java.util.List;
import java.util.function.BiConsumer;

/** The formats of {@code test}. */
public enum CheckFormat {
  text(TextChecks::write),
  json(JsonChecks::write),
  junit(JunitChecks::write),
  tap(TapChecks::write);

  private final BiConsumer<List<CheckedLine>, Printer> writer;

  CheckFormat(BiConsumer<List<CheckedLine>, Printer> writer) {
    this.writer = writer;
  }

  public void write(List<CheckedLine> lines, Printer out) {
    writer.accept(lines, out);
  }

  static long count(List<CheckedLine> lines, Result result) {
    return lines.stream().filter(line -> line.result() == result).count();
  }
}
