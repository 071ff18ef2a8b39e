package dev.postern.manifest;

import dev.postern.cluster.LeftOut;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Document.Remark;
import dev.postern.manifest.Kinds.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One run over sources: documents are judged one by one, and what is right is kept. */
final class SourceReading {

  private final ReadOptions options;
  private final Decoders decoders;
  private final Optional<ReadMemory> memory;
  private final Inventory inventory = new Inventory();
  private final Map<Inventory.Key, Origin> declared = new HashMap<>();
  private final Map<Inventory.Key, Integer> generated = new HashMap<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<Source> empty = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final TreeMap<String, Integer> read = new TreeMap<>();
  private final TreeMap<String, Integer> skipped = new TreeMap<>();
  private final TreeMap<String, PassedOver.Reason> passedOver = new TreeMap<>();
  private final List<PassedOver.Unrendered> unrendered = new ArrayList<>();
  private final List<Written> written = new ArrayList<>();
  private final ObjectPlaces places = new ObjectPlaces();
  private int documents;
  private boolean stopped;

  /** What decodes objects, whichever source they come from. */
  static final class Decoders {
    private final LabelDecoder labels = new LabelDecoder();
    private final Kinds kinds = new Kinds(labels);
    private final UnreadDecoder unread = new UnreadDecoder(labels);
    private final StringPool pool = new StringPool();
  }

  SourceReading(ReadOptions options) {
    this(options, new Decoders(), Optional.empty());
  }

  /** A run that reads no part again that a memory holds. */
  SourceReading(ReadMemory memory) {
    this(memory.options(), memory.decoders(), Optional.of(memory));
  }

  private SourceReading(ReadOptions options, Decoders decoders, Optional<ReadMemory> memory) {
    this.options = options;
    this.decoders = decoders;
    this.memory = memory;
  }

  void report(Diagnostic diagnostic) {
    if (!stopped) {
      diagnostics.add(diagnostic);
      stopped = options.failFast() && diagnostic.isError();
    }
  }

  void tree(SourceTree tree) {
    tree.problems().forEach(this::unfound);
    passedOver.putAll(tree.passedOver().files());
    unrendered.addAll(tree.passedOver().unrendered());
    tree.sources().forEach(this::source);
  }

  /** A path that cannot be read; an empty directory holds no policy. */
  private void unfound(Diagnostic diagnostic) {
    if (diagnostic.code() == Code.UNREADABLE) {
      unreadable(diagnostic);
    } else {
      report(diagnostic);
    }
  }

  /** What cannot be read may hold a policy. */
  private void unreadable(Diagnostic diagnostic) {
    report(diagnostic);
    inventory.unread.add(UnreadDecoder.document(diagnostic.origin()));
  }

  void source(Source source) {
    if (stopped) {
      return;
    }
    sources.add(source);
    int before = documents;
    int problems = diagnostics.size();
    try {
      String text = SourceText.decode(source.bytes(options.limits().bytes()));
      Optional<PassedOver.Reason> reason =
          source.isFound() ? Recognition.unlikeManifest(text) : Optional.empty();
      if (reason.isPresent()) {
        passedOver.put(source.name(), reason.get());
        return;
      }
      places.comments(source.name(), text);
      for (Chunk chunk : Chunk.split(text)) {
        if (memory.isPresent()) {
          remembered(source.name(), chunk, memory.get());
        } else {
          chunk(source.name(), chunk);
        }
      }
    } catch (Unreadable e) {
      unreadable(e.diagnostic(source.name()));
    } catch (Source.TooLarge e) {
      unreadable(Code.LIMIT.at(
          new Origin(source.name(), 0, 0, ""),
          "`" + source.name() + "` is too large: " + e.getMessage()));
    } catch (IOException e) {
      unreadable(SourceFiles.unreadable(source.name(), e));
    }
    if (documents == before && diagnostics.size() == problems) {
      empty.add(source);
    }
  }

  /** A part of a source as it was read before; it is read anew where what came before it in this run changes how it is read. */
  private void remembered(String file, Chunk chunk, ReadMemory parts) {
    SourceReading part = parts.part(chunk, () -> {
      SourceReading alone = new SourceReading(options, decoders, Optional.empty());
      alone.chunk(file, chunk);
      return alone;
    });
    if (!join(part)) {
      chunk(file, chunk);
    }
  }

  /** Takes what was read apart from this, unless it would be read otherwise after what came before; says whether it did. */
  boolean join(SourceReading part) {
    if (!part.generated.isEmpty()
        || part.declared.keySet().stream().anyMatch(declared::containsKey)) {
      return false;
    }
    documents += part.documents;
    sources.addAll(part.sources);
    empty.addAll(part.empty);
    passedOver.putAll(part.passedOver);
    inventory.join(part.inventory);
    declared.putAll(part.declared);
    diagnostics.addAll(part.diagnostics);
    part.read.forEach((kind, count) -> read.merge(kind, count, Integer::sum));
    part.skipped.forEach((kind, count) -> skipped.merge(kind, count, Integer::sum));
    written.addAll(part.written);
    places.join(part.places);
    return true;
  }

