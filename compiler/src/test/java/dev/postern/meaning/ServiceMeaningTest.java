package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.FlowVerdict.UNKNOWN;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines 13 to 15: what stands between a policy and the pod: Services, ingress controllers, and DNS, without which names do not work. */
class ServiceMeaningTest {

  private static final String SERVICE = """
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec:
        clusterIP: 10.96.0.10
        selector: {app: db}
        ports: [{port: 80, targetPort: 5432}]
      """;

  @Test
  void aPolicySeesThePodBehindTheServiceAtItsTargetPort() {
    Scene scene = Scene.of(SERVICE, networkPolicy("shop/out", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}]"""));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(ALLOWED);
    Scene servicePort = Scene.of(SERVICE, networkPolicy("shop/out", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 80}]}]"""));
    assertThat(servicePort.ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(DENIED);
  }

  @Test
  void anIpBlockOfTheServicesAddressDoesNotAdmitToItsPods() {
    Scene scene = Scene.of(SERVICE, networkPolicy("shop/out", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{ipBlock: {cidr: 10.96.0.10/32}}]}]"""));
    assertThat(scene.ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(DENIED);
  }

  private static Scene toDb(String rule) {
    return Scene.of(
        networkPolicy("shop/db", "podSelector: {matchLabels: {app: db}}\ningress: [" + rule + "]"));
  }

  @Test
  void anIngressControllerThatNoManifestHoldsIsAdmittedByWhateverAdmitsEveryone() {
    for (String everyone : new String[] {
      "{}",
      "{from: [{namespaceSelector: {}}]}",
      "{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}",
      "{from: [{ipBlock: {cidr: \"::/0\"}}]}"
    }) {
      assertThat(toDb(everyone).ask("ingress-controller", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    }
  }

  @Test
  void whetherASelectorOrABlockAdmitsThatControllerIsUnknown() {
    assertThat(toDb("{from: [{namespaceSelector: {matchLabels: {team: edge}}}]}")
            .ask("ingress-controller", "shop/db", "tcp/80"))
        .isEqualTo(UNKNOWN);
    assertThat(toDb("{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}")
            .ask("ingress-controller", "shop/db", "tcp/80"))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void aPodSelectorAloneDoesNotAdmitAControllerOfAnotherNamespace() {
    assertThat(toDb("{from: [{podSelector: {}}]}").ask("ingress-controller", "shop/db", "tcp/80"))
        .isEqualTo(DENIED);
  }

  @Test
  void portsHoldForTheControllerToo() {
    assertThat(toDb("{ports: [{port: 5432}]}").ask("ingress-controller", "shop/db", "tcp/80"))
        .isEqualTo(DENIED);
  }

  @Test
  void aControllerThatTheManifestsHoldIsJudgedLikeAnyPod() {
    Scene scene = toDb(
        "{from: [{namespaceSelector: {matchLabels: {team: platform}}, podSelector: {matchLabels: {app: web}}}]}");
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/dns", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void restrictingEgressTakesDnsAwayUnlessARuleGivesItBack() {
    String toDb = "- to: [{podSelector: {matchLabels: {app: db}}}]\n";
    String dns = """
        - to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: dns}}}]
          ports: [{port: 53, protocol: UDP}, {port: 53}]
        """;
    String spec = "podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress:\n";
    assertThat(
            Scene.of(networkPolicy("shop/out", spec + toDb)).ask("shop/web", "ops/dns", "udp/53"))
        .isEqualTo(DENIED);
    Scene given = Scene.of(networkPolicy("shop/out", spec + toDb + dns));
    assertThat(given.ask("shop/web", "ops/dns", "udp/53")).isEqualTo(ALLOWED);
    assertThat(given.ask("shop/web", "ops/dns", "tcp/53")).isEqualTo(ALLOWED);
  }
}
