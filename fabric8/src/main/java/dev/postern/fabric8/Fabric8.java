package dev.postern.fabric8;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadObjects;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The embedding API: {@code Fabric8.cluster(client.network().networkPolicies().list(), client.pods().list(), …)}.
 *
 * <p>Kinds for which Fabric8 has no class (AdminNetworkPolicy and its siblings) come as {@code GenericKubernetesResource}. What Fabric8
 * itself lost when it parsed a text cannot be seen any more: for text, use {@link Manifests}.
 */
public final class Fabric8 {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Fabric8() {}

  /**
   * The cluster of these objects and lists of objects.
   *
   * @throws IllegalArgumentException if one has an error; the message lists them all. {@link #read} gives the rest nevertheless
   */
  public static Cluster cluster(KubernetesResource... objects) {
    return cluster(Arrays.asList(objects));
  }

  /**
   * The cluster of these objects and lists of objects.
   *
   * @throws IllegalArgumentException if one has an error
   */
  public static Cluster cluster(Collection<? extends KubernetesResource> objects) {
    Loaded loaded = read(objects, ReadOptions.DEFAULT);
    if (loaded.hasErrors()) {
      throw new IllegalArgumentException(loaded.diagnostics().stream()
          .filter(Diagnostic::isError)
          .map(Diagnostic::toString)
          .collect(Collectors.joining(System.lineSeparator())));
    }
    return loaded.cluster();
  }

  /** Reads objects and lists of objects like manifests. A place in a diagnostic is one in the object's JSON. */
  public static Loaded read(Collection<? extends KubernetesResource> objects, ReadOptions options) {
    return Manifests.read(sources(objects), options);
  }

  /** Reads objects and lists of objects one by one, for a {@link dev.postern.manifest.ClusterState}. */
  public static ReadObjects objects(
      Collection<? extends KubernetesResource> objects, ReadOptions options) {
    return Manifests.objects(sources(objects), options);
  }

  private static List<Source> sources(Collection<? extends KubernetesResource> objects) {
    List<Source> sources = new ArrayList<>(objects.size());
    for (KubernetesResource object : objects) {
      sources.add(Source.text(name(object, sources.size()), json(object)));
    }
    return sources;
  }

  private static String json(KubernetesResource object) {
    try {
      return JSON.writeValueAsString(object);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "an object of " + object.getClass() + " cannot be written as JSON", e);
    }
  }

  /** {@code NetworkPolicy shop/db}, and the object's place among the arguments, so that no two have one name. */
  private static String name(KubernetesResource object, int index) {
    StringBuilder name = new StringBuilder(object.getClass().getSimpleName());
    if (object instanceof HasMetadata item) {
      name = new StringBuilder(String.valueOf(item.getKind()));
      ObjectMeta metadata = item.getMetadata();
      if (metadata != null) {
        name.append(' ');
        if (metadata.getNamespace() != null) {
          name.append(metadata.getNamespace()).append('/');
        }
        name.append(metadata.getName());
      }
    }
    return name.append(" #").append(index + 1).toString();
  }
}
