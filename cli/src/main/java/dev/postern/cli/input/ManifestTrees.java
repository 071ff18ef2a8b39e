package dev.postern.cli.input;

import dev.postern.cli.console.Console;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.PassedOver;
import dev.postern.manifest.PassedOver.Renderer;
import dev.postern.manifest.PassedOver.Unrendered;
import dev.postern.manifest.Source;
import dev.postern.manifest.SourceTree;
import dev.postern.manifest.SourceTree.TreeScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds what files and directories hold, and has it rendered where the user wants that. */
final class ManifestTrees {

  private final Console console;
  private final Optional<String> namespace;
  private final TreeScope extent;
  private final Map<String, String> rendered = new HashMap<>();

  ManifestTrees(Console console, Optional<String> namespace, TreeScope extent) {
    this.console = console;
    this.namespace = namespace;
    this.extent = extent;
  }

  /** What a name stands for, {@code -} for standard input. */
  SourceTree of(String name, Predicate<Path> excluded) {
    return name.equals("-")
        ? SourceTree.of(Source.stream("<stdin>", console.in()))
        : of(Path.of(name), excluded);
  }

  SourceTree of(Path path, Predicate<Path> excluded) {
    SourceTree tree = SourceTree.of(path, excluded, extent);
    if (!extent.rendering() || tree.passedOver().unrendered().isEmpty()) {
      return tree;
    }
    Rendering rendering = new Rendering(console.environment(), namespace);
    List<Source> sources = new ArrayList<>(tree.sources());
    List<Diagnostic> problems = new ArrayList<>(tree.problems());
    for (Unrendered directory : tree.passedOver().unrendered()) {
      try {
        for (Rendering.Rendered text : rendering.render(directory)) {
          sources.add(text.source());
          rendered.put(text.source().name(), text.file());
        }
      } catch (Program.Failed problem) {
        problems.add(unreadable(directory, problem));
      }
    }
    return new SourceTree(sources, new PassedOver(tree.passedOver().files(), List.of()), problems);
  }

  /** What could not be rendered could hold a policy, as any source that cannot be read; the rest is read all the same. */
  private static Diagnostic unreadable(Unrendered directory, Program.Failed problem) {
    boolean chart = directory.renderer() == Renderer.HELM;
    Path file = Path.of(directory.directory(), chart ? "Chart.yaml" : "kustomization.yaml");
    return Code.UNREADABLE.at(
        new Origin(file.toString(), 0, 0, ""),
        "what " + (chart ? "chart" : "kustomization") + " `" + directory.directory() + "` renders",
        String.valueOf(problem.getMessage()));
  }

  /** The files in which sources that were rendered are written, by the sources' names. */
  Map<String, String> rendered() {
    return Map.copyOf(rendered);
  }
}
