package dev.postern.manifest;

/**
 * The characters of a chunk under {@link QuickYaml}'s cursor, and the plain scalars among them. Positions and folding are exactly SnakeYAML's;
 * whatever is not plain ASCII without tabs is {@link NotQuick}.
 */
class QuickText {

  /** Says that this text is for the complete parser. */
  static final class NotQuick extends Exception {
    private static final long serialVersionUID = 1L;

    private static final NotQuick INSTANCE = new NotQuick();

    private NotQuick() {
      super("not quick", null, false, false);
    }
  }

  /** Ends the text; it cannot be part of it. */
  static final char END = 0;

  /** Keys of a thousand characters and more are no simple keys in YAML. */
  private static final int LONGEST_KEY = 1000;

  final char[] chars;
  private final StringPool pool;
  /** A scalar of several lines as it grows. */
  final StringBuilder folded = new StringBuilder();

  int at;
  int line;
  int lineStart;

  /** Where {@link #plainEnd} stopped: at a line break, a comment, a key's colon, or in a flow collection one of its indicators. */
  int stop;

  QuickText(Chunk chunk, StringPool pool) throws NotQuick {
    String text = chunk.text();
    this.chars = new char[text.length() + 1];
    text.getChars(0, text.length(), chars, 0);
    this.pool = pool;
    this.line = chunk.line();
    for (int i = 0; i < text.length(); i++) {
      char c = chars[i];
      if (c > '~' || (c < ' ' && c != '\n')) {
        throw NotQuick.INSTANCE;
      }
    }
  }

  static NotQuick notQuick() {
    return NotQuick.INSTANCE;
  }

  /** How far the cursor is from the start of its line. */
  final int indent() {
    return at - lineStart;
  }

  final boolean isAtEnd() {
    return chars[at] == END;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == END;
  }

  private static boolean isFlowIndicator(char c) {
    return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
  }

  final void newline() {
    at++;
    line++;
    lineStart = at;
  }

  /** Moves over spaces, line breaks and comments; whether something is left. */
  final boolean nextContent() throws NotQuick {
    while (true) {
      char c = chars[at];
      if (c == ' ') {
        at++;
      } else if (c == '\n') {
        newline();
      } else if (c == '#' && (at == 0 || isBlank(chars[at - 1]))) {
        skipLine();
      } else if (c == END) {
        return false;
      } else {
        if (at == lineStart && c == '.' && isMarker('.')) {
          throw notQuick();
        }
        return true;
      }
    }
  }

  final void skipLine() {
    while (chars[at] != '\n' && chars[at] != END) {
      at++;
    }
  }

  /** Whether a document marker stands at the cursor: three of a character and a blank. */
  final boolean isMarker(char c) {
    return chars[at] == c && chars[at + 1] == c && chars[at + 2] == c && isBlank(chars[at + 3]);
  }

  /** Moves to what follows a node, which has to be on another line. */
  final void endNode() throws NotQuick {
    int before = line;
    if (nextContent() && line == before) {
      throw notQuick();
    }
  }

  /** Whether a colon that makes a key of what stands before it comes next; the cursor is then at the colon. */
  final boolean isKeyNext() {
    int look = at;
    while (chars[look] == ' ') {
      look++;
    }
    if (chars[look] != ':' || !isBlank(chars[look + 1])) {
      return false;
    }
    at = look;
    return true;
  }

  final String key(String text) throws NotQuick {
    if (text.length() > LONGEST_KEY || text.equals("<<")) {
      throw notQuick();
    }
    return text;
  }

  /** The end of the plain scalar at the cursor on this line, without trailing spaces. */
  final int plainEnd(boolean flow) {
    int end = at;
    int look = at;
    while (true) {
      char c = chars[look];
      if (c == '\n' || c == END || (flow && isFlowIndicator(c))) {
        break;
      }
      if (c == ':' && (isBlank(chars[look + 1]) || (flow && isFlowIndicator(chars[look + 1])))) {
        break;
      }
      if (c == '#' && chars[look - 1] == ' ') {
        break;
      }
      look++;
      if (c != ' ') {
        end = look;
      }
    }
    stop = look;
    return end;
  }

  /** Whether a plain scalar can start at the cursor. */
  final boolean startsPlain(boolean flow) {
    char c = chars[at];
    return switch (c) {
      case '-' -> !isBlank(chars[at + 1]) && !(flow && isFlowIndicator(chars[at + 1]));
      case '?', ':' -> !flow && !isBlank(chars[at + 1]);
      case ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`' -> false;
      default -> true;
    };
  }

  final String text(int from, int to) {
    return pool.get(chars, from, to);
  }

  /**
   * The plain scalar of a block from the cursor to an end on this line, and the lines below that continue it: those further in than what
   * it belongs to.
   */
  final ScalarNode plain(int end, int parent) throws NotQuick {
    int startLine = line;
    int column = indent() + 1;
    String text = text(at, end);
    at = stop;
    if (chars[at] == '\n') {
      text = continued(text, parent);
    }
    return new ScalarNode(text, Scalars.kind(text), startLine, column);
  }

  private String continued(String first, int parent) throws NotQuick {
    folded.setLength(0);
    folded.append(first);
    while (chars[at] == '\n') {
      int look = at;
      int breaks = 0;
      int start = look;
      while (chars[look] == '\n') {
        breaks++;
        look++;
        start = look;
        while (chars[look] == ' ') {
          look++;
        }
      }
      if (chars[look] == END || chars[look] == '#' || look - start <= parent) {
        return folded.toString();
      }
      line += breaks;
      lineStart = start;
      at = look;
      int end = plainEnd(false);
      if (chars[stop] == ':') {
        throw notQuick();
      }
      folded.append(breaks == 1 ? " " : "\n".repeat(breaks - 1)).append(chars, at, end - at);
      at = stop;
    }
    return folded.toString();
  }
}
