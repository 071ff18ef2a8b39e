package dev.postern.manifest;

import dev.postern.diagnostic.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which object stands where in the sources, and what authors marked to be ignored. Not changed once reading is done; then safe for use by several threads. */
public final class ObjectPlaces {

  private final Map<String, TreeMap<Long, ObjectName>> starts = new HashMap<>();
  private final List<IgnoreMark> marks = new ArrayList<>();

  ObjectPlaces() {}

  /** The object that a place lies in: the last of its file that starts before it; empty if none does. */
  public Optional<ObjectName> object(Origin origin) {
    return Optional.ofNullable(starts.get(origin.file()))
        .map(file -> file.floorEntry(place(origin)))
        .map(Map.Entry::getValue);
  }

  /** What was marked, by file and line. */
  public List<IgnoreMark> marks() {
    return List.copyOf(marks);
  }

  /** All of these, one after the other; none of them may change any more. */
  static ObjectPlaces of(List<ObjectPlaces> finished) {
    ObjectPlaces all = new ObjectPlaces();
    for (ObjectPlaces each : finished) {
      each.starts.forEach((file, own) -> all.starts.merge(file, own, (one, other) -> {
        TreeMap<Long, ObjectName> both = new TreeMap<>(one);
        both.putAll(other);
        return both;
      }));
      all.marks.addAll(each.marks);
    }
    return all;
  }

  /** Takes the places that were noted apart from these, after them. */
  void join(ObjectPlaces later) {
    later.starts.forEach(
        (file, own) -> starts.computeIfAbsent(file, unused -> new TreeMap<>()).putAll(own));
    marks.addAll(later.marks);
  }

  void object(ObjectHead head) {
    starts
        .computeIfAbsent(head.origin().file(), file -> new TreeMap<>())
        .put(place(head.origin()), new ObjectName(head.kind(), head.namespace(), head.name()));
  }

  /** An object of which nothing more is known. */
  void object(Cursor object, String kind) {
    Optional<Cursor> metadata = object.field("metadata");
    starts
        .computeIfAbsent(object.origin().file(), file -> new TreeMap<>())
        .put(
            place(object.origin()),
            new ObjectName(
                kind,
                metadata.flatMap(m -> m.string("namespace")).orElse(""),
                metadata.flatMap(m -> m.string("name")).orElse("")));
  }

  void annotation(Cursor object, ObjectHead head) {
    object
        .field("metadata")
        .flatMap(metadata -> metadata.field("annotations"))
        .flatMap(annotations -> annotations.field(IgnoreMark.ANNOTATION))
        .ifPresent(mark -> mark.string()
            .ifPresent(text -> marks.add(new IgnoreMark(
                mark.origin(),
                new IgnoreMark.Whole(new ObjectName(head.kind(), head.namespace(), head.name())),
                text))));
  }

  /** Notes the comments of a text. */
  void comments(String file, String text) {
    if (!text.contains(IgnoreMark.COMMENT)) {
      return;
    }
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int at = line.indexOf(IgnoreMark.COMMENT);
      int hash = at < 0 ? -1 : line.lastIndexOf('#', at);
      if (hash < 0 || !line.substring(hash + 1, at).isBlank() || !startsComment(line, hash)) {
        continue;
      }
      int about = line.substring(0, hash).isBlank() ? next(lines, i) : i;
      marks.add(new IgnoreMark(
          new Origin(file, i + 1, line.codePointCount(0, hash) + 1, ""),
          new IgnoreMark.Line(about + 1),
          line.substring(at + IgnoreMark.COMMENT.length()).strip()));
    }
  }

  private static boolean startsComment(String line, int hash) {
    return hash == 0 || Character.isWhitespace(line.charAt(hash - 1));
  }

  /** The next line with content; a line that only begins a document has none. */
  private static int next(List<String> lines, int from) {
    for (int i = from + 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#") && !line.equals("---")) {
        return i;
      }
    }
    return from;
  }

  private static long place(Origin origin) {
    return ((long) origin.line() << 32) | origin.column();
  }
}
