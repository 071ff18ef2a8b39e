package dev.postern.fabric8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Code;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Ports;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Fabric8Test {

  private static NetworkPolicyBuilder policy() {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName("p")
        .withNamespace("shop")
        .endMetadata();
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("shop")
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("c")
        .addNewPort()
        .withName("http")
        .withContainerPort(8080)
        .endPort()
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP("10.0.0.7")
        .endStatus()
        .build();
  }

  @Test
  void typedObjectsAndListsOfThemBecomeACluster() {
    NetworkPolicy policy = policy()
        .withNewSpec()
        .withNewPodSelector()
        .endPodSelector()
        .addNewIngress()
        .addNewPort()
        .withPort(new IntOrString("http"))
        .endPort()
        .endIngress()
        .endSpec()
        .build();
    Cluster cluster =
        Fabric8.cluster(policy, new PodListBuilder().withItems(pod("a")).build(), pod("b"));
    assertThat(cluster.policies()).hasSize(1);
    Policy read = cluster.policies().get(0);
    assertThat(read.isolates()).containsExactly(Direction.INGRESS);
    assertThat(read.ingress().get(0).peers()).isEqualTo(Peers.EVERYONE);
    assertThat(((Ports.AnyOf) read.ingress().get(0).ports()).matches())
        .hasSize(1)
        .first()
        .isInstanceOf(Ports.Named.class);
    assertThat(cluster.workloads()).extracting(w -> w.id()).containsExactly("shop/a", "shop/b");
    assertThat(cluster.workloads().get(0).pods().get(0).addresses()).hasToString("[10.0.0.7]");
  }

  @Test
  void kindsWithoutAClassComeAsGenericResources() {
    GenericKubernetesResource admin = new GenericKubernetesResource();
    admin.setApiVersion("policy.networking.k8s.io/v1alpha1");
    admin.setKind("AdminNetworkPolicy");
    admin.setMetadata(new ObjectMetaBuilder().withName("a").build());
    admin.setAdditionalProperty(
        "spec",
        Map.of(
            "priority", 5,
            "subject", Map.of("namespaces", Map.of()),
            "ingress",
                List.of(
                    Map.of("action", "Deny", "from", List.of(Map.of("namespaces", Map.of()))))));
    Policy read = Fabric8.cluster(admin).policies().get(0);
    assertThat(read.kind()).isEqualTo(PolicyKind.ADMIN_NETWORK_POLICY);
    assertThat(read.priority()).isEqualTo(5);
  }

  @Test
  void theyAreJudgedAsStrictlyAsText() {
    NetworkPolicy wrong = policy()
        .withNewSpec()
        .withNewPodSelector()
        .addToAdditionalProperties("role", "app")
        .endPodSelector()
        .endSpec()
        .build();
    Loaded loaded = Fabric8.read(List.of(wrong, pod("a")), ReadOptions.DEFAULT);
    assertThat(loaded.diagnostics()).hasSize(1);
    assertThat(loaded.diagnostics().get(0).code()).isEqualTo(Code.UNKNOWN_FIELD);
    assertThat(loaded.diagnostics().get(0).origin().file()).isEqualTo("NetworkPolicy shop/p #1");
    assertThat(loaded.diagnostics().get(0).hint())
        .isEqualTo("did you mean `matchLabels: {role: app}`?");
    assertThat(loaded.explain(loaded.diagnostics().get(0))).contains("\"role\" : \"app\"");
    assertThat(loaded.cluster().workloads()).hasSize(1);
    assertThatThrownBy(() -> Fabric8.cluster(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown field `role`");
  }
}
