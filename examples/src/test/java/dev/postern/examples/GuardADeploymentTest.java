package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardADeploymentTest {

  @Test
  void theShopMayBeDeployed() {
    assertThat(GuardADeployment.objections(Path.of("shop"))).isEmpty();
  }

  @Test
  void withoutItsPoliciesItMayNot() {
    Cluster open = Manifests.load(Path.of("shop")).cluster().withPolicies(List.of());

    assertThat(GuardADeployment.objections(open))
        .hasSize(2)
        .allMatch(objection -> objection.contains(": allowed"));
  }

  @Test
  void manifestsWithErrorsMayNot() {
    assertThat(GuardADeployment.objections(Path.of("mistakes")))
        .first()
        .asString()
        .contains("forgotten-match-labels.yaml");
  }
}
