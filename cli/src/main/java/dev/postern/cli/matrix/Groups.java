package dev.postern.cli.matrix;

import dev.postern.reach.Endpoint;
import dev.postern.wording.ReachWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Endpoints by namespace, as pictures show them. */
final class Groups {

  private Groups() {}

  /** By namespace in order; what is outside under the empty name. */
  static Map<String, List<Endpoint>> of(List<Endpoint> endpoints) {
    Map<String, List<Endpoint>> groups = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      String namespace =
          endpoint instanceof Endpoint.Pods pods ? pods.workload().namespace() : "";
      groups.computeIfAbsent(namespace, n -> new ArrayList<>()).add(endpoint);
    }
    return groups;
  }

  /** The name without its namespace. */
  static String shortName(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Pods pods
        ? endpoint.id().substring(pods.workload().namespace().length() + 1)
        : ReachWords.of(endpoint);
  }
}
