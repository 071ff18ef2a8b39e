package dev.postern.manifest;

import dev.postern.cluster.LeftOut;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Document.Remark;
import dev.postern.manifest.Kinds.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the objects that documents hold, also those in lists and templates, into an inventory. */
final class ObjectReading {

  private final ReadOptions options;
  private final Decoders decoders;
  private final Consumer<Diagnostic> problems;
  private final Inventory inventory = new Inventory();
  private final Map<Inventory.Key, Origin> declared = new HashMap<>();
  private final Map<Inventory.Key, Integer> generated = new HashMap<>();
  private final TreeMap<String, Integer> read = new TreeMap<>();
  private final TreeMap<String, Integer> skipped = new TreeMap<>();
  private final List<Written> written = new ArrayList<>();
  private final ObjectPlaces places = new ObjectPlaces();

  /** What decodes objects, whichever source they come from. */
  static final class Decoders {
    private final LabelDecoder labels = new LabelDecoder();
    private final Kinds kinds = new Kinds(labels);
    private final UnreadDecoder unread = new UnreadDecoder(labels);
    final StringPool pool = new StringPool();
  }

  /**
   * A reading of no object yet.
   *
   * @param problems takes what is wrong with the objects
   */
  ObjectReading(ReadOptions options, Decoders decoders, Consumer<Diagnostic> problems) {
    this.options = options;
    this.decoders = decoders;
    this.problems = problems;
  }

  void read(Document document) {
    Problems found = new Problems();
    Cursor root = Cursor.root(document.file(), document.root(), found);
    repeats(root, document.remarks());
    object(root, document.remarks(), Optional.empty());
    found.found().forEach(problems);
  }

  /** Notes a place that may hold a policy, and that could not be read. */
  void unread(Origin place) {
    inventory.unread.add(UnreadDecoder.document(place));
  }

  /** Takes what was read apart from this, unless it would be read otherwise after what came before; says whether it did. */
  boolean join(ObjectReading part) {
    if (!part.generated.isEmpty()
        || part.declared.keySet().stream().anyMatch(declared::containsKey)) {
      return false;
    }
    inventory.join(part.inventory);
    declared.putAll(part.declared);
    part.read.forEach((kind, count) -> read.merge(kind, count, Integer::sum));
    part.skipped.forEach((kind, count) -> skipped.merge(kind, count, Integer::sum));
    written.addAll(part.written);
    places.join(part.places);
    return true;
  }

  /** What the objects are called. */
  Set<Inventory.Key> declared() {
    return declared.keySet();
  }

  /** Whether an object got a name that depends on what was read before it. */
  boolean hasMadeNames() {
    return !generated.isEmpty();
  }

  Inventory inventory() {
    return inventory;
  }

  /** How many objects of each kind were read. */
  TreeMap<String, Integer> read() {
    return read;
  }

  /** How many objects of each kind were left out, since no policy depends on them. */
  TreeMap<String, Integer> skipped() {
    return skipped;
  }

  ObjectPlaces places() {
    return places;
  }

  /** The objects as they were written, where this was asked for. */
  List<Written> written() {
    return written;
  }

  /** Keys that are written twice may say what an object is, or which objects a list holds: they are told of whatever is there. */
  private static void repeats(Cursor root, List<Remark> remarks) {
    for (Remark remark : remarks) {
      if (remark instanceof Document.Repeat repeat) {
        Origin place = new Origin(root.origin().file(), repeat.line(), repeat.column(), "");
        root.report(Code.REPEATED_KEY
            .at(place, repeat.key(), repeat.firstLine())
            .hint("remove one of them"));
      }
    }
  }

