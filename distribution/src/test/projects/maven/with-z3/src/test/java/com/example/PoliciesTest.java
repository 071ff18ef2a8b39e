package com.example;

import static dev.postern.policytest.PolicyAssertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.policytest.PolicyTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  @PolicyTest(value = "../policies/shop.postern", manifests = "../deploy")
  void policies() {}

  @Test
  void inAssertJsWords() {
    assertThat(Manifests.load(Path.of("../deploy")))
        .from("shop/frontend")
        .canReach("shop/db")
        .on(5432)
        .from("internet")
        .canNeverReach("shop/db")
        .onAnyPort();
  }
}
