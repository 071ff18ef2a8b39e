package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AskOneQuestionTest {

  private static final Path SHOP = Path.of("shop");

  @Test
  void theAnswerNamesTheRulesThatDecide() {
    assertThat(AskOneQuestion.answer(SHOP, "can shop/frontend reach shop/db on 5432"))
        .startsWith("allowed\n")
        .contains(
            "shop/allow-frontend egress[1]",
            "shop/allow-frontend-to-db ingress[0]",
            "shop/db.yaml:52:7");
  }

  @Test
  void aDenialNamesThePoliciesThatIsolate() {
    assertThat(AskOneQuestion.answer(SHOP, "can shop/cart reach shop/db on 5432"))
        .startsWith("denied\n")
        .contains("shop/default-deny");
  }
}
