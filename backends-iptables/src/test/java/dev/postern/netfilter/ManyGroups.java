package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.util.List;
import java.util.function.IntFunction;

/** Clusters in which each pod has a policy of its own, so that each is a group in both directions. */
final class ManyGroups {

  private ManyGroups() {}

  /** Pods with addresses side by side in both families; the first lets each other pod come to a port of its own. */
  static Cluster sideBySide(int pods) {
    return of(
        pods,
        i -> "10." + (i >> 14) + "." + (i >> 6 & 255) + "." + ((i & 63) + 1),
        i -> "fd00::" + Integer.toHexString(i + 1));
  }

  /** Pods whose addresses have each one bit: no two prefixes hold half of them. At most 96. */
  static Cluster farApart(int pods) {
    return of(
        pods,
        i -> "10.0.0." + (i + 1),
        i -> "fd00::"
            + (i < 16
                ? Integer.toHexString(1 << i)
                : Integer.toHexString(1 << i % 16) + ":0".repeat(i / 16)));
  }

  private static Cluster of(int pods, IntFunction<String> four, IntFunction<String> six) {
    StringBuilder text = new StringBuilder("""
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: one}, status: {addresses: [
          {type: InternalIP, address: 172.16.0.1}, {type: InternalIP, address: 'fd99::1'}]}}
        """);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < pods; i++) {
      all.append("{from: [{podSelector: {matchLabels: {app: a")
          .append(i)
          .append("}}}], ports: [{port: ")
          .append(1000 + i)
          .append("}]},");
      String from = i > 0
          ? "{from: [{podSelector: {matchLabels: {app: a" + (i - 1) + "}}}], ports: [{port: "
              + (1000 + i) + "}]}"
          : "ALL";
      text.append("""
          ---
          {apiVersion: v1, kind: Pod, metadata: {name: p%1$d, namespace: shop, labels: {app: a%1$d}},
           spec: {nodeName: one, containers: [{name: c, image: i}]},
           status: {phase: Running, podIP: %2$s, podIPs: [{ip: %2$s}, {ip: '%3$s'}]}}
          ---
          {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p%1$d, namespace: shop},
           spec: {podSelector: {matchLabels: {app: a%1$d}}, policyTypes: [Ingress, Egress], ingress: [%4$s],
            egress: [{to: [{podSelector: {}}], ports: [{port: %5$d}]}]}}
          """.formatted(i, four.apply(i), six.apply(i), from, 2000 + i));
    }
    String whole = text.toString().replace("ALL", all);
    Loaded loaded =
        Manifests.read(List.of(Source.text("cluster.yaml", whole)), ReadOptions.DEFAULT);
    assertThat(loaded.hasErrors()).as("%s", loaded.diagnostics()).isFalse();
    return loaded.cluster();
  }
}
