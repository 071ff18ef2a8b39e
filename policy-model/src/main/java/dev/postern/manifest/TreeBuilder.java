package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Puts the values of one document together, in the order in which YAML or JSON gives them. Its stack is its own: depth is a limit. */
final class TreeBuilder {

  /** From this many keys on, repeats are found by hashing. */
  private static final int MANY = 24;

  private static final class Open {
    final boolean map;
    final int line;
    final int column;
    String[] keys = new String[0];
    int[] places = new int[0];
    final List<YamlNode> values = new ArrayList<>(8);
    int keyCount;
    Map<String, Integer> index = Map.of();

    Open(boolean map, int line, int column) {
      this.map = map;
      this.line = line;
      this.column = column;
      if (map) {
        keys = new String[8];
        places = new int[16];
      }
    }

    boolean expectsKey() {
      return map && keyCount == values.size();
    }
  }

  private final ReadLimits limits;
  private final ArrayList<Open> stack = new ArrayList<>();
  private final List<Document.Remark> remarks = new ArrayList<>();
  private Optional<YamlNode> root = Optional.empty();

  /** Maps whose last key was there before, with its place: the value that comes takes the place of the first. */
  private final Map<Open, Integer> replacing = new HashMap<>();

  private final Map<Open, List<YamlNode>> merges = new HashMap<>();

  TreeBuilder(ReadLimits limits) {
    this.limits = limits;
  }

  /** Whether the next scalar is a key. */
  boolean expectsKey() {
    return !stack.isEmpty() && top().expectsKey();
  }

  private Open top() {
    return stack.get(stack.size() - 1);
  }

  void open(boolean map, int line, int column) throws Unreadable {
    if (stack.size() == limits.depth()) {
      String problem = "the document nests deeper than " + limits.depth() + " levels";
      throw new Unreadable(Code.LIMIT, line, column, problem, "no Kubernetes object needs that");
    }
    stack.add(new Open(map, line, column));
  }

  /** A key that means another than it is written as. */
  void key(String written, String key, int line, int column) {
    if (!written.equals(key)) {
      remarks.add(new Document.Renamed(written, key, line, column));
    }
    key(key, line, column);
  }

  void key(String key, int line, int column) {
    Open map = top();
    if (map.keyCount == map.keys.length) {
      map.keys = Arrays.copyOf(map.keys, 2 * map.keyCount);
      map.places = Arrays.copyOf(map.places, 4 * map.keyCount);
    }
    int first = indexOf(map, key);
    if (first >= 0) {
      remarks.add(new Document.Repeat(key, line, column, map.places[2 * first]));
      replacing.put(map, first);
      map.places[2 * first] = line;
      map.places[2 * first + 1] = column;
    }
    map.keys[map.keyCount] = key;
    map.places[2 * map.keyCount] = line;
    map.places[2 * map.keyCount + 1] = column;
    map.keyCount++;
  }

  private static int indexOf(Open map, String name) {
    if (map.keyCount >= MANY) {
      if (map.index.isEmpty()) {
        map.index = new HashMap<>();
      }
      while (map.index.size() < map.keyCount) {
        map.index.put(map.keys[map.index.size()], map.index.size());
      }
      Integer index = map.index.get(name);
      return index == null ? -1 : index;
    }
    for (int i = 0; i < map.keyCount; i++) {
      if (map.keys[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * YAML's {@code <<}: the maps' entries join the map, after its own.
   *
   * @return a key that the map has had before, by itself or by another merge
   */
  Optional<String> merge(List<YamlNode> maps) {
    Open open = top();
    List<YamlNode> merged = merges.computeIfAbsent(open, map -> new ArrayList<>());
    Set<String> before = new HashSet<>(Arrays.asList(open.keys).subList(0, open.keyCount));
    merged.forEach(map -> before.addAll(keys((MapNode) map)));
    merged.addAll(maps);
    return maps.stream()
        .flatMap(map -> keys((MapNode) map).stream())
        .filter(before::contains)
        .findFirst();
  }

  private static List<String> keys(MapNode map) {
    return IntStream.range(0, map.size()).mapToObj(map::key).toList();
  }

  void value(YamlNode node) {
    if (stack.isEmpty()) {
      root = Optional.of(node);
      return;
    }
    Open open = top();
    Integer first = open.map && !replacing.isEmpty() ? replacing.remove(open) : null;
    if (first != null) {
      open.keyCount--;
      open.values.set(first, node);
    } else {
      open.values.add(node);
    }
  }

  /** Ends the innermost map or list and puts it in its place. */
  YamlNode close() {
    Open open = stack.remove(stack.size() - 1);
    YamlNode node;
    if (open.map) {
      addMerged(open);
      node = new MapNode(
          Arrays.copyOf(open.keys, open.keyCount),
          Arrays.copyOf(open.places, 2 * open.keyCount),
          open.values.toArray(YamlNode[]::new),
          open.line,
          open.column);
    } else {
      node = new ListNode(List.copyOf(open.values), open.line, open.column);
    }
    return node;
  }

  private void addMerged(Open open) {
    if (!merges.containsKey(open)) {
      return;
    }
    for (YamlNode node : merges.remove(open)) {
      MapNode map = (MapNode) node;
      for (int i = 0; i < map.size(); i++) {
        if (indexOf(open, map.key(i)) < 0) {
          stack.add(open);
          key(map.key(i), map.keyLine(i), map.keyColumn(i));
          stack.remove(stack.size() - 1);
          open.values.add(map.value(i));
        }
      }
    }
  }

  /** The finished tree; empty for a document without content. */
  Optional<YamlNode> root() {
    return root;
  }

  List<Document.Remark> remarks() {
    return remarks;
  }
}
