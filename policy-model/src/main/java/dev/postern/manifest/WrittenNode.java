package dev.postern.manifest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A value of a YAML or JSON text with the span that it takes there, for those who change the text. Aliases are not followed. */
final class WrittenNode {

  /** Deeper than any manifest is; what is nested so is not read either. */
  private static final int DEEPEST = 500;

  private static final LoadSettings SETTINGS = LoadSettings.builder()
      .setCodePointLimit(Integer.MAX_VALUE)
      .setParseComments(false)
      .build();

  /** What a node is. */
  enum Form {
    SCALAR,
    MAP,
    LIST,
    ALIAS
  }

  private final Form form;
  private final int start;
  private int end;
  private final String text;
  private final boolean plain;
  private final String anchor;
  private final List<WrittenNode> children = new ArrayList<>();
  private Optional<WrittenNode> target = Optional.empty();
  private final Set<WrittenFields.Look> looks = EnumSet.noneOf(WrittenFields.Look.class);

  private WrittenNode(Form form, int start, int end, String text, boolean plain, String anchor) {
    this.form = form;
    this.start = start;
    this.end = end;
    this.text = text;
    this.plain = plain;
    this.anchor = anchor;
  }

  /** The documents of a text; empty if it is no YAML. */
  static Optional<List<WrittenNode>> documents(String text) {
    List<WrittenNode> roots = new ArrayList<>();
    List<WrittenNode> open = new ArrayList<>();
    Map<Anchor, WrittenNode> anchors = new HashMap<>();
    try {
      ParserImpl parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
      while (parser.hasNext()) {
        Event event = parser.next();
        switch (event.getEventId()) {
          case DocumentStart -> anchors.clear();
          case MappingEnd, SequenceEnd -> open.remove(open.size() - 1).end = end(event);
          case Scalar, Alias, MappingStart, SequenceStart -> {
            WrittenNode node = of(event);
            if (event instanceof AliasEvent alias) {
              node.target = Optional.ofNullable(anchors.get(alias.getAlias()));
            } else {
              ((NodeEvent) event).getAnchor().ifPresent(name -> anchors.put(name, node));
            }
            (open.isEmpty() ? roots : open.get(open.size() - 1).children).add(node);
            if (node.form == Form.MAP || node.form == Form.LIST) {
              open.add(node);
            }
            if (open.size() > DEEPEST) {
              return Optional.empty();
            }
          }
          default -> {}
        }
      }
    } catch (YamlEngineException problem) {
      return Optional.empty();
    }
    return Optional.of(roots);
  }

  /** A tree of a document without names that stand for others; where it stands in the text is not known of it. */
  static WrittenNode of(YamlNode tree) {
    if (tree instanceof ScalarNode scalar) {
      boolean plain = scalar.kind() != ScalarNode.Kind.STRING;
      return new WrittenNode(Form.SCALAR, 0, 0, scalar.text(), plain, "");
    }
    if (tree instanceof MapNode map) {
      WrittenNode written = new WrittenNode(Form.MAP, 0, 0, "", true, "");
      for (int i = 0; i < map.size(); i++) {
        written.children.add(new WrittenNode(Form.SCALAR, 0, 0, map.key(i), true, ""));
        written.children.add(of(map.value(i)));
      }
      return written;
    }
    WrittenNode written = new WrittenNode(Form.LIST, 0, 0, "", true, "");
    ((ListNode) tree).items().forEach(item -> written.children.add(of(item)));
    return written;
  }

  private static WrittenNode of(Event event) {
    int start = event.getStartMark().orElseThrow().getIndex();
    String anchor =
        ((NodeEvent) event).getAnchor().map(name -> "&" + name.getValue() + " ").orElse("");
    return switch (event.getEventId()) {
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        boolean plain = scalar.isPlain() && scalar.getTag().isEmpty();
        yield new WrittenNode(Form.SCALAR, start, end(event), scalar.getValue(), plain, anchor);
      }
      case Alias -> new WrittenNode(Form.ALIAS, start, end(event), "", true, "");
      case MappingStart -> new WrittenNode(Form.MAP, start, start, "", true, anchor);
      default -> new WrittenNode(Form.LIST, start, start, "", true, anchor);
    };
  }

  private static int end(Event event) {
    return event.getEndMark().orElseThrow().getIndex();
  }

  Form form() {
    return form;
  }

  /** In code points from the text's beginning. */
  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** A scalar's text. */
  String text() {
    return text;
  }

  /** Whether a scalar stands without quotes and without a tag. */
  boolean isPlain() {
    return plain;
  }

  /** {@code &name } where the node has a name, else nothing. */
  String anchor() {
    return anchor;
  }

  /** A list's items; a map's keys, each with its value after it. */
  List<WrittenNode> children() {
    return children;
  }

  /** The node that an alias stands for, as far as it is one; else this one. */
  WrittenNode itself() {
    return target.orElse(this);
  }

  /** Notes that the node is looked at in a way, and says whether that is new. */
  boolean look(WrittenFields.Look look) {
    return looks.add(look);
  }

  /** Whether anything looks at the node. */
  boolean isLookedAt() {
    return !looks.isEmpty();
  }

  /** A field's value by its name, of a map. */
  Optional<WrittenNode> field(String name) {
    for (int i = 0; form == Form.MAP && i + 1 < children.size(); i += 2) {
      if (children.get(i).itself().text.equals(name)) {
        return Optional.of(children.get(i + 1).itself());
      }
    }
    return Optional.empty();
  }
}
