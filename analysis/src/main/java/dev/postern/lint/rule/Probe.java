package dev.postern.lint.rule;

import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Written;
import dev.postern.net.PortSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A probe that the kubelet makes over the network.
 *
 * @param kind {@code livenessProbe}, {@code readinessProbe} or {@code startupProbe}
 * @param number its port, if given by number
 * @param name its port, if given by name; else empty
 * @param origin where it is written
 */
record Probe(String kind, OptionalInt number, String name, Origin origin) {

  /** The probes of a pod or a pod template. */
  static List<Probe> of(Written pod) {
    List<Probe> probes = new ArrayList<>();
    pod.field("spec")
        .ifPresent(spec -> spec.items("containers").forEach(container -> {
          for (String kind : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            Optional<Written> written = container.field(kind);
            if (written.isEmpty()) {
              continue;
            }
            for (String way : List.of("httpGet", "tcpSocket", "grpc")) {
              written.get().field(way).ifPresent(probe -> {
                OptionalInt number = probe.number("port");
                boolean valid = number.isPresent()
                    && number.getAsInt() >= PortSet.MIN
                    && number.getAsInt() <= PortSet.MAX;
                probes.add(new Probe(
                    kind,
                    valid ? number : OptionalInt.empty(),
                    number.isPresent() ? "" : probe.text("port").orElse(""),
                    probe.origin()));
              });
            }
          }
        }));
    return probes;
  }
}
