package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.postern.answer.Answer.Verdict;
import org.junit.jupiter.api.Test;

class GateTest {

  @Test
  void theLibraryAnswers() {
    assertEquals(Verdict.ALLOWED, Gate.ask("can shop/frontend reach shop/db on 5432").verdict());
    assertEquals(Verdict.DENIED, Gate.ask("can internet reach shop/db").verdict());
  }

  @Test
  void analysisBringsNoZ3() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("com.microsoft.z3.Context"));
  }
}
