package dev.postern.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two sets of manifests that were read apart share no object. How often their policies are looked at grows with them, and not with their square. */
class DifferenceCostTest {

  private static final int SMALL = 20;

  private long looks;

  /** A list that counts how often its elements are looked at. */
  private final class Looked extends AbstractList<Policy> {
    private final List<Policy> policies;

    Looked(List<Policy> policies) {
      this.policies = policies;
    }

    @Override
    public Policy get(int index) {
      looks++;
      return policies.get(index);
    }

    @Override
    public int size() {
      return policies.size();
    }
  }

  @Test
  void policiesOfTwoVersionsAreLookedAtInProportion() {
    long small = looksOfPolicies(SMALL);
    long large = looksOfPolicies(4 * SMALL);

    assertThat(small).isPositive();
    assertThat(large).isLessThan(5 * small);
  }

  private long looksOfPolicies(int namespaces) {
    Cluster before = cluster(namespaces, 80);
    Cluster after = cluster(namespaces, 81);
    looks = 0;
    Difference difference = Difference.between(
        looked(ScannedCluster.of(before)),
        looked(ScannedCluster.of(after)),
        new Looked(before.policies()),
        new Looked(after.policies()),
        Options.DEFAULT);
    assertThat(difference.opened()).isNotEmpty();
    return looks;
  }

  @Test
  void notesOfClustersThatDifferInMoreLookInProportion() {
    long small = looksOfNotes(SMALL);
    long large = looksOfNotes(4 * SMALL);

    assertThat(small).isPositive();
    assertThat(large).isLessThan(5 * small);
  }

  private long looksOfNotes(int namespaces) {
    Cluster before = cluster(namespaces, 80);
    Cluster after = cluster(namespaces, 81);
    Difference difference = Difference.between(Plan.of(before), Plan.of(after));
    looks = 0;
    difference.noting(
        before,
        after,
        ScannedCluster.of(before),
        ScannedCluster.of(after),
        ChangedPolicies.of(new Looked(before.policies()), new Looked(after.policies())),
        Options.DEFAULT);
    return looks;
  }

  /** The same, where the policies of a namespace are counted, too. */
  private ClusterLookup looked(ClusterLookup cluster) {
    return (ClusterLookup) Proxy.newProxyInstance(
        ClusterLookup.class.getClassLoader(),
        new Class<?>[] {ClusterLookup.class},
        (proxy, method, arguments) -> {
          try {
            Object found = method.invoke(cluster, arguments);
            return method.getName().equals("policiesIn")
                ? new Looked(((List<?>) found).stream().map(Policy.class::cast).toList())
                : found;
          } catch (InvocationTargetException problem) {
            throw problem.getCause();
          }
        });
  }

  @Test
  void rowsThatSayTheSameAreOneAndTheOthersAreNotComparedOneByOne() {
    int rows = 300;
    Asked asked = new Asked();
    AlikeRows alike = new AlikeRows();
    for (int i = 0; i < rows; i++) {
      alike.add(row("shop/w" + i, asked));
      alike.add(row("shop/w" + i, asked));
    }

    assertThat(alike.inOrder()).hasSize(rows);
    // Each pair that has the same names asks both of its rows, on both sides, who they mean.
    assertThat(asked.times).isEqualTo(4 * rows);
  }

  private static final class Asked {
    private int times;
  }

  private static Difference.DifferenceRow row(String source, Asked asked) {
    RowSide from = new RowSide(
        () -> new RowSide.Inside(List.of(source), () -> asked(source, asked)), AddressSet.EMPTY);
    RowSide to = new RowSide(
        () -> new RowSide.Inside(List.of("shop/db"), () -> asked("shop/db", asked)),
        AddressSet.EMPTY);
    return new Difference.DifferenceRow(from, to, Traffic.ALL, Set.of(Family.IPV4));
  }

  private static TreeMap<String, String> asked(String name, Asked asked) {
    asked.times++;
    return new TreeMap<>(Map.of(name, name));
  }

  /** Namespaces of two workloads and two policies, of which the first lets in more than the second. */
  private static Cluster cluster(int namespaces, int port) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < namespaces; i++) {
      for (String app : List.of("web", "db")) {
        text.append("""
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: APP, namespace: nNUMBER, labels: {app: APP}}
            spec: {containers: []}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: APP, namespace: nNUMBER}
            spec: {podSelector: {matchLabels: {app: APP}}, ingress: [{ports: [{port: PORT}]}]}
            """.replace("APP", app)
            .replace("NUMBER", String.valueOf(i))
            .replace("PORT", String.valueOf(port)));
      }
    }
    return Manifests.read(Source.text("all.yaml", text.toString())).cluster();
  }
}
