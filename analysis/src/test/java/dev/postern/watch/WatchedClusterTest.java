package dev.postern.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ObjectName;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.policy.Policy;
import dev.postern.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WatchedClusterTest {

  private static final String SHOP = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {team: shop}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: db, image: db, ports: [{name: sql, containerPort: 5432}]}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: web, image: web}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: web}}}]
          ports: [{port: 5432}]
      """;

  private static final ObjectName POLICY = new ObjectName("NetworkPolicy", "shop", "db");

  private final WatchedCluster watched =
      WatchedCluster.of(Manifests.read(Source.text("shop.yaml", SHOP)).cluster());

  private static Flow flow(ClusterSnapshot snapshot, String from, String to) {
    End source = snapshot.pod("shop", from).get(0);
    return new Flow(source, snapshot.pod("shop", to).get(0), Protocol.TCP, 5432);
  }

  private FlowVerdict verdict(String from, String to) {
    ClusterSnapshot now = watched.snapshot();
    return now.verdict(flow(now, from, to));
  }

  private static ObjectEvent pod(String name, String app, String address) {
    return new ObjectEvent.Applied(ClusterObject.pod(
        new ObjectName("Pod", "shop", name),
        Labels.of(Map.of("app", app)),
        List.of(),
        false,
        new Pod(
            name,
            Optional.empty(),
            address.isEmpty() ? List.of() : List.of(Address.parse(address)),
            Origin.NONE)));
  }

  @Test
  void podsPoliciesAndNamespacesComeAndGo() {
    assertThat(verdict("web", "db")).isEqualTo(FlowVerdict.ALLOWED);

    watched.accept(pod("batch", "batch", "10.0.0.3"));
    assertThat(verdict("batch", "db")).isEqualTo(FlowVerdict.DENIED);

    watched.accept(pod("batch", "web", "10.0.0.3"));
    assertThat(verdict("batch", "db")).isEqualTo(FlowVerdict.ALLOWED);

    watched.accept(new ObjectEvent.Deleted(POLICY));
    watched.accept(pod("batch", "batch", "10.0.0.3"));
    assertThat(verdict("batch", "db")).isEqualTo(FlowVerdict.ALLOWED);

    watched.accept(new ObjectEvent.Deleted(new ObjectName("Pod", "shop", "batch")));
    assertThat(watched.snapshot().pod("shop", "batch")).isEmpty();
  }

  @Test
  void aSnapshotStaysAsItIs() {
    ClusterSnapshot before = watched.snapshot();
    Cluster then = before.cluster();

    watched.accept(new ObjectEvent.Deleted(POLICY));

    assertThat(before.cluster()).isSameAs(then);
    assertThat(before.cluster().policies()).hasSize(1);
    assertThat(watched.snapshot().cluster().policies()).isEmpty();
    assertThat(watched.snapshot().revision()).isEqualTo(before.revision() + 1);
  }

  @Test
  void whatChangesNothingLeavesTheSnapshot() {
    ClusterSnapshot before = watched.snapshot();

    watched.accept(new ObjectEvent.Deleted(new ObjectName("Pod", "shop", "nobody")));
    watched.accept(new ObjectEvent.Deleted(new ObjectName("Pod", "nowhere", "nobody")));

    assertThat(watched.snapshot()).isSameAs(before);
  }

  @Test
  void aPolicyThatIsWrongNowMayDoAnything() {
    Policy policy = watched.snapshot().cluster().policies().get(0);
    watched.accept(new ObjectEvent.Applied(ClusterObject.of(new UnreadPolicy(
        UnreadPolicy.Cause.ERROR,
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "shop",
        "db",
        policy.subject(),
        Origin.NONE))));

    assertThat(verdict("web", "db")).isEqualTo(FlowVerdict.UNKNOWN);
    assertThat(watched.snapshot().ask("can shop/web reach shop/db on 5432").verdict())
        .isEqualTo(Answer.Verdict.UNKNOWN);

    watched.accept(new ObjectEvent.Applied(ClusterObject.of(policy)));
    assertThat(verdict("web", "db")).isEqualTo(FlowVerdict.ALLOWED);
  }

  @Test
  void eventsOfOneCallAreSeenAllOrNone() throws InterruptedException, ExecutionException {
    // Exactly one of the two may call at any moment: a label moves from one to the other.
    watched.accept(List.of(pod("left", "web", "10.0.0.3"), pod("right", "batch", "10.0.0.4")));
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(threads.submit(() -> {
          int seen = 0;
          long revision = 0;
          do {
            ClusterSnapshot now = watched.snapshot();
            FlowVerdict left = now.verdict(flow(now, "left", "db"));
            FlowVerdict right = now.verdict(flow(now, "right", "db"));
            assertThat(left).isNotEqualTo(right);
            assertThat(now.verdict(flow(now, "left", "db"))).isEqualTo(left);
            assertThat(now.revision()).isGreaterThanOrEqualTo(revision);
            assertThat(now.cluster().workloads()).hasSize(4);
            revision = now.revision();
            seen++;
          } while (!over.get());
          return seen;
        }));
      }
      Future<?> writer = threads.submit(() -> {
        for (int i = 0; i < 3_000; i++) {
          boolean left = i % 2 == 1;
          watched.accept(List.of(
              pod("left", left ? "web" : "batch", "10.0.0.3"),
              pod("right", left ? "batch" : "web", "10.0.0.4")));
        }
        over.set(true);
      });
      writer.get();
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
    assertThat(watched.snapshot().revision()).isEqualTo(2 + 6_000);
  }

  @Test
  void writersOfSeveralThreadsLoseNoEvent() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "pod-" + i + "-";
        writers.add(threads.submit(() -> {
          for (int pod = 0; pod < 250; pod++) {
            watched.accept(pod(name + pod, "web", ""));
          }
        }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(watched.snapshot().cluster().workloads()).hasSize(1002);
    assertThat(watched.snapshot().revision()).isEqualTo(1000);
  }

  @Test
  void aNamespaceThatIsNotDeclaredHasUnknownLabels() {
    watched.accept(new ObjectEvent.Applied(ClusterObject.of(
        Manifests.read(Source.text("p.yaml", """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db, namespace: shop}
            spec:
              podSelector: {matchLabels: {app: db}}
              ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]
            """)).cluster().policies().get(0))));
    assertThat(verdict("web", "db")).isEqualTo(FlowVerdict.ALLOWED);

    watched.accept(new ObjectEvent.Deleted(new ObjectName("Namespace", "", "shop")));
    assertThat(verdict("web", "db")).isEqualTo(FlowVerdict.UNKNOWN);

    watched.accept(new ObjectEvent.Applied(ClusterObject.of(
        new Namespace("shop", Labels.of(Map.of("team", "other")), true, Origin.NONE))));
    assertThat(verdict("web", "db")).isEqualTo(FlowVerdict.DENIED);
  }
}