  /**
   * @param listed the kind and version that a typed list gives its items
   */
  private void object(Cursor object, List<Remark> remarks, Optional<Typed> listed) {
    Deadline.current().check();
    if (!(object.node() instanceof MapNode)) {
      object.report(
          Code.NOT_AN_OBJECT,
          "",
          "a Kubernetes object is a map, not " + object.node().describe());
      if (object.node() instanceof ListNode) {
        unread(object.origin());
      }
      return;
    }
    Optional<String> kind = object.string("kind").or(() -> listed.map(Typed::kind));
    Optional<String> version = object.string("apiVersion").or(() -> listed.map(Typed::version));
    places.object(object, kind.orElse(""));
    if (kind.isEmpty()) {
      object.report(Code.NOT_AN_OBJECT, MissingKind.hint(object), "an object without `kind`");
      if (object.has("apiVersion") || object.has("spec")) {
        unread(object.origin());
      }
      return;
    }
    if (isList(object, kind.get())) {
      list(object, remarks, kind.get(), version);
      return;
    }
    if (isTemplate(kind.get(), version.orElse(""))) {
      template(object, remarks);
      return;
    }
    if (options.keepWritten() && !isOwned(object)) {
      written.add(new Written(object));
    }
    Optional<Kind> known = decoders.kinds.named(kind.get(), version);
    if (known.isEmpty()) {
      decoders
          .unread
          .ofKind(object, kind.get(), version.orElse(""), options.namespace())
          .ifPresentOrElse(
              inventory.unread::add, () -> skip(object, kind.get(), version.orElse("")));
      return;
    }
    known(object, known.get(), version, remarks);
  }

  private void skip(Cursor object, String kind, String version) {
    skipped.merge(kind, 1, Integer::sum);
    CiliumNodes.take(object, kind, version, inventory);
    if (UnreadWorkloads.makesPods(object, kind, version)) {
      ObjectHead head = ObjectHead.decode(
          Cursor.root(object.origin().file(), object.node(), new Problems()),
          kind,
          true,
          options.namespace(),
          decoders.labels);
      inventory.leftOut.add(new LeftOut(
          LeftOut.Cause.KIND, head.kind(), head.namespace(), head.name(), head.origin()));
    }
  }

  private static boolean isOwned(Cursor object) {
    return object.field("metadata").filter(m -> m.has("ownerReferences")).isPresent();
  }

  /** What a typed list says of its items. */
  private record Typed(String kind, String version) {}

  /** kubectl takes whatever has {@code items} for a list, whatever its kind. */
  private boolean isList(Cursor object, String kind) {
    return object.mentions("items")
        || (kind.endsWith("List")
            && (kind.equals("List") || decoders.kinds.isKnown(itemKind(kind))));
  }

  private static boolean isTemplate(String kind, String version) {
    return kind.equals("Template")
        && (version.startsWith("template.openshift.io/") || version.equals("v1"));
  }

  /** OpenShift's Template holds objects, which are those of its namespace once they are processed. */
  private void template(Cursor template, List<Remark> remarks) {
    List<Cursor> items = template.items("objects");
    Map<YamlNode, List<Remark>> remarked = RemarksOfItems.of(items, remarks);
    for (Cursor item : items) {
      Problems found = new Problems();
      Cursor object = Cursor.root(template.origin().file(), item.node(), found);
      if (OpenParameters.areIn(item.node())) {
        open(object);
      } else {
        object(object, remarked.getOrDefault(item.node(), List.of()), Optional.empty());
      }
      found.found().forEach(problems);
    }
  }

  /** An object that is not known before its Template is processed. */
  private void open(Cursor object) {
    String kind = object.string("kind").orElse("");
    object.report(
        Code.OPEN_PARAMETERS,
        "read what `oc process` makes of it",
        kind.isEmpty() ? "an object" : "this " + kind);
    if (kind.isEmpty()
        || OpenParameters.areIn(object.field("kind").orElseThrow().node())) {
      unread(object.origin());
      return;
    }
    decoders
        .unread
        .withParameters(object, kind, object.string("apiVersion").orElse(""), options.namespace())
        .ifPresentOrElse(inventory.unread::add, () -> skipped.merge(kind, 1, Integer::sum));
  }

