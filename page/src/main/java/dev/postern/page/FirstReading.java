package dev.postern.page;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.manifest.DocumentScope;
import dev.postern.manifest.DocumentScope.About;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadMemory;
import dev.postern.manifest.Source;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Family;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.summary.Exposure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which documents decide what two workloads exchange: those that make them, the policies that select them, what else is about their
 * namespaces, and what may matter everywhere. A page with many manifests reads these first. It is made of manifests without errors, of
 * which everything was understood, which declare the namespaces whose labels policies ask for, and which know no address but in blocks of
 * policies: else what is not known of a workload may depend on documents of elsewhere.
 *
 * @param sources by source the stretches of its text, in their order
 * @param ends what is needed for each endpoint of the matrix in the cluster, by its name
 */
record FirstReading(List<List<Stretch>> sources, Map<String, Needed> ends) {

  /** A stretch that is needed for nothing. */
  private static final int NEVER = -1;

  /**
   * A part of a source's text.
   *
   * @param length its length in UTF-16 units
   * @param lines how many lines of the source it takes
   * @param about whom it is about
   * @param namespace the namespace, where it is about a namespace as a whole; else empty
   * @param number its number, by which an endpoint needs it, where it is one object; else negative
   */
  record Stretch(int length, int lines, About about, String namespace, int number) {

    boolean isLike(Stretch other) {
      return number < 0
          && other.number < 0
          && about == other.about
          && namespace.equals(other.namespace);
    }

    Stretch with(Stretch next) {
      return new Stretch(length + next.length, lines + next.lines, about, namespace, number);
    }

    boolean isNeeded(Set<String> namespaces, Set<Integer> numbers) {
      return switch (about) {
        case NOBODY -> false;
        case EVERYBODY -> true;
        case NAMESPACE -> namespaces.contains(namespace);
        case POLICY, WORKLOAD -> numbers.contains(number);
      };
    }
  }

  /**
   * What is needed for an endpoint.
   *
   * @param namespace what is about this namespace as a whole
   * @param numbers the stretches of these numbers
   */
  record Needed(String namespace, SortedSet<Integer> numbers) {}

  FirstReading {
    sources = sources.stream().map(List::copyOf).toList();
  }

