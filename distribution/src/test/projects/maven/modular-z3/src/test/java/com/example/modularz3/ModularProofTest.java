package com.example.modularz3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.postern.openworld.OpenOutcome;
import dev.postern.verify.Verifier;
import org.junit.jupiter.api.Test;

class ModularProofTest {

  @Test
  void z3ProvesFromTheModulePath() {
    assertTrue(ModularProof.class.getModule().isNamed());
    assertEquals("dev.postern.verifier", Verifier.class.getModule().getName());
    assertInstanceOf(OpenOutcome.Never.class, ModularProof.ask("can internet reach shop/db"));
  }
}
