package dev.postern.testing;

import dev.postern.cluster.Cluster;
import dev.postern.testing.text.ManifestText;
import net.jqwik.api.SampleReportingFormat;

/** Shows a cluster that failed a property as the manifests to reproduce it with. */
public final class FailedCluster implements SampleReportingFormat {

  /** A text that is shown as it is. */
  private record Text(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public boolean appliesTo(Object value) {
    return value instanceof Cluster;
  }

  @Override
  public Object report(Object value) {
    try {
      return new Text("\n" + ManifestText.yaml((Cluster) value));
    } catch (IllegalArgumentException unwritable) {
      return new Text(unwritable.getMessage() + "\n" + value);
    }
  }
}