  private void chunk(String file, Chunk chunk) {
    if (stopped) {
      return;
    }
    if (chunk.looksLikeJson()) {
      try {
        new JsonTrees(file, options.limits()).read(chunk).forEach(this::document);
        return;
      } catch (Unreadable e) {
        // What is not JSON may still be YAML, which uses braces too, unless the file says that it
        // is JSON.
        if (file.endsWith(".json")) {
          unreadable(e.diagnostic(file));
          return;
        }
      }
    }
    Optional<List<Document>> quick = QuickYaml.read(file, chunk, options.limits(), decoders.pool);
    if (quick.isPresent()) {
      quick.get().forEach(this::document);
      return;
    }
    try {
      new YamlTrees(file, options.limits()).read(chunk, this::document);
    } catch (Unreadable e) {
      unreadable(e.diagnostic(file));
    }
  }

  private void document(Document document) {
    if (stopped || isEmpty(document.root())) {
      return;
    }
    documents++;
    Problems problems = new Problems();
    Cursor root = Cursor.root(document.file(), document.root(), problems);
    repeats(root, document.remarks());
    object(root, document.remarks(), Optional.empty());
    problems.found().forEach(this::report);
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
        inventory.unread.add(UnreadDecoder.document(object.origin()));
      }
      return;
    }
    Optional<String> kind = object.string("kind").or(() -> listed.map(Typed::kind));
    Optional<String> version = object.string("apiVersion").or(() -> listed.map(Typed::version));
    places.object(object, kind.orElse(""));
    if (kind.isEmpty()) {
      object.report(Code.NOT_AN_OBJECT, MissingKind.hint(object), "an object without `kind`");
      if (object.has("apiVersion") || object.has("spec")) {
        inventory.unread.add(UnreadDecoder.document(object.origin()));
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

  private static boolean isEmpty(YamlNode node) {
    return node instanceof ScalarNode scalar && scalar.kind() == ScalarNode.Kind.NULL;
  }

  private boolean isList(Cursor object, String kind) {
    return kind.endsWith("List")
        && (kind.equals("List") || object.has("items") || decoders.kinds.isKnown(itemKind(kind)));
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
      Problems problems = new Problems();
      Cursor object = Cursor.root(template.origin().file(), item.node(), problems);
      if (OpenParameters.areIn(item.node())) {
        open(object);
      } else {
        object(object, remarked.getOrDefault(item.node(), List.of()), Optional.empty());
      }
      problems.found().forEach(this::report);
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
      inventory.unread.add(UnreadDecoder.document(object.origin()));
      return;
    }
    decoders
        .unread
        .withParameters(object, kind, object.string("apiVersion").orElse(""), options.namespace())
        .ifPresentOrElse(inventory.unread::add, () -> skipped.merge(kind, 1, Integer::sum));
  }

  private static String itemKind(String list) {
    return list.substring(0, list.length() - "List".length());
  }

  private void list(Cursor list, List<Remark> remarks, String kind, Optional<String> version) {
    ShapeCheck.check(list, Shapes.LIST);
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
      inventory.unread.add(UnreadDecoder.document(list.origin()));
    }
    Optional<Typed> typed = kind.equals("List")
        ? Optional.empty()
        : Optional.of(new Typed(itemKind(kind), version.orElse("v1")));
    List<Cursor> items = list.items("items");
    Map<YamlNode, List<Remark>> remarked = RemarksOfItems.of(items, remarks);
    for (Cursor item : items) {
      Problems problems = new Problems();
      object(
          Cursor.root(list.origin().file(), item.node(), problems),
          remarked.getOrDefault(item.node(), List.of()),
          typed);
      problems.found().forEach(this::report);
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

  private static Origin start(Source source) {
    return new Origin(source.name(), 1, 1, "");
  }

  /** What was read until now, object by object. */
  List<ClusterObject> objects() {
    return ClusterObject.all(inventory);
  }

  Loaded finish() {
    boolean clean = diagnostics.stream().noneMatch(Diagnostic::isError);
    // Without a single source it was said already why there is none.
    boolean nothing = read.isEmpty() && inventory.unread.isEmpty();
    if (nothing && clean && !(sources.isEmpty() && passedOver.isEmpty())) {
      Origin place =
          sources.isEmpty() ? new Origin(passedOver.firstKey(), 0, 0, "") : start(sources.get(0));
      String others = String.join(
          ", ",
          skipped.entrySet().stream()
              .map(each -> each.getValue() + " " + each.getKey())
              .toList());
      report(Code.NOTHING_TO_READ.at(
          place,
          others.isEmpty()
              ? "there is no object to read"
              : "there is no object of a kind that Postern reads, only " + others));
    } else {
      empty.forEach(
          source -> report(Code.EMPTY_SOURCE.at(start(source), "`" + source.name() + "`")));
    }
    Assembly assembly = new Assembly(inventory);
    SourceLines lines = new SourceLines(sources, options.limits().bytes());
    return new Loaded(
        assembly.cluster(),
        diagnostics,
        read,
        skipped,
        assembly.podsLeftOut(),
        new PassedOver(passedOver, unrendered),
        places,
        lines,
        written);
  }
}
