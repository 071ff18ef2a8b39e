package dev.postern.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program that is known to work by the API needs it, whatever the input says of its roles. */
class KnownControllersTest {

  private static List<String> found(String image, String more) {
    Loaded loaded = Manifests.read(
        List.of(Source.text("a.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: c, namespace: certs}
            spec:
              selector: {matchLabels: {app: c}}
              template:
                metadata: {labels: {app: c}}
                spec: {containers: [{name: c, image: "%s"}]%s}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: out, namespace: certs}
            spec:
              podSelector: {}
              policyTypes: [Egress]
              egress: [{to: [{podSelector: {}}]}]
            """.formatted(image, more))),
        ReadOptions.DEFAULT.withKeepWritten(true));
    return Lint.of(LintInput.of(loaded, LintOptions.DEFAULT)).stream()
        .filter(finding -> finding.code().id().equals("NP330"))
        .map(Diagnostic::message)
        .toList();
  }

  @Test
  void aControllerIsKnownByItsImageWhateverRegistryTagAndDigest() {
    for (String image : List.of(
        "quay.io/jetstack/cert-manager-controller:v1.15.0",
        "registry.local:5000/cert-manager-controller",
        "cert-manager-controller@sha256:0f",
        "x/cert-manager-controller:v1@sha256:0f")) {
      assertThat(found(image, ""))
          .as(image)
          .containsExactly(
              "certs/c works by the API (it runs cert-manager-controller), but NetworkPolicy certs/out lets it reach no address on tcp/443 or tcp/6443");
    }
  }

  @Test
  void otherProgramsAndThoseWithoutATokenAreNotJudged() {
    assertThat(found("shop/cert-manager-controller-ui:v1", "")).isEmpty();
    assertThat(found("nginx", "")).isEmpty();
    assertThat(found("cert-manager-controller", ", automountServiceAccountToken: false"))
        .isEmpty();
  }
}
