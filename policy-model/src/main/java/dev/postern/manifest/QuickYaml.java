package dev.postern.manifest;

import dev.postern.manifest.ScalarNode.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Reads the YAML that tools and people write every day (block maps and lists, flow collections, all scalar styles, comments) several times
 * faster than a complete parser: no tokens, no events. What it does not know (anchors, tags, complex keys, tabs, letters beyond ASCII,
 * anything wrong) it leaves to {@link YamlTrees}, whole chunk by whole chunk, and a property holds the two to equal trees.
 */
final class QuickYaml extends QuickScalars {

  /** Deeper text is for the parser that does not recurse. */
  private static final int DEEPEST = 200;

  private final String file;
  private final TreeBuilder tree;
  private int depth;

  private QuickYaml(String file, Chunk chunk, ReadLimits limits, StringPool pool) throws NotQuick {
    super(chunk, pool);
    this.file = file;
    this.tree = new TreeBuilder(limits);
  }

  /** The documents of a chunk (none or one); empty if the chunk needs the complete parser. */
  static Optional<List<Document>> read(
      String file, Chunk chunk, ReadLimits limits, StringPool pool) {
    try {
      return Optional.of(new QuickYaml(file, chunk, limits, pool).document());
    } catch (NotQuick | Unreadable e) {
      return Optional.empty();
    }
  }

  private List<Document> document() throws NotQuick, Unreadable {
    boolean content = nextContent();
    if (content && at == lineStart && isMarker('-')) {
      at += 3;
      int before = line;
      content = nextContent();
      if (content && line == before) {
        throw notQuick();
      }
    }
    if (!content) {
      return List.of();
    }
    node(-1, true);
    if (!isAtEnd()) {
      throw notQuick();
    }
    return List.of(new Document(file, tree.root().orElseThrow(), tree.remarks()));
  }

  /**
   * Reads the node at the cursor and moves to the content after it.
   *
   * @param parent the indent of the block it belongs to
   * @param fresh whether a block map or list can start here: at the start of a line or after a dash
   */
  private void node(int parent, boolean fresh) throws NotQuick, Unreadable {
    int column = indent();
    switch (chars[at]) {
      case '"', '\'' -> {
        int startLine = line;
        ScalarNode scalar = quoted();
        if (line == startLine && isKeyNext()) {
          map(column, fresh, key(scalar.text()));
        } else {
          scalar(scalar, parent);
          endNode();
        }
      }
      case '[', '{' -> {
        flow();
        endNode();
      }
      case '|', '>' -> scalar(block(parent), parent);
      default -> {
        if (chars[at] == '-' && isBlank(chars[at + 1])) {
          if (!fresh) {
            throw notQuick();
          }
          list(column);
          return;
        }
        if (!startsPlain(false) || (column == 0 && isMarker('-'))) {
          throw notQuick();
        }
        int end = plainEnd(false);
        if (chars[stop] == ':') {
          String key = plainKey(end);
          map(column, fresh, key);
        } else {
          scalar(plain(end, parent), parent);
          endNode();
        }
      }
    }
  }

  private void scalar(ScalarNode scalar, int parent) throws NotQuick {
    if (parent < 0) {
      // A document that is a scalar ends by other rules.
      throw notQuick();
    }
    tree.value(scalar);
  }

  /** The key from the cursor to an end; moves to its colon. */
  private String plainKey(int end) throws NotQuick {
    String text = key(text(at, end));
    at = stop;
    // A key that is read as another is worth a remark, which the complete parser makes.
    if (Scalars.kind(text) != Kind.STRING
        && !Scalars.key(text).filter(text::equals).isPresent()) {
      throw notQuick();
    }
    return text;
  }

  private void enter(boolean map, int startLine, int column) throws NotQuick, Unreadable {
    if (++depth > DEEPEST) {
      throw notQuick();
    }
    tree.open(map, startLine, column + 1);
  }

  private void leave() {
    depth--;
    tree.value(tree.close());
  }

