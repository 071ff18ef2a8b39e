package dev.postern.answer;

import static dev.postern.answer.Answer.Verdict.ALLOWED;
import static dev.postern.answer.Answer.Verdict.DENIED;
import static dev.postern.answer.Answer.Verdict.PARTIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Line 13 of docs/semantics.md: of which families the addresses are that a Service leads to. */
class ServiceFamiliesTest {

  private static final String DUAL_STACK = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop, labels: {app: client}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}, {ip: "fd00::1"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: store, namespace: shop, labels: {app: store}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.1.2, podIPs: [{ip: 10.0.1.2}, {ip: "fd00::2"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: client, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: client}}
          policyTypes: [Egress]
          egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
        """;

  private static String service(String spec) {
    return "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: " + spec
        + "\n";
  }

  private static Loaded read(String... manifests) {
    return Manifests.read(Source.text("shop.yaml", String.join("---\n", manifests)));
  }

  private static Answer ask(String question, String... manifests) {
    Loaded loaded = read(manifests);
    assertThat(loaded.diagnostics()).isEmpty();
    return Analysis.of(loaded.cluster()).ask(question);
  }

  /** Kubernetes "IPv4/IPv6 dual-stack", "Services": {@code ipFamilies} and {@code ipFamilyPolicy}, where no cluster IP says it. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        ipFamilies: [IPv4] | ALLOWED
        ipFamilies: [IPv6] | DENIED
        ipFamilies: [IPv6], ipFamilyPolicy: SingleStack | DENIED
        ipFamilies: [IPv4, IPv6] | PARTIAL
        ipFamilies: [IPv4], ipFamilyPolicy: RequireDualStack | PARTIAL
        ipFamilyPolicy: PreferDualStack | PARTIAL
        ipFamilyPolicy: SingleStack | UNKNOWN
        ipFamilyPolicy: | UNKNOWN
        clusterIP: None, ipFamilies: [IPv4] | ALLOWED
        clusterIP: None, ipFamilies: [IPv6] | DENIED
        clusterIP: None, ipFamilyPolicy: RequireDualStack | PARTIAL
        clusterIP: None | UNKNOWN
        clusterIP: 10.96.0.10, ipFamilyPolicy: PreferDualStack | PARTIAL
        clusterIP: 10.96.0.10, clusterIPs: [10.96.0.10] | ALLOWED
        clusterIP: "fd00:96::1", clusterIPs: ["fd00:96::1"] | DENIED
        """)
  void aServiceHasTheFamiliesThatItNamesAndElseTheClustersDefault(
      String fields, Answer.Verdict is) {
    String service = service("{%s, selector: {app: store}, ports: [{port: 80}]}".formatted(fields));
    assertThat(ask("can shop/client reach service shop/db on 80", DUAL_STACK, service)
            .verdict())
        .isEqualTo(is);
  }

  @Test
  void whichFamilyTheClusterTakesByDefaultItsOwnServiceSays() {
    String api = """
        apiVersion: v1
        kind: Service
        metadata: {name: kubernetes, namespace: default}
        spec: {clusterIP: %s, ports: [{port: 443}]}
        """;
    String question = "can shop/client reach service shop/db on 80";
    String service = service("{selector: {app: store}, ports: [{port: 80}]}");
    assertThat(ask(question, DUAL_STACK, service).notes())
        .anyMatch(note -> note.contains("allowed by IPv4, and denied by IPv6"));
    assertThat(ask(question, DUAL_STACK, service, api.formatted("10.96.0.1")).verdict())
        .isEqualTo(ALLOWED);
    assertThat(
            ask(question, DUAL_STACK, service, api.formatted("\"fd00:96::1\"")).verdict())
        .isEqualTo(DENIED);
  }

  /** Nothing chooses addresses for it, so DNS answers what its EndpointSlices list. */
  @Test
  void aHeadlessServiceWithoutSelectorHasTheFamiliesOfItsEndpoints() {
    String slice = """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: db-x, namespace: shop, labels: {kubernetes.io/service-name: db}}
        addressType: IPv6
        endpoints: [{addresses: ["fd00::2"]}]
        ports: [{port: 80}]
        """;
    assertThat(ask(
                "can shop/client reach service shop/db on 80",
                DUAL_STACK,
                service("{clusterIP: None, ipFamilies: [IPv4], ports: [{port: 80}]}"),
                slice)
            .verdict())
        .isEqualTo(DENIED);
  }

  private static final String ONE_FAMILY = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop, labels: {app: client}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}]}
        """;

  private static String slice(String name, String type, String address, String port) {
    return """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %s, namespace: shop, labels: {kubernetes.io/service-name: db}}
        addressType: %s
        endpoints: [{addresses: ["%s"]}]
        ports: [{name: %s, port: 80}]
        """.formatted(name, type, address, port);
  }

  /** A client calls an address of the Service of a family that it has, and comes to the endpoints of this family. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, "fd96::9"]
        clusterIP: None
        clusterIP: None, ipFamilyPolicy: RequireDualStack
        """)
  void ofOtherAddressesForEachFamilyAClientComesToThoseOfItsOwn(String fields) {
    String service =
        service("{%s, ports: [{name: a, port: 80}, {name: b, port: 81}]}".formatted(fields));
    String four = slice("db-4", "IPv4", "192.0.2.1", "a");
    String six = slice("db-6", "IPv6", "2001:db8::1", "a");
    String question = "can shop/client reach service shop/db on %s";
    assertThat(ask(question.formatted("80"), ONE_FAMILY, service, four, six).verdict())
        .isEqualTo(ALLOWED);
    assertThat(ask(question.formatted("80"), ONE_FAMILY, service, six).verdict())
        .isEqualTo(DENIED);
    assertThat(ask(question.formatted("80"), DUAL_STACK, service, four, six).verdict())
        .isEqualTo(DENIED);
    String policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: client, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: client}}
          policyTypes: [Egress]
          egress: [{to: [{ipBlock: {cidr: "::/0"}}]}]
        """;
    assertThat(ask(question.formatted("80"), ONE_FAMILY, service, four, six, policy)
            .verdict())
        .isEqualTo(DENIED);
  }

  /** Of the port that has endpoints of the other family only, none is the client's. */
  @Test
  void aPortWithoutEndpointsOfTheClientsFamilyIsDenied() {
    String service = service(
        "{clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, 'fd96::9'], ports: [{name: a, port: 80}, {name: b, port: 81}]}");
    String four = slice("db-4", "IPv4", "192.0.2.1", "a");
    String six = slice("db-6", "IPv6", "2001:db8::1", "b");
    assertThat(
            ask("can shop/client reach service shop/db on 80, 81", ONE_FAMILY, service, four, six)
                .verdict())
        .isEqualTo(PARTIAL);
    assertThat(ask("can shop/client reach service shop/db on 81", ONE_FAMILY, service, four, six)
            .verdict())
        .isEqualTo(DENIED);
  }

  /** kube-proxy takes packets to node ports for a Service in the families that this has. */
  @Test
  void aNodePortIsOpenAtAddressesOfTheServicesFamilies() {
    String node = """
        apiVersion: v1
        kind: Node
        metadata: {name: worker}
        status: {addresses: [{type: InternalIP, address: 172.18.0.2}, {type: InternalIP, address: "fd00:18::2"}]}
        """;
    String service = service(
        "{type: NodePort, ipFamilies: [IPv4], selector: {app: store}, ports: [{port: 80, nodePort: 30080}]}");
    assertThat(ask("can 8.8.8.8 reach 172.18.0.2 on 30080", DUAL_STACK, service, node)
            .notes())
        .anyMatch(note -> note.contains("leads node port tcp/30080 to shop/store port 80"));
    assertThat(ask("can 2001:db8::1 reach fd00:18::2 on 30080", DUAL_STACK, service, node)
            .notes())
        .anyMatch(note -> note.contains("is taken for the node's own"));
  }

  @Test
  void aWordThatIsNoFamilyIsAnError() {
    assertThat(read(service("{ipFamilies: [ipv4], ipFamilyPolicy: Dual, ports: [{port: 80}]}"))
            .diagnostics())
        .extracting(Object::toString)
        .anyMatch(problem -> problem.contains("`ipv4` is no IP family"))
        .anyMatch(problem -> problem.contains("`Dual` is no IP family policy"));
  }

  /** docs/questions.md: a pod with an address of each family is reached if both are. */
  @Test
  void onePodOfManyReachesAllOfThemByEachOfItsFamilies() {
    String six = """
        apiVersion: v1
        kind: Pod
        metadata: {name: six, namespace: shop, labels: {app: six}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: "fd00::6"}]}
        """;
    assertThat(ask(
                "can any pod app=client in shop reach every pod app notin (client) in shop on 80",
                DUAL_STACK,
                six)
            .verdict())
        .isEqualTo(Answer.Verdict.PARTIAL);
    assertThat(
            ask("can any pod app=client in shop reach any pod app=store in shop on 80", DUAL_STACK)
                .verdict())
        .isEqualTo(Answer.Verdict.PARTIAL);
    assertThat(ask(
                "can any pod app=store in shop reach every pod app in (client) in shop on 80",
                DUAL_STACK)
            .verdict())
        .isEqualTo(ALLOWED);
  }
}
