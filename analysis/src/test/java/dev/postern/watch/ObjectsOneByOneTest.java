package dev.postern.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.ClusterState;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.testing.Origins;
import dev.postern.testing.text.ManifestText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ObjectsOneByOneTest {

  @Property(tries = 300)
  void objectsInAnyOrderAreWhatIsReadAtOnce(@ForAll Cluster cluster, @ForAll Random random) {
    Source text = Source.text("objects.yaml", ManifestText.yaml(cluster));
    Cluster atOnce = Manifests.read(text).cluster();
    List<ClusterObject> objects =
        new ArrayList<>(Manifests.objects(List.of(text), ReadOptions.DEFAULT).objects());
    Collections.shuffle(objects, random);

    ClusterState state = ClusterState.EMPTY;
    for (ClusterObject object : objects) {
      state = state.with(object);
    }

    assertThat(state.cluster()).isEqualTo(atOnce);
    assertThat(Origins.erase(ClusterState.of(atOnce).cluster())).isEqualTo(Origins.erase(atOnce));
    for (ClusterObject object : objects) {
      state = state.without(object.name());
    }
    assertThat(state.cluster()).isEqualTo(Cluster.EMPTY);
  }
}
