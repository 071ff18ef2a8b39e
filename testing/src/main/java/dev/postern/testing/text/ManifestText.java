package dev.postern.testing.text;

import dev.postern.cluster.Cluster;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster as manifests: namespaces, nodes, workloads with their pods, services, ways in, policies. */
public final class ManifestText {

  private ManifestText() {}

  /**
   * Several YAML documents.
   *
   * @throws IllegalArgumentException if no manifest can say what a policy holds
   */
  public static String yaml(Cluster cluster) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> document : documents(cluster)) {
      text.append(text.isEmpty() ? "" : "---\n");
      YamlText.write(document, text);
    }
    return text.toString();
  }

  /**
   * One JSON document of kind List, as {@code kubectl get -o json} prints it.
   *
   * @throws IllegalArgumentException if no manifest can say what a policy holds
   */
  public static String json(Cluster cluster) {
    StringBuilder text = new StringBuilder();
    JsonText.write(Tree.map("apiVersion", "v1", "kind", "List", "items", documents(cluster)), text);
    return text.append('\n').toString();
  }

  /**
   * One policy as a YAML document.
   *
   * @throws IllegalArgumentException if no manifest can say what it holds
   */
  public static String yaml(Policy policy) {
    StringBuilder text = new StringBuilder();
    YamlText.write(PolicyDocuments.of(policy), text);
    return text.toString();
  }

  private static List<Map<String, Object>> documents(Cluster cluster) {

    List<Map<String, Object>> documents = new ArrayList<>(InventoryDocuments.of(cluster));
    cluster.policies().forEach(policy -> documents.add(PolicyDocuments.of(policy)));
    return documents;
  }
}
