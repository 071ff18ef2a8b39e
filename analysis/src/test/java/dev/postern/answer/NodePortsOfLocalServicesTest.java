package dev.postern.answer;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer.Verdict;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where {@code externalTrafficPolicy: Local} keeps a node from leading clients on to pods of other nodes. */
class NodePortsOfLocalServicesTest {

  private static final String NODES = """
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}, {type: ExternalIP, address: 198.51.100.1}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}
      """;

  private static final String PODS = """
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: near, namespace: shop, labels: {app: near}}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: far, namespace: shop, labels: {app: far}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.4}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: shop, labels: {app: agent}}
      spec: {nodeName: n1, hostNetwork: true, containers: [{name: c, image: i}]}
      status: {podIP: 192.0.2.1}
      """;

  private static final String SERVICE = """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        type: NodePort
        clusterIP: 10.96.0.7
        externalIPs: [198.51.100.1]
        selector: {app: web}
        externalTrafficPolicy: Local
        ports: [{port: 80, nodePort: 30080}]
      """;

  private static Answer ask(String question, String manifests) {
    return Analysis.of(Manifests.read(Source.text("shop.yaml", manifests)).cluster())
        .ask(question);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can 203.0.113.9 reach node/n2 on 30080 | ALLOWED",
        "can 203.0.113.9 reach node/n1 on 30080 | DENIED",
        "can 203.0.113.9 reach 192.0.2.1 on 30080 | DENIED",
        "can 203.0.113.9 reach 192.0.2.1:30080 | DENIED",
        "can 203.0.113.9 reach 198.51.100.1 on 30080 | DENIED",
        "can 203.0.113.9 reach any node on 30080 | ALLOWED",
        "can 203.0.113.9 reach every node on 30080 | PARTIAL",
        "can 203.0.113.9 reach 192.0.2.0/24 on 30080 | PARTIAL",
        "can internet reach node/n1 on 30080 | DENIED",
        "can node/n1 reach node/n2 on 30080 | ALLOWED",
        "can node/n2 reach node/n1 on 30080 | DENIED",
        // A node's own calls go to every pod behind the Service.
        "can node/n1 reach node/n1 on 30080 | ALLOWED",
        "can shop/agent reach node/n1 on 30080 | ALLOWED",
        // What kube-proxy takes for a pod's call goes to every pod, too; what it takes for such,
        // depends.
        "can shop/near reach node/n1 on 30080 | UNKNOWN",
        "can shop/far reach node/n1 on 30080 | UNKNOWN",
        "can shop/far reach node/n2 on 30080 | ALLOWED",
        "can shop/agent reach node/n2 on 30080 | ALLOWED",
        // An external IP that is a node's address.
        "can 203.0.113.9 reach 198.51.100.1 on 80 | DENIED",
        "can shop/near reach 198.51.100.1 on 80 | ALLOWED",
        "can 203.0.113.9 reach service shop/web | ALLOWED"
      })
  void aNodeDropsWhatItHasNoPodFor(String question, Verdict verdict) {
    Answer answer = ask(question, NODES + PODS + SERVICE);

    assertThat(answer.verdict()).as("%s", answer).isEqualTo(verdict);
  }

  @Test
  void theReasonIsGiven() {
    assertThat(ask("can 203.0.113.9 reach node/n1 on 30080", NODES + PODS + SERVICE)
            .notes())
        .anyMatch(note -> note.contains("no pod behind service shop/web runs on node n1")
            && note.contains("externalTrafficPolicy is Local"));
    assertThat(
            ask("can shop/near reach node/n1 on 30080", NODES + PODS + SERVICE).notes())
        .anyMatch(note -> note.contains("depends on kube-proxy's mode"));
  }

  @Test
  void whatIsBehindAServiceThatIsNotLocalIsReachedByEveryNode() {
    String cluster = NODES + PODS + SERVICE.replace("externalTrafficPolicy: Local", "");
    assertThat(ask("can 203.0.113.9 reach node/n1 on 30080", cluster).verdict()).isEqualTo(ALLOWED);
  }

  @Test
  void whereItIsNotKnownOnWhichNodeThePodRunsItIsUnknown() {
    String floating = PODS.replaceFirst("nodeName: n2, ", "");
    String unplaced = NODES + floating + SERVICE;
    for (String node : new String[] {"node/n1", "node/n2"}) {
      Answer answer = ask("can 203.0.113.9 reach " + node + " on 30080", unplaced);
      assertThat(answer.verdict()).isEqualTo(UNKNOWN);
      assertThat(answer.notes())
          .anyMatch(note -> note.contains("no manifest says that a pod behind the Service runs"));
    }
    String deployment = """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: i}]}
        """;
    assertThat(ask("can 203.0.113.9 reach node/n1 on 30080", NODES + deployment + SERVICE)
            .verdict())
        .isEqualTo(UNKNOWN);
    // A pod that is known to be there makes it certain, whatever else is behind the Service.
    assertThat(ask("can 203.0.113.9 reach node/n2 on 30080", NODES + PODS + deployment + SERVICE)
            .verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask("can 203.0.113.9 reach node/n1 on 30080", NODES + PODS + deployment + SERVICE)
            .verdict())
        .isEqualTo(UNKNOWN);
  }

  @Test
  void policiesDenyWhateverTheNodeDoes() {
    String shut = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: shut, namespace: shop}
        spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
        """;
    String unplaced = NODES + PODS.replaceFirst("nodeName: n2, ", "") + SERVICE + shut;
    assertThat(ask("can 203.0.113.9 reach node/n2 on 30080", NODES + PODS + SERVICE + shut)
            .verdict())
        .isEqualTo(DENIED);
    assertThat(ask("can 203.0.113.9 reach node/n1 on 30080", unplaced).verdict())
        .isEqualTo(DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can node/n2 reach service shop/web on 80 | ALLOWED",
        "can node/n1 reach service shop/web on 80 | DENIED",
        "can node/n1 reach 10.96.0.7 on 80 | DENIED",
        "can any node reach service shop/web on 80 | ALLOWED",
        "can every node reach service shop/web on 80 | PARTIAL"
      })
  void aNodeCallsOnlyItsOwnPodsWhereInternalTrafficIsLocal(String question, Verdict verdict) {
    String service =
        SERVICE.replace("externalTrafficPolicy: Local", "internalTrafficPolicy: Local");

    Answer answer = ask(question, NODES + PODS + service);

    assertThat(answer.verdict()).as("%s", answer).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can shop/near reach service shop/web on 30080 | DENIED",
        "can any pod reach service shop/web on 30080 | DENIED",
        "can shop/near reach service shop/web on 80,30080 | PARTIAL",
        "can 203.0.113.9 reach service shop/web on 30080 | ALLOWED",
        "can 203.0.113.9 reach service shop/web on 80,30080 | ALLOWED",
        "can anyone reach service shop/web on 30080 | ALLOWED",
        "can every pod in namespace shop and 203.0.113.9 reach service shop/web on 30080 | PARTIAL",
        "can 10.1.0.3-10.1.0.9 reach service shop/web on 30080 | PARTIAL"
      })
  void aNodePortIsNoPortOfTheNameInsideTheCluster(String question, Verdict verdict) {
    Answer answer = ask(question, NODES + PODS + SERVICE);

    assertThat(answer.verdict()).as("%s", answer).isEqualTo(verdict);
  }

  @Test
  void whoCanReachANodePortOfANameListsNoPods() {
    Answer who = ask("who can reach service shop/web on 30080", NODES + PODS + SERVICE);
    assertThat(who.connections())
        .extracting(Connection::source)
        .isNotEmpty()
        .noneMatch(source -> source.startsWith("shop/"));
    assertThat(who.notes())
        .anyMatch(note -> note.contains("has no port for tcp/30080 inside the cluster"));
    assertThat(
            ask("who can reach service shop/web on 80", NODES + PODS + SERVICE).connections())
        .extracting(Connection::source)
        .contains("shop/near", "shop/far");
  }
}
