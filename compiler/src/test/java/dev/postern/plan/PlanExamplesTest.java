package dev.postern.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What random clusters seldom hold: each flow of these is judged by the plan as the definition judges it. */
class PlanExamplesTest {

  private static String pod(String namespace, String name, String labels, String ports, int at) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {%s}}
        spec: {containers: [{name: c, ports: [%s]}]}
        status: {podIP: 10.0.0.%d}
        ---
        """.formatted(name, namespace, labels, ports, at);
  }

  /** Compares all flows, and says which verdicts they have. */
  private static Set<FlowVerdict> verdicts(String manifests) {
    Cluster cluster = Manifests.read(Source.text("example.yaml", manifests)).cluster();
    Plan plan = Plan.of(cluster);
    Reference reference = new Reference(cluster, Options.DEFAULT);
    List<End> ends = new ArrayList<>(plan.classes().endpoints());
    ends.add(new End.Outside(Address.parse("203.0.113.7")));
    Set<FlowVerdict> met = EnumSet.noneOf(FlowVerdict.class);
    for (End source : ends) {
      for (End destination : ends) {
        for (Protocol protocol : EnumSet.of(Protocol.TCP, Protocol.UDP)) {
          for (int port : Probes.of(cluster, new Random(0)).ports()) {
            Judgement judged = reference.judge(new Flow(source, destination, protocol, port));
            if (judged.exemption() == Judgement.Exemption.NONE) {
              compare(plan, judged);
              met.add(judged.verdict());
            }
          }
        }
      }
    }
    return met;
  }

  private static void compare(Plan plan, Judgement judged) {
    int from = plan.classes().classOf(judged.flow().source());
    int to = plan.classes().classOf(judged.flow().destination());
    assertThat(verdict(plan, Direction.EGRESS, from, to, judged.flow()))
        .as("egress of %s", judged.flow())
        .isEqualTo(judged.egress().verdict());
    assertThat(verdict(plan, Direction.INGRESS, to, from, judged.flow()))
        .as("ingress of %s", judged.flow())
        .isEqualTo(judged.ingress().verdict());
  }

  private static FlowVerdict verdict(
      Plan plan, Direction direction, int number, int peer, Flow flow) {
    Table table = plan.table(number, direction);
    boolean allowed = table.allowed().traffic(peer).contains(flow.protocol(), flow.port());
    boolean possible = table.possible().traffic(peer).contains(flow.protocol(), flow.port());
    return allowed ? FlowVerdict.ALLOWED : possible ? FlowVerdict.UNKNOWN : FlowVerdict.DENIED;
  }

  @Test
  void aNamedPortIsOfItsProtocolAndOfItsPod() {
    String udp = "{name: dns, containerPort: 5353, protocol: UDP}";
    String tcp = "{name: dns, containerPort: 5300, protocol: TCP}";
    assertThat(verdicts(pod("shop", "one", "app: dns", udp, 1)
            + pod("shop", "two", "app: dns", tcp, 2)
            + pod("shop", "both", "app: dns", udp + ", " + tcp, 3)
            + pod("shop", "none", "app: dns", "", 4)
            + pod("shop", "web", "app: web", "", 5)
            + """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: dns, namespace: shop}
            spec: {podSelector: {matchLabels: {app: dns}}, ingress: [{ports: [{port: dns, protocol: UDP}]}]}
            """))
        .containsExactlyInAnyOrder(FlowVerdict.ALLOWED, FlowVerdict.DENIED);
  }

  @Test
  void aNameAllowsNothingForCertain() {
    assertThat(verdicts(
            pod("shop", "web", "app: web", "", 1) + pod("shop", "db", "app: db", "", 2) + """
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: {name: names}
            spec:
              tier: Admin
              priority: 1
              subject: {namespaces: {}}
              egress:
              - {action: Accept, to: [{domainNames: [example.com]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
              - {action: Deny, to: [{networks: [0.0.0.0/0, "::/0"]}]}
            """))
        .containsExactlyInAnyOrder(FlowVerdict.ALLOWED, FlowVerdict.DENIED, FlowVerdict.UNKNOWN);
  }

  /** So many kinds of pods that they are looked up by their labels. */
  @Test
  void aSelectorFindsItsPodsAmongManyInEachNamespace() {
    int apps = 20;
    StringBuilder pods = new StringBuilder();
    StringBuilder policies = new StringBuilder();
    int at = 1;
    for (String namespace : List.of("a", "b")) {
      for (int app = 0; app < apps; app++) {
        pods.append(pod(namespace, "app-" + app, "app: app-" + app, "", at++));
        policies.append("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: app-%d, namespace: %s}
            spec:
              podSelector: {matchLabels: {app: app-%d}}
              ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [app-%d, app-%d]}]}}]}]
            ---
            """.formatted(app, namespace, app, (app + 7) % apps, (app + 3) % apps));
      }
    }
    assertThat(verdicts(pods.toString() + policies))
        .containsExactlyInAnyOrder(FlowVerdict.ALLOWED, FlowVerdict.DENIED);
  }
}
