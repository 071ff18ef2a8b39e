package com.example;

import dev.postern.answer.Analysis;
import dev.postern.answer.Answer;
import dev.postern.manifest.Manifests;
import java.nio.file.Path;

public final class Gate {

  private Gate() {}

  public static Answer ask(String question) {
    return Analysis.of(Manifests.load(Path.of("../deploy")).cluster()).ask(question);
  }
}
