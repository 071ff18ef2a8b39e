package dev.postern.diff;

import static dev.postern.diff.SamePodsTest.OTHER;
import static dev.postern.diff.SamePodsTest.difference;
import static dev.postern.diff.SamePodsTest.pod;
import static dev.postern.diff.SamePodsTest.rows;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods of several ReplicaSets of one Deployment, with and without these objects. */
class RolloutTest {

  private static String revision(String hash, String name, String address, String more) {
    return pod("web-" + hash + "-" + name, address, "")
        .replace("kind: Deployment, name: web", "kind: ReplicaSet, name: web-" + hash)
        .replaceFirst("labels: \\{", "labels: {pod-template-hash: " + hash + more + ", ");
  }

  private static String replicaSet(String hash, String owner) {
    return """
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-%1$s, namespace: n0, %2$s}
        spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
        """.formatted(
            hash,
            owner.isEmpty()
                ? ""
                : "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: " + owner
                    + ", uid: u, controller: true}]");
  }

  private static final String GRANTED = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: n0}
      spec: {podSelector: {matchLabels: {app: w1}}, ingress: [{from: [{podSelector: {matchLabels: {access: granted}}}]}]}
      """;

  private static final String OLD = revision("5d4f", "x", "10.0.0.2", "");

  @Test
  void aRolloutIsOneWorkloadThatStays() {
    String renewed = revision("7c9d", "y", "10.0.0.3", "");
    for (String before : new String[] {OLD, OLD + replicaSet("5d4f", "web")}) {
      for (String after : new String[] {
        renewed, renewed + replicaSet("7c9d", "web"), OLD + renewed, OLD + renewed + renewed
      }) {
        Difference difference = difference(OTHER + GRANTED + before, OTHER + GRANTED + after);
        assertThat(rows(difference)).isEmpty();
        assertThat(difference.added()).isEmpty();
        assertThat(difference.removed()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one more of the old"})
  void whatANewRevisionGainsIsOpened(String more) {
    String old = OLD + (more.isEmpty() ? "" : revision("5d4f", "z", "10.0.0.4", ""));
    String granted = revision("7c9d", "y", "10.0.0.3", ", access: granted");
    for (String after : new String[] {granted, old + granted}) {
      Difference difference = difference(OTHER + GRANTED + old, OTHER + GRANTED + after);
      assertThat(difference.opened())
          .anySatisfy(row -> assertThat(row.toString()).startsWith("n0/web").contains("-> n0/w1"));
    }
  }

  /** The hash is no more than a label where the ReplicaSet's name does not end with it. */
  @Test
  void otherReplicaSetsAreWorkloadsOfTheirOwn() {
    String other = revision("7c9d", "y", "10.0.0.3", "").replace("name: web-7c9d,", "name: shop,");
    Difference difference = difference(OTHER + OLD, OTHER + other);
    assertThat(difference.added()).containsExactly("n0/shop");
    assertThat(difference.removed()).containsExactly("n0/web-5d4f");
  }
}
