package dev.postern.question;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words for kinds of objects before a name, as kubectl takes and prints them: {@code deploy/web}, {@code deployment.apps/web}. */
public final class KindWords {

  public static final String POD = "Pod";
  static final String SERVICE = "Service";
  static final String NODE = "Node";

  private static final Set<String> ANY_WORKLOAD = Set.of("workload", "workloads");

  /** Kinds with the short names that their resources have; a kind's own word and its plural go without saying. */
  private static final Map<String, List<String>> SHORT = Map.ofEntries(
      Map.entry(POD, List.of("po")),
      Map.entry(SERVICE, List.of("svc")),
      Map.entry(NODE, List.of("no")),
      Map.entry("Deployment", List.of("deploy")),
      Map.entry("StatefulSet", List.of("sts")),
      Map.entry("DaemonSet", List.of("ds")),
      Map.entry("ReplicaSet", List.of("rs")),
      Map.entry("ReplicationController", List.of("rc")),
      Map.entry("Job", List.of()),
      Map.entry("CronJob", List.of("cj")),
      Map.entry("Rollout", List.of("ro")),
      Map.entry("CloneSet", List.of("clone")),
      Map.entry("VirtualMachine", List.of("vm", "vms")),
      Map.entry("VirtualMachineInstance", List.of("vmi", "vmis")));

  private static final Map<String, String> KINDS = kinds();

  private KindWords() {}

  private static Map<String, String> kinds() {
    Map<String, String> kinds = new HashMap<>();
    SHORT.forEach((kind, words) -> {
      kinds.put(word(kind), kind);
      kinds.put(word(kind) + "s", kind);
      words.forEach(word -> kinds.put(word, kind));
    });
    return Map.copyOf(kinds);
  }

  /** The kind that a word means, in whatever case and with or without its API group; empty if it means none. */
  static Optional<String> kind(String word) {
    int dot = word.indexOf('.');
    return Optional.ofNullable(
        KINDS.get((dot < 0 ? word : word.substring(0, dot)).toLowerCase(Locale.ROOT)));
  }

  /** Whether a word means pods and what makes them, of whichever kind. */
  static boolean isAnyWorkload(String word) {
    return ANY_WORKLOAD.contains(word.toLowerCase(Locale.ROOT));
  }

  /** The word that means this kind before a name; empty if a sentence cannot name it. */
  public static Optional<String> of(String kind) {
    return SHORT.containsKey(kind) ? Optional.of(word(kind)) : Optional.empty();
  }

  private static String word(String kind) {
    return kind.toLowerCase(Locale.ROOT);
  }
}
