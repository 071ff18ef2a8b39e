package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ListWhoIsOpenToTheWorldTest {

  @Test
  void onlyTheFrontendOfTheShopIsOpenAndWhatNoPolicyGuards() {
    assertThat(ListWhoIsOpenToTheWorld.open(Path.of("shop")))
        .containsExactlyInAnyOrder(
            "kube-system/coredns all traffic",
            "monitoring/prometheus all traffic",
            "shop/frontend tcp/8080");
  }
}
