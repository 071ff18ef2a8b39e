package dev.postern.manifest;

import dev.postern.manifest.ScalarNode.Kind;

/** The scalars of {@link QuickYaml} that are not plain: in quotes, literal and folded. */
class QuickScalars extends QuickText {

  QuickScalars(Chunk chunk, StringPool pool) throws NotQuick {
    super(chunk, pool);
  }

  /** The quoted scalar at the cursor. */
  final ScalarNode quoted() throws NotQuick {
    int startLine = line;
    int column = indent() + 1;
    char quote = chars[at++];
    int start = at;
    while (chars[at] != quote && chars[at] != '\\' && chars[at] != '\n' && chars[at] != END) {
      at++;
    }
    boolean simple = chars[at] == quote && chars[at + 1] != '\'';
    if (!simple) {
      at = start;
      return new ScalarNode(quotedSlowly(quote), Kind.STRING, startLine, column);
    }
    at++;
    return new ScalarNode(text(start, at - 1), Kind.STRING, startLine, column);
  }

  private String quotedSlowly(char quote) throws NotQuick {
    folded.setLength(0);
    while (true) {
      char c = chars[at];
      if (c == quote) {
        at++;
        if (quote == '"' || chars[at] != '\'') {
          return folded.toString();
        }
        folded.append('\'');
        at++;
      } else if (c == '\\' && quote == '"') {
        at++;
        escape();
      } else if (c == ' ' || c == '\n') {
        fold();
      } else if (c == END) {
        throw notQuick();
      } else {
        folded.append(c);
        at++;
      }
    }
  }

  /** Spaces inside a line stay; around a line break they go, and the break is a space, or further breaks are themselves. */
  private void fold() throws NotQuick {
    int spaces = at;
    while (chars[at] == ' ') {
      at++;
    }
    if (chars[at] != '\n') {
      folded.append(chars, spaces, at - spaces);
      return;
    }
    newline();
    int before = folded.length();
    breaks();
    if (folded.length() == before) {
      folded.append(' ');
    }
  }

  private void breaks() throws NotQuick {
    while (true) {
      if (isMarker('.') || isMarker('-')) {
        throw notQuick();
      }
      while (chars[at] == ' ') {
        at++;
      }
      if (chars[at] != '\n') {
        return;
      }
      newline();
      folded.append('\n');
    }
  }

  private void escape() throws NotQuick {
    char c = chars[at++];
    switch (c) {
      case '"', '\\', '/', ' ' -> folded.append(c);
      case 'n' -> folded.append('\n');
      case 't' -> folded.append('\t');
      case 'r' -> folded.append('\r');
      case 'u' -> folded.append(hex());
      case '\n' -> {
        at--;
        newline();
        breaks();
      }
      default -> throw notQuick();
    }
  }

  private char hex() throws NotQuick {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(chars[at], 16);
      if (digit < 0) {
        throw notQuick();
      }
      value = (value << 4) | digit;
      at++;
    }
    if (Character.isSurrogate((char) value)) {
      throw notQuick();
    }
    return (char) value;
  }

  /** The literal or folded block scalar at the cursor; moves to the content after it. */
  final ScalarNode block(int parent) throws NotQuick {
    int startLine = line;
    int column = indent() + 1;
    boolean folds = chars[at++] == '>';
    char chomping = chars[at] == '-' || chars[at] == '+' ? chars[at++] : ' ';
    if (!isBlank(chars[at])) {
      throw notQuick();
    }
    while (chars[at] == ' ') {
      at++;
    }
    if (chars[at] == '#') {
      skipLine();
    }
    if (chars[at] != '\n') {
      throw notQuick();
    }
    newline();
    folded.setLength(0);
    int indent = blockIndent(Math.max(parent + 1, 1));
    blockLines(indent, folds, chomping);
    String text = folded.toString();
    nextContent();
    return new ScalarNode(text, Kind.STRING, startLine, column);
  }

  /** Takes the blank lines before the first line of content, whose indent is the block's. */
  private int blockIndent(int least) throws NotQuick {
    int widest = 0;
    while (true) {
      while (chars[at] == ' ') {
        at++;
      }
      if (chars[at] != '\n') {
        break;
      }
      widest = Math.max(widest, indent());
      newline();
      folded.append('\n');
    }
    if (isAtEnd() || indent() < least || widest > indent()) {
      throw notQuick();
    }
    return indent();
  }

  private void blockLines(int indent, boolean folds, char chomping) {
    int breaks;
    while (true) {
      boolean flush = chars[at] != ' ';
      int start = at;
      skipLine();
      folded.append(chars, start, at - start);
      if (chars[at] == '\n') {
        newline();
      }
      breaks = blockBreaks(indent);
      if (indent() != indent || isAtEnd()) {
        break;
      }
      if (folds && flush && chars[at] != ' ') {
        folded.append(breaks == 0 ? " " : "");
      } else {
        folded.append('\n');
      }
      folded.append("\n".repeat(breaks));
    }
    if (chomping != '-') {
      folded.append('\n');
    }
    if (chomping == '+') {
      folded.append("\n".repeat(breaks));
    }
  }

  /** Blank lines, and the indent of the line after them, as far as it goes. */
  private int blockBreaks(int indent) {
    int breaks = 0;
    while (true) {
      while (indent() < indent && chars[at] == ' ') {
        at++;
      }
      if (chars[at] != '\n') {
        return breaks;
      }
      newline();
      breaks++;
    }
  }
}
