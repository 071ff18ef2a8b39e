package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.Scene.clusterNetworkPolicy;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Options.HostNetwork;
import org.junit.jupiter.api.Test;

/**
 * Line 11: a pod and itself, its node, and pods on the host network. Of the pods, shop/web is on node-1; shop/db, ops/web and, on the
 * host network, ops/agent are on node-2.
 */
class NodeMeaningTest {

  private static final String DENY = "{podSelector: {}, policyTypes: [Ingress, Egress]}";
  private static final Scene DENIED_ALL =
      Scene.of(networkPolicy("shop/deny", DENY), networkPolicy("ops/deny", DENY));

  @Test
  void aPodAlwaysReachesItself() {
    Judgement judgement = DENIED_ALL.judge("shop/web", "shop/web", "tcp/80");
    assertThat(judgement.verdict()).isEqualTo(ALLOWED);
    assertThat(judgement.exemption()).isEqualTo(Exemption.SAME_POD);
    assertThat(DENIED_ALL.ask("shop/web v6", "shop/web v6", "icmp")).isEqualTo(ALLOWED);
  }

  @Test
  void onlyAClusterNetworkPolicyKeepsAPodFromItselfThroughAService() {
    Scene scene = Scene.of(
        networkPolicy("shop/deny", DENY),
        clusterNetworkPolicy(
            "stop",
            "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: ["
                + "{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}]}"));
    assertThat(toItselfThroughAService(DENIED_ALL).verdict()).isEqualTo(ALLOWED);
    assertThat(toItselfThroughAService(DENIED_ALL).exemption()).isEqualTo(Exemption.SAME_POD);
    assertThat(toItselfThroughAService(scene).verdict()).isEqualTo(DENIED);
    assertThat(toItselfThroughAService(scene).ingress().causes())
        .extracting(cause -> cause.policy().id())
        .containsExactly("stop");
    assertThat(scene.ask("shop/web", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
  }

  private static Judgement toItselfThroughAService(Scene scene) {
    Flow flow = scene.judge("shop/web", "shop/web", "tcp/80").flow();
    return new Reference(scene.cluster(), scene.options())
        .judge(new Flow(flow.source(), flow.destination(), flow.protocol(), flow.port(), true));
  }

  @Test
  void twoPodsOfOneTemplateAreNotTheSamePod() {
    assertThat(DENIED_ALL.ask("ops/batch", "ops/batch", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void trafficBetweenAPodAndItsOwnNodePasses() {
    Judgement probe = DENIED_ALL.judge("192.168.0.1", "shop/web", "tcp/80");
    assertThat(probe.verdict()).isEqualTo(ALLOWED);
    assertThat(probe.exemption()).isEqualTo(Exemption.OWN_NODE);
    assertThat(DENIED_ALL.ask("shop/web", "192.168.0.1", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(DENIED_ALL.ask("192.168.0.2", "shop/web", "tcp/80")).isEqualTo(DENIED);
    assertThat(DENIED_ALL.ask("192.168.0.1", "shop/bare", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void anOptionPolicesTrafficFromTheNodeToo() {
    Scene strict = DENIED_ALL.with(Options.DEFAULT.withNodeTrafficPasses(false));
    assertThat(strict.ask("192.168.0.1", "shop/web", "tcp/80")).isEqualTo(DENIED);
    assertThat(strict.ask("shop/web", "192.168.0.1", "tcp/80")).isEqualTo(DENIED);
    assertThat(strict.ask("shop/web", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void podsOnOneNodeArePolicedLikeOthers() {
    assertThat(DENIED_ALL.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void aPodOnTheHostNetworkIsItsNodeForPodsThere() {
    assertThat(DENIED_ALL.judge("ops/agent", "shop/db", "tcp/80").exemption())
        .isEqualTo(Exemption.OWN_NODE);
    assertThat(DENIED_ALL.ask("ops/agent", "shop/web", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void policiesDoNotSelectPodsOnTheHostNetwork() {
    Scene scene = Scene.of(networkPolicy("ops/deny", DENY));
    assertThat(scene.ask("shop/web", "ops/agent", "tcp/9100")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/agent", "8.8.8.8", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void selectorsDoNotMatchPodsOnTheHostNetworkButAddressesDo() {
    String policy = """
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [%s]}]""";
    Scene selector =
        Scene.of(networkPolicy("shop/web", policy.formatted("{namespaceSelector: {}}")));
    assertThat(selector.ask("ops/agent", "shop/web", "tcp/80")).isEqualTo(DENIED);
    Scene block =
        Scene.of(networkPolicy("shop/web", policy.formatted("{ipBlock: {cidr: 192.168.0.2/32}}")));
    assertThat(block.ask("ops/agent", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
    // The node's address is no pod's, so the option on pods does not touch it.
    assertThat(block
            .with(Options.DEFAULT.withIpBlockMatchesPods(false))
            .ask("ops/agent", "shop/web", "tcp/80"))
        .isEqualTo(ALLOWED);
  }

  @Test
  void namedPortsAreNotLookedUpOnTheHostNetwork() {
    Scene scene = Scene.of(networkPolicy("shop/web", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{ports: [{port: http}]}]"""));
    assertThat(scene.ask("shop/web", "ops/agent", "tcp/9100")).isEqualTo(DENIED);
  }

  @Test
  void anOptionPolicesPodsOnTheHostNetworkLikeAnyPod() {
    Options asPods = Options.DEFAULT.withHostNetwork(HostNetwork.POD);
    assertThat(Scene.of(networkPolicy("ops/deny", DENY))
            .with(asPods)
            .ask("shop/web", "ops/agent", "tcp/9100"))
        .isEqualTo(DENIED);
    Scene selector = Scene.of(networkPolicy("shop/web", """
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: agent}}}]}]"""));
    assertThat(selector.with(asPods).ask("ops/agent", "shop/web", "tcp/80")).isEqualTo(ALLOWED);
    Scene named = Scene.of(networkPolicy("ops/agent", """
        podSelector: {matchLabels: {app: agent}}
        ingress: [{ports: [{port: http}]}]"""));
    assertThat(named.with(asPods).ask("shop/web", "ops/agent", "tcp/9100")).isEqualTo(ALLOWED);
    assertThat(named.with(asPods).ask("shop/web", "ops/agent", "tcp/9101")).isEqualTo(DENIED);
  }
}
