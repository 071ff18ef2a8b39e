package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that reads a cluster over HTTP, whose lists look as an API server writes them: items without a kind, owners, status. */
class LiveAnswerTest {

  private final Map<String, String> lists = new TreeMap<>();

  @TempDir
  private Path home;

  private HttpServer server;

  private final Set<String> forbidden = new TreeSet<>();

  @BeforeEach
  void startServer() throws IOException {
    Listing.ALL.stream()
        .filter(each -> !each.optional())
        .forEach(each -> list(each.path(), each.apiVersion(), each.kind() + "List"));
    lists.put("/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}");
    list("/api/v1/namespaces", "v1", "NamespaceList", "{'metadata': {'name': 'shop'}}");
    list(
        "/apis/apps/v1/deployments",
        "apps/v1",
        "DeploymentList",
        deployment("frontend"),
        deployment("cart"),
        deployment("db"));
    list(
        "/apis/apps/v1/replicasets",
        "apps/v1",
        "ReplicaSetList",
        replicaSet("frontend"),
        replicaSet("cart"),
        replicaSet("db"));
    list(
        "/api/v1/pods",
        "v1",
        "PodList",
        pod("frontend", "x7kq2", "10.0.0.1"),
        pod("frontend", "p9d4m", "10.0.0.2"),
        pod("cart", "aaaaa", "10.0.0.3"),
        pod("db", "bbbbb", "10.0.0.4"));
    list(
        "/apis/networking.k8s.io/v1/networkpolicies",
        "networking.k8s.io/v1",
        "NetworkPolicyList",
        "{'metadata': {'name': 'db', 'namespace': 'shop', 'uid': 'u', 'managedFields': [{'manager': 'kubectl'}]},"
            + " 'spec': {'podSelector': {'matchLabels': {'app': 'db'}}, 'policyTypes': ['Ingress'],"
            + " 'ingress': [{'from': [{'podSelector': {'matchLabels': {'app': 'frontend'}}}],"
            + " 'ports': [{'protocol': 'TCP', 'port': 5432}]}]}}");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      String path = exchange.getRequestURI().getPath();
      boolean missing = !lists.containsKey(path);
      byte[] body = lists.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          missing ? 404 : forbidden.contains(path) ? 403 : 200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void list(String path, String version, String kind, String... items) {
    lists.put(
        path,
        "{'kind': '%s', 'apiVersion': '%s', 'metadata': {'resourceVersion': '41'}, 'items': [%s]}"
            .formatted(kind, version, String.join(", ", items))
            .replace('\'', '"'));
  }

  private static String template(String app) {
    return "'selector': {'matchLabels': {'app': '%1$s'}}, 'template': {'metadata': {'labels': {'app': '%1$s'}}, %2$s}"
        .formatted(app, containers());
  }

  private static String containers() {
    return "'spec': {'containers': [{'name': 'c', 'image': 'i', 'ports': [{'containerPort': 5432, 'protocol': 'TCP'}]}]}";
  }

  private static String deployment(String app) {
    return "{'metadata': {'name': '%s', 'namespace': 'shop', 'uid': 'd-%s'}, 'spec': {%s}, 'status': {'replicas': 1}}"
        .formatted(app, app, template(app));
  }

  private static String owner(String kind, String name) {
    return "'ownerReferences': [{'apiVersion': 'apps/v1', 'kind': '%s', 'name': '%s', 'uid': 'o', 'controller': true}]"
        .formatted(kind, name);
  }

  private static String replicaSet(String app) {
    return "{'metadata': {'name': '%1$s-6d5f', 'namespace': 'shop', %2$s}, 'spec': {%3$s}}"
        .formatted(app, owner("Deployment", app), template(app));
  }

  private static String pod(String app, String suffix, String address) {
    return ("{'metadata': {'name': '%1$s-6d5f-%2$s', 'namespace': 'shop', 'labels': {'app': '%1$s', 'pod-template-hash': '6d5f'}, %3$s},"
            + " %4$s, 'status': {'phase': 'Running', 'podIP': '%5$s', 'podIPs': [{'ip': '%5$s'}]}}")
        .formatted(app, suffix, owner("ReplicaSet", app + "-6d5f"), containers(), address);
  }

  private Run ask(String... question) throws IOException {
    Path kubeconfig = Files.writeString(
        home.resolve("config"), """
        apiVersion: v1
        kind: Config
        current-context: dev
        clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: me, user: {token: t}}]
        contexts: [{name: dev, context: {cluster: here, user: me}}]
        """.formatted(server.getAddress().getPort()));
    return Run.of(Stream.concat(
            Stream.of("can", "--kubeconfig", kubeconfig.toString(), "--context", "dev"),
            Stream.of(question))
        .toArray(String[]::new));
  }

  @Test
  void questionsAreAnsweredAboutTheWorkloadsOfALiveCluster() throws IOException {
    Run allowed = ask("shop/frontend", "reach", "shop/db", "on", "5432");
    Run denied = ask("shop/cart", "reach", "shop/db", "on", "5432");

    assertThat(allowed.err()).isEmpty();
    assertThat(allowed.status()).isEqualTo(ExitStatus.YES);
    assertThat(allowed.out()).startsWith("allowed: shop/frontend -> shop/db on tcp/5432\n");
    assertThat(denied.status()).isEqualTo(ExitStatus.NO);
    assertThat(denied.out())
        .startsWith("denied: shop/cart -> shop/db on tcp/5432\n")
        .contains("networkpolicies");
  }

  @Test
  void aPodOfTheLiveClusterCanBeNamed() throws IOException {
    assertThat(
            ask("shop/frontend-6d5f-x7kq2", "reach", "10.0.0.4", "on", "5432").out())
        .startsWith("allowed: ");
    assertThat(ask("10.0.0.3", "reach", "shop/db", "on", "5432").out()).startsWith("denied: ");
  }

  @Test
  void aDeploymentItsReplicaSetAndItsPodsAreOneEndpoint() throws IOException {
    assertThat(ask("who", "can", "reach", "shop/db", "on", "5432").out())
        .isEqualTo(
            "allowed: who can reach shop/db on 5432\n  shop/frontend -> shop/db  tcp/5432\n");
  }

  private void serveCilium(String... policies) {
    lists.put("/apis", """
        {"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"cilium.io",
        "versions":[{"groupVersion":"cilium.io/v2","version":"v2"}],
        "preferredVersion":{"groupVersion":"cilium.io/v2","version":"v2"}}]}""");
    lists.put("/apis/cilium.io/v2", """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"cilium.io/v2","resources":[
        {"name":"ciliumnetworkpolicies","kind":"CiliumNetworkPolicy","namespaced":true,"verbs":["list"]}]}""");
    list(
        "/apis/cilium.io/v2/ciliumnetworkpolicies",
        "cilium.io/v2",
        "CiliumNetworkPolicyList",
        policies);
  }

  @Test
  void aPolicyOfAKindThatIsNotReadMakesAnAnswerUnknown() throws IOException {
    serveCilium("{'apiVersion': 'cilium.io/v2', 'kind': 'CiliumNetworkPolicy',"
        + " 'metadata': {'name': 'lock', 'namespace': 'shop'},"
        + " 'spec': {'endpointSelector': {'matchLabels': {'app': 'cart'}}}}");

    Run about = ask("shop/frontend", "reach", "shop/cart", "on", "5432");
    Run beside = ask("shop/frontend", "reach", "shop/db", "on", "5432");

    assertThat(about.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(about.out()).startsWith("unknown: ").contains("CiliumNetworkPolicy shop/lock");
    assertThat(beside.status()).isEqualTo(ExitStatus.YES);
    assertThat(beside.err()).contains("not read: 1 CiliumNetworkPolicy");
  }

  @Test
  void aKindOfWhichThereIsNoPolicyChangesNothing() throws IOException {
    serveCilium();

    Run run = ask("shop/frontend", "reach", "shop/db", "on", "5432");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void policiesThatMayNotBeListedMakeEveryAnswerUnknown() throws IOException {
    serveCilium();
    forbidden.add("/apis/cilium.io/v2/ciliumnetworkpolicies");

    Run unknown = ask("shop/frontend", "reach", "shop/db", "on", "5432");
    Run ignored = ask(
        "--ignore-kinds=CiliumNetworkPolicy", "shop/frontend", "reach", "shop/db", "on", "5432");

    assertThat(unknown.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(unknown.out()).contains("CiliumNetworkPolicy, which the cluster did not show");
    assertThat(unknown.err()).contains("the cluster did not show: CiliumNetworkPolicy");
    assertThat(ignored.status()).isEqualTo(ExitStatus.YES);
  }
}
