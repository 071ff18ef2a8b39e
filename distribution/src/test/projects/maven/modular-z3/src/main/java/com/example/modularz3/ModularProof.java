package com.example.modularz3;

import dev.postern.manifest.Manifests;
import dev.postern.openworld.OpenOutcome;
import dev.postern.question.Question;
import dev.postern.solver.Limits;
import dev.postern.verify.Verifier;
import java.nio.file.Path;

public final class ModularProof {

  private ModularProof() {}

  static OpenOutcome ask(String question) {
    return Verifier.of(Manifests.load(Path.of("../deploy")).cluster())
        .askOpen(question, Limits.DEFAULT)
        .outcome();
  }
}
