package dev.postern.answer;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.question.BadSentence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever name or address a Service is called by, the pods behind it decide. */
class ServiceNamesAndAddressesTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.21}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.22}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db-0, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec:
        type: LoadBalancer
        clusterIP: 10.96.0.10
        externalIPs: [198.51.100.9]
        selector: {app: db}
        externalTrafficPolicy: %s
        healthCheckNodePort: 31999
        ports: [{name: sql, port: 80, targetPort: 5432, nodePort: 30080}]
      status:
        loadBalancer:
          ingress:
          - {ip: 203.0.113.13}
          - {ip: 203.0.113.14, ipMode: Proxy}
          - {hostname: Db-1.Elb.Example.com}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: other, namespace: shop}
      spec:
        clusterIP: 10.96.0.11
        externalIPs: [198.51.100.9]
        selector: {app: db}
        ports: [{port: 81, targetPort: 5432}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: peers, namespace: shop}
      spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: db}, ports: [{port: 5432}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: alias, namespace: shop}
      spec: {type: ExternalName, externalName: DB.shop.svc.cluster.local}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: ring, namespace: shop}
      spec: {type: ExternalName, externalName: ring.shop.svc.cluster.local}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: away, namespace: shop}
      spec: {type: ExternalName, externalName: db.example.com}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [%s]}
      """;

  private static final String FROM_WEB = "{from: [{podSelector: {matchLabels: {app: web}}}]}";

  private static Cluster cluster(String trafficPolicy, String ingress) {
    Loaded loaded =
        Manifests.read(Source.text("shop.yaml", CLUSTER.formatted(trafficPolicy, ingress)));
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    return loaded.cluster();
  }

  private static Answer ask(String question, String ingress) {
    return Analysis.of(cluster("Local", ingress)).ask(question);
  }

  private static BadSentence refused(String question) {
    return catchThrowableOfType(BadSentence.class, () -> ask(question, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.shop on 80",
        "db.shop.svc on 80",
        "DB.Shop.svc.cluster.local on 80",
        "db.shop.svc.cluster.local. on 80",
        "_sql._tcp.db.shop.svc",
        "alias.shop.svc on 80",
        "service shop/alias on 80",
        "svc/shop/db on 80",
        "peers.shop.svc on 5432",
        "db-0.peers.shop.svc on 5432",
        "10-0-0-2.peers.shop.svc.cluster.local on 5432",
        "10-0-0-2.shop.pod.cluster.local on 5432",
        "10.96.0.10 on 80",
        "10.96.0.10:80",
        "203.0.113.13 on 80",
        "198.51.100.9 on 80",
      })
  void thePodsBehindDecide(String called) {
    assertThat(ask("can shop/web reach " + called, "").verdict()).isEqualTo(DENIED);
    assertThat(ask("can shop/web reach " + called, FROM_WEB).verdict()).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gone.shop.svc.cluster.local",
        "gone.shop.svc",
        "gone.shop",
        "db.shopp.svc",
        "db-7.peers.shop.svc",
        "a.b.c.cluster.local",
        "cluster.local",
        "db.shop.svc.",
        "_http._tcp.db.shop.svc",
      })
  void aNameOfTheClusterThatIsNotThereIsRefused(String name) {
    assertThat(refused("can shop/web reach " + name + " on 80")).isNotNull();
  }

  @Test
  void theNearestNameIsOffered() {
    assertThat(refused("can shop/web reach dbb.shop.svc on 80").getMessage()).contains("`db`");
  }

  @Test
  void aHostOutsideThatCouldBeAServiceSaysSo() {
    assertThat(ask("can shop/web reach example.com on 443", "").notes())
        .anyMatch(note -> note.contains("no namespace is called `com`"));
    assertThat(ask("can shop/web reach service shop/away on 443", "").verdict()).isEqualTo(ALLOWED);
  }

  @Test
  void aNameOfItselfIsUnknown() {
    assertThat(ask("can shop/web reach ring.shop.svc on 80", "").verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void theClusterDomainCanBeAnother() {
    Analysis other = Analysis.of(cluster("Local", "")).withClusterDomain("k8s.corp");
    assertThat(other.ask("can shop/web reach db.shop.svc.k8s.corp on 80").verdict())
        .isEqualTo(DENIED);
    assertThat(catchThrowableOfType(
            BadSentence.class,
            () -> other.ask("can shop/web reach db.shop.svc.cluster.local on 80")))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"203.0.113.14 on 80", "db-1.elb.example.com on 80", "192.0.2.21 on 30080"})
  void whereTheClientIsHiddenAndThatMattersItIsUnknown(String called) {
    Answer answer = ask("can shop/web reach " + called, FROM_WEB);
    assertThat(answer.verdict()).isEqualTo(UNKNOWN);
    assertThat(answer.notes()).isNotEmpty();
    assertThat(ask("can shop/web reach " + called, "{}").verdict()).isEqualTo(ALLOWED);
  }

  @Test
  void aVirtualIpHidesAPodToo() {
    Answer answer =
        Analysis.of(cluster("Cluster", FROM_WEB)).ask("can shop/web reach 203.0.113.13 on 80");
    assertThat(answer.verdict()).isEqualTo(UNKNOWN);
  }

  @Test
  void twoServicesShareAnAddressByTheirPorts() {
    assertThat(ask("can shop/web reach 198.51.100.9 on 81", FROM_WEB).verdict()).isEqualTo(UNKNOWN);
    assertThat(ask("can shop/web reach 198.51.100.9 on 80", FROM_WEB).verdict()).isEqualTo(ALLOWED);
  }

  @Test
  void aHealthCheckIsAnsweredByTheNode() {
    Answer answer = ask("can shop/web reach 192.0.2.21 on 31999", "");
    assertThat(answer.verdict()).isEqualTo(ALLOWED);
    assertThat(answer.notes()).anyMatch(note -> note.contains("health check"));
  }

  @Test
  void betweenAddressesOutsideNoPolicySpeaks() {
    assertThat(ask("can 203.0.113.77 reach 198.51.100.77 on 443", "").notes())
        .anyMatch(note -> note.contains("no policy"));
  }

  @Test
  void sidesThatShareNoPortAreNamed() {
    Loaded loaded = Manifests.read(Source.text("sides.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: x, labels: {app: a}}
        spec: {containers: [{name: c, image: i}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: x, labels: {app: b}}
        spec: {containers: [{name: c, image: i}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out, namespace: x}
        spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: in, namespace: x}
        spec: {podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: 443}]}]}
        """));
    assertThat(Analysis.of(loaded.cluster()).ask("can x/a reach x/b on 80,443").notes())
        .anyMatch(note ->
            note.contains("share no port") && note.contains("tcp/80,") && note.contains("tcp/443"));
  }

  private static final String HOSTNAMES = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: one, namespace: shop, labels: {app: db}}
      spec: {hostname: primary, subdomain: peers, containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two, namespace: shop, labels: {app: db}}
      spec: {hostname: spare, subdomain: elsewhere, containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: peers, namespace: shop}
      spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: listed, namespace: shop}
      spec: {clusterIP: None, ports: [{port: 5432}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: listed-1, namespace: shop, labels: {kubernetes.io/service-name: listed}}
      addressType: IPv4
      endpoints:
      - {addresses: [192.0.2.7], hostname: Vault}
      - {addresses: [192.0.2.8], targetRef: {kind: Pod, name: plain}}
      ports: [{port: 5432}]
      """;

  private static Answer askHost(String name) {
    Loaded loaded = Manifests.read(Source.text("shop.yaml", HOSTNAMES));
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    return Analysis.of(loaded.cluster()).ask("can shop/web reach " + name + " on 5432");
  }

  @ParameterizedTest
  @CsvSource({
    "primary.peers.shop.svc, shop/one",
    "vault.listed.shop.svc.cluster.local, 192.0.2.7",
    "plain.listed.shop.svc, 192.0.2.8"
  })
  void aHostNameBehindAHeadlessServiceIsThePodThatBearsIt(String name, String who) {
    assertThat(askHost(name).connections())
        .extracting(Connection::destination)
        .containsExactly(who);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one.peers.shop.svc", "spare.peers.shop.svc", "two.peers.shop.svc"})
  void aPodThatBearsAnotherHostNameIsNotCalledByItsName(String name) {
    assertThat(catchThrowableOfType(BadSentence.class, () -> askHost(name))).isNotNull();
  }
}
