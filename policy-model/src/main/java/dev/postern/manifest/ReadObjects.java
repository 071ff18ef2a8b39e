package dev.postern.manifest;

import dev.postern.diagnostic.Diagnostic;
import java.util.List;

/**
 * Objects as they were read, one by one.
 *
 * @param objects all, also those of which nothing is known but that they are there
 * @param diagnostics everything that is wrong with them
 */
public record ReadObjects(List<ClusterObject> objects, List<Diagnostic> diagnostics) {
  public ReadObjects {
    objects = List.copyOf(objects);
    diagnostics = List.copyOf(diagnostics);
  }
}
