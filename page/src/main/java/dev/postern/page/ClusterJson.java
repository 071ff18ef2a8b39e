package dev.postern.page;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Excerpt;
import dev.postern.manifest.Loaded;
import dev.postern.meaning.Undetermined;
import dev.postern.reach.NotRead;
import dev.postern.reach.WorkloadNames;
import dev.postern.summary.Exposure;
import dev.postern.wording.ExposureWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What is in a cluster, what was wrong with its manifests, how exposed its workloads are, and what was found, for the page. */
final class ClusterJson {

  private ClusterJson() {}

  /** Counts, names to complete questions with, and what is not known. */
  static void summary(Loaded loaded, Cluster cluster, ScriptJson json) {
    json.field("counts").object();
    loaded.read().forEach(json::field);
    json.endObject();
    json.field("skipped").object();
    loaded.skipped().forEach(json::field);
    json.endObject();
    List<String> notes = new ArrayList<>(NotRead.notes(cluster));
    List<String> undeclared = Undetermined.namespaces(cluster);
    if (!undeclared.isEmpty()) {
      notes.add("policies look at labels of " + NotRead.namespaces(undeclared)
          + ", which no manifest declares");
    }
    json.field("notes", notes);
    json.field("diagnostics");
    diagnostics(loaded.diagnostics(), loaded, json);
    names(cluster, json);
  }

  private static void names(Cluster cluster, ScriptJson json) {
    WorkloadNames names = new WorkloadNames(cluster);
    Set<String> labels = new TreeSet<>();
    Set<String> ports = new TreeSet<>();
    for (Workload workload : cluster.workloads()) {
      workload.labels().asMap().forEach((key, value) -> labels.add(key + "=" + value));
      for (ContainerPort port : workload.ports()) {
        ports.add(port.protocol().word() + "/" + port.number());
      }
    }
    json.field("names").object();
    json.field("workloads", cluster.workloads().stream().map(names::of).toList());
    json.field("namespaces", cluster.namespaces().keySet());
    json.field("services", cluster.services().stream().map(Service::id).toList());
    json.field("nodes", cluster.nodes().stream().map(node -> node.name()).toList());
    json.field("labels", labels);
    json.field("ports", ports);
    json.endObject();
  }

  /** Exposures in their order, and a line of all. */
  static void exposures(List<Exposure> exposures, ScriptJson json) {
    json.field("summary", ExposureWords.summary(exposures));
    json.field("exposures").list();
    for (Exposure each : exposures) {
      json.object()
          .field("id", each.pods().id())
          .field("kind", each.pods().kind())
          .field("namespace", each.pods().workload().namespace())
          .field("reachedBy", ExposureWords.peers(each.ingress()))
          .field("reaches", ExposureWords.peers(each.egress()))
          .field("in", word(each.ingress()))
          .field("out", word(each.egress()))
          .field("isolated", ExposureWords.isolated(each))
          .field("policies", each.policies().stream().map(policy -> policy.id()).toList())
          .endObject();
    }
    json.endList();
  }

  private static String word(Exposure.ExposedSide side) {
    return side.reach().name().toLowerCase(Locale.ROOT);
  }

  /** Diagnostics of reading, or findings. */
  static void diagnostics(List<Diagnostic> all, Loaded loaded, ScriptJson json) {
    json.list();
    for (Diagnostic each : all) {
      json.object()
          .field("code", each.code().id())
          .field("severity", each.severity().word())
          .field("message", each.message())
          .field("hint", each.hint())
          .field("file", each.origin().file())
          .field("line", each.origin().line())
          .field("column", each.origin().column())
          .field(
              "excerpt",
              loaded
                  .lines()
                  .line(each.origin())
                  .map(line -> Excerpt.around(each.origin(), line))
                  .orElse(""))
          .endObject();
    }
    json.endList();
  }
}
