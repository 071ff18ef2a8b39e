package com.example.modular;

import dev.postern.answer.Analysis;
import dev.postern.answer.Answer;
import dev.postern.lint.Lint;
import dev.postern.manifest.Manifests;
import java.nio.file.Path;

public final class ModularGate {

  private ModularGate() {}

  static Answer ask(String question) {
    return Analysis.of(Manifests.load(Path.of("../deploy")).cluster()).ask(question);
  }

  /** Rules of lint are services. */
  static int rules() {
    return Lint.rules().size();
  }
}
