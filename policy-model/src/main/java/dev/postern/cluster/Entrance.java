package dev.postern.cluster;

import dev.postern.diagnostic.Origin;
import java.util.List;
import java.util.OptionalInt;

/**
 * A way in from outside through a controller: an Ingress, a Gateway API route or an OpenShift Route.
 *
 * @param kind the manifest's kind
 * @param namespace its namespace
 * @param name its name
 * @param hosts the host names it serves; empty for all
 * @param backends the Services it leads to
 * @param origin where it was written
 */
public record Entrance(
    String kind,
    String namespace,
    String name,
    List<String> hosts,
    List<BackendReference> backends,
    Origin origin) {

  /**
   * A Service that an entrance leads to.
   *
   * @param namespace the Service's namespace
   * @param service the Service's name
   * @param port its port by number, if given so
   * @param portName its port by name; empty if given by number or not at all
   */
  public record BackendReference(
      String namespace, String service, OptionalInt port, String portName) {}

  public Entrance {
    hosts = List.copyOf(hosts);
    backends = List.copyOf(backends);
  }
}
