package dev.postern.mapdump;

import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maps in memory that are changed line by line as a delta's {@code apply.sh} and its batches say, to look at every state between. */
public final class ScriptedMaps {

  private static final Pattern LINE = Pattern.compile(
      "map (update|delete) pinned @pin@/(\\S+) key hex ([0-9a-f ]+?)(?: value hex ([0-9a-f ]+))?");

  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final SortedMap<String, RawMap> maps = new TreeMap<>();

  /** The maps that an artefact's own batches fill; those that stay empty are made, too. */
  public static ScriptedMaps of(Map<String, String> artifact) {
    ScriptedMaps result = new ScriptedMaps();
    artifact.getOrDefault("apply.sh", "").lines().forEach(line -> {
      if (line.startsWith("fill ")) {
        result.maps.put(line.split(" ")[1], new RawMap());
      }
    });
    artifact.forEach((name, text) -> {
      if (name.endsWith(".batch")) {
        text.lines().forEach(result::edit);
      }
    });
    return result;
  }

  /** The maps that dumps show, by pin. */
  public static ScriptedMaps read(Map<String, String> dumps) {
    ScriptedMaps result = new ScriptedMaps();
    dumps.forEach((name, dump) -> result.maps.put(name, new RawMap(dump)));
    return result;
  }

  /** The maps by pin, as they are now. */
  public SortedMap<String, RawMap> maps() {
    return maps;
  }

  /** What all maps hold, as text. */
  public SortedMap<String, Object> contents() {
    SortedMap<String, Object> contents = new TreeMap<>();
    maps.forEach((name, map) -> contents.put(name, map.entries()));
    return contents;
  }

  /**
   * Runs a delta's script.
   *
   * @param afterEachStep is told the pin of the map that changed
   */
  public void run(Map<String, String> delta, Consumer<String> afterEachStep) {
    delta.getOrDefault("apply.sh", "").lines().forEach(line -> {
      String[] words = line.replace("\"", "").replace("$pin/", "").split(" ");
      switch (words[0]) {
        case "edit" ->
          delta.getOrDefault(words[1], "no such batch").lines().forEach(each -> {
            String changed = edit(each);
            if (!changed.startsWith("new-")) {
              afterEachStep.accept(changed);
            }
          });
        case "make" -> maps.put(words[1], new RawMap());
        case "mv" -> {
          maps.put(words[2], remove(words[1]));
          afterEachStep.accept(words[2]);
        }
        case "rm" -> {
          if (!words[1].equals("-f")) {
            remove(words[1]);
            afterEachStep.accept(words[1]);
          }
        }
        default -> {
          // Not about maps.
        }
      }
    });
  }

  private RawMap remove(String name) {
    RawMap map = maps.remove(name);
    if (map == null) {
      throw new AssertionError("there is no map " + name);
    }
    return map;
  }

  /** Does what a line says, and tells to which map. */
  private String edit(String line) {
    Matcher words = LINE.matcher(line);
    if (!words.matches()) {
      throw new AssertionError("no line for bpftool: " + line);
    }
    RawMap map = maps.get(words.group(2));
    if (map == null) {
      throw new AssertionError("there is no map " + words.group(2));
    }
    byte[] key = HEX.parseHex(words.group(3));
    if (words.group(1).equals("update")) {
      map.put(key, HEX.parseHex(words.group(4)));
    } else if (!map.delete(key)) {
      throw new AssertionError("deleted what is not there: " + line);
    }
    return words.group(2);
  }
}
