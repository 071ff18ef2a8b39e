package dev.postern.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads manifests again and again that hardly differ. A source that is the same object as before is not read anew, and of another one of its
 * name no document that stands where it stood and says what it said: they are the same objects of a cluster. For one thread.
 */
public final class ReadMemory {

  /** So many times of reading sources stay known: those of a cluster, without its tests, and as it was the day before. */
  private static final int TIMES = 3;

  private final ReadOptions options;
  private final ObjectReading.Decoders decoders = new ObjectReading.Decoders();
  /** What was read the last times, the latest first. */
  private final Deque<Map<Source, SourceReading>> sources = new ArrayDeque<>();

  private final Map<String, Map<Chunk, SourceReading>> parts = new HashMap<>();
  private Optional<Whole> whole = Optional.empty();
  private Map<Chunk, SourceReading> known = Map.of();
  private Map<Chunk, SourceReading> found = new HashMap<>();
  private long readAnew;

  /**
   * A memory of nothing yet.
   *
   * @param options how everything is read; reading never stops at the first error
   */
  public ReadMemory(ReadOptions options) {
    this.options = options.withFailFast(false);
  }

  /** Reads sources as {@link Manifests#read(List, ReadOptions)} does. */
  public Loaded read(List<Source> all) {
    List<SourceReading> each = apart(all);
    return whole
        .flatMap(known -> known.edited(all, each))
        .orElseGet(() -> joined(all, each, new SourceReading(this), true));
  }

  /** Reads what a name stands for as {@link Manifests#readTrees} does. */
  public Loaded read(SourceTree tree) {
    SourceReading reading = new SourceReading(this);
    reading.found(tree);
    return joined(tree.sources(), apart(tree.sources()), reading, false);
  }

  /** What each source says by itself. */
  private List<SourceReading> apart(List<Source> all) {
    Map<Source, SourceReading> now = new IdentityHashMap<>();
    List<SourceReading> each = new ArrayList<>(all.size());
    for (Source source : all) {
      SourceReading alone = known(source).orElseGet(() -> {
        SourceReading reading = new SourceReading(this);
        read(source, reading);
        return reading;
      });
      now.put(source, alone);
      each.add(alone);
    }
    sources.addFirst(now);
    if (sources.size() > TIMES) {
      sources.removeLast();
    }
    return each;
  }

  private Optional<SourceReading> known(Source source) {
    return sources.stream()
        .flatMap(time -> Optional.ofNullable(time.get(source)).stream())
        .findFirst();
  }

  private Loaded joined(
      List<Source> all, List<SourceReading> each, SourceReading reading, boolean keeps) {
    boolean apart = true;
    for (int i = 0; i < all.size(); i++) {
      if (!reading.join(each.get(i))) {
        apart = false;
        read(all.get(i), reading);
      }
    }
    Loaded loaded = reading.finish();
    if (keeps && apart && whole.isEmpty()) {
      whole = Optional.of(new Whole(all, each, reading, loaded));
    }
    return loaded;
  }

  /** All sources that were read at first, none of which has to do with another; later they are mostly the same but for an edit. */
  private record Whole(
      List<Source> sources, List<SourceReading> each, SourceReading joined, Loaded loaded) {

    Optional<Loaded> edited(List<Source> others, List<SourceReading> now) {
      if (others.size() != sources.size()) {
        return Optional.empty();
      }
      List<SourceReading.Edit> edits = new ArrayList<>();
      for (int i = 0; i < others.size(); i++) {
        if (!others.get(i).name().equals(sources.get(i).name())) {
          return Optional.empty();
        }
        if (now.get(i) != each.get(i)) {
          edits.add(new SourceReading.Edit(each.get(i), now.get(i)));
        }
      }
      return joined.edited(loaded, edits, now);
    }
  }

  private void read(Source source, SourceReading reading) {
    known = parts.getOrDefault(source.name(), Map.of());
    found = new HashMap<>();
    reading.source(source);
    parts.put(source.name(), found);
  }

  /**
   * The documents of sources that were read, in their order, by whom they are about; none of a source whose text is not to be cut, since it
   * was not read as a manifest, or not as it stands.
   *
   * @param sources all that were read
   * @param texts the whole text of each
   */
  public List<List<DocumentScope>> scopes(List<Source> sources, List<String> texts) {
    Set<Inventory.Key> borrowed = new HashSet<>();
    parts
        .values()
        .forEach(documents ->
            documents.values().forEach(document -> borrowed.addAll(document.borrowed())));
    List<List<DocumentScope>> scopes = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      scopes.add(
          scopes(parts.getOrDefault(sources.get(i).name(), Map.of()), texts.get(i), borrowed));
    }
    return scopes;
  }

  private static List<DocumentScope> scopes(
      Map<Chunk, SourceReading> documents, String text, Set<Inventory.Key> borrowed) {
    List<Chunk> chunks = Chunk.split(text);
    List<DocumentScope> scopes = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      SourceReading document = documents.get(chunk);
      if (document == null) {
        return List.of();
      }
      int lines = i + 1 < chunks.size() ? chunks.get(i + 1).line() - chunk.line() : 0;
      scopes.add(document.scope(chunk.text().length(), lines, borrowed));
    }
    return scopes;
  }

  /** How many parts of sources, mostly documents, were read since none was remembered that says the same. */
  public long readAnew() {
    return readAnew;
  }

  ReadOptions options() {
    return options;
  }

  ObjectReading.Decoders decoders() {
    return decoders;
  }

  /** What a part of the source that is being read says by itself. */
  SourceReading part(Chunk chunk, Supplier<SourceReading> anew) {
    SourceReading before = known.get(chunk);
    SourceReading part = before == null ? anew.get() : before;
    readAnew += before == null ? 1 : 0;
    found.put(chunk, part);
    return part;
  }
}
