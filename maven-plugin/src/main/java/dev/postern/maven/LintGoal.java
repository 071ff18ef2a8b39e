package dev.postern.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Finds what is wrong in manifests, and fails on findings; {@code .postern.yaml} says which ones a team wants to see. */
@Mojo(name = "lint", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class LintGoal extends CommandGoal {

  /** Manifests, and directories of them. */
  @Parameter(property = "postern.manifests", required = true)
  private List<File> manifests = new ArrayList<>();

  @Override
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("lint"));
    manifests.forEach(path -> words.add(shown(path)));
    return words;
  }

  @Override
  List<Path> reads() {
    return manifests.stream().map(File::toPath).toList();
  }

  @Override
  String complaint() {
    return "the manifests have findings: see above";
  }

  @Override
  Map<String, List<File>> required() {
    return Map.of("manifests", manifests);
  }
}
