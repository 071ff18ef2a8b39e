package dev.postern.aws;

import dev.postern.aws.PodTries.Span;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.MapScript.NewMap;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A pod in one direction.
 *
 * @param pod the name in its files
 * @param direction which way
 * @param policed whether policies apply at all
 * @param spans what passes to or from which addresses, for the whole family; empty if none apply
 */
record PodDirection(String pod, Direction direction, boolean policed, List<Span> spans) {

  /** The size of a pod's tries. */
  static final int CAPACITY = 65536;

  private static final int STATES = 2;

  /** A map of a pod, by the name of its files without the ending. */
  enum Kind {
    OWN,
    CLUSTER,
    STATES
  }

  String name(Kind kind) {
    String side = direction.name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case OWN -> pod + "." + side + "_map";
      case CLUSTER -> pod + ".cp_" + side + "_map";
      case STATES -> pod + "." + side + "_pod_state_map";
    };
  }

  /** The name of a map's pin: the BPF file system takes no dots. */
  String pin(Kind kind) {
    return name(kind).replace('.', '_');
  }

  NewMap map(Kind kind, Family family) {
    int key = AwsLayout.keySize(family);
    return switch (kind) {
      case OWN -> new NewMap(pin(kind), "lpm_trie", key, AwsLayout.VALUE, CAPACITY, "postern_aws");
      case CLUSTER ->
        new NewMap(pin(kind), "lpm_trie", key, AwsLayout.CLUSTER_VALUE, CAPACITY, "postern_aws");
      case STATES -> new NewMap(pin(kind), "hash", 4, 1, STATES, "postern_aws");
    };
  }

  PodTries tries(Family family) {
    return policed ? PodTries.of(family, spans) : PodTries.OPEN;
  }

  /** The entries of each map. */
  static Map<Kind, List<MapEntry>> entries(PodTries tries) {
    Map<Kind, List<MapEntry>> entries = new LinkedHashMap<>();
    entries.put(Kind.OWN, tries.own());
    entries.put(Kind.CLUSTER, tries.cluster());
    entries.put(Kind.STATES, tries.states());
    return entries;
  }

  /** What passes by this side and by another. */
  PodDirection and(PodDirection other) {
    if (!policed || !other.policed) {
      return policed ? this : other;
    }
    return new PodDirection(
        pod, direction, true, PodTries.combined(spans, other.spans, Traffic::intersect));
  }

  /** Why an entry can't hold what passes, in words that follow the pod and its side. */
  List<String> limits() {
    Set<Traffic> kinds = new LinkedHashSet<>();
    spans.forEach(span -> kinds.add(span.traffic()));
    List<String> limits = new ArrayList<>();
    for (Traffic traffic : kinds) {
      int denials = AwsLayout.slots(traffic.complement());
      if (AwsLayout.needsDenials(traffic)) {
        if (denials > AwsLayout.SLOTS) {
          limits.add("denies one peer " + denials
              + " port ranges among everything else, and an entry has room for "
              + AwsLayout.SLOTS);
        }
      } else if (AwsLayout.slots(traffic) > AwsLayout.SLOTS) {
        limits.add("needs " + AwsLayout.slots(traffic)
            + " protocols and port ranges for one peer, and an entry has room for "
            + AwsLayout.SLOTS);
      }
    }
    return limits;
  }
}
