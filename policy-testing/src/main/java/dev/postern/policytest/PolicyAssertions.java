package dev.postern.policytest;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.verify.Verifier;
import java.util.stream.Collectors;

/**
 * Where assertions about policies begin.
 *
 * <pre>{@code
 * Cluster cluster = Manifests.load(Path.of("deploy")).cluster();
 * assertThat(cluster).from("shop/frontend").canReach("shop/db").on(5432);
 * assertThat(cluster).from("namespace dev").cannotReach("shop/db").onAnyPort();
 * }</pre>
 */
public final class PolicyAssertions {

  private PolicyAssertions() {}

  /** Assertions about a cluster, read with the default options. */
  public static ClusterAssert assertThat(Cluster cluster) {
    return assertThat(Verifier.of(cluster));
  }

  /** Assertions about what a verifier answers: with options, in a namespace, with a domain. */
  public static ClusterAssert assertThat(Verifier verifier) {
    return new ClusterAssert(verifier);
  }

  /**
   * Assertions about manifests that were read.
   *
   * @throws AssertionError if there are errors among them: what they leave out could decide otherwise
   */
  public static ClusterAssert assertThat(Loaded loaded) {
    if (loaded.hasErrors()) {
      throw new AssertionError(errors(loaded));
    }
    return assertThat(loaded.cluster());
  }

  static String errors(Loaded loaded) {
    return loaded.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(loaded::explain)
        .collect(Collectors.joining("\n", "the manifests have errors:\n", ""));
  }
}
