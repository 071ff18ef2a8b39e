package dev.postern.aws;

import dev.postern.algebra.Region;
import dev.postern.aws.AwsLayout.PodState;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.Mentioned;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.Artifact;
import dev.postern.target.Backend;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The target {@code aws}: the entries of the maps that the AWS network policy agent gives each pod, as dumps and as batches.
 *
 * @param unaddressed what to do with pods of which no address is known
 */
public record Aws(Policed.Unaddressed unaddressed) implements Backend {

  /** The size of a pod's tries. */
  static final int CAPACITY = 65536;

  public static Aws backend() {
    return new Aws(Policed.Unaddressed.REFUSE);
  }

  @Override
  public String target() {
    return "aws";
  }

  @Override
  public Artifact compile(Plan plan, Scope scope) throws Refusal {
    Policed policed = Policed.of(plan, scope, unaddressed);
    refuse(PeerAddresses.of(plan).conflicts());
    Family family = family(plan);
    Writer writer = new Writer(plan, family, policed);
    List<String> reasons = new ArrayList<>();
    Map<String, End.InPod> names = new LinkedHashMap<>();
    for (int i = 0; i < plan.classes().endpoints().size(); i++) {
      End.InPod end = plan.classes().endpoints().get(i);
      if (end.address().isPresent() && end.pod().filter(scope::contains).isPresent()) {
        String name = end.workload().namespace() + "-" + end.pod().orElseThrow().name();
        if (!end.workload().hostNetwork() && names.putIfAbsent(name, end) != null) {
          reasons.add(names.get(name) + " and " + end + " would both have the files of " + name);
        }
        reasons.addAll(writer.endpoint(name, end, plan.classes().classOf(i)));
      }
    }
    refuse(List.copyOf(new LinkedHashSet<>(reasons)));
    SortedMap<String, String> files = writer.files;
    files.put("apply.sh", AwsScripts.apply(writer.maps));
    files.put("remove.sh", AwsScripts.REMOVE);
    String summary = writer.summary(names.size());
    files.put("summary.txt", summary);
    return new Artifact(target(), files, summary);
  }

  private static Family family(Plan plan) throws Refusal {
    Set<Family> families = new LinkedHashSet<>();
    plan.classes()
        .endpoints()
        .forEach(end -> end.address().ifPresent(address -> families.add(address.family())));
    if (families.size() > 1) {
      throw new Refusal(List.of(
          "its programs police one address family, and there are pods with addresses of both"));
    }
    return families.isEmpty() ? Family.IPV4 : families.iterator().next();
  }

  /**
   * A map to be made.
   *
   * @param name its files' name, without the ending
   */
  record Shape(String name, String type, int key, int value, int entries) {

    /** The name of its pin: the BPF file system takes no dots. */
    String pin() {
      return name.replace('.', '_');
    }
  }

  private static final class Writer {
    private final Plan plan;
    private final Family family;
    private final Places places;
    private final Map<Direction, Map<End.InPod, Region>> tables = new HashMap<>();
    private final Map<List<Object>, Tries> shared = new HashMap<>();
    private final SortedMap<String, String> files = new TreeMap<>();
    private final List<Shape> maps = new ArrayList<>();
    private long entries;
    private long clusterEntries;
    private int worst;

    Writer(Plan plan, Family family, Policed policed) {
      this.plan = plan;
      this.family = family;
      this.places = Places.of(plan, family);
      for (Direction direction : Direction.values()) {
        Map<End.InPod, Region> ofEnd = new HashMap<>();
        policed
            .groups(direction)
            .forEach(group -> group.endpoints().forEach(end -> ofEnd.put(end, group.allowed())));
        tables.put(direction, ofEnd);
      }
    }

