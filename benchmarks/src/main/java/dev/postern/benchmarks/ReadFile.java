package dev.postern.benchmarks;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import java.nio.file.Path;
import java.util.List;

/** Reads a file of manifests and does nothing with them: what any command does before it answers. */
public final class ReadFile {

  private ReadFile() {}

  /** Prints how many objects of each kind the file holds. */
  public static void main(String[] file) {
    System.out.println(Manifests.read(List.of(Source.file(Path.of(file[0]))), ReadOptions.DEFAULT)
        .read());
  }
}
