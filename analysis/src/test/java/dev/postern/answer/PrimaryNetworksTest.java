package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.testing.Probes;
import dev.postern.testing.text.ManifestText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** User-defined primary networks keep their namespaces apart from all others. */
class PrimaryNetworksTest {

  private static final String RED_NETWORK =
      "apiVersion: k8s.ovn.org/v1\nkind: UserDefinedNetwork\nmetadata: {name: net, namespace: red}\nspec: {topology: Layer2, layer2: {role: ROLE, subnets: [10.100.0.0/16]}}\n";

  private static final String BLUE_NETWORK =
      "apiVersion: k8s.ovn.org/v1\nkind: ClusterUserDefinedNetwork\nmetadata: {name: blue}\nspec: {namespaceSelector: {matchLabels: {color: blue}}, network: {topology: Layer3, layer3: {role: Primary}}}\n";

  private static final String LABEL = "k8s.ovn.org/primary-user-defined-network";

  private static final String OWN_NETWORK =
      "apiVersion: k8s.ovn.org/v1\nkind: UserDefinedNetwork\nmetadata: {name: net, namespace: NAME}\nspec: {topology: Layer2, layer2: {role: Primary}}\n";

  private static final String SHARED_NETWORK =
      "apiVersion: k8s.ovn.org/v1\nkind: ClusterUserDefinedNetwork\nmetadata: {name: shared}\nspec: {namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [NAMES]}]}, network: {topology: Layer3, layer3: {role: Primary}}}\n";

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

  private static Cluster read(String text) {
    return Undetermined.in(Manifests.read(Source.text("random.yaml", text)).cluster());
  }

  /** Random namespaces get a network of their own, share one, or stay on the default one: without a network, or without the label. */
  @Property(tries = 150)
  void betweenPodsOfOneNetworkPoliciesDecideAsWithoutNetworks(
      @ForAll Cluster cluster, @ForAll Random random) {
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    Map<String, String> networks = new HashMap<>();
    List<String> shared = new ArrayList<>();
    StringBuilder objects = new StringBuilder();
    for (Namespace namespace : cluster.namespaces().values()) {
      String name = namespace.name();
      boolean labelled = namespace.declared() && random.nextInt(3) > 0;
      namespaces.put(
          name,
          labelled
              ? new Namespace(name, namespace.labels().with(LABEL, ""), true, namespace.origin())
              : namespace);
      switch (random.nextInt(3)) {
        case 0 -> {
          objects.append("---\n").append(OWN_NETWORK.replace("NAME", name));
          networks.put(name, labelled ? name : "");
        }
        case 1 -> {
          shared.add(name);
          networks.put(name, labelled ? "(shared)" : "");
        }
        default -> networks.put(name, "");
      }
    }
    if (!shared.isEmpty()) {
      objects.append("---\n").append(SHARED_NETWORK.replace("NAMES", String.join(", ", shared)));
    }
    String manifests = ManifestText.yaml(new Cluster(
        namespaces,
        cluster.workloads(),
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies()));
    Plan without = Plan.of(read(manifests));
    Plan with = Plan.of(read(manifests + objects));
    Reference definition = new Reference(with.cluster(), with.options());
    List<End.InPod> before = without.classes().endpoints();
    List<End.InPod> after = with.classes().endpoints();
    Probes probes = Probes.of(cluster, random);
    for (int i = 0; i < 80 && !after.isEmpty(); i++) {
      int from = random.nextInt(after.size());
      int to = random.nextInt(after.size());
      Workload source = after.get(from).workload();
      Workload destination = after.get(to).workload();
      if (source.hostNetwork()
          || destination.hostNetwork()
          || !with.cluster().namespace(source.namespace()).declared()
          || !with.cluster().namespace(destination.namespace()).declared()) {
        continue;
      }
      int port = probes.port(random);
      Flow flow = new Flow(after.get(from), after.get(to), Protocol.TCP, port);
      boolean one = networks.get(source.namespace()).equals(networks.get(destination.namespace()));
      FlowVerdict expected = one
          ? Reachability.of(without)
              .verdict(new Flow(before.get(from), before.get(to), Protocol.TCP, port))
          : FlowVerdict.DENIED;
      assertThat(definition.judge(flow).verdict()).as("%s", flow).isEqualTo(expected);
      assertThat(Reachability.of(with).verdict(flow)).as("%s", flow).isEqualTo(expected);
      Statistics.label(one ? "one network" : "different networks").collect(expected);
    }
  }
}
