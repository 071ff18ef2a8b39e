package dev.postern.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.replay.Replay.Fate;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log says of addresses, beside or in place of names. */
class RecordedAddressesTest {

  private static final String SHOP = """
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: placed, namespace: shop, labels: {app: placed}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: bare, namespace: shop, labels: {app: bare}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: shop, labels: {app: agent}}
      spec: {hostNetwork: true, containers: [{name: c, image: i}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: cart, namespace: shop}
      spec:
        selector: {matchLabels: {app: cart}}
        template:
          metadata: {labels: {app: cart}}
          spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16}}, {ipBlock: {cidr: 203.0.113.0/24}}]}]
      """;

  private static final String NODES_BY_LABEL = """
      ---
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: nodes}
      spec:
        tier: Admin
        priority: 5
        subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: bare}}}}
        egress: [{action: Deny, to: [{nodes: {matchLabels: {pool: a}}}]}]
      """;

  private static Replay.ReplayRow row(
      String manifests, Options options, String verdict, String source, String address)
      throws IOException {
    String line = """
        {"flow": {"verdict": "%s", "IP": {"source": "%s", "destination": "10.0.0.2"}, \
        "l4": {"TCP": {"source_port": 40000, "destination_port": 5432}}, "source": %s, \
        "destination": {"namespace": "shop", "pod_name": "db"}, "Type": "L3_L4", "traffic_direction": "INGRESS"}}""".formatted(verdict, address, source);
    Reachability policies = Reachability.of(
        Plan.of(Manifests.read(Source.text("shop.yaml", manifests)).cluster(), options));
    Edges edges = new Edges(policies.plan());
    assertThat(Logs.read(edges, line).problems()).isEmpty();
    return Replay.of(edges, policies).rows().get(0);
  }

  private static final Options BLOCKS = Options.DEFAULT.withIpBlockMatchesPods(true);

  private static String pod(String name) {
    return "{\"namespace\": \"shop\", \"pod_name\": \"" + name + "\", \"workloads\": [{\"name\": \""
        + name.replaceAll("-.*", "") + "\"}]}";
  }

  private static String entity(String label) {
    return "{\"labels\": [\"reserved:" + label + "\"]}";
  }

  @ParameterizedTest
  @CsvSource({
    // Another address than the manifests', one where they have none, and one of a pod that is gone.
    "placed, 10.9.0.7, SAME",
    "placed, 10.0.0.1, BREAKS",
    "placed, 10.0.0.7, BREAKS",
    "bare, 10.9.0.7, SAME",
    "bare, 10.0.0.7, BREAKS",
    "cart-1-a, 10.9.0.7, SAME",
    "cart-1-a, 10.0.0.7, BREAKS"
  })
  void aPodIsJudgedByTheAddressThatTheLogGives(String name, String address, Fate fate)
      throws IOException {
    Replay.ReplayRow row = row(SHOP, BLOCKS, "FORWARDED", pod(name), address);

    assertThat(row.fate()).as("%s", row).isEqualTo(fate);
    assertThat(row.source()).isEqualTo("shop/" + name.replaceAll("-.*", ""));
  }

