package dev.postern.examples;

import dev.postern.diff.Difference;
import dev.postern.fabric8.InformerEvents;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ObjectName;
import dev.postern.watch.ClusterSnapshot;
import dev.postern.watch.WatchedCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Watches a cluster and reports what each change of a policy or of a namespace has opened and closed. */
public final class ReportPolicyChanges implements AutoCloseable {

  private final WatchedCluster cluster = WatchedCluster.empty();
  private final InformerEvents events;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final Consumer<String> report;
  private boolean started;

  /**
   * Watches from now on; returns once all informers watch.
   *
   * @param report takes a line for everything that was opened, was closed, or is wrong
   */
  public ReportPolicyChanges(KubernetesClient client, Consumer<String> report) {
    this.report = report;
    this.events = new InformerEvents(this::take, problem -> report.accept(problem.toString()));
    watch(client.namespaces().runnableInformer(0));
    watch(client.nodes().runnableInformer(0));
    watch(client.pods().inAnyNamespace().runnableInformer(0));
    watch(client.apps().replicaSets().inAnyNamespace().runnableInformer(0));
    watch(client.network().v1().networkPolicies().inAnyNamespace().runnableInformer(0));
    CompletableFuture.allOf(informers.stream()
            .map(informer -> informer.start().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  public static void main(String... arguments) throws InterruptedException {
    try (KubernetesClient client = new KubernetesClientBuilder().build();
        ReportPolicyChanges reports = new ReportPolicyChanges(client, System.out::println)) {
      Runtime.getRuntime().addShutdownHook(new Thread(reports::close));
      new CountDownLatch(1).await();
    }
  }

  private <T extends HasMetadata> void watch(SharedIndexInformer<T> informer) {
    informers.add(informer);
    events.from(informer);
  }

  /** The cluster as it is now. */
  public ClusterSnapshot snapshot() {
    return cluster.snapshot();
  }

  /** One event after the other: each is told of by what it changed. */
  private synchronized void take(List<ObjectEvent> happened) {
    ClusterSnapshot before = cluster.snapshot();
    cluster.accept(happened);
    ClusterSnapshot after = cluster.snapshot();
    if (!events.hasSynced()) {
      return;
    }
    if (!started) {
      started = true;
      report.accept("watching " + after.cluster().policies().size() + " policies");
    } else if (after != before && happened.stream().anyMatch(ReportPolicyChanges::counts)) {
      report(happened, before.to(after));
    }
  }

  /** A pod that comes or goes is no news; the rules that are for it are. */
  private static boolean counts(ObjectEvent event) {
    return event.name().kind().endsWith("Policy") || event.name().kind().equals("Namespace");
  }

  private void report(List<ObjectEvent> happened, Difference difference) {
    String cause = happened.stream()
        .map(ObjectEvent::name)
        .map(ObjectName::toString)
        .collect(Collectors.joining(", "));
    difference.opened().forEach(row -> report.accept(cause + " opened " + row));
    difference.closed().forEach(row -> report.accept(cause + " closed " + row));
    difference.undecided().ifPresent(why -> report.accept(cause + ": not all is known: " + why));
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }
}
