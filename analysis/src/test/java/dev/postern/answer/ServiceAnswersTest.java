package dev.postern.answer;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.PARTIAL;
import static dev.postern.answer.Answer.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer.Verdict;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Line 13 of docs/semantics.md: questions about Services, whatever their type, are questions about what is behind them. */
class ServiceAnswersTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: old, namespace: shop, labels: {app: db, version: old}}
      spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: new, namespace: shop, labels: {app: db, version: new}}
      spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 6432}]}]}
      status: {podIP: 10.0.0.3}
      """;

  private static String service(String spec) {
    return "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: " + spec
        + "\n";
  }

  /** Pods of app db admit web on these ports. */
  private static String admit(String ports) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: %s}]
        """.formatted(ports);
  }

  private static Answer ask(String question, String... manifests) {
    Loaded loaded =
        Manifests.read(Source.text("shop.yaml", PODS + "---\n" + String.join("---\n", manifests)));
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    return Analysis.of(loaded.cluster()).ask(question);
  }

  private static final String CLUSTER_IP = service(
      "{clusterIP: 10.96.0.10, selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}");

  @Test
  void aClusterIpLeadsToItsPodsAtTheTargetPort() {
    assertThat(ask("can shop/web reach service shop/db on 80", CLUSTER_IP, admit("[{port: 5432}]"))
            .verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask("can shop/web reach service shop/db on 80", CLUSTER_IP, admit("[{port: 80}]"))
            .verdict())
        .isEqualTo(DENIED);
  }

  @Test
  void theAddressOfAServiceMeansTheService() {
    assertThat(ask("can shop/web reach 10.96.0.10 on 80", CLUSTER_IP, admit("[{port: 5432}]"))
            .verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask("can shop/web reach 10.96.0.10 on 80", CLUSTER_IP, admit("[{port: 80}]"))
            .verdict())
        .isEqualTo(DENIED);
  }

  @Test
  void aNamedTargetPortIsLookedUpOnEachPod() {
    String named = service("{selector: {app: db}, ports: [{port: 80, targetPort: sql}]}");
    assertThat(ask(
                "can shop/web reach service shop/db on 80",
                named,
                admit("[{port: 5432}, {port: 6432}]"))
            .verdict())
        .isEqualTo(ALLOWED);
    Answer oldOnly =
        ask("can shop/web reach service shop/db on 80", named, admit("[{port: 5432}]"));
    assertThat(oldOnly.verdict()).isNotIn(ALLOWED, DENIED);
    assertThat(oldOnly.connections())
        .anySatisfy(c -> assertThat(c.destination()).isEqualTo("shop/old"));
  }

  @Test
  void aPodWithoutTheNamedPortIsNotBehindTheService() {
    String dns =
        service("{selector: {app: db}, ports: [{port: 53, protocol: UDP, targetPort: sql}]}");
    Answer answer = ask("can shop/web reach service shop/db on udp/53", dns);
    assertThat(answer.verdict()).isNotEqualTo(ALLOWED);
    assertThat(answer.notes()).anyMatch(note -> note.contains("sql"));
  }

  @Test
  void aPortThatTheServiceDoesNotHaveLeadsNowhere() {
    Answer answer = ask("can shop/web reach service shop/db on 81", CLUSTER_IP);
    assertThat(answer.verdict()).isEqualTo(DENIED);
    assertThat(answer.notes()).anyMatch(note -> note.contains("81"));
  }

  @Test
  void aHeadlessServiceStandsForItsPodsAndTheirOwnPorts() {
    String headless =
        service("{clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}");
    assertThat(ask("can shop/web reach service shop/db on 5432", headless, admit("[{port: 5432}]"))
            .verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask("can shop/web reach service shop/db on 80", headless, admit("[{port: 5432}]"))
            .verdict())
        .isEqualTo(DENIED);
  }

  /** As its endpoints and SRV records say: the DNS specification of Kubernetes, 2.4.2. */
  @Test
  void theNamesOfAHeadlessServicesPortsLeadWhereThePodsListen() {
    for (String question : List.of(
        "can shop/web reach service shop/db on db",
        "can shop/web reach _db._tcp.db.shop.svc",
        "can shop/web reach service shop/db")) {
      assertThat(toHeadless(question, "5432", admit("[{port: 5432}]"))).isEqualTo(ALLOWED);
      assertThat(toHeadless(question, "5432", admit("[{port: 80}]"))).isEqualTo(DENIED);
      // The pods give the name to 5432 and 6432.
      assertThat(toHeadless(question, "sql", admit("[{port: sql}]"))).isEqualTo(ALLOWED);
      assertThat(toHeadless(question, "sql", admit("[{port: 5432}]"))).isEqualTo(PARTIAL);
      assertThat(toHeadless(question, "sql", admit("[{port: 80}]"))).isEqualTo(DENIED);
    }
  }

  private static Verdict toHeadless(String question, String target, String policy) {
    String headless =
        service("{clusterIP: None, selector: {app: db}, ports: [{name: db, port: 80, targetPort: "
            + target + "}]}");
    return ask(question, headless, policy).verdict();
  }

  private static String fromInternet(String type, String more) {
    return service("{type: " + type
        + ", selector: {app: db}, ports: [{port: 80, targetPort: 5432, nodePort: 30080}]" + more
        + "}");
  }

  private static final String ADMIT_BLOCK = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]
      """;

  @ParameterizedTest
  @ValueSource(strings = {"NodePort", "LoadBalancer"})
  void aNodeMayHideTheClientsAddressUnlessTrafficStaysLocal(String type) {
    Answer hidden =
        ask("can 203.0.113.7 reach service shop/db on 80", fromInternet(type, ""), ADMIT_BLOCK);
    assertThat(hidden.verdict()).isEqualTo(UNKNOWN);
    assertThat(hidden.notes()).anyMatch(note -> note.contains("externalTrafficPolicy"));
    Answer local = ask(
        "can 203.0.113.7 reach service shop/db on 80",
        fromInternet(type, ", externalTrafficPolicy: Local"),
        ADMIT_BLOCK);
    assertThat(local.verdict()).isEqualTo(ALLOWED);
  }

  @Test
  void aNodePortIsOpenToClientsOutside() {
    String local = fromInternet("NodePort", ", externalTrafficPolicy: Local");
    assertThat(ask("can 203.0.113.7 reach service shop/db on 30080", local, ADMIT_BLOCK)
            .verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask("can 198.51.100.7 reach service shop/db on 30080", local, ADMIT_BLOCK)
            .verdict())
        .isEqualTo(DENIED);
  }

  private static final String EGRESS = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]
      """;

  @Test
  void anExternalNameLiesOutsideAtAddressesThatNobodyKnows() {
    String external = service("{type: ExternalName, externalName: db.example.com}");
    assertThat(ask("can shop/web reach service shop/db on 5432", external).verdict())
        .isEqualTo(ALLOWED);
    Answer answer = ask("can shop/web reach service shop/db on 5432", external, EGRESS);
    assertThat(answer.verdict()).isEqualTo(UNKNOWN);
    assertThat(answer.notes()).anyMatch(note -> note.contains("db.example.com"));
  }

  /** As Kubernetes documents it: the address is taken for a name, which nothing resolves. */
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.2", "203.0.113.9", "10.0.0.2."})
  void anExternalNameThatLooksLikeAnAddressLeadsNowhere(String name) {
    Answer answer = ask(
        "can shop/web reach service shop/db on 5432",
        service("{type: ExternalName, externalName: \"" + name + "\"}"));

    assertThat(answer.verdict()).isEqualTo(UNKNOWN);
    assertThat(answer.notes()).anyMatch(note -> note.contains("a DNS name made of digits"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clusterIP: None, ", ""})
  void aPodThatEndpointSlicesListInBothFamiliesIsReachedOverTheOneThatTheClientHas(String ip) {
    String both = PODS.replace(
        "podIP: 10.0.0.2}", "podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}, {ip: \"fd00::2\"}]}");
    String service = service(
        "{" + ip
            + "ipFamilies: [IPv4, IPv6], ipFamilyPolicy: RequireDualStack, ports: [{port: 80, name: sql}]}");
    String slice = """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: db-%1$s, namespace: shop, labels: {kubernetes.io/service-name: db}}
        addressType: %1$s
        ports: [{name: sql, port: 80, protocol: TCP}]
        endpoints: [{addresses: ["%2$s"]}]
        """;
    Loaded loaded = Manifests.read(Source.text(
        "both.yaml",
        String.join(
            "---\n",
            both,
            service,
            slice.formatted("IPv4", "10.0.0.2"),
            slice.formatted("IPv6", "fd00::2"))));

    Answer answer = Analysis.of(loaded.cluster()).ask("can shop/web reach service shop/db on 80");

    assertThat(answer.verdict()).as(answer.notes().toString()).isEqualTo(ALLOWED);
  }

  @Test
  void aServiceWithoutSelectorLeadsWhereItsEndpointSlicesSay() {
    String service = service("{ports: [{port: 80, name: sql}]}");
    String slice = """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: db-1, namespace: shop, labels: {kubernetes.io/service-name: db}}
        addressType: IPv4
        ports: [{name: sql, port: 5432, protocol: TCP}]
        endpoints: [{addresses: [%s]}]
        """;
    assertThat(ask(
                "can shop/web reach service shop/db on 80",
                service,
                slice.formatted("203.0.113.9"),
                EGRESS)
            .verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask(
                "can shop/web reach service shop/db on 80",
                service,
                slice.formatted("198.51.100.9"),
                EGRESS)
            .verdict())
        .isEqualTo(DENIED);
    Answer pod = ask(
        "can shop/web reach service shop/db on 80",
        service,
        slice.formatted("10.0.0.2"),
        admit("[{port: 5432}]"));
    assertThat(pod.verdict()).isEqualTo(ALLOWED);
    assertThat(ask("can shop/web reach service shop/db on 80", service).verdict())
        .isEqualTo(UNKNOWN);
  }

  @Test
  void whetherPodsAreReadyDoesNotMatter() {
    String unready = CLUSTER_IP.replace("{clusterIP", "{publishNotReadyAddresses: true, clusterIP");
    assertThat(ask("can shop/web reach service shop/db on 80", unready, admit("[{port: 5432}]"))
            .verdict())
        .isEqualTo(ALLOWED);
  }

  /** What an administrator denies to pods of app db. */
  private static String denied(String kind, String peer) {
    return """
        apiVersion: policy.networking.k8s.io/%s
        kind: %s
        metadata: {name: denied}
        spec:
          %spriority: 1
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}
          ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: %s}}}}]}]
        """.formatted(
            kind.startsWith("Cluster") ? "v1alpha2" : "v1alpha1",
            kind,
            kind.startsWith("Cluster") ? "tier: Admin\n  " : "",
            peer);
  }

  private static final String NEW_ONLY = service(
      "{clusterIP: 10.96.0.10, selector: {version: new}, ports: [{port: 80, targetPort: 5432}]}");

  @Test
  void aPodCanBeKeptFromItselfThroughAServiceByAClusterNetworkPolicyAlone() {
    String through = "can shop/new reach service shop/db on 80";
    String isolated = admit("[{port: 80}]");
    assertThat(ask(through, NEW_ONLY, isolated).verdict()).isEqualTo(ALLOWED);
    assertThat(ask(through, NEW_ONLY, denied("AdminNetworkPolicy", "db")).verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask(through, NEW_ONLY, denied("ClusterNetworkPolicy", "db")).verdict())
        .isEqualTo(DENIED);
    assertThat(ask(through, NEW_ONLY, isolated, denied("ClusterNetworkPolicy", "web"))
            .verdict())
        .isEqualTo(ALLOWED);
  }

  @Test
  void aPodReachesItselfAtItsOwnAddressAlsoUnderAClusterNetworkPolicy() {
    assertThat(ask("can shop/new reach shop/new on 5432", denied("ClusterNetworkPolicy", "db"))
            .verdict())
        .isEqualTo(ALLOWED);
  }
}