  /** The kind that a list gives items without one. */
  static String itemKind(String list) {
    return list.endsWith("List") ? list.substring(0, list.length() - "List".length()) : list;
  }

  private void list(Cursor list, List<Remark> remarks, String kind, Optional<String> version) {
    if (kind.endsWith("List")) {
      ShapeCheck.check(list, Shapes.LIST);
    } else {
      MapNode map = (MapNode) list.node();
      int at = map.indexOf("items");
      list.report(Code.NOT_AN_OBJECT
          .at(
              new Origin(list.origin().file(), map.keyLine(at), map.keyColumn(at), ""),
              "kubectl takes a " + kind
                  + " with `items` for a list: it applies the items and nothing else of it")
          .hint("remove `items`, or write `kind: List` where it is one"));
    }
    if (!list.mentions("items")) {
      list.report(Code.MISSING_FIELD, "write `items: []` for an empty one", "a " + kind, "items");
    }
    Optional<Cursor> other =
        list.field("items").filter(items -> !(items.node() instanceof ListNode));
    if (other.isPresent()) {
      // Nobody knows what it holds; it is not empty.
      other
          .get()
          .report(Code.WRONG_TYPE, "", "items", "a list", other.get().node().describe());
      unread(list.origin());
    }
    Optional<Typed> typed = kind.equals("List")
        ? Optional.empty()
        : Optional.of(new Typed(itemKind(kind), version.orElse("v1")));
    List<Cursor> items = list.items("items");
    Map<YamlNode, List<Remark>> remarked = RemarksOfItems.of(items, remarks);
    for (Cursor item : items) {
      Problems found = new Problems();
      object(
          Cursor.root(list.origin().file(), item.node(), found),
          remarked.getOrDefault(item.node(), List.of()),
          typed);
      found.found().forEach(problems);
    }
  }

  private void known(Cursor object, Kind kind, Optional<String> version, List<Remark> remarks) {
    for (Remark remark : remarks) {
      Origin place = new Origin(object.origin().file(), remark.line(), remark.column(), "");
      if (remark instanceof Document.Renamed renamed) {
        object.report(Code.RENAMED_KEY
            .at(place, renamed.written(), renamed.key())
            .hint("put it in quotes: \"" + renamed.written() + "\""));
      }
    }
    VersionCheck.check(object, kind, version);
    ShapeCheck.check(object, kind.shape());
    ObjectHead head = named(
        object,
        ObjectHead.decode(
            object, kind.name(), kind.namespaced(), options.namespace(), decoders.labels));
    places.object(head);
    places.annotation(object, head);
    Runnable keep = kind.decoder().decode(object, head, inventory);
    if (object.problems().isFatal()) {
      inventory.leftOut.add(new LeftOut(
          LeftOut.Cause.ERROR, head.kind(), head.namespace(), head.name(), head.origin()));
      decoders
          .unread
          .withErrors(object, kind.name(), version.orElse(""), options.namespace())
          .ifPresent(inventory.unread::add);
      return;
    }
    Inventory.Key key = Inventory.Key.of(head);
    Origin before = declared.putIfAbsent(key, head.origin());
    if (before != null) {
      object.report(Code.DUPLICATE_OBJECT
          .at(object.origin(), kind.name() + " " + head.id(), before)
          .hint("a cluster would keep the later one")
          .related(List.of(new Diagnostic.Related(kind.name() + " " + head.id(), before))));
    } else {
      read.merge(kind.name(), 1, Integer::sum);
    }
    keep.run();
  }

  /** A name that the API server would make up is made up here: what it begins with, and a number. */
  private ObjectHead named(Cursor object, ObjectHead head) {
    boolean named =
        object.field("metadata").map(metadata -> metadata.has("name")).orElse(true);
    return named || head.name().isEmpty()
        ? head
        : head.withName(head.name() + generated.merge(Inventory.Key.of(head), 1, Integer::sum));
  }
}