  /**
   * What of some manifests is read first.
   *
   * @param sources those that were read
   * @param texts the same with their texts
   * @param exposures of all workloads, for the policies that select them
   */
  static Optional<FirstReading> of(
      Loaded loaded,
      Cluster cluster,
      ReadMemory memory,
      List<Source> sources,
      List<PageSource> texts,
      List<Exposure> exposures) {
    if (loaded.hasErrors()
        || !cluster.unread().isEmpty()
        || !cluster.leftOut().isEmpty()
        || !Undetermined.namespaces(cluster).isEmpty()
        || knowsAddresses(cluster)
        || !FamiliesInUse.of(cluster).equals(Set.of(Family.IPV4))
        || new HashSet<>(texts.stream().map(PageSource::name).toList()).size() < texts.size()) {
      return Optional.empty();
    }
    List<List<DocumentScope>> documents =
        memory.scopes(sources, texts.stream().map(PageSource::text).toList());
    return documents.stream().anyMatch(List::isEmpty)
        ? Optional.empty()
        : Optional.of(new Numbering(documents, exposures).reading());
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

  /** Gives numbers to the documents that some endpoint needs by themselves. */
  private static final class Numbering {

    private final Map<String, Needed> ends = new LinkedHashMap<>();
    private final Map<String, List<SortedSet<Integer>>> byPolicy = new HashMap<>();
    private final Map<String, List<SortedSet<Integer>>> byWorkload = new HashMap<>();
    private final Map<String, List<SortedSet<Integer>>> byNamespace = new HashMap<>();
    private final List<List<Stretch>> sources = new ArrayList<>();
    private int next;

    Numbering(List<List<DocumentScope>> documents, List<Exposure> exposures) {
      for (Exposure exposure : exposures) {
        Workload workload = exposure.pods().workload();
        Needed needed = new Needed(workload.namespace(), new TreeSet<>());
        ends.put(exposure.pods().id(), needed);
        // All of a name are needed to tell which of them a question means; pods that differ from
        // those of their owner have its name with their own in brackets.
        String name = workload.name();
        int bracket = name.indexOf('[');
        for (String each :
            bracket < 0 ? List.of(name) : List.of(name, name.substring(0, bracket))) {
          needs(byWorkload, workload.namespace(), each, needed);
        }
        for (Policy policy : exposure.policies()) {
          if (policy.kind() == PolicyKind.NETWORK_POLICY) {
            needs(byPolicy, policy.namespace(), policy.name(), needed);
          }
        }
        // An answer tells what a pod on the host network would be, were it selected.
        if (workload.hostNetwork()) {
          needs(byNamespace, workload.namespace(), "", needed);
        }
      }
      documents.forEach(each -> sources.add(stretches(each)));
    }

    private static void needs(
        Map<String, List<SortedSet<Integer>>> all, String namespace, String name, Needed needed) {
      all.computeIfAbsent(namespace + "/" + name, unused -> new ArrayList<>())
          .add(needed.numbers());
    }

    FirstReading reading() {
      return new FirstReading(sources, ends);
    }

    /** Neighbours that are needed for the same become one stretch. */
    private List<Stretch> stretches(List<DocumentScope> documents) {
      List<Stretch> stretches = new ArrayList<>();
      for (DocumentScope document : documents) {
        Stretch each = stretch(document);
        int last = stretches.size() - 1;
        if (last >= 0 && stretches.get(last).isLike(each)) {
          stretches.set(last, stretches.get(last).with(each));
        } else {
          stretches.add(each);
        }
      }
      return stretches;
    }

    private Stretch stretch(DocumentScope document) {
      String key = document.namespace() + "/" + document.name();
      List<SortedSet<Integer>> wanted = new ArrayList<>();
      if (document.about() == About.POLICY) {
        wanted.addAll(byPolicy.getOrDefault(key, List.of()));
        wanted.addAll(byNamespace.getOrDefault(document.namespace() + "/", List.of()));
      } else if (document.about() == About.WORKLOAD) {
        wanted.addAll(byWorkload.getOrDefault(key, List.of()));
      }
      boolean single = document.about() == About.POLICY || document.about() == About.WORKLOAD;
      int number = wanted.isEmpty() ? NEVER : next++;
      wanted.forEach(each -> each.add(number));
      return new Stretch(
          document.length(),
          document.lines(),
          single && wanted.isEmpty() ? About.NOBODY : document.about(),
          single ? "" : document.namespace(),
          number);
    }
  }

  /** The sources cut to what decides between endpoints of these names, with everything at its line. */
  List<PageSource> between(List<PageSource> texts, List<String> endpoints) {
    Set<String> namespaces = new HashSet<>();
    Set<Integer> numbers = new HashSet<>();
    for (String endpoint : endpoints) {
      Needed needed = ends.get(endpoint);
      if (needed == null) {
        throw new IllegalArgumentException("there is no endpoint " + endpoint);
      }
      namespaces.add(needed.namespace());
      numbers.addAll(needed.numbers());
    }
    List<PageSource> cut = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      StringBuilder text = new StringBuilder();
      int at = 0;
      int lines = 0;
      for (Stretch each : sources.get(i)) {
        if (each.isNeeded(namespaces, numbers)) {
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

  /**
   * By source the stretches, each with a length, a count of lines, and what it is needed for: the number of a document, -1 for nothing, a
   * namespace, or the empty text for everything; by endpoint the numbers of its documents.
   */
  void write(ScriptJson json) {
    json.object().field("sources").list();
    for (List<Stretch> stretches : sources) {
      json.list();
      for (Stretch each : stretches) {
        json.list().value(each.length()).value(each.lines());
        switch (each.about()) {
          case NAMESPACE, EVERYBODY -> json.value(each.namespace());
          case NOBODY, POLICY, WORKLOAD -> json.value(each.number());
        }
        json.endList();
      }
      json.endList();
    }
    json.endList().field("ends").object();
    ends.forEach((name, needed) -> {
      json.field(name).list();
      needed.numbers().forEach(json::value);
      json.endList();
    });
    json.endObject().endObject();
  }
}