  /** A block map whose first key was read; the cursor is at that key's colon. */
  private void map(int column, boolean fresh, String firstKey) throws NotQuick, Unreadable {
    if (!fresh) {
      throw notQuick();
    }
    enter(true, line, column);
    String key = firstKey;
    while (true) {
      tree.key(key, line, column + 1);
      at++;
      mapValue(column);
      if (isAtEnd() || indent() < column) {
        break;
      }
      if (indent() > column) {
        throw notQuick();
      }
      key = nextKey();
    }
    leave();
  }

  private String nextKey() throws NotQuick {
    if (chars[at] == '"' || chars[at] == '\'') {
      int startLine = line;
      String text = quoted().text();
      if (line != startLine || !isKeyNext()) {
        throw notQuick();
      }
      return key(text);
    }
    int end = startsPlain(false) ? plainEnd(false) : at;
    if (end == at || chars[stop] != ':' || (indent() == 0 && isMarker('-'))) {
      throw notQuick();
    }
    return plainKey(end);
  }

  private void mapValue(int column) throws NotQuick, Unreadable {
    int colonLine = line;
    int behind = indent() + 1;
    if (nextContent()) {
      if (line == colonLine) {
        node(column, false);
        return;
      }
      if (indent() > column) {
        node(column, true);
        return;
      }
      if (indent() == column && chars[at] == '-' && isBlank(chars[at + 1])) {
        list(column);
        return;
      }
    }
    tree.value(new ScalarNode("", Kind.NULL, colonLine, behind));
  }

  /** A block list; the cursor is at its first dash. A key in the dashes' column ends it, which only a map in that column takes. */
  private void list(int column) throws NotQuick, Unreadable {
    enter(false, line, column);
    while (true) {
      int dashLine = line;
      at++;
      int behind = indent() + 1;
      if (nextContent() && (line == dashLine || indent() > column)) {
        node(column, true);
      } else {
        tree.value(new ScalarNode("", Kind.NULL, dashLine, behind));
      }
      if (isAtEnd() || indent() < column) {
        break;
      }
      if (indent() > column) {
        throw notQuick();
      }
      if (chars[at] != '-' || !isBlank(chars[at + 1])) {
        break;
      }
    }
    leave();
  }

  /** A flow collection; the cursor is at its bracket and moves behind the last. */
  private void flow() throws NotQuick, Unreadable {
    boolean map = chars[at] == '{';
    char close = map ? '}' : ']';
    enter(map, line, indent());
    at++;
    flowContent();
    while (chars[at] != close) {
      if (map) {
        flowEntry();
      } else {
        flowValue();
      }
      flowContent();
      if (chars[at] == ',') {
        at++;
        flowContent();
      } else if (chars[at] != close) {
        throw notQuick();
      }
    }
    at++;
    leave();
  }

  private void flowContent() throws NotQuick {
    if (!nextContent()) {
      throw notQuick();
    }
  }

  private void flowEntry() throws NotQuick, Unreadable {
    int startLine = line;
    int column = indent() + 1;
    String key;
    if (chars[at] == '"' || chars[at] == '\'') {
      key = key(quoted().text());
      while (chars[at] == ' ') {
        at++;
      }
    } else {
      int end = startsPlain(true) ? plainEnd(true) : at;
      if (end == at) {
        throw notQuick();
      }
      key = plainKey(end);
    }
    if (chars[at] != ':' || line != startLine) {
      throw notQuick();
    }
    tree.key(key, startLine, column);
    at++;
    int behind = indent() + 1;
    flowContent();
    if (chars[at] == ',' || chars[at] == '}') {
      tree.value(new ScalarNode("", Kind.NULL, startLine, behind));
    } else {
      flowValue();
    }
  }

  private void flowValue() throws NotQuick, Unreadable {
    switch (chars[at]) {
      case '"', '\'' -> tree.value(quoted());
      case '[', '{' -> flow();
      default -> {
        int end = startsPlain(true) ? plainEnd(true) : at;
        if (end == at || chars[stop] == ':') {
          throw notQuick();
        }
        String text = text(at, end);
        tree.value(new ScalarNode(text, Scalars.kind(text), line, indent() + 1));
        at = stop;
      }
    }
  }
}
