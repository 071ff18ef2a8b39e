package dev.postern.cli.suggestion;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.suggestion.PolicyText;
import java.util.function.BiConsumer;

/** The formats of {@code suggest}. */
public enum SuggestionFormat {
  /** Manifests, as they can be applied. */
  yaml((result, out) -> out.escaped(PolicyText.of(result.merge().beside()))),
  /** An object with the manifests and all that is known of them. */
  json(SuggestionJson::write);

  private final BiConsumer<SuggestionResult, Printer> writer;

  SuggestionFormat(BiConsumer<SuggestionResult, Printer> writer) {
    this.writer = writer;
  }

  public void write(SuggestionResult result, Printer out) {
    writer.accept(result, out);
  }

  /** How the format says that time was over. */
  public Unfinished unfinished() {
    return this == json ? Unfinished.JSON : Unfinished.ASIDE;
  }
}
