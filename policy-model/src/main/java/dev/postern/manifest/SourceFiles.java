package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.PassedOver.Renderer;
import dev.postern.manifest.PassedOver.SkipReason;
import dev.postern.manifest.PassedOver.Unrendered;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds the files that a path means, and among them those that only Helm or Kustomize can read. */
final class SourceFiles {

  private static final Set<String> KUSTOMIZATIONS =
      Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

  /** Directories of other tools, which hold no manifest of the tree they lie in. */
  private static final Set<String> FOREIGN = Set.of(".git", "node_modules");

  private final Path path;
  private final Path start;
  private final Predicate<Path> excluded;
  private final SourceTree.TreeScope extent;
  private final TreeSet<Path> files = new TreeSet<>();
  private final TreeSet<Path> charts = new TreeSet<>();
  private final SortedMap<Path, Kustomization> kustomizations = new TreeMap<>();
  private final List<Diagnostic> problems = new ArrayList<>();
  private final TreeMap<String, SkipReason> passedOver = new TreeMap<>();

  private SourceFiles(Path path, Predicate<Path> excluded, SourceTree.TreeScope extent) {
    this.path = path;
    // A link that the user names is followed; one inside is not, since a mounted ConfigMap shows
    // every file by two ways.
    this.start = Files.isSymbolicLink(path) ? path.resolve(".") : path;
    this.excluded = excluded;
    this.extent = extent;
  }

  static SourceTree find(Path path, Predicate<Path> excluded, SourceTree.TreeScope extent) {
    return Files.isDirectory(path)
        ? new SourceFiles(path, excluded, extent).tree()
        : SourceTree.of(Source.file(path));
  }

  private SourceTree tree() {
    walk();
    if (files.isEmpty()
        && charts.isEmpty()
        && kustomizations.isEmpty()
        && problems.isEmpty()
        && !passedOver.containsValue(SkipReason.TEST)) {
      String problem = "the directory " + path + " holds no .yaml, .yml or .json file";
      problems.add(Code.NOTHING_TO_READ.at(new Origin(path.toString(), 0, 0, ""), problem));
    }
    List<Source> sources = new ArrayList<>();
    Set<Path> settings = new HashSet<>();
    Set<Path> mentioned = new HashSet<>();
    kustomizations.values().forEach(kustomization -> {
      settings.addAll(kustomization.settings());
      mentioned.addAll(kustomization.resources());
    });
    for (Path file : files) {
      Optional<SkipReason> reason = reason(file, settings, mentioned);
      if (reason.isPresent()) {
        passedOver.put(file.toString(), reason.get());
      } else {
        sources.add(Source.found(file));
      }
    }
    return new SourceTree(sources, new PassedOver(passedOver, unrendered(mentioned)), problems);
  }

  private void walk() {
    try {
      Files.walkFileTree(start, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
          boolean foreign = directory.getFileName() != null
              && !directory.equals(start)
              && FOREIGN.contains(directory.getFileName().toString());
          return foreign || isVersionOfMount(directory)
              ? FileVisitResult.SKIP_SUBTREE
              : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          visit(file, start.relativize(file), attributes);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
          problems.add(unreadable(file.toString(), e));
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      problems.add(unreadable(path.toString(), e));
    }
  }

  /** The kubelet puts a mounted ConfigMap's files into {@code ..<time>}, and shows them by links through {@code ..data}. */
  private boolean isVersionOfMount(Path directory) {
    return !directory.equals(start)
        && directory.getFileName() != null
        && directory.getFileName().toString().startsWith("..")
        && Files.isSymbolicLink(directory.resolveSibling("..data"));
  }

  private void visit(Path file, Path below, BasicFileAttributes attributes) {
    Path named = path.resolve(below);
    String name = file.getFileName().toString();
    boolean kustomization = KUSTOMIZATIONS.contains(name);
    if (!(isManifest(name) || kustomization)) {
      return;
    }
    if (excluded.test(named)) {
      passedOver.put(named.toString(), SkipReason.EXCLUDED);
      return;
    }
    if (extent.leavesOut(below)) {
      passedOver.put(named.toString(), SkipReason.TEST);
      return;
    }
    Optional<String> hindrance = hindrance(file, attributes);
    if (hindrance.isPresent()) {
      problems.add(unreadable(named.toString(), new IOException(hindrance.get())));
      return;
    }
    files.add(named);
    if (kustomization) {
      kustomizations.put(directory(named), Kustomization.read(named));
    } else if (name.equals("Chart.yaml")) {
      charts.add(directory(named));
    }
  }

  /** Why nothing is read from what has a manifest's name; kubectl ends with an error there, or waits for a pipe's other end. */
  private static Optional<String> hindrance(Path file, BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink() && !Files.exists(file)) {
      return Optional.of("the symbolic link leads to nothing that is there");
    }
    return Files.isRegularFile(file)
        ? Optional.empty()
        : Optional.of(
            Files.isDirectory(file)
                ? "the symbolic link leads to a directory"
                : "this is no regular file, but a named pipe, a socket or a device");
  }

  private static Path directory(Path file) {
    return Optional.ofNullable(file.getParent()).orElse(Path.of(""));
  }

  private static boolean isManifest(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private Optional<SkipReason> reason(Path file, Set<Path> settings, Set<Path> mentioned) {
    String name = file.getFileName().toString();
    if (KUSTOMIZATIONS.contains(name) || settings.contains(file.normalize())) {
      return Optional.of(SkipReason.KUSTOMIZATION);
    }
    Optional<Path> chart = chartOf(file);
    if (chart.isPresent()) {
      Path inside = chart.get().relativize(file);
      if (inside.startsWith("templates")) {
        return Optional.of(SkipReason.TEMPLATE);
      }
      if (inside.getNameCount() == 1 && (name.startsWith("Chart.") || name.startsWith("values"))) {
        return Optional.of(SkipReason.CHART);
      }
    }
    return extent.rendering() && (chart.isPresent() || mentioned.contains(file.normalize()))
        ? Optional.of(SkipReason.RENDERED)
        : Optional.empty();
  }

  /** The innermost chart that a file lies in. */
  private Optional<Path> chartOf(Path file) {
    for (Path above = file.getParent();
        above != null && !charts.isEmpty();
        above = above.getParent()) {
      if (charts.contains(above)) {
        return Optional.of(above);
      }
    }
    return charts.contains(Path.of("")) && !file.isAbsolute()
        ? Optional.of(Path.of(""))
        : Optional.empty();
  }

  /** The charts that are no part of another, and the kustomizations that no other builds upon. */
  private List<Unrendered> unrendered(Set<Path> mentioned) {
    List<Unrendered> unrendered = new ArrayList<>();
    for (Path chart : charts) {
      if (chartOf(chart).isEmpty()) {
        unrendered.add(new Unrendered(chart.toString(), Renderer.HELM));
      }
    }
    for (Map.Entry<Path, Kustomization> each : kustomizations.entrySet()) {
      Path directory = each.getKey();
      if (each.getValue().isWhole()
          && !mentioned.contains(directory.normalize())
          && chartOf(directory.resolve("any")).isEmpty()) {
        unrendered.add(new Unrendered(directory.toString(), Renderer.KUSTOMIZE));
      }
    }
    return unrendered;
  }

  static Diagnostic unreadable(String name, IOException e) {
    String why = e instanceof NoSuchFileException
        ? "there is no such file or directory"
        : e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    return Code.UNREADABLE.at(new Origin(name, 0, 0, ""), "`" + name + "`", why);
  }
}
