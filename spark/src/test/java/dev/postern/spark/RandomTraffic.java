package dev.postern.spark;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.testing.Probes;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.text.ManifestText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random cluster, and lines of traffic in it with churn: pods by name and by address, at new addresses, gone, and what is outside. */
final class RandomTraffic {

  static final String HEADER =
      "source,source-namespace,source-pod,source-port,destination,destination-namespace,destination-pod,protocol,port,verdict,direction,count,bytes,first,last";

  private final ClusterManifests snapshot;
  private final List<End.InPod> pods;
  private final Probes probes;
  private final Random random;

  private RandomTraffic(ClusterManifests snapshot, Random random) {
    this.snapshot = snapshot;
    this.random = random;
    Cluster cluster = snapshot.policies().plan().cluster();
    this.probes = Probes.of(cluster, random);
    this.pods = snapshot.policies().plan().classes().endpoints().stream()
        .filter(end -> end.address().isPresent())
        .toList();
  }

  /** The first cluster from a seed on that manifests can say and that has pods. */
  static RandomTraffic of(long seed) {
    for (long next = seed; ; next++) {
      try {
        Cluster cluster = RandomCluster.of(next, Profile.EVERYTHING);
        RandomTraffic traffic = new RandomTraffic(
            ClusterManifests.of(Map.of("cluster.yaml", ManifestText.yaml(cluster))),
            new Random(seed));
        if (traffic.pods.size() > 3) {
          return traffic;
        }
      } catch (IllegalArgumentException unsaid) {
        continue;
      }
    }
  }

  ClusterManifests snapshot() {
    return snapshot;
  }

  List<End.InPod> pods() {
    return pods;
  }

  private String end() {
    if (random.nextInt(4) == 0) {
      return probes.address(random) + ",,";
    }
    End.InPod pod = pods.get(random.nextInt(pods.size()));
    String named = pod.workload().namespace() + "," + pod.pod().orElseThrow().name();
    return switch (random.nextInt(5)) {
      case 0 -> probes.address(random) + "," + named;
      case 1 -> probes.address(random) + "," + named + "-gone";
      case 2 -> "," + named;
      case 3 -> pod.address().orElseThrow() + ",,";
      default -> pod.address().orElseThrow() + "," + named;
    };
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  String line() {
    long first = 1_700_000_000L + random.nextInt(100_000);
    return String.join(
        ",",
        end(),
        any(List.of("", "50000", "443")),
        end(),
        any(List.of("tcp", "udp", "17", "icmp")),
        Integer.toString(probes.port(random)),
        any(List.of("allow", "deny", "", "maybe")),
        any(List.of("ingress", "egress", "")),
        Integer.toString(1 + random.nextInt(3)),
        Integer.toString(random.nextInt(1000)),
        Long.toString(first),
        Long.toString(first + random.nextInt(60)));
  }

  List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(line());
    }
    return lines;
  }
}
