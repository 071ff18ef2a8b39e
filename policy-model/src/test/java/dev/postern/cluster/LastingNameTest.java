package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.diagnostic.Origin;
import dev.postern.selector.Labels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only a revision's hash, which its pods have as a label, is left off a name. */
class LastingNameTest {

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet,web-5d4f,pod-template-hash,5d4f,web",
    "ReplicaSet,web-5d4f,rollouts-pod-template-hash,5d4f,web",
    "ReplicaSet,web-5d4f,pod-template-hash,6c7d,web-5d4f",
    "ReplicaSet,web5d4f,pod-template-hash,5d4f,web5d4f",
    "ReplicaSet,-5d4f,pod-template-hash,5d4f,-5d4f",
    "ReplicaSet,web-5d4f,app,5d4f,web-5d4f",
    "StatefulSet,web-5d4f,pod-template-hash,5d4f,web-5d4f"
  })
  void theHashOfARevisionIsLeftOff(
      String kind, String name, String key, String value, String lasting) {
    Workload workload = new Workload(
        "shop",
        name,
        kind,
        Labels.of(Map.of(key, value)),
        List.of(),
        false,
        List.of(),
        Origin.NONE);

    assertThat(workload.lastingName()).isEqualTo(lasting);
  }
}