    /** Writes a pod's files and gives the reasons why it can't. */
    List<String> endpoint(String name, End.InPod end, int classNumber) {
      List<String> reasons = new ArrayList<>();
      for (Direction direction : Direction.values()) {
        Region allowed = tables.getOrDefault(direction, Map.of()).get(end);
        if (end.workload().hostNetwork()) {
          if (allowed != null) {
            reasons.add(end + " is on the host network and has no interface to be policed at");
          }
          continue;
        }
        String side = direction.name().toLowerCase(Locale.ROOT);
        Tries tries = Tries.EMPTY;
        if (allowed != null) {
          String node = plan.options().nodeTrafficPasses()
              ? end.pod().flatMap(p -> p.node()).orElse("")
              : "";
          List<String> limits = limits(allowed);
          if (limits.isEmpty()) {
            tries = shared.computeIfAbsent(
                List.of(allowed, node), key -> Tries.of(allowed, node, places, family));
            if (tries.fullest() > CAPACITY) {
              limits.add("needs " + tries.fullest() + " prefixes, and a trie holds " + CAPACITY);
            }
          }
          limits.forEach(limit -> reasons.add(
              end + ": its " + side + " " + limit + Mentioned.selecting(plan, classNumber)));
        }
        entries += tries.own().size();
        clusterEntries += tries.cluster().size();
        worst = Math.max(worst, tries.fullest());
        PodState own = allowed == null ? PodState.DEFAULT_ALLOW : PodState.POLICIES_APPLIED;
        PodState cluster =
            tries.cluster().isEmpty() ? PodState.DEFAULT_ALLOW : PodState.POLICIES_APPLIED;
        trie(name + "." + side + "_map", AwsLayout.VALUE, tries.own());
        trie(name + ".cp_" + side + "_map", AwsLayout.CLUSTER_VALUE, tries.cluster());
        write(
            new Shape(name + "." + side + "_pod_state_map", "hash", 4, 1, 2),
            AwsLayout.states(own, cluster));
      }
      return reasons;
    }

    private void trie(String name, int value, List<MapEntry> entries) {
      write(new Shape(name, "lpm_trie", AwsLayout.keySize(family), value, CAPACITY), entries);
    }

    private void write(Shape map, List<MapEntry> entries) {
      files.put(map.name() + ".json", MapDump.write(entries));
      files.put(map.name() + ".batch", Batch.updates(map.pin(), entries));
      maps.add(map);
    }

    private static List<String> limits(Region allowed) {
      List<String> limits = new ArrayList<>();
      for (Region.Part part : allowed.parts()) {
        Traffic traffic = part.traffic();
        int denials = AwsLayout.slots(traffic.complement());
        if (AwsLayout.needsDenials(traffic)) {
          if (denials > AwsLayout.SLOTS) {
            limits.add("denies one peer " + denials
                + " port ranges among everything else, and an entry has room for "
                + AwsLayout.SLOTS);
          }
        } else if (AwsLayout.slots(traffic) > AwsLayout.SLOTS) {
          limits.add(
              "needs " + AwsLayout.slots(traffic) + " protocols and port ranges for one peer,"
                  + " and an entry has room for " + AwsLayout.SLOTS);
        }
      }
      return limits;
    }

    String summary(int pods) {
      return """
          target                      aws
          pods                        %d
          maps                        %d
          entries                     %d of %d bytes each, and %d of %d for cluster policies
            fullest trie              %d of %d
            if equal tries were shared %d tries
          look-ups for a new packet   conntrack twice, pod states, cluster policies, then 1 trie at each policed end, and up to %d slots
          %s""".formatted(
              pods,
              maps.size(),
              entries,
              AwsLayout.keySize(family) + AwsLayout.VALUE,
              clusterEntries,
              AwsLayout.keySize(family) + AwsLayout.CLUSTER_VALUE,
              worst,
              CAPACITY,
              shared.size(),
              AwsLayout.SLOTS,
              family == Family.IPV6
                  ? "not policed                 ICMPv6: the agent's program lets all of it pass\n"
                  : "");
    }
  }

  private static void refuse(List<String> reasons) throws Refusal {
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
  }
}
