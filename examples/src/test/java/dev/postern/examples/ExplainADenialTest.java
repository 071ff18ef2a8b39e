package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExplainADenialTest {

  @Test
  void eachRuleSaysWhatKeptItFromAllowingAndTheChangeComesLast() {
    assertThat(ExplainADenial.explain(Path.of("shop"), "can shop/cart reach shop/db on 5432")
            .lines())
        .contains(
            "shop/allow-frontend-to-db ingress[0]: from[0] needs app=frontend, shop/cart has app=cart")
        .last()
        .asString()
        .startsWith(
            "add `{podSelector: {matchLabels: {app: cart}}}` to `from` of shop/allow-frontend-to-db ingress[0]");
  }
}
