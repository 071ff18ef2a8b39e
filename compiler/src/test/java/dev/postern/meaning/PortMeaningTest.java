package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines 8 and 12: numbers, ranges, names and protocols. */
class PortMeaningTest {

  /** Admits these ports to every pod of both namespaces. */
  private static Scene ingress(String ports) {
    String spec = "podSelector: {}\ningress:\n- ports: " + ports;
    return Scene.of(networkPolicy("shop/in", spec), networkPolicy("ops/in", spec));
  }

  /** Lets shop/web out to these ports. */
  private static Scene egress(String ports) {
    return Scene.of(networkPolicy("shop/out", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress:
        - ports:\s""" + ports));
  }

  @Test
  void aMissingProtocolIsTcp() {
    Scene scene = ingress("[{port: 53}]");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/53")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "udp/53")).isEqualTo(DENIED);
  }

  @Test
  void aMissingPortIsEveryPortOfTheProtocolAndNoOther() {
    Scene scene = ingress("[{protocol: UDP}]");
    assertThat(scene.ask("shop/web", "shop/db", "udp/1")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "udp/65535")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/1")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "icmp")).isEqualTo(DENIED);
    assertThat(ingress("[{}]").ask("shop/web", "shop/db", "tcp/9")).isEqualTo(ALLOWED);
  }

  @Test
  void aRangeHoldsItsEnds() {
    Scene scene = ingress("[{port: 8000, endPort: 8002}]");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/7999")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/8000")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/8002")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/8003")).isEqualTo(DENIED);
    assertThat(ingress("[{port: 65535, endPort: 65535}]").ask("shop/web", "shop/db", "tcp/65535"))
        .isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{port: 90, endPort: 80}",
        "{endPort: 80}",
        "{port: http, endPort: 80}",
        "{port: 0}",
        "{port: 65536}",
        "{port: 1, endPort: 65536}",
        "{port: 80, protocol: tcp}",
        "{port: 80, protocol: ICMP}",
      })
  void portsThatTheApiRefusesAreErrors(String port) {
    assertThat(Scene.errors(
            networkPolicy("shop/db", "podSelector: {}\ningress:\n- ports: [" + port + "]")))
        .isNotEmpty()
        .allMatch(error -> error.startsWith("test.yaml:7:"));
  }

  @Test
  void aNamedPortIsLookedUpOnEachDestination() {
    Scene scene = ingress("[{port: http}]");
    assertThat(scene.ask("ops/dns", "shop/web", "tcp/8080")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/dns", "shop/db", "tcp/9090")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/dns", "shop/db", "tcp/8080")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "ops/batch", "tcp/7070")).isEqualTo(ALLOWED);
  }

  @Test
  void aNamedPortOfEgressIsLookedUpOnTheDestinationToo() {
    Scene scene = egress("[{port: http}]");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/9090")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/8080")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "ops/web", "tcp/8888")).isEqualTo(ALLOWED);
  }

  @Test
  void aPodWithoutTheNamedPortMatchesNothing() {
    assertThat(ingress("[{port: http}]").ask("shop/web", "shop/bare", "tcp/8080"))
        .isEqualTo(DENIED);
  }

  @Test
  void anAddressOutsideHasNoNamedPorts() {
    assertThat(egress("[{port: http}]").ask("shop/web", "8.8.8.8", "tcp/8080")).isEqualTo(DENIED);
  }

  @Test
  void aNameMeansTheProtocolThatTheRuleNames() {
    Scene tcp = ingress("[{port: dns}]");
    assertThat(tcp.ask("shop/web", "ops/dns", "tcp/853")).isEqualTo(ALLOWED);
    assertThat(tcp.ask("shop/web", "ops/dns", "udp/53")).isEqualTo(DENIED);
    assertThat(tcp.ask("shop/web", "ops/dns", "tcp/53")).isEqualTo(DENIED);
    Scene udp = ingress("[{port: dns, protocol: UDP}]");
    assertThat(udp.ask("shop/web", "ops/dns", "udp/53")).isEqualTo(ALLOWED);
    assertThat(udp.ask("shop/web", "ops/dns", "tcp/853")).isEqualTo(DENIED);
  }

  @Test
  void portsOfSidecarsCountAndThoseOfInitContainersThatEndDoNot() {
    assertThat(ingress("[{port: metrics}]").ask("shop/web", "ops/dns", "tcp/9153"))
        .isEqualTo(ALLOWED);
    assertThat(ingress("[{port: setup}]").ask("shop/web", "ops/dns", "tcp/7777"))
        .isEqualTo(DENIED);
  }

  @Test
  void aNameThatLooksLikeANumberInQuotesIsNoNumber() {
    assertThat(Scene.errors(
            networkPolicy("shop/db", "podSelector: {}\ningress:\n- ports: [{port: \"80\"}]")))
        .isNotEmpty();
  }

  @Test
  void repliesPassWithoutARuleOfTheirOwn() {
    Scene scene = Scene.of(networkPolicy("shop/db", """
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]"""));
    // The connection is judged once, in the direction in which it is opened.
    assertThat(scene.ask("shop/web", "shop/db", "tcp/5432")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/db", "shop/web", "tcp/5432")).isEqualTo(DENIED);
  }

  @Test
  void protocolsWithoutPortsPassOnlyWhereNoPortsRestrictTheRule() {
    assertThat(ingress("[]").ask("shop/web", "shop/db", "icmp")).isEqualTo(ALLOWED);
    Scene every = ingress("[{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}]");
    assertThat(every.ask("shop/web", "shop/db", "icmp")).isEqualTo(DENIED);
    assertThat(every.ask("shop/web", "shop/db", "sctp/1")).isEqualTo(ALLOWED);
  }

  @Test
  void sctpIsAProtocolLikeTheOthers() {
    Scene scene = ingress("[{protocol: SCTP, port: 36412}]");
    assertThat(scene.ask("shop/web", "shop/db", "sctp/36412")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "sctp/36413")).isEqualTo(DENIED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/36412")).isEqualTo(DENIED);
  }
}
