package dev.postern.page;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.DocumentScope;
import dev.postern.manifest.DocumentScope.About;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadMemory;
import dev.postern.manifest.Source;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which documents decide what two workloads exchange: those of their namespaces, and those that may matter everywhere. A page with many
 * manifests reads these first. It is made of manifests without errors, of which everything was understood, which declare the
 * namespaces whose labels policies ask for, and which know no address but in blocks of policies: else what is not known of a workload may
 * depend on documents of elsewhere.
 *
 * @param sources by source the stretches of its text, in their order
 */
record FirstReading(List<List<DocumentScope>> sources) {

  FirstReading {
    sources = sources.stream().map(List::copyOf).toList();
  }

  /**
   * What of some manifests is read first.
   *
   * @param sources those that were read
   * @param texts the same with their texts
   */
  static Optional<FirstReading> of(
      Loaded loaded,
      Cluster cluster,
      ReadMemory memory,
      List<Source> sources,
      List<PageSource> texts) {
    if (loaded.hasErrors()
        || !cluster.unread().isEmpty()
        || !cluster.leftOut().isEmpty()
        || !Undetermined.namespaces(cluster).isEmpty()
        || knowsAddresses(cluster)
        || !FamiliesInUse.of(cluster).equals(Set.of(Family.IPV4))
        || new HashSet<>(texts.stream().map(PageSource::name).toList()).size() < texts.size()) {
      return Optional.empty();
    }
    List<List<DocumentScope>> all = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      List<DocumentScope> documents = memory.scopes(sources.get(i), texts.get(i).text());
      if (documents.isEmpty()) {
        return Optional.empty();
      }
      all.add(joined(documents));
    }
    return Optional.of(new FirstReading(all));
  }

  private static boolean knowsAddresses(Cluster cluster) {
    return cluster.nodes().stream().anyMatch(node -> !node.addresses().isEmpty())
        || cluster.workloads().stream()
            .flatMap(workload -> workload.pods().stream())
            .anyMatch(pod -> !pod.addresses().isEmpty())
        || cluster.services().stream()
            .anyMatch(service ->
                !service.clusterIps().isEmpty() || !service.endpoints().isEmpty());
  }

  /** Neighbours that are about the same become one stretch. */
  private static List<DocumentScope> joined(List<DocumentScope> documents) {
    List<DocumentScope> joined = new ArrayList<>();
    for (DocumentScope each : documents) {
      DocumentScope last = joined.isEmpty() ? each : joined.get(joined.size() - 1);
      if (!joined.isEmpty()
          && last.about() == each.about()
          && last.namespace().equals(each.namespace())) {
        joined.set(
            joined.size() - 1,
            new DocumentScope(
                last.length() + each.length(),
                last.lines() + each.lines(),
                each.about(),
                each.namespace()));
      } else {
        joined.add(each);
      }
    }
    return joined;
  }

  /** The sources cut to what decides between some namespaces, with everything at its line. */
  List<PageSource> between(List<PageSource> texts, Set<String> namespaces) {
    List<PageSource> cut = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      StringBuilder text = new StringBuilder();
      int at = 0;
      int lines = 0;
      for (DocumentScope each : sources.get(i)) {
        if (each.about() == About.EVERYBODY || namespaces.contains(each.namespace())) {
          text.append("\n".repeat(lines)).append(texts.get(i).text(), at, at + each.length());
          lines = 0;
        } else {
          lines += each.lines();
        }
        at += each.length();
      }
      if (!text.isEmpty()) {
        cut.add(
            new PageSource(texts.get(i).name(), text.toString(), texts.get(i).found()));
      }
    }
    return cut;
  }

  /** By source the stretches: a namespace, a number for who else it is about, a length and a count of lines. */
  void write(ScriptJson json) {
    json.list();
    for (List<DocumentScope> stretches : sources) {
      json.list();
      for (DocumentScope each : stretches) {
        json.list()
            .value(each.namespace())
            .value(each.about() == About.EVERYBODY ? 1 : 0)
            .value(each.length())
            .value(each.lines())
            .endList();
      }
      json.endList();
    }
    json.endList();
  }
}
