package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import java.util.List;
import org.junit.jupiter.api.Test;

/** User-defined primary networks keep their namespaces apart from all others. */
class PrimaryNetworksTest {

  private static final String RED_NETWORK =
      "apiVersion: k8s.ovn.org/v1\nkind: UserDefinedNetwork\nmetadata: {name: net, namespace: red}\nspec: {topology: Layer2, layer2: {role: ROLE, subnets: [10.100.0.0/16]}}\n";

  private static final String BLUE_NETWORK =
      "apiVersion: k8s.ovn.org/v1\nkind: ClusterUserDefinedNetwork\nmetadata: {name: blue}\nspec: {namespaceSelector: {matchLabels: {color: blue}}, network: {topology: Layer3, layer3: {role: Primary}}}\n";

  private static String namespace(String name, String labels) {
    return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels
        + "}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "-pod, namespace: "
        + name + "}\nspec: {containers: []}\n";
  }

  private static Cluster cluster(String... networks) {
    String on = "k8s.ovn.org/primary-user-defined-network: ''";
    String text = String.join(
        "---\n",
        namespace("red", on),
        namespace("blue1", "color: blue, " + on),
        namespace("blue2", "color: blue, " + on),
        namespace("pale", "color: blue"),
        namespace("plain", ""),
        namespace("kube-system", ""),
        String.join("---\n", networks));
    return Manifests.read(Source.text("x.yaml", text)).cluster();
  }

  private static String ask(Cluster cluster, String from, String to) {
    Answer answer = Analysis.of(cluster, Options.DEFAULT)
        .ask("can " + from + "-pod reach " + to + "-pod on 80");
    return answer.verdict().name().toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void podsOfDifferentPrimaryNetworksDoNotReachEachOther() {
    Cluster cluster = cluster(RED_NETWORK.replace("ROLE", "Primary"), BLUE_NETWORK);
    for (List<String> pair : List.of(
        List.of("red", "blue1"),
        List.of("blue1", "red"),
        List.of("red", "plain"),
        List.of("plain", "red"),
        List.of("plain", "blue2"),
        List.of("blue2", "pale"))) {
      assertThat(ask(cluster, pair.get(0), pair.get(1))).as("%s", pair).isEqualTo("denied");
    }
    // Without the label that OVN-Kubernetes asks for, a namespace stays on the default network.
    assertThat(ask(cluster, "blue1", "blue2")).isEqualTo("allowed");
    assertThat(ask(cluster, "pale", "plain")).isEqualTo("allowed");
  }

  @Test
  void nameServersMayBeReachedFromEveryNetwork() {
    Cluster cluster = cluster(RED_NETWORK.replace("ROLE", "Primary"));
    assertThat(ask(cluster, "red", "kube-system")).isEqualTo("unknown");
    assertThat(ask(cluster, "kube-system", "red")).isEqualTo("denied");
  }

  @Test
  void theAnswerSaysThatNetworksDecide() {
    Cluster cluster = cluster(RED_NETWORK.replace("ROLE", "Primary"));
    assertThat(Analysis.of(cluster, Options.DEFAULT)
            .ask("can red-pod reach plain-pod on 80")
            .notes())
        .anyMatch(note -> note.contains("1 UserDefinedNetwork"));
  }

  @Test
  void aSecondaryNetworkChangesNothing() {
    Cluster cluster = cluster(RED_NETWORK.replace("ROLE", "Secondary"));
    assertThat(cluster.unread()).isEmpty();
    assertThat(ask(cluster, "red", "plain")).isEqualTo("allowed");
  }

  @Test
  void networksThatAreJoinedInAWayThatIsNotReadAreUnknown() {
    Cluster cluster = cluster(
        RED_NETWORK.replace("ROLE", "Primary"),
        "apiVersion: k8s.ovn.org/v1\nkind: ClusterNetworkConnect\nmetadata: {name: join}\nspec: {}\n");
    assertThat(ask(cluster, "red", "plain")).isEqualTo("unknown");
  }

  @Test
  void aNamespaceThatNoManifestDeclaresMayBeOnANetwork() {
    String text = String.join(
        "---\n",
        namespace("plain", ""),
        RED_NETWORK.replace("ROLE", "Primary"),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: red-pod, namespace: red}\nspec: {containers: []}\n");
    Cluster cluster = Manifests.read(Source.text("x.yaml", text)).cluster();
    assertThat(ask(cluster, "red", "plain")).isEqualTo("unknown");
  }
}
