package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.postern.answer.Answer.Verdict;
import dev.postern.manifest.Manifests;
import dev.postern.openworld.OpenOutcome;
import dev.postern.question.Question;
import dev.postern.solver.Limits;
import dev.postern.verify.Verifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WithoutZ3Test {

  private final Verifier verifier = Verifier.of(Manifests.load(Path.of("../deploy")).cluster());

  @Test
  void questionsAreAnswered() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("com.microsoft.z3.Context"));
    assertEquals(
        Verdict.ALLOWED, verifier.ask("can shop/frontend reach shop/db on 5432").verdict());
  }

  @Test
  void whatTakesZ3IsUndecidedAndSaysSo() {
    Question.Can question = Question.Can.parse("can internet reach shop/db");
    OpenOutcome.Undecided outcome = assertInstanceOf(
        OpenOutcome.Undecided.class, verifier.askOpen(question, Limits.DEFAULT).outcome());
    assertTrue(outcome.reason().contains("Z3"), outcome.reason());
  }
}
