package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.selector.Selector;
import java.util.List;

/**
 * Whom a suggested policy is about.
 *
 * @param namespace their namespace
 * @param name what people call them: the workload, or the namespace
 * @param meant the workloads that it is for
 * @param selector how it selects them
 * @param selected the workloads that the selector selects: those that are meant, and others whose labels they have, too
 */
public record SubjectPods(
    String namespace,
    String name,
    List<Workload> meant,
    Selector selector,
    List<Workload> selected) {

  public SubjectPods {
    meant = List.copyOf(meant);
    selected = List.copyOf(selected);
  }

  /** Whether the selector selects nobody else of the manifests. */
  public boolean isExact() {
    return others().isEmpty();
  }

  /** The workloads that are selected without being meant. */
  public List<Workload> others() {
    return selected.stream()
        .filter(each -> meant.stream().noneMatch(own -> own == each))
        .toList();
  }
}
