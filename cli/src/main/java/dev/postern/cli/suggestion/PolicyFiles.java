package dev.postern.cli.suggestion;

import dev.postern.cli.console.UserError;
import dev.postern.cli.console.WholeFile;
import dev.postern.policy.Policy;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.SuggestedPolicy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Policies in files of a directory, one each. */
public final class PolicyFiles {

  /** What Kubernetes takes for a name (DNS-1123 subdomain), so that none leads out of the directory. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

  private PolicyFiles() {}

  /**
   * Writes every policy into a file of its own, {@code namespace.name.yaml}; other files stay.
   *
   * @throws UserError if the directory cannot be made or written to
   */
  public static void write(List<SuggestedPolicy> policies, Path directory) {
    try {
      Files.createDirectories(directory);
      for (SuggestedPolicy each : policies) {
        WholeFile.write(directory.resolve(name(each.policy())), PolicyText.of(each));
      }
    } catch (FileAlreadyExistsException problem) {
      throw new UserError("postern suggest: error: " + directory + " is no directory");
    } catch (IOException problem) {
      throw new UserError("postern suggest: error: cannot write to " + directory + ": "
          + Optional.ofNullable(problem.getMessage()).orElse("no reason is given"));
    }
  }

  private static String name(Policy policy) {
    Stream.of(policy.namespace(), policy.name())
        .filter(part -> !part.isEmpty() && !NAME.matcher(part).matches())
        .findFirst()
        .ifPresent(part -> {
          throw new UserError("postern suggest: error: `" + part + "` is no name of a file");
        });
    return (policy.namespace().isEmpty() ? "" : policy.namespace() + ".") + policy.name() + ".yaml";
  }
}
