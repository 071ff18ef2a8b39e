package dev.postern.cli.live;

import dev.postern.cli.console.UserError;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Finds the server and the credentials, in the places where kubectl looks. Of several files in {@code KUBECONFIG} each is taken as a whole:
 * the first that names the context counts.
 */
final class Kubeconfig {

  private Kubeconfig() {}

  static Config find(
      Optional<Path> file, Optional<String> context, Map<String, String> environment) {
    List<Path> candidates = file.map(List::of).orElseGet(() -> usualPlaces(environment));
    Map<Path, NamedContexts> files = new LinkedHashMap<>();
    candidates.stream()
        .filter(Files::isRegularFile)
        .forEach(each -> files.put(each, contexts(each)));
    if (files.isEmpty()) {
      throw new UserError("postern: error: no kubeconfig at " + join(candidates)
          + " (hint: name one with --kubeconfig)");
    }
    for (Map.Entry<Path, NamedContexts> each : files.entrySet()) {
      String chosen = context.orElse(each.getValue().current());
      if (each.getValue().names().contains(chosen)) {
        return Config.fromKubeconfig(chosen, each.getKey().toFile());
      }
    }
    String known = String.join(
        ", ", files.values().stream().flatMap(each -> each.names().stream()).toList());
    throw new UserError(join(files.keySet()) + ": error: "
        + context.map(name -> "no context `" + name + "`").orElse("no current-context is set")
        + " (hint: choose one with --context: " + (known.isEmpty() ? "there is none" : known)
        + ")");
  }

  private record NamedContexts(List<String> names, String current) {}

  private static NamedContexts contexts(Path file) {
    try {
      var content = Serialization.unmarshal(
          Files.readString(file), io.fabric8.kubernetes.api.model.Config.class);
      if (content == null) {
        throw new UserError(file + ": error: this is no kubeconfig: it is empty");
      }
      return new NamedContexts(
          content.getContexts().stream().map(NamedContext::getName).toList(),
          content.getCurrentContext() == null ? "" : content.getCurrentContext());
    } catch (IOException problem) {
      throw new UserError(file + ": error: cannot read it: " + problem.getMessage());
    } catch (IllegalArgumentException | KubernetesClientException | YamlEngineException problem) {
      throw new UserError(file + ": error: this is no kubeconfig: " + Failure.reason(problem));
    }
  }

  private static List<Path> usualPlaces(Map<String, String> environment) {
    String listed = environment.getOrDefault("KUBECONFIG", "");
    if (!listed.isBlank()) {
      return Arrays.stream(listed.split(File.pathSeparator))
          .filter(each -> !each.isBlank())
          .map(Path::of)
          .toList();
    }
    return List.of(Path.of(
        environment.getOrDefault("HOME", System.getProperty("user.home")), ".kube", "config"));
  }

  private static String join(Collection<Path> files) {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }
}
