package dev.postern.fabric8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.testing.Origins;
import dev.postern.testing.shape.Shape;
import dev.postern.testing.text.ManifestText;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The reader gives back what was written, but for the places where it stands. */
class ReadBackTest {

  private static final ObjectMapper MAPPER = JsonMapper.shared();

  /** Fabric8's class of each kind that has one; the ordered policies are generic resources to it. */
  private static final Map<String, Class<? extends KubernetesResource>> CLASSES = Map.of(
      "Namespace", Namespace.class,
      "Node", Node.class,
      "Pod", Pod.class,
      "Deployment", Deployment.class,
      "StatefulSet", StatefulSet.class,
      "DaemonSet", DaemonSet.class,
      "ReplicaSet", ReplicaSet.class,
      "Service", Service.class,
      "Ingress", Ingress.class,
      "NetworkPolicy", NetworkPolicy.class);

  @Property(tries = 1000)
  void aClusterWrittenAsYamlIsReadBackEqual(@ForAll Cluster cluster) {
    assertReadBack(cluster, Source.text("cluster.yaml", ManifestText.yaml(cluster)));
  }

  @Property(tries = 500)
  void aClusterWrittenAsJsonIsReadBackEqual(@ForAll Cluster cluster) {
    assertReadBack(cluster, Source.text("cluster.json", ManifestText.json(cluster)));
  }

  @Property(tries = 500)
  void aClusterOfFabric8ObjectsIsReadBackEqual(@ForAll Cluster cluster) {
    List<KubernetesResource> objects = new ArrayList<>();
    for (JsonNode item : MAPPER.readTree(ManifestText.json(cluster)).get("items")) {
      objects.add(MAPPER.treeToValue(
          item,
          CLASSES.getOrDefault(item.get("kind").asString(), GenericKubernetesResource.class)));
    }
    assertReadBack(cluster, Fabric8.read(objects, ReadOptions.DEFAULT));
  }

  @ParameterizedTest
  @EnumSource
  void aShapeIsReadBackEqual(Shape shape) {
    Cluster cluster = shape.cluster(1, 0.01);
    assertReadBack(cluster, Source.text("shape.yaml", ManifestText.yaml(cluster)));
  }

  private static void assertReadBack(Cluster written, Source source) {
    assertReadBack(written, Manifests.read(source));
  }

  private static void assertReadBack(Cluster written, Loaded loaded) {
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    Cluster read = Origins.erase(loaded.cluster());
    // Part by part, for messages that a person can read.
    assertThat(read.namespaces()).isEqualTo(written.namespaces());
    assertThat(read.nodes()).isEqualTo(written.nodes());
    assertThat(read.workloads()).isEqualTo(written.workloads());
    assertThat(read.services()).isEqualTo(written.services());
    assertThat(read.entrances()).isEqualTo(written.entrances());
    for (int i = 0; i < Math.min(read.policies().size(), written.policies().size()); i++) {
      assertThat(read.policies().get(i))
          .usingRecursiveComparison()
          .isEqualTo(written.policies().get(i));
    }
    assertThat(read).isEqualTo(Origins.erase(written));
  }
}
