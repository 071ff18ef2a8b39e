package dev.postern.manifest;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files that a {@code kustomization.yaml} names, as far as it can be read.
 *
 * @param resources objects and other kustomizations that it builds upon
 * @param settings files that are no objects, though some look like ones: patches, generators, transformers, replacements
 * @param isWhole whether it can be built by itself, as a {@code Component} cannot
 */
record Kustomization(Set<Path> resources, Set<Path> settings, boolean isWhole) {

  private static final List<String> RESOURCES = List.of("resources", "bases", "components", "crds");

  private static final List<String> SETTINGS = List.of(
      "patches",
      "patchesStrategicMerge",
      "patchesJson6902",
      "generators",
      "transformers",
      "validators",
      "configurations",
      "replacements",
      "openapi",
      "configMapGenerator",
      "secretGenerator",
      "helmCharts");

  /** Fields of an entry that name a file. */
  private static final List<String> NAMES =
      List.of("path", "files", "envs", "env", "valuesFile", "additionalValuesFiles");

  static Kustomization read(Path file) {
    Set<Path> resources = new HashSet<>();
    Set<Path> settings = new HashSet<>();
    boolean[] whole = {true};
    try {
      String text = SourceText.decode(Source.file(file).bytes(ReadLimits.DEFAULT.bytes()));
      Path directory = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
      for (Chunk chunk : Chunk.split(text)) {
        new YamlTrees(file.toString(), ReadLimits.DEFAULT).read(chunk, document -> {
          Cursor root = Cursor.root(document.file(), document.root(), new Problems());
          whole[0] &= root.string("kind").filter("Component"::equals).isEmpty();
          RESOURCES.forEach(field -> paths(directory, root.strings(field), resources));
          SETTINGS.forEach(field ->
              root.field(field).ifPresent(setting -> paths(directory, files(setting), settings)));
        });
      }
    } catch (Unreadable | IOException unreadable) {
      // Kustomize itself will say so to whoever renders it.
    }
    return new Kustomization(Set.copyOf(resources), Set.copyOf(settings), whole[0]);
  }

  /** The files that a setting names: as entries, or as fields of entries; {@code key=file} names the file. */
  private static List<String> files(Cursor setting) {
    List<String> files = new ArrayList<>();
    List<Cursor> entries = new ArrayList<>(setting.items());
    entries.add(setting);
    for (Cursor entry : entries) {
      entry.string().ifPresent(files::add);
      for (String name : NAMES) {
        entry.string(name).ifPresent(files::add);
        entry.strings(name).forEach(file -> files.add(file.substring(file.indexOf('=') + 1)));
      }
    }
    return files;
  }

  private static void paths(Path directory, List<String> names, Set<Path> paths) {
    for (String name : names) {
      try {
        // An inline patch is a text of many lines, a remote base a URL.
        if (!name.contains("\n") && !name.contains("://")) {
          paths.add(directory.resolve(name).normalize());
        }
      } catch (InvalidPathException noPath) {
        // It names no file here.
      }
    }
  }
}
