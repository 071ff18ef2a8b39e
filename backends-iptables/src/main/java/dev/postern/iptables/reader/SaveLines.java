package dev.postern.iptables.reader;

import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Origin;
import dev.postern.iptables.reader.grammar.SaveLexer;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/** Splits a dump into lines of words. */
final class SaveLines {

  /**
   * A line that is not empty.
   *
   * @param words at least one, without quotes
   * @param text as it stands there
   */
  record Line(List<String> words, String text, Origin origin) {}

  private SaveLines() {}

  static void forEach(String file, String text, Consumer<Line> action) {
    SaveLexer lexer = new SaveLexer(CharStreams.fromString(text, file));
    lexer.removeErrorListeners();
    // ANTLR counts code points.
    boolean plain = text.codePointCount(0, text.length()) == text.length();
    IntUnaryOperator offsets = plain ? at -> at : at -> text.offsetByCodePoints(0, at);
    Deadline deadline = Deadline.current();
    List<String> words = new ArrayList<>();
    int from = 0;
    int line = 1;
    int to = 0;
    while (true) {
      Token token = lexer.nextToken();
      int type = token.getType();
      if (type == Token.EOF || type == SaveLexer.NEWLINE) {
        deadline.check();
        if (!words.isEmpty()) {
          action.accept(new Line(
              List.copyOf(words), text.substring(from, to), new Origin(file, line, 1, "")));
          words.clear();
        }
        if (type == Token.EOF) {
          return;
        }
        continue;
      }
      Origin origin = new Origin(file, token.getLine(), token.getCharPositionInLine() + 1, "");
      if (type == SaveLexer.STRAY) {
        throw new UnreadableDump(origin, "a quote that is not closed");
      }
      if (words.isEmpty()) {
        from = offsets.applyAsInt(token.getStartIndex());
        line = token.getLine();
      }
      to = offsets.applyAsInt(token.getStopIndex() + 1);
      words.add(type == SaveLexer.STRING ? unquoted(token.getText()) : token.getText());
    }
  }

  private static String unquoted(String quoted) {
    StringBuilder plain = new StringBuilder(quoted.length());
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      plain.append(c == '\\' ? quoted.charAt(++i) : c);
    }
    return plain.toString();
  }
}
