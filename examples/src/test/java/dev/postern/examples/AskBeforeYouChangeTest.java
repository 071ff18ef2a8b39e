package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Pod;
import dev.postern.diagnostic.Origin;
import dev.postern.diff.Difference;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ObjectName;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.selector.Labels;
import dev.postern.watch.ClusterSnapshot;
import dev.postern.watch.WatchedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AskBeforeYouChangeTest {

  @Test
  void aPodComesAndIsAskedAbout() {
    WatchedCluster cluster = WatchedCluster.of(Manifests.load(Path.of("shop")).cluster());

    cluster.accept(new ObjectEvent.Applied(ClusterObject.pod(
        new ObjectName("StatefulSet", "shop", "db"),
        Labels.of(Map.of("app", "db")),
        List.of(),
        false,
        new Pod("db-0", Optional.of("node-1"), List.of(Address.parse("10.1.0.7")), Origin.NONE))));

    ClusterSnapshot now = cluster.snapshot();
    End db = now.pod("shop", "db-0").get(0);
    End world = new End.Outside(Address.parse("203.0.113.9"));
    Judgement judgement = now.judge(new Flow(world, db, Protocol.TCP, 5432));

    assertThat(judgement.verdict()).isEqualTo(FlowVerdict.DENIED);
  }

  @Test
  void aChangeIsAskedAboutBeforeItIsMade() {
    WatchedCluster cluster = WatchedCluster.of(Manifests.load(Path.of("shop")).cluster());

    ObjectEvent change =
        new ObjectEvent.Deleted(new ObjectName("NetworkPolicy", "shop", "allow-frontend-to-db"));
    Difference difference = cluster.snapshot().wouldOpen(change);

    assertThat(difference.closed())
        .extracting(Difference.DifferenceRow::toString)
        .containsExactly("shop/frontend -> shop/db on tcp/5432");
  }
}
