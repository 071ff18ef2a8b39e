package com.example.modular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.postern.answer.Analysis;
import dev.postern.answer.Answer.Verdict;
import dev.postern.manifest.Manifests;
import org.junit.jupiter.api.Test;

class ModularGateTest {

  @Test
  void theLibraryAnswersFromTheModulePath() {
    assertTrue(ModularGate.class.getModule().isNamed());
    assertEquals("dev.postern.analysis", Analysis.class.getModule().getName());
    assertEquals("dev.postern.policy.model", Manifests.class.getModule().getName());
    assertEquals(
        Verdict.ALLOWED, ModularGate.ask("can shop/frontend reach shop/db on 5432").verdict());
    assertTrue(ModularGate.rules() > 30);
  }
}
