package dev.postern.aws;

import dev.postern.algebra.Region;
import dev.postern.aws.AwsLayout.PodState;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PrefixTable;
import dev.postern.meaning.End;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
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
  private static final int CAPACITY = 65536;

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

  /** A map to be made. */
  record Shape(String pin, String batch, String type, int key, int value, int entries) {}

  private static final class Writer {
    private final Plan plan;
    private final Family family;
    private final Places places;
    private final Map<Direction, Map<End.InPod, Region>> tables = new HashMap<>();
    private final Map<List<Object>, List<MapEntry>> shared = new HashMap<>();
    private final SortedMap<String, String> files = new TreeMap<>();
    private final List<Shape> maps = new ArrayList<>();
    private long entries;
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
        List<MapEntry> trie = List.of();
        if (allowed != null) {
          String node = plan.options().nodeTrafficPasses()
              ? end.pod().flatMap(p -> p.node()).orElse("")
              : "";
          List<String> limits = limits(allowed);
          limits.forEach(limit -> reasons.add(end + ": its " + side + " " + limit
              + "; it is selected by " + policies(classNumber)));
          if (limits.isEmpty()) {
            trie = shared.computeIfAbsent(List.of(allowed, node), key -> trie(allowed, node));
          }
          if (trie.size() > CAPACITY) {
            reasons.add(end + ": its " + side + " needs " + trie.size()
                + " prefixes, and a trie holds " + CAPACITY + "; it is selected by "
                + policies(classNumber));
          }
        }
        entries += trie.size();
        worst = Math.max(worst, trie.size());
        write(name + "." + side + "_map", "lpm_trie", AwsLayout.VALUE, CAPACITY, trie);
        write(
            name + "." + side + "_pod_state_map",
            "hash",
            1,
            2,
            AwsLayout.states(allowed == null ? PodState.DEFAULT_ALLOW : PodState.POLICIES_APPLIED));
      }
      return reasons;
    }

    private void write(String name, String type, int value, int size, List<MapEntry> map) {
      String pin = name.replace('.', '_');
      files.put(name + ".json", MapDump.write(map));
      files.put(name + ".batch", Batch.updates(pin, map));
      int key = type.equals("hash") ? 4 : AwsLayout.keySize(family);
      maps.add(new Shape(pin, name + ".batch", type, key, value, size));
    }

    private static List<String> limits(Region allowed) {
      List<String> limits = new ArrayList<>();
      for (Region.Part part : allowed.parts()) {
        Traffic traffic = part.traffic();
        if (traffic.other() && !traffic.isAll()) {
          limits.add("lets other protocols pass, but not every port (" + traffic
              + "), which no entry can say");
        } else if (AwsLayout.slots(traffic) > AwsLayout.SLOTS) {
          limits.add(
              "needs " + AwsLayout.slots(traffic) + " protocols and port ranges for one peer,"
                  + " and an entry has room for " + AwsLayout.SLOTS);
        }
      }
      return limits;
    }

    private String policies(int classNumber) {
      return String.join(
          ", ",
          plan.cluster().policies().stream()
              .filter(policy -> plan.targets(policy).contains(classNumber))
              .map(Policy::toString)
              .toList());
    }

    /** The longest prefix decides alone: what a wider network may do is repeated for those within. */
    private List<MapEntry> trie(Region allowed, String node) {
      Map<Traffic, Integer> numbers = new LinkedHashMap<>(Map.of(Traffic.NONE, 0));
      SortedMap<Cidr, Integer> prefixes = PrefixTable.of(family, places.runs(place -> {
        boolean own = !node.isEmpty() && place.nodes().contains(node);
        Traffic traffic = own ? Traffic.ALL : allowed.traffic(place.classNumber());
        return numbers.computeIfAbsent(traffic, key -> numbers.size());
      }));
      List<Traffic> traffic = List.copyOf(numbers.keySet());
      List<MapEntry> trie = new ArrayList<>();
      prefixes.forEach((cidr, number) -> {
        if (cidr.prefix() > 0 || number > 0) {
          trie.add(AwsLayout.trie(cidr, traffic.get(number)));
        }
      });
      return List.copyOf(trie);
    }

    String summary(int pods) {
      return """
          target                      aws
          pods                        %d
          maps                        %d
          entries                     %d of %d bytes each
            fullest trie              %d of %d
            if equal tries were shared %d tries
          look-ups for a new packet   conntrack twice, pod states, cluster policies, then 1 trie at each policed end, and up to %d slots
          %s""".formatted(
              pods,
              maps.size(),
              entries,
              AwsLayout.keySize(family) + AwsLayout.VALUE,
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
