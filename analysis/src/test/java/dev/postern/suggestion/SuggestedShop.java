package dev.postern.suggestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A small shop, flows between its pods, and the policies that are suggested for them. */
final class SuggestedShop {

  private static final String SHOP = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: kube-system}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
      spec: {nodeName: n1, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cart, namespace: shop, labels: {app: cart, tier: front}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db, pod-template-hash: abc}}
      spec: {nodeName: n2, containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
      status: {podIP: 10.0.0.3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
      spec: {nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.53}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: kube-system, labels: {app: agent}}
      spec: {hostNetwork: true, nodeName: n2, containers: [{name: c, image: i}]}
      status: {podIP: 192.0.2.2}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec:
        clusterIP: 10.96.0.9
        selector: {app: db}
        ports: [{port: 15432, targetPort: sql}]
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}
      """;

  private SuggestedShop() {}

  static final SuggestionOptions PLAIN = SuggestionOptions.DEFAULT.withDns(false);

  static Cluster cluster(String... more) {
    return Manifests.read(Source.text(
            "shop.yaml",
            SHOP + Stream.of(more).map(each -> "---\n" + each).reduce("", String::concat)))
        .cluster();
  }

  static End end(Cluster cluster, String name) {
    if (Character.isDigit(name.charAt(0))) {
      return new End.Outside(Address.parse(name));
    }
    Workload workload = cluster.workloads().stream()
        .filter(each -> each.id().equals(name))
        .findFirst()
        .orElseThrow();
    return SeenTraffic.ends(workload).get(0);
  }

  /** {@code shop/web -> shop/db tcp/5432}. */
  static List<SeenFlow> seen(Cluster cluster, String... flows) {
    List<SeenFlow> seen = new ArrayList<>();
    for (String flow : flows) {
      String[] words = flow.split(" ");
      String[] traffic = words[3].split("/");
      seen.add(new SeenFlow(
          end(cluster, words[0]),
          end(cluster, words[2]),
          Protocol.valueOf(traffic[0].toUpperCase(Locale.ROOT)),
          traffic.length > 1 ? Integer.parseInt(traffic[1]) : 0,
          Evidence.of(1)));
    }
    return seen;
  }

  static Suggestion suggest(Cluster cluster, SuggestionOptions options, String... flows) {
    Reachability today = Reachability.of(Plan.of(cluster));
    Suggestion suggestion = Suggestion.of(today, seen(cluster, flows), options);
    assertThat(SuggestionProof.of(
                suggestion, SuggestionPropertiesTest.read(suggestion), cluster, Options.DEFAULT)
            .isWhole())
        .isTrue();
    return suggestion;
  }

  static String text(Suggestion suggestion, String policy) {
    return suggestion.policies().stream()
        .filter(each -> each.policy().id().equals(policy))
        .map(PolicyText::of)
        .findFirst()
        .orElseThrow();
  }
}
