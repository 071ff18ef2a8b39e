package dev.postern.fabric8;

import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ReadObjects;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.UnreadKinds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells what informers see as events of a cluster.
 *
 * <pre>{@code
 * WatchedCluster cluster = WatchedCluster.empty();
 * InformerEvents events = new InformerEvents(cluster::accept, problem -> log.warn(problem.toString()))
 *     .from(client.namespaces().runnableInformer(0))
 *     .from(client.pods().inAnyNamespace().runnableInformer(0))
 *     .from(client.network().v1().networkPolicies().inAnyNamespace().runnableInformer(0));
 * // then start each informer
 * }</pre>
 *
 * <p>Until all informers have listed what there is, the cluster holds a policy of which nothing is known for each kind of policies that is
 * watched, so that nothing is proved by what was not seen yet: what passes for any pod is unknown until then. A policy with an error is there
 * as one that may do anything. A resync that changes nothing is no event. When an informer lists again after it lost its watch, what has gone
 * in the meantime is gone.
 *
 * <p>Safe for use by many threads; the events of one informer come in the order in which it has them.
 */
public final class InformerEvents {

  private final Consumer<? super List<ObjectEvent>> cluster;
  private final Consumer<? super Diagnostic> problems;

  /** Informers that have not listed yet. */
  private final Set<SharedIndexInformer<?>> unlisted = new HashSet<>();

  private final List<ClusterObject> unseen = new ArrayList<>();

  /**
   * Events for a cluster.
   *
   * @param cluster takes events that belong together, as {@code WatchedCluster::accept} does
   * @param problems takes what is wrong with an object, each time that it is read
   */
  public InformerEvents(
      Consumer<? super List<ObjectEvent>> cluster, Consumer<? super Diagnostic> problems) {
    this.cluster = Objects.requireNonNull(cluster, "cluster");
    this.problems = Objects.requireNonNull(problems, "problems");
  }

  /** Takes the events of an informer, which is to be started after that. */
  public <T extends HasMetadata> InformerEvents from(SharedIndexInformer<T> informer) {
    return from(
        informer,
        HasMetadata.getApiVersion(informer.getApiTypeClass()),
        HasMetadata.getKind(informer.getApiTypeClass()));
  }

  /**
   * Takes the events of an informer, which is to be started after that.
   *
   * @param apiVersion of the objects, where their class does not say it, as {@code GenericKubernetesResource}
   * @param kind of the objects
   */
  public <T extends HasMetadata> InformerEvents from(
      SharedIndexInformer<T> informer, String apiVersion, String kind) {
    List<ObjectEvent> begin = new ArrayList<>(1);
    synchronized (unlisted) {
      unlisted.add(informer);
      int slash = apiVersion.indexOf('/');
      if (UnreadKinds.mayDecide(slash < 0 ? "" : apiVersion.substring(0, slash), kind)) {
        ClusterObject any = ClusterObject.of(new UnreadPolicy(
            UnreadPolicy.Cause.UNSEEN,
            apiVersion,
            kind,
            "",
            "",
            UnreadPolicy.ANY_POD,
            Origin.NONE));
        unseen.add(any);
        begin.add(new ObjectEvent.Applied(any));
      }
    }
    tell(begin);
    informer.addEventHandler(new Handler<T>(informer));
    return this;
  }

  /** Whether all informers have listed what there is, and every object of that was told. */
  public boolean hasSynced() {
    synchronized (unlisted) {
      return unlisted.isEmpty();
    }
  }

  private void listed(SharedIndexInformer<?> informer) {
    List<ObjectEvent> seen = new ArrayList<>();
    synchronized (unlisted) {
      if (unlisted.remove(informer) && unlisted.isEmpty()) {
        unseen.forEach(any -> seen.add(new ObjectEvent.Deleted(any.name())));
        unseen.clear();
      }
    }
    // Whoever takes events may have a lock of its own.
    tell(seen);
  }

  /** What an object that was added or updated says now. */
  private List<ObjectEvent> applied(HasMetadata object) {
    ReadObjects read = Fabric8.objects(List.of(object), ReadOptions.DEFAULT);
    // What says something of another object alone is nothing to read only by itself.
    read.diagnostics().stream()
        .filter(Diagnostic::isError)
        .filter(problem -> read.objects().isEmpty() || problem.code() != Code.NOTHING_TO_READ)
        .forEach(problems);
    return read.objects().stream().<ObjectEvent>map(ObjectEvent.Applied::new).toList();
  }

  private static List<ObjectEvent> deleted(HasMetadata object) {
    return Fabric8.objects(List.of(object), ReadOptions.DEFAULT).objects().stream()
        .<ObjectEvent>map(gone -> new ObjectEvent.Deleted(gone.name()))
        .toList();
  }

  private void tell(List<ObjectEvent> events) {
    if (!events.isEmpty()) {
      cluster.accept(events);
    }
  }

  /** The handler of one informer. */
  private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
    private final SharedIndexInformer<T> informer;

    Handler(SharedIndexInformer<T> informer) {
      this.informer = informer;
    }

    @Override
    public void onAdd(T object) {
      tell(applied(object));
    }

    @Override
    public void onUpdate(T before, T object) {
      String version = object.getMetadata().getResourceVersion();
      if (version != null && version.equals(before.getMetadata().getResourceVersion())) {
        return;
      }
      List<ObjectEvent> events = applied(object);
      // What decided about traffic may do so no more, as a network that is no pod's first.
      tell(events.isEmpty() ? deleted(before) : events);
    }

    /** Also where the watch missed the end: what is known of the object then is how it last was, and its name is the same. */
    @Override
    public void onDelete(T object, boolean deletedFinalStateUnknown) {
      tell(deleted(object));
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
      listed(informer);
    }
  }
}
