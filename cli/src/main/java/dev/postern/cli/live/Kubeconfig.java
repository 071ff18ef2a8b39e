package dev.postern.cli.live;

import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Finds the server and the credentials, in the places where kubectl looks. Of several files in {@code KUBECONFIG} each is taken as a whole:
 * the first that names the context counts.
 */
final class Kubeconfig {

  private Kubeconfig() {}

  /**
   * A server and the credentials for it.
   *
   * @param file where they are written
   */
  record Access(Path file, Config config) {}

  /**
   * Finds the file and the context, and everything that the context names.
   *
   * @throws UserError if something is not there or cannot be used
   */
  static Access find(
      Optional<Path> file, Optional<String> context, Map<String, String> environment) {
    List<Path> candidates = file.map(List::of).orElseGet(() -> usualPlaces(environment));
    Map<Path, io.fabric8.kubernetes.api.model.Config> files = new LinkedHashMap<>();
    candidates.stream()
        .filter(Files::isRegularFile)
        .forEach(each -> files.put(each, content(each)));
    if (files.isEmpty()) {
      throw new UserError("postern: error: no kubeconfig at " + join(candidates)
          + " (hint: name one with --kubeconfig)");
    }
    for (Map.Entry<Path, io.fabric8.kubernetes.api.model.Config> each : files.entrySet()) {
      String current = each.getValue().getCurrentContext();
      String chosen = context.orElse(current == null ? "" : current);
      Optional<NamedContext> found =
          contexts(each.getValue()).filter(one -> chosen.equals(one.getName())).findFirst();
      if (found.isPresent()) {
        return new Access(
            each.getKey(), config(each.getKey(), each.getValue(), found.get(), environment));
      }
    }
    String known = String.join(
        ", ",
        files.values().stream()
            .flatMap(Kubeconfig::contexts)
            .map(NamedContext::getName)
            .toList());
    throw new UserError(join(files.keySet()) + ": error: "
        + context.map(name -> "no context `" + name + "`").orElse("no current-context is set")
        + " (hint: choose one with --context: " + (known.isEmpty() ? "there is none" : known)
        + ")");
  }

  private static Stream<NamedContext> contexts(io.fabric8.kubernetes.api.model.Config content) {
    return content.getContexts().stream()
        .filter(each -> each != null && each.getName() != null && each.getContext() != null);
  }

  private static Config config(
      Path file,
      io.fabric8.kubernetes.api.model.Config content,
      NamedContext context,
      Map<String, String> environment) {
    String cluster = context.getContext().getCluster();
    String user = context.getContext().getUser();
    Cluster server = content.getClusters().stream()
        .filter(each -> each != null && each.getName() != null && each.getName().equals(cluster))
        .findFirst()
        .map(NamedCluster::getCluster)
        .orElseThrow(() -> missing(file, context, "cluster", cluster));
    Optional<AuthInfo> credentials = user == null || user.isEmpty()
        ? Optional.empty()
        : Optional.of(content.getUsers().stream()
            .filter(
                each -> each != null && each.getName() != null && each.getName().equals(user))
            .findFirst()
            .map(NamedAuthInfo::getUser)
            .orElseThrow(() -> missing(file, context, "user", user)));
    Credentials completing = new Credentials(file, environment);
    Cluster usable = completing.usable(cluster, server);
    AuthInfo complete =
        completing.complete(user == null ? "" : user, credentials.orElseGet(AuthInfo::new), usable);
    // Only what was checked; Fabric8 would ask the plugin again, and pass over its failure.
    io.fabric8.kubernetes.api.model.Config checked =
        new io.fabric8.kubernetes.api.model.ConfigBuilder()
            .withApiVersion("v1")
            .withKind("Config")
            .withCurrentContext("it")
            .addNewCluster()
            .withName("it")
            .withCluster(usable)
            .endCluster()
            .addNewUser()
            .withName("it")
            .withUser(complete)
            .endUser()
            .addNewContext()
            .withName("it")
            .withNewContext()
            .withCluster("it")
            .withUser("it")
            .endContext()
            .endContext()
            .build();
    try {
      return Config.fromKubeconfig(Serialization.asYaml(checked));
    } catch (IllegalArgumentException | KubernetesClientException problem) {
      throw new UserError(file + ": error: the server or the credentials cannot be used: "
          + Failure.reason(problem));
    }
  }

  private static UserError missing(
      Path file, NamedContext context, String what, @Nullable String name) {
    return new UserError(file + ": error: context `" + context.getName() + "` "
        + (name == null || name.isEmpty()
            ? "names no " + what
            : "names the " + what + " `" + name + "`, which is not there"));
  }

  private static io.fabric8.kubernetes.api.model.Config content(Path file) {
    try {
      var content = Serialization.unmarshal(
          InputBound.WRITTEN.text(file), io.fabric8.kubernetes.api.model.Config.class);
      if (content == null) {
        throw new UserError(file + ": error: this is no kubeconfig: it is empty");
      }
      return content;
    } catch (StackOverflowError deep) {
      // The YAML library descends by calling itself.
      throw new UserError(file + ": error: this is no kubeconfig: it nests too deep");
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
