package dev.postern.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cluster of {@code inventory.yaml} with a test's manifests in it, and questions to the definition. Ends are written as
 * {@code shop/web} (a pod, by its IPv4 address if it has one), {@code shop/web v6}, {@code ops/batch} (a template), {@code 8.8.8.8},
 * {@code name:example.com} or {@code ingress-controller}; traffic as {@code tcp/80} or {@code icmp}.
 */
record Scene(Cluster cluster, Options options) {

  private static final String INVENTORY = inventory();

  /** The inventory with these manifests, which must be free of errors. */
  static Scene of(String... manifests) {
    return bare(
        Stream.concat(Stream.of(INVENTORY), Arrays.stream(manifests)).toArray(String[]::new));
  }

  /** These manifests alone, which must be free of errors. */
  static Scene bare(String... manifests) {
    Loaded loaded = read(manifests);
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    return new Scene(loaded.cluster(), Options.DEFAULT);
  }

  /** The errors of a manifest. */
  static List<String> errors(String manifest) {
    return read(manifest).diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::toString)
        .toList();
  }

  private static Loaded read(String... manifests) {
    return Manifests.read(
        Source.text("test.yaml", Arrays.stream(manifests).collect(Collectors.joining("\n---\n"))));
  }

  Scene with(Options others) {
    return new Scene(cluster, others);
  }

  FlowVerdict ask(String from, String to, String traffic) {
    return judge(from, to, traffic).verdict();
  }

  Judgement judge(String from, String to, String traffic) {
    int slash = traffic.indexOf('/');
    Flow flow = slash < 0
        ? new Flow(end(from), end(to), Protocol.OTHER, 0)
        : new Flow(
            end(from),
            end(to),
            Protocol.valueOf(traffic.substring(0, slash).toUpperCase(Locale.ROOT)),
            Integer.parseInt(traffic.substring(slash + 1)));
    return new Reference(cluster, options).judge(flow);
  }

  private End end(String text) {
    if (text.equals("ingress-controller")) {
      return new End.IngressController();
    }
    if (text.startsWith("name:")) {
      return new End.DomainName(text.substring("name:".length()));
    }
    if (!text.contains("/")) {
      return new End.Outside(Address.parse(text));
    }
    boolean v6 = text.endsWith(" v6");
    return inside(v6 ? text.substring(0, text.length() - 3) : text, v6 ? Family.IPV6 : Family.IPV4);
  }

  private End inside(String id, Family family) {
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (id.equals(workload.namespace() + "/" + pod.name())) {
          Optional<Address> address =
              pod.addresses().stream().filter(a -> a.family() == family).findFirst();
          return new End.InPod(workload, Optional.of(pod), address);
        }
      }
      if (id.equals(workload.id()) && workload.pods().isEmpty()) {
        return End.InPod.template(workload);
      }
    }
    throw new IllegalArgumentException("no pod and no template " + id);
  }

  /** A NetworkPolicy with this {@code spec}. */
  static String networkPolicy(String id, String spec) {
    String[] parts = id.split("/");
    return manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "{namespace: " + parts[0] + ", name: " + parts[1] + "}",
        spec);
  }

  static String adminNetworkPolicy(String name, String spec) {
    return manifest(
        "policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "{name: " + name + "}", spec);
  }

  static String baselineAdminNetworkPolicy(String spec) {
    return manifest(
        "policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", "{name: default}", spec);
  }

  static String clusterNetworkPolicy(String name, String spec) {
    return manifest(
        "policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", "{name: " + name + "}", spec);
  }

  private static String manifest(String apiVersion, String kind, String metadata, String spec) {
    return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: " + metadata + "\nspec:\n"
        + spec.indent(2);
  }

  private static String inventory() {
    try (InputStream stream = Scene.class.getResourceAsStream("inventory.yaml")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
