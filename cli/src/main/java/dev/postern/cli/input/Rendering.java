package dev.postern.cli.input;

import dev.postern.cli.console.UserError;
import dev.postern.manifest.PassedOver.Renderer;
import dev.postern.manifest.PassedOver.Unrendered;
import dev.postern.manifest.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Renders charts and kustomizations with the user's own tools. */
final class Rendering {

  /** What Helm writes above each object: the chart's name, and the file inside the chart. */
  private static final Pattern ORIGIN = Pattern.compile("# Source: [^/]+/(.+)");

  private static final byte[] NOTHING = new byte[0];

  private final Map<String, String> environment;
  private final Optional<String> namespace;

  Rendering(Map<String, String> environment, Optional<String> namespace) {
    this.environment = environment;
    this.namespace = namespace;
  }

  /**
   * Rendered text, and where it was written.
   *
   * @param source the text; its name is the file's, and says that it is rendered
   * @param file the file that a finding in it is to point to
   */
  record Rendered(Source source, String file) {}

  /**
   * What a directory becomes.
   *
   * @throws UserError if the tool is not there
   * @throws Program.Failed if the tool cannot render it
   */
  List<Rendered> render(Unrendered directory) throws Program.Failed {
    Path path = Path.of(directory.directory());
    return directory.renderer() == Renderer.HELM ? helm(path) : kustomize(path);
  }

  private List<Rendered> helm(Path chart) throws Program.Failed {
    Program helm = Program.find("helm", environment)
        .orElseThrow(() -> missing(chart, "chart", "no `helm`", "helm template"));
    List<String> arguments = new ArrayList<>(List.of("template", "release", ".", "--include-crds"));
    namespace.ifPresent(name -> arguments.addAll(List.of("--namespace", name)));
    String text = text(helm.output(directory(chart), NOTHING, arguments));
    Map<String, StringBuilder> byFile = new LinkedHashMap<>();
    String file = chart.resolve("Chart.yaml").toString();
    List<String> waiting = new ArrayList<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      Matcher origin = ORIGIN.matcher(line);
      if (line.equals("---")) {
        waiting.add(line);
        continue;
      }
      if (origin.matches()) {
        file = chart.resolve(origin.group(1)).toString();
      }
      StringBuilder content = byFile.computeIfAbsent(file, name -> new StringBuilder());
      waiting.forEach(each -> content.append(each).append('\n'));
      waiting.clear();
      content.append(line).append('\n');
    }
    return byFile.entrySet().stream()
        .map(each -> rendered(each.getKey(), each.getValue().toString()))
        .toList();
  }

  private List<Rendered> kustomize(Path kustomization) throws Program.Failed {
    Optional<Program> kustomize = Program.find("kustomize", environment);
    String text = kustomize.isPresent()
        ? text(kustomize.get().output(directory(kustomization), NOTHING, List.of("build", ".")))
        : text(Program.find("kubectl", environment)
            .orElseThrow(() -> missing(
                kustomization,
                "kustomization",
                "neither `kustomize` nor `kubectl`",
                "kustomize build"))
            .output(directory(kustomization), NOTHING, List.of("kustomize", ".")));
    return List.of(rendered(kustomization.resolve("kustomization.yaml").toString(), text));
  }

  private static Rendered rendered(String file, String text) {
    return new Rendered(Source.text(file + " (rendered)", text), file);
  }

  private static Path directory(Path path) {
    return path.toString().isEmpty() ? Path.of(".") : path;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static UserError missing(Path directory, String what, String program, String command) {
    return new UserError("postern: error: cannot render " + what + " " + directory + ": there is "
        + program
        + " on the PATH (hint: install it, or pipe: " + command + " " + directory
        + " | postern … -f -)");
  }
}
