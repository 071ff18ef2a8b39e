package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Policy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One run over sources: documents are judged one by one, and what is right is kept. */
final class SourceReading {

  private final ReadOptions options;
  private final ObjectReading.Decoders decoders;
  private final Optional<ReadMemory> memory;
  private final ObjectReading objects;
  private final List<Source> sources = new ArrayList<>();
  private final List<Source> empty = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final TreeMap<String, PassedOver.SkipReason> passedOver = new TreeMap<>();
  private final List<PassedOver.Unrendered> unrendered = new ArrayList<>();
  private int documents;
  private boolean stopped;

  SourceReading(ReadOptions options) {
    this(options, new ObjectReading.Decoders(), Optional.empty());
  }

  /** A run that reads no part again that a memory holds. */
  SourceReading(ReadMemory memory) {
    this(memory.options(), memory.decoders(), Optional.of(memory));
  }

  private SourceReading(
      ReadOptions options, ObjectReading.Decoders decoders, Optional<ReadMemory> memory) {
    this.options = options;
    this.decoders = decoders;
    this.memory = memory;
    this.objects = new ObjectReading(options, decoders, this::report);
  }

  void report(Diagnostic diagnostic) {
    if (!stopped) {
      diagnostics.add(diagnostic);
      stopped = options.failFast() && diagnostic.isError();
    }
  }

  void tree(SourceTree tree) {
    found(tree);
    tree.sources().forEach(this::source);
  }

  /** What there is to say of a tree beside what its sources hold. */
  void found(SourceTree tree) {
    tree.problems().forEach(this::unfound);
    passedOver.putAll(tree.passedOver().files());
    unrendered.addAll(tree.passedOver().unrendered());
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
    objects.unread(diagnostic.origin());
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
      Optional<PassedOver.SkipReason> reason =
          source.isFound() ? ManifestDetection.unlikeManifest(text) : Optional.empty();
      if (reason.isPresent()) {
        passedOver.put(source.name(), reason.get());
        return;
      }
      objects.places().comments(source.name(), text);
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
    if (!objects.join(part.objects)) {
      return false;
    }
    documents += part.documents;
    sources.addAll(part.sources);
    empty.addAll(part.empty);
    passedOver.putAll(part.passedOver);
    diagnostics.addAll(part.diagnostics);
    return true;
  }

  /**
   * What all sources say where some were edited, if nothing but policies differs; empty if it takes more to find out.
   *
   * @param loaded what they said before, of which this is the reading, and which was joined from parts that do not touch each other
   * @param edits what the edited sources said by themselves, and say now
   * @param all what each source says by itself now
   */
  Optional<Loaded> edited(Loaded loaded, List<Edit> edits, List<SourceReading> all) {
    TreeMap<String, Integer> counts = new TreeMap<>(loaded.read());
    List<Policy> removed = new ArrayList<>();
    List<Policy> added = new ArrayList<>();
    Set<Inventory.Key> own = new HashSet<>();
    edits.forEach(edit -> own.addAll(edit.before().objects.declared()));
    Set<Inventory.Key> now = new HashSet<>();
    for (Edit edit : edits) {
      if (!edit.isAboutPoliciesAlone()
          || edit.after().objects.declared().stream()
              .anyMatch(key ->
                  !now.add(key) || (objects.declared().contains(key) && !own.contains(key)))) {
        return Optional.empty();
      }
      ObjectReading before = edit.before().objects;
      ObjectReading after = edit.after().objects;
      before.read().forEach((kind, count) -> counts.merge(kind, -count, Integer::sum));
      after.read().forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
      removed.addAll(before.inventory().lacking(after.inventory()));
      added.addAll(after.inventory().lacking(before.inventory()));
    }
    counts.values().removeIf(count -> count == 0);
    if (counts.isEmpty()
        || !empty.isEmpty()
        || removed.stream()
            .anyMatch(policy -> policy.kind().namespaced()
                && !loaded.cluster().namespace(policy.namespace()).declared())) {
      return Optional.empty();
    }
    List<Diagnostic> problems = new ArrayList<>();
    List<Written> written = new ArrayList<>();
    all.forEach(each -> {
      problems.addAll(each.diagnostics);
      written.addAll(each.objects.written());
    });
    return Optional.of(new Loaded(
        loaded.cluster().replacing(removed, added),
        problems,
        counts,
        loaded.skipped(),
        loaded.podsLeftOut(),
        loaded.passedOver(),
        ObjectPlaces.of(all.stream().map(each -> each.objects.places()).toList()),
        new SourceLines(
            all.stream().flatMap(each -> each.sources.stream()).toList(),
            options.limits().bytes()),
        written));
  }