  /** A policy would answer for each end by itself, and no packet goes between the two. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"namespace\": \"shop\", \"pod_name\": \"placed\"}"})
  void whatGoesBetweenTwoFamiliesIsNotKnown(String source) throws IOException {
    for (String verdict :
        List.of("FORWARDED", "DROPPED\", \"drop_reason_desc\": \"POLICY_DENIED")) {
      Replay.ReplayRow row = row(SHOP, BLOCKS, verdict, source, "fd00::7");

      assertThat(row.fate()).isEqualTo(Fate.UNDECIDED);
      assertThat(row.reason())
          .isEqualTo("one end has an IPv4 address, and the other an IPv6 address");
    }
  }

  @ParameterizedTest
  @CsvSource({"Deployment, SAME", "StatefulSet, BREAKS", "'', UNDECIDED", "Job, UNDECIDED"})
  void ofTwoWorkloadsOfOneNameTheLogsKindDecides(String kind, Fate fate) throws IOException {
    String two = SHOP.replace(
            "203.0.113.0/24}}]", "203.0.113.0/24}}, {podSelector: {matchLabels: {app: cart}}}]")
        + """
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: cart, namespace: shop}
            spec:
              selector: {matchLabels: {app: old}}
              template:
                metadata: {labels: {app: old}}
                spec: {containers: [{name: c, image: i}]}
            """;
    String source = pod("cart-0").replace("\"cart\"}", "\"cart\", \"kind\": \"" + kind + "\"}");

    Replay.ReplayRow row = row(two, BLOCKS, "FORWARDED", source, "10.0.0.7");

    assertThat(row.fate()).as("%s", row).isEqualTo(fate);
    if (fate == Fate.UNDECIDED) {
      assertThat(row.reason()).contains("shop/cart as Deployment and StatefulSet");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "placed, 10.0.0.2, which is that of shop/db in the manifests",
    "bare, 10.0.0.1, which is that of shop/placed in the manifests",
    "bare, 192.0.2.1, which is a node's in the manifests",
    "agent, 10.0.0.7, the manifests put it on the host network"
  })
  void whereManifestsContradictWhoHasAnAddressNothingIsJudged(
      String name, String address, String reason) throws IOException {
    Replay.ReplayRow row = row(SHOP, Options.DEFAULT, "FORWARDED", pod(name), address);

    assertThat(row.fate()).isEqualTo(Fate.UNDECIDED);
    assertThat(row.reason()).contains(address).contains(reason);
  }

  @Test
  void theNodeOfThePodPassesWhateverPoliciesSay() throws IOException {
    for (String address : new String[] {"192.0.2.1", "10.7.0.1"}) {
      assertThat(
              row(SHOP, Options.DEFAULT, "FORWARDED", entity("host"), address).fate())
          .isEqualTo(Fate.SAME);
      Replay.ReplayRow dropped = row(SHOP, Options.DEFAULT, "DROPPED", entity("host"), address);
      assertThat(dropped.fate()).isEqualTo(Fate.OPENS);
      assertThat(dropped.reason()).contains("its own node passes");
    }
    assertThat(row(
                SHOP,
                Options.DEFAULT.withNodeTrafficPasses(false),
                "FORWARDED",
                entity("host"),
                "10.7.0.1")
            .fate())
        .isEqualTo(Fate.BREAKS);
  }

  @Test
  void anotherNodeIsJudgedByItsAddress() throws IOException {
    assertThat(row(SHOP, Options.DEFAULT, "FORWARDED", entity("remote-node"), "192.0.2.9")
            .fate())
        .isEqualTo(Fate.BREAKS);
    assertThat(row(SHOP, Options.DEFAULT, "FORWARDED", entity("remote-node"), "10.9.0.7")
            .fate())
        .isEqualTo(Fate.SAME);
    Replay.ReplayRow own =
        row(SHOP, Options.DEFAULT, "FORWARDED", entity("remote-node"), "192.0.2.1");
    assertThat(own.fate()).isEqualTo(Fate.UNDECIDED);
    assertThat(own.reason()).contains("another node");
    // Where no manifest places the pod, the log says that it is elsewhere.
    String unplaced = SHOP.replace("spec: {nodeName: n1, ", "spec: {");
    assertThat(row(unplaced, Options.DEFAULT, "FORWARDED", entity("remote-node"), "192.0.2.1")
            .fate())
        .isEqualTo(Fate.BREAKS);
  }

  @Test
  void aNodeOfWhichNoManifestSaysTheLabelsIsNotJudgedWherePoliciesLookAtThem() throws IOException {
    Replay.ReplayRow row = row(
        SHOP + NODES_BY_LABEL, Options.DEFAULT, "FORWARDED", entity("remote-node"), "192.0.2.9");
    assertThat(row.fate()).isEqualTo(Fate.UNDECIDED);
    assertThat(row.reason()).contains("labels of nodes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"world", "world-ipv4", "kube-apiserver", "ingress", "health"})
  void whatIsNoPodIsItsAddress(String identity) throws IOException {
    assertThat(row(SHOP, BLOCKS, "FORWARDED", entity(identity), "203.0.113.9").fate())
        .isEqualTo(Fate.SAME);
    assertThat(row(SHOP, BLOCKS, "FORWARDED", entity(identity), "198.51.100.9").fate())
        .isEqualTo(Fate.BREAKS);
    Replay.ReplayRow pods = row(SHOP, BLOCKS, "FORWARDED", entity(identity), "10.0.0.1");
    assertThat(pods.fate()).isEqualTo(Fate.UNDECIDED);
    assertThat(pods.reason()).contains("reserved:" + identity).contains("shop/placed");
  }

  @Test
  void aNodeIsNotOutside() throws IOException {
    Replay.ReplayRow row = row(SHOP, Options.DEFAULT, "FORWARDED", entity("world"), "192.0.2.1");
    assertThat(row.fate()).isEqualTo(Fate.UNDECIDED);
    assertThat(row.reason()).contains("a node's");
  }

  @Test
  void anIdentityMayBeANumber() throws IOException {
    assertThat(row(SHOP, Options.DEFAULT, "FORWARDED", "{\"identity\": 1}", "10.7.0.1")
            .fate())
        .isEqualTo(Fate.SAME);
    assertThat(row(SHOP, Options.DEFAULT, "FORWARDED", "{\"identity\": 6}", "10.7.0.1")
            .fate())
        .isEqualTo(Fate.BREAKS);
    assertThat(row(SHOP, Options.DEFAULT, "FORWARDED", "{\"identity\": 44321}", "10.7.0.1")
            .fate())
        .isEqualTo(Fate.BREAKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"labels\": [\"reserved:unmanaged\"]}",
        "{\"identity\": 5}",
        "{\"namespace\": \"shop\"}",
        "{\"labels\": [\"k8s:app=x\", \"k8s:io.kubernetes.pod.namespace=shop\"]}"
      })
  void aPodThatIsNotNamedIsKnownByItsAddressOrNotAtAll(String party) throws IOException {
    Replay.ReplayRow known = row(SHOP, BLOCKS, "FORWARDED", party, "10.0.0.1");
    assertThat(known.source()).isEqualTo("shop/placed");
    assertThat(known.fate()).isEqualTo(Fate.BREAKS);
    Replay.ReplayRow unknown = row(SHOP, BLOCKS, "FORWARDED", party, "10.9.0.7");
    assertThat(unknown.fate()).isEqualTo(Fate.UNDECIDED);
    assertThat(unknown.reason()).contains("no manifest says which");
  }
}
