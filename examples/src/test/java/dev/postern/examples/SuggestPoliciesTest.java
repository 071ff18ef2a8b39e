package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SuggestPoliciesTest {

  @Test
  void whatWasSeenBecomesPolicies() throws IOException {
    assertThat(SuggestPolicies.policies(Path.of("seen/flows.csv"), Path.of("seen/library.yaml")))
        .contains("name: web\n", "name: catalogue\n", "name: db\n");
  }
}
