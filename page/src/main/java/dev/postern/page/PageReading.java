package dev.postern.page;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.meaning.Options;
import dev.postern.reach.IgnoredKinds;
import dev.postern.service.ClusterNames;
import dev.postern.service.ServiceProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How manifests are read and questions are answered.
 *
 * @param objects the namespace of objects that give none
 * @param names the namespace of names in questions that give none; empty where they are looked up everywhere
 * @param domain the domain of the cluster's DNS names
 * @param closed whether the manifests are the whole cluster
 * @param ignored kinds of policies that do not matter
 * @param unseen policies that a live cluster serves and did not show
 * @param options what policies mean
 * @param services how Services are served
 * @param notes what every answer says besides
 */
public record PageReading(
    String objects,
    Optional<String> names,
    String domain,
    boolean closed,
    IgnoredKinds ignored,
    List<UnreadPolicy> unseen,
    Options options,
    ServiceProxy services,
    List<String> notes) {

  /** Manifests and nothing else said. */
  public static final PageReading DEFAULT = new PageReading(
      "default",
      Optional.empty(),
      ClusterNames.DEFAULT_DOMAIN,
      false,
      new IgnoredKinds(List.of()),
      List.of(),
      Options.DEFAULT,
      ServiceProxy.DEFAULT,
      List.of());

  public PageReading {
    unseen = List.copyOf(unseen);
    notes = List.copyOf(notes);
  }

  /** What was read, with what is said of the rest. */
  Cluster on(Cluster cluster) {
    Cluster read = closed ? cluster.closed() : cluster;
    if (!unseen.isEmpty()) {
      List<UnreadPolicy> unread = new ArrayList<>(read.unread());
      unread.addAll(unseen);
      read = read.withUnread(unread);
    }
    return ignored.on(read);
  }
}
