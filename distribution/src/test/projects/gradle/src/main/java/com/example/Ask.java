package com.example;

import dev.postern.answer.Analysis;
import dev.postern.manifest.Manifests;
import java.nio.file.Path;

public final class Ask {

  private Ask() {}

  public static void main(String... arguments) {
    Analysis analysis = Analysis.of(Manifests.load(Path.of("deploy")).cluster());
    System.out.println("said: " + analysis.ask("can shop/frontend reach shop/db on 5432").verdict());
    System.out.println("said: " + analysis.ask("can internet reach shop/db").verdict());
  }
}