  /**
   * A document that was read by itself, by whom it is about.
   *
   * @param borrowed objects whose pods others make, too
   */
  DocumentScope scope(int length, int lines, Set<Inventory.Key> borrowed) {
    return objects.hasMadeNames()
        ? new DocumentScope(length, lines, DocumentScope.About.EVERYBODY, "", "")
        : objects.inventory().scope(length, lines, borrowed);
  }

  /** The objects whose pods others make, too, by what was read. */
  Set<Inventory.Key> borrowed() {
    return objects.inventory().borrowed();
  }

  /** What a source says by itself, before an edit and after it. */
  record Edit(SourceReading before, SourceReading after) {

    boolean isAboutPoliciesAlone() {
      return !after.objects.hasMadeNames()
          && after.empty.isEmpty()
          && before.passedOver.equals(after.passedOver)
          && before.objects.skipped().equals(after.objects.skipped())
          && before.objects.inventory().differsInPoliciesAlone(after.objects.inventory());
    }
  }

  private void chunk(String file, Chunk chunk) {
    if (stopped) {
      return;
    }
    try {
      chunk.requireReadByKubectl();
      if (chunk.looksLikeJson() && json(file, chunk)) {
        return;
      }
      Optional<List<Document>> quick = QuickYaml.read(file, chunk, options.limits(), decoders.pool);
      if (quick.isPresent()) {
        quick.get().forEach(this::document);
      } else {
        new YamlTrees(file, options.limits()).read(chunk, this::document);
      }
    } catch (Unreadable e) {
      unreadable(e.diagnostic(file));
    }
  }

  /** Whether it is JSON; what is not may still be YAML, which uses braces too, unless the file says that it is JSON. */
  private boolean json(String file, Chunk chunk) throws Unreadable {
    List<Document> values;
    try {
      values = new JsonTrees(file, options.limits()).read(chunk);
    } catch (Unreadable e) {
      if (file.endsWith(".json")) {
        throw e;
      }
      return false;
    }
    boolean one = chunk.stream() == Chunk.Stream.YAML && values.size() > 1;
    values.stream().limit(one ? 1 : values.size()).forEach(this::document);
    if (one) {
      throw new Unreadable(
          Code.YAML_SYNTAX,
          values.get(1).root().line(),
          values.get(1).root().column(),
          "kubectl reads one value of JSON behind `---`, and not this one",
          "put a line of `---` before each");
    }
    return true;
  }

  private void document(Document document) {
    if (stopped || isEmpty(document.root())) {
      return;
    }
    documents++;
    objects.read(document);
  }

  private static boolean isEmpty(YamlNode node) {
    return node instanceof ScalarNode scalar && scalar.kind() == ScalarNode.Kind.NULL;
  }

  private static Origin start(Source source) {
    return new Origin(source.name(), 1, 1, "");
  }

  /** The file, or the directory that all lie in; no place if there is no such: none of several is more to blame than another. */
  private static Origin common(List<String> names) {
    String common = names.get(0);
    for (String name : names) {
      while (!name.equals(common) && !name.startsWith(common + "/")) {
        int slash = common.lastIndexOf('/');
        if (slash <= 0) {
          return Origin.NONE;
        }
        common = common.substring(0, slash);
      }
    }
    return new Origin(common, 0, 0, "");
  }

  /** What was read until now, object by object. */
  List<ClusterObject> objects() {
    return ClusterObject.all(objects.inventory());
  }

  Loaded finish() {
    boolean clean = diagnostics.stream().noneMatch(Diagnostic::isError);
    // Without a single source it was said already why there is none.
    boolean nothing = objects.read().isEmpty() && objects.inventory().unread.isEmpty();
    if (nothing && clean && !(sources.isEmpty() && passedOver.isEmpty())) {
      List<String> names = sources.isEmpty()
          ? List.copyOf(passedOver.keySet())
          : sources.stream().map(Source::name).toList();
      Origin place = sources.size() == 1 ? start(sources.get(0)) : common(names);
      String others = String.join(
          ", ",
          objects.skipped().entrySet().stream()
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
    Assembly assembly = new Assembly(objects.inventory());
    SourceLines lines = new SourceLines(sources, options.limits().bytes());
    return new Loaded(
        assembly.cluster(),
        diagnostics,
        objects.read(),
        objects.skipped(),
        assembly.podsLeftOut(),
        new PassedOver(passedOver, unrendered),
        objects.places(),
        lines,
        objects.written());
  }
}
