package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.manifest.ScalarNode.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Turns YAML into trees, from SnakeYAML Engine's events: no tree of its own, no recursion, scalars as Kubernetes reads them. */
final class YamlTrees {

  private static final LoadSettings SETTINGS = LoadSettings.builder()
      .setCodePointLimit(Integer.MAX_VALUE)
      .setParseComments(false)
      .build();

  private record Anchored(YamlNode node, long size) {}

  private record Opened(Optional<Anchor> anchor, long countBefore, boolean merged) {}

  private final String file;
  private final ReadLimits limits;

  private int before;
  private TreeBuilder tree;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private final ArrayList<Opened> opened = new ArrayList<>();
  private long count;
  private long expanded;
  private boolean merging;

  YamlTrees(String file, ReadLimits limits) {
    this.file = file;
    this.limits = limits;
    this.tree = new TreeBuilder(limits);
  }

  /** Hands over the documents of a chunk as they are complete, up to the first that is not YAML. */
  void read(Chunk chunk, Consumer<Document> documents) throws Unreadable {
    before = chunk.line() - 1;
    boolean started = false;
    requireOrdinaryLines(chunk);
    try {
      ParserImpl parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, chunk.text()));
      while (hasNext(parser, chunk)) {
        Event event = parser.next();
        switch (event.getEventId()) {
          case DocumentStart -> {
            if (started) {
              throw second(event);
            }
            started = true;
            start();
          }
          case DocumentEnd -> {
            Optional<YamlNode> root = tree.root();
            if (root.isPresent()) {
              documents.accept(new Document(file, root.get(), tree.remarks()));
            }
          }
          case StreamStart, StreamEnd, Comment -> {}
          default -> content(event);
        }
      }
    } catch (MarkedYamlEngineException e) {
      throw syntax(e);
    } catch (ReaderException e) {
      throw unprintable(chunk, e);
    } catch (YamlEngineException e) {
      throw new Unreadable(
          Code.YAML_SYNTAX, chunk.line(), 1, sentence(String.valueOf(e.getMessage())), "");
    }
  }

  /** kubectl divides a stream after line feeds only, and reads one document of each part. */
  private Unreadable second(Event event) {
    return new Unreadable(
        Code.YAML_SYNTAX,
        event.getStartMark().orElseThrow().getLine() + 1 + before,
        1,
        "kubectl does not read this document: no line of `---` after a line feed begins it",
        "end lines with line feeds, and begin each document with `---`");
  }

  /** These three end a line in YAML 1.1, as kubectl reads it, and are part of the line in YAML 1.2. */
  private static void requireOrdinaryLines(Chunk chunk) throws Unreadable {
    String text = chunk.looksLikeJson() ? "" : chunk.text();
    int line = chunk.line();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        start = i + 1;
      } else if (c == '\u0085' || c == '\u2028' || c == '\u2029') {
        throw new Unreadable(
            Code.YAML_SYNTAX,
            line,
            text.codePointCount(start, i) + 1,
            String.format(
                "U+%04X ends a line for kubectl, so that what follows is no comment or text",
                (int) c),
            "write it as an escape in double quotes");
      }
    }
  }

  /** SnakeYAML Engine reads the number of an escape outside of its own checks. */
  private static boolean hasNext(ParserImpl parser, Chunk chunk) throws Unreadable {
    try {
      return parser.hasNext();
    } catch (NumberFormatException e) {
      throw new Unreadable(
          Code.YAML_SYNTAX,
          chunk.line(),
          1,
          "an escape in double quotes is the number of no character",
          "characters go up to `\\U0010FFFF`");
    }
  }

  private void start() {
    tree = new TreeBuilder(limits);
    anchors.clear();
    opened.clear();
    count = 0;
    expanded = 0;
    merging = false;
  }

  private void content(Event event) throws Unreadable {
    Mark mark = event.getStartMark().orElseThrow();
    int line = mark.getLine() + 1 + before;
    int column = mark.getColumn() + 1;
    switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event, line, column);
      case Alias -> alias(((AliasEvent) event).getAlias(), line, column);
      case MappingStart, SequenceStart -> {
        if (tree.expectsKey() && !merging) {
          throw new Unreadable(
              Code.YAML_SYNTAX, line, column, "a map or list cannot be a key", bracesHint());
        }
        opened.add(new Opened(((CollectionStartEvent) event).getAnchor(), count, merging));
        merging = false;
        tree.open(event instanceof MappingStartEvent, line, column);
      }
      default -> {
        Opened start = opened.remove(opened.size() - 1);
        YamlNode node = tree.close();
        count++;
        start
            .anchor()
            .ifPresent(
                anchor -> anchors.put(anchor, new Anchored(node, count - start.countBefore())));
        merging = start.merged();
        put(node);
      }
    }
  }

  private static String bracesHint() {
    return "a template's {{ … }} must be rendered first, and a value with braces quoted";
  }

  private void scalar(ScalarEvent event, int line, int column) throws Unreadable {
    boolean plain = event.isPlain() && event.getTag().isEmpty();
    if (tree.expectsKey() && !merging) {
      if (plain && event.getValue().equals("<<")) {
        merging = true;
        return;
      }
      Optional<String> key =
          plain ? Scalars.key(event.getValue()) : Optional.of(text(event, line, column));
      if (key.isEmpty()) {
        throw new Unreadable(Code.YAML_SYNTAX, line, column, "null cannot be a key", "");
      }
      tree.key(event.getValue(), key.get(), line, column);
      return;
    }
    Kind kind = plain
        ? Scalars.kind(event.getValue())
        : event.getTag().isPresent() ? tagged(event) : Kind.STRING;
    ScalarNode node = new ScalarNode(text(event, line, column), kind, line, column);
    count++;
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, 1)));
    put(node);
  }

  /** The text of a scalar; of {@code !!binary} what its Base64 stands for, as Kubernetes' reader takes it. */
  private static String text(ScalarEvent event, int line, int column) throws Unreadable {
    if (!isBinary(event)) {
      return event.getValue();
    }
    try {
      // As RFC 2045 reads it, past line breaks and all that is no Base64.
      String base64 = event.getValue().replaceAll("[^A-Za-z0-9+/=]", "");
      byte[] bytes = Base64.getDecoder().decode(base64);
      return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException e) {
      throw new Unreadable(
          Code.YAML_SYNTAX, line, column, "`!!binary` is followed by no Base64", "");
    }
  }

  private static boolean isBinary(ScalarEvent event) {
    return event.getTag().filter("tag:yaml.org,2002:binary"::equals).isPresent();
  }

  /** {@code !!str 80} and its like: the tag wins where it names a string, else the text speaks. */
  private static Kind tagged(ScalarEvent event) {
    String tag = event.getTag().orElse("");
    return isBinary(event)
            || tag.equals("tag:yaml.org,2002:str")
            || !tag.startsWith("tag:yaml.org,2002:")
        ? Kind.STRING
        : Scalars.kind(event.getValue());
  }

  private void alias(Anchor name, int line, int column) throws Unreadable {
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      boolean inside =
          opened.stream().anyMatch(o -> o.anchor().filter(name::equals).isPresent());
      String problem = inside
          ? "`*" + name + "` contains itself"
          : "`*" + name + "` has no `&" + name + "` before it";
      throw new Unreadable(Code.YAML_SYNTAX, line, column, problem, "");
    }
    expanded += anchored.size();
    if (expanded > limits.nodes()) {
      String problem =
          "the aliases of this document stand for more than " + limits.nodes() + " values";
      throw new Unreadable(
          Code.LIMIT, line, column, problem, "write the values out, or split the document");
    }
    count += anchored.size();
    if (tree.expectsKey() && !merging) {
      if (!(anchored.node() instanceof ScalarNode key)) {
        throw new Unreadable(Code.YAML_SYNTAX, line, column, "a map or list cannot be a key", "");
      }
      tree.key(key.text(), line, column);
      return;
    }
    put(anchored.node(), line, column);
  }

  private void put(YamlNode node) throws Unreadable {
    put(node, node.line(), node.column());
  }

  /** A value that stands at a place, or an alias there for it. */
  private void put(YamlNode node, int line, int column) throws Unreadable {
    if (merging) {
      merging = false;
      List<YamlNode> maps = node instanceof ListNode list ? list.items() : List.of(node);
      if (!maps.stream().allMatch(MapNode.class::isInstance)) {
        throw new Unreadable(
            Code.YAML_SYNTAX, node.line(), node.column(), "`<<` merges maps only", "");
      }
      Optional<String> twice = tree.merge(maps);
      if (twice.isPresent()) {
        throw new Unreadable(
            Code.YAML_SYNTAX,
            line,
            column,
            "`" + twice.get()
                + "` is there before this `<<`: kubectl takes the merged one, YAML the other",
            "put `<<` first");
      }
      return;
    }
    tree.value(node);
  }

  private Unreadable syntax(MarkedYamlEngineException e) {
    String problem = Optional.ofNullable(e.getProblem()).orElse("");
    // What ends too early is best seen where it began.
    boolean cut = problem.contains("<stream end>") || problem.contains("end of stream");
    Optional<Mark> mark =
        cut ? e.getContextMark().or(e::getProblemMark) : e.getProblemMark().or(e::getContextMark);
    int line = mark.map(m -> m.getLine() + 1).orElse(1) + before;
    int column = mark.map(m -> m.getColumn() + 1).orElse(1);
    String context = Optional.ofNullable(e.getContext()).orElse("");
    String said = context.isEmpty() ? problem : context + ", " + problem;
    String hint = problem.contains("\\t(TAB)")
        ? "indent with spaces"
        : problem.contains("'`'") || problem.contains("'@'") ? "quote the value" : "";
    return new Unreadable(Code.YAML_SYNTAX, line, column, sentence(said), hint);
  }

  private Unreadable unprintable(Chunk chunk, ReaderException e) {
    int line = chunk.line();
    int column = 1;
    int[] points = chunk.text().codePoints().limit(Math.max(0, e.getPosition())).toArray();
    for (int point : points) {
      column = point == '\n' ? 1 : column + 1;
      line += point == '\n' ? 1 : 0;
    }
    String problem = String.format("the character U+%04X is not allowed in YAML", e.getCodePoint());
    return new Unreadable(
        Code.YAML_SYNTAX, line, column, problem, "write it as an escape in double quotes");
  }

  private static String sentence(String message) {
    String line = message.lines().findFirst().orElse("").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
