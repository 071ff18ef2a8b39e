package dev.postern.maven;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Says what traffic manifests open and close against another version of them, and fails where that breaks a demand. */
@Mojo(name = "diff", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class DiffGoal extends CommandGoal {

  /** The other version: a manifest or a directory. */
  @Parameter(property = "postern.before", required = true)
  private File before;

  /** This version: a manifest or a directory. */
  @Parameter(property = "postern.after", required = true)
  private File after;

  /**
   * What must be so: {@code equal}, {@code no-new-access}, {@code contains}, {@code permits}, {@code no-interference} or {@code forbids}.
   */
  @Parameter(property = "postern.assert", defaultValue = "no-new-access")
  private String demand;

  @Override
  List<String> command() {
    return new ArrayList<>(List.of("diff", shown(before), shown(after), "--assert", demand));
  }

  @Override
  List<Path> reads() {
    return List.of(before.toPath(), after.toPath());
  }

  @Override
  String complaint() {
    return "the change breaks what is demanded of it (" + demand + "): see above";
  }

  @Override
  Map<String, List<File>> required() {
    return Map.of();
  }
}
