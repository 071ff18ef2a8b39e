package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is not among the manifests may be there: nothing is said that only an incomplete input suggests. */
class PrecisionTest {

  private static final String WEB = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
      """;

  private static String policy(String name, String spec) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: shop}
        spec: %s
        """.formatted(name, spec);
  }

  private static List<Diagnostic> lint(LintOptions options, String... files) {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      sources.add(Source.text("dir" + i + "/a.yaml", files[i]));
    }
    Loaded loaded = Manifests.read(sources, ReadOptions.DEFAULT.withKeepWritten(true));
    return Lint.of(LintInput.of(loaded, options)).stream()
        .filter(finding -> finding.severity() != Severity.INFO)
        .toList();
  }

  private static List<String> names(String... files) {
    return lint(LintOptions.DEFAULT, files).stream().map(d -> d.code().name()).toList();
  }

  @Test
  void anAllowFromANamespaceThatIsNotInTheInputIsNotRedundantBesideADefaultDeny() {
    assertThat(
            names(
                WEB
                    + policy("deny", "{podSelector: {}, policyTypes: [Ingress]}")
                    + policy(
                        "allow",
                        "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: console}}}], ports: [{port: 8080}]}]}")))
        .isEmpty();
  }

  @Test
  void aPolicyOfANamespaceWithoutPodsInTheInputIsNotSaidToSelectNothing() {
    assertThat(
            names(policy("a", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}")))
        .isEmpty();
  }

  @Test
  void dnsThatARuleMayReachIsNotSaidToBeMissing() {
    for (String way : List.of(
        "{ports: [{port: 53, protocol: UDP}]}",
        "{to: [{ipBlock: {cidr: 169.254.20.10/32}}], ports: [{port: 53, protocol: UDP}]}",
        "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}], ports: [{port: 5353, protocol: UDP}]}",
        "{to: [{namespaceSelector: {}}]}")) {
      assertThat(names(WEB
              + policy("web", "{podSelector: {}, policyTypes: [Egress], egress: [" + way + "]}")))
          .as(way)
          .doesNotContain("NO_NAME_SERVICE");
    }
    assertThat(
            names(
                WEB
                    + policy(
                        "web",
                        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: db}}}]}]}")))
        .containsExactly("NO_NAME_SERVICE");
  }

  @Test
  void podsThatMayTalkToNobodyNeedNoNames() {
    assertThat(names(WEB + policy("web", "{podSelector: {}, policyTypes: [Egress]}")))
        .isEmpty();
  }

  @Test
  void anInputThatHoldsVersionsOfANamespaceIsNotJudgedAsOne() {
    String service = """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 8080}]}
        """;
    String deny = policy("deny", "{podSelector: {}, policyTypes: [Ingress]}");
    assertThat(names(WEB + service, deny)).containsExactly("SERVICE_UNREACHABLE");
    assertThat(names(WEB + service, deny, WEB)).isEmpty();
  }

  @Test
  void halvesThatOnePolicyCutsAreOneFinding() {
    String pods = WEB;
    StringBuilder policies = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      pods += "---\n"
          + WEB.replace("name: web,", "name: db" + i + ",").replace("app: web", "app: db" + i);
      policies.append(
          policy(
              "db" + i,
              "{podSelector: {matchLabels: {app: db" + i
                  + "}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}"));
    }
    policies.append(
        policy("deny", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}"));

    assertThat(lint(LintOptions.DEFAULT, pods + policies)).singleElement().satisfies(finding -> {
      assertThat(finding.code().name()).isEqualTo("HALF_OPEN");
      assertThat(finding.message()).endsWith("(and the same at 4 other places)");
      assertThat(finding.related()).hasSize(5);
    });
  }

  @Test
  void theServersOwnPortIsMeantAndNotTheServices() {
    String dns = """
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: dns-default, namespace: openshift-dns}
        spec:
          selector: {matchLabels: {dns.operator.openshift.io/daemonset-dns: default}}
          template:
            metadata: {labels: {dns.operator.openshift.io/daemonset-dns: default}}
            spec: {containers: [{name: dns, image: i, ports: [{containerPort: 5353, protocol: UDP}]}]}
        """;
    String way =
        "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: %d, protocol: UDP}, {port: %d}]}]}";
    assertThat(lint(LintOptions.DEFAULT, WEB + dns + policy("web", way.formatted(53, 53))))
        .singleElement()
        .extracting(Diagnostic::message)
        .asString()
        .contains("openshift-dns/dns-default on udp/5353");
    assertThat(names(WEB + dns + policy("web", way.formatted(5353, 5353)))).isEmpty();
  }

  @Test
  void aClosedInputIsTakenAtItsWord() {
    String text = WEB
        + policy(
            "web",
            "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gone}}}]}]}");
    assertThat(names(text)).isEmpty();
    assertThat(lint(LintOptions.DEFAULT.withClosed(true), text))
        .extracting(d -> d.code().name())
        .contains("PEER_MATCHES_NOBODY");
  }
}
