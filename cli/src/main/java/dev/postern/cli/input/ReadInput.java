package dev.postern.cli.input;

import dev.postern.cluster.UnreadPolicy;
import dev.postern.manifest.Source;
import dev.postern.reach.IgnoredKinds;
import java.util.List;

/**
 * What a command read, kept to be read again.
 *
 * @param sources every source, those included that turned out to be no manifests
 * @param unseen the policies that a live cluster serves and did not show
 * @param live whether the sources are what an API server answered
 * @param closed whether it is the whole cluster
 * @param ignored kinds of policies that do not matter
 */
public record ReadInput(
    List<Source> sources,
    List<UnreadPolicy> unseen,
    boolean live,
    boolean closed,
    IgnoredKinds ignored) {

  public ReadInput {
    sources = List.copyOf(sources);
    unseen = List.copyOf(unseen);
  }
}
