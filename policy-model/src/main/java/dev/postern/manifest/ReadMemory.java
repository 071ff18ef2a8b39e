package dev.postern.manifest;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads manifests again and again that hardly differ. A source that is the same object as before is not read anew, and of another one of its
 * name no document that stands where it stood and says what it said: they are the same objects of a cluster. For one thread.
 */
public final class ReadMemory {

  private record Place(int line, String text) {}

  private final ReadOptions options;
  private final ObjectReading.Decoders decoders = new ObjectReading.Decoders();
  private Map<Source, SourceReading> sources = new IdentityHashMap<>();
  private final Map<String, Map<Place, SourceReading>> parts = new HashMap<>();
  private Map<Place, SourceReading> known = Map.of();
  private Map<Place, SourceReading> found = new HashMap<>();
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
    return read(all, new SourceReading(this));
  }

  /** Reads what a name stands for as {@link Manifests#readTrees} does. */
  public Loaded read(SourceTree tree) {
    SourceReading reading = new SourceReading(this);
    reading.found(tree);
    return read(tree.sources(), reading);
  }

  private Loaded read(List<Source> all, SourceReading reading) {
    Map<Source, SourceReading> now = new IdentityHashMap<>();
    for (Source source : all) {
      SourceReading alone = sources.get(source);
      if (alone == null) {
        alone = new SourceReading(this);
        read(source, alone);
      }
      now.put(source, alone);
      if (!reading.join(alone)) {
        read(source, reading);
      }
    }
    sources = now;
    return reading.finish();
  }

  private void read(Source source, SourceReading reading) {
    known = parts.getOrDefault(source.name(), Map.of());
    found = new HashMap<>();
    reading.source(source);
    parts.put(source.name(), found);
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
    Place place = new Place(chunk.line(), chunk.text());
    SourceReading before = known.get(place);
    SourceReading part = before == null ? anew.get() : before;
    readAnew += before == null ? 1 : 0;
    found.put(place, part);
    return part;
  }
}
