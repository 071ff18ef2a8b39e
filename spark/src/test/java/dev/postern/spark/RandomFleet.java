package dev.postern.spark;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.testing.PolicyMutation;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.text.ManifestText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clusters that have most of their namespaces in common, each a file, with policies of all tiers, and differ a little: in a policy, a label of
 * a namespace, a workload, a Service, a node, a namespace of their own; some hold what cannot be read.
 */
final class RandomFleet {

  private static final Pattern NAMESPACE = Pattern.compile("(?m)^  namespace: \"?([a-z0-9-]+)");

  private static final String OWN = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: own-%1$d, labels: {team: %2$s}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: till, namespace: own-%1$d, labels: {app: %2$s}}
      spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: %3$d}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: till, namespace: own-%1$d}
      spec:
        podSelector: {matchLabels: {app: %2$s}}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{namespaceSelector: {matchLabels: {team: %2$s}}}], ports: [{port: http}]}]
        egress: [{to: [{ipBlock: {cidr: 10.%3$d.0.0/16}}]}]
      """;

  private final Random random;

  private RandomFleet(Random random) {
    this.random = random;
  }

  static List<FleetContents> of(long seed, int size) {
    RandomFleet fleet = new RandomFleet(new Random(seed));
    Cluster base = fleet.base();
    List<FleetContents> clusters = new ArrayList<>();
    FleetContent before = fleet.content(base);
    for (int i = 0; i < size; i++) {
      // Now and then the same again, and mostly not far from one that was there.
      FleetContent now = fleet.percent(15) ? before : fleet.content(fleet.changed(base));
      FleetContent yesterday = fleet.percent(30) ? now : before;
      clusters.add(new FleetContents(
          now,
          fleet.percent(50)
              ? ClusterReport.Beside.NOTHING
              : ClusterReport.Beside.holding(yesterday),
          fleet.percent(80)
              ? ClusterReport.Beside.NOTHING
              : ClusterReport.Beside.unreadable("it is gone")));
      before = now;
      base = fleet.percent(30) ? fleet.changed(base) : base;
    }
    return clusters;
  }

  private boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  private Cluster base() {
    while (true) {
      Cluster cluster = RandomCluster.of(random.nextLong(), Profile.EVERYTHING);
      if (cluster.workloads().size() > 2 && isWritable(cluster)) {
        return cluster;
      }
    }
  }

  private static boolean isWritable(Cluster cluster) {
    try {
      return !ManifestText.yaml(cluster).isEmpty();
    } catch (IllegalArgumentException unsaid) {
      return false;
    }
  }

  private Cluster changed(Cluster cluster) {
    Cluster changed = cluster;
    for (int i = random.nextInt(3); i >= 0; i--) {
      PolicyMutation[] all = PolicyMutation.values();
      Optional<Cluster> mutant = all[random.nextInt(all.length)].of(changed, random);
      changed = mutant.filter(RandomFleet::isWritable).orElse(changed);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      InhabitantChange[] all = InhabitantChange.values();
      Optional<Cluster> other = all[random.nextInt(all.length)].of(changed, random);
      changed = other.filter(RandomFleet::isWritable).orElse(changed);
    }
    return changed;
  }

  private FleetContent content(Cluster cluster) {
    TreeMap<String, StringBuilder> files = new TreeMap<>();
    for (String document : ManifestText.yaml(cluster).split("(?m)^---\n")) {
      Matcher namespace = NAMESPACE.matcher(document);
      String file = (namespace.find() ? namespace.group(1) : "cluster") + ".yaml";
      files.computeIfAbsent(file, f -> new StringBuilder()).append("---\n").append(document);
    }
    if (percent(40)) {
      int own = random.nextInt(3);
      String label = List.of("a", "b", "web").get(random.nextInt(3));
      files.put("own.yaml", new StringBuilder(OWN.formatted(own, label, 80 + random.nextInt(3))));
    }
    if (percent(10)) {
      files.put("broken.yaml", new StringBuilder("kind: NetworkPolicy\nspec: ["));
    }
    if (percent(20)) {
      files.put("tests/more.yaml", new StringBuilder(OWN.formatted(7, "a", 80)));
    }
    files.put("all.postern", statements(cluster));
    TreeMap<String, FleetContent.File> content = new TreeMap<>();
    files.forEach((name, text) ->
        content.put(name, new FleetContent.File(text.toString().getBytes(StandardCharsets.UTF_8))));
    return new FleetContent(true, content);
  }

  private StringBuilder statements(Cluster cluster) {
    StringBuilder text = new StringBuilder();
    List<Workload> all = cluster.workloads();
    for (int i = 0; i < 3; i++) {
      text.append(all.get(random.nextInt(all.size())).id())
          .append(percent(50) ? " can reach " : " cannot reach ")
          .append(all.get(random.nextInt(all.size())).id())
          .append(" on 80\n");
    }
    return text;
  }
}
