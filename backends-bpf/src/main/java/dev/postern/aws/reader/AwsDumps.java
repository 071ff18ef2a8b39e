package dev.postern.aws.reader;

import dev.postern.aws.reader.AwsReader.Side;
import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@code postern prove} reads of a node with the AWS network policy agent: six files for each pod. */
public final class AwsDumps implements Reader {

  private static final String DIRECTORY = "aws-dump";

  /** The newest release of the agent whose programs were read. */
  private static final String NEWEST = "1.4.1";

  private static final List<String> MAPS = List.of(
      "ingress_map.json",
      "egress_map.json",
      "cp_ingress_map.json",
      "cp_egress_map.json",
      "ingress_pod_state_map.json",
      "egress_pod_state_map.json");

  /** What an agent has besides and decides nothing about a new connection. */
  private static final Set<String> OTHERS = Set.of("aws_conntrack_map.json", "policy_events.json");

  @Override
  public String target() {
    return "aws";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        DIRECTORY,
        "Dumps by `bpftool -j map dump pinned <map>`, for each pod <namespace>-<pod>.ingress_map.json,"
            + " .cp_ingress_map.json, .ingress_pod_state_map.json, and likewise for egress.",
        true,
        true,
        List.of()));
  }

  /**
   * What the agent promises. Its own connection table knows no related packets, and its program for IPv6 looks at no ICMPv6.
   *
   * @param protocolZero whether some value has slots of zeros
   */
  static Contract contract(boolean protocolZero) {
    Contract contract = Contract.STRICT
        .leavingOpen(Exemption.SAME_POD)
        .waiving(
            "errors about connections are judged like new packets",
            new Condition.State(Set.of(ConnectionState.RELATED)))
        .waiving("the agent's program lets all ICMPv6 pass", new Condition.IpProtocol(Set.of(58)));
    return protocolZero
        ? contract.waiving(
            "slots of zeros decide on IP protocol 0", new Condition.IpProtocol(Set.of(0)))
        : contract;
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    SortedMap<String, Dump> files = new TreeMap<>();
    for (Dump dump : dumps.getOrDefault(DIRECTORY, List.of())) {
      files.put(dump.file().substring(dump.file().lastIndexOf('/') + 1), dump);
    }
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<Side> sides = new ArrayList<>();
    Map<String, String> owners = new HashMap<>();
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (!workload.hostNetwork() && scope.contains(pod) && !pod.addresses().isEmpty()) {
          String start = workload.namespace() + "-" + pod.name();
          String other = owners.putIfAbsent(start, workload.namespace() + "/" + pod.name());
          if (other != null && anyStarts(files, start + ".")) {
            problems.add(DIRECTORY + ":1:1: error: " + other + " and " + workload.namespace() + "/"
                + pod.name() + " would have the same files, " + start + ".*");
          }
          for (Direction direction : Direction.values()) {
            sides.add(side(workload.namespace(), pod, direction, files, problems, warnings));
          }
        }
      }
    }
    sides.replaceAll(side -> unread(side, files.keySet(), cluster, warnings));
    boolean protocolZero = sides.stream()
        .flatMap(side -> side.maps().stream())
        .anyMatch(maps -> maps.slots().keySet().stream().anyMatch(Slots::letsProtocolZeroPass)
            || maps.cluster().keySet().stream().anyMatch(ClusterSlots::decidesOnProtocolZero));
    return new Reading(AwsReader.rules(sides), contract(protocolZero), problems, warnings)
        .withNotes(
            List.of(Note.of("maps do not show whether the agent's programs are attached to the"
                + " pods' interfaces, which `bpftool net` shows")));
  }

  private static boolean anyStarts(SortedMap<String, Dump> files, String start) {
    return files.keySet().stream().anyMatch(file -> file.startsWith(start));
  }

  /** A side of a pod that has maps of unknown names is not known. */
  private static Side unread(Side side, Set<String> files, Cluster cluster, List<String> warnings) {
    String start = side.pod().replace('/', '-') + ".";
    Set<String> known = new HashSet<>(OTHERS);
    cluster
        .workloads()
        .forEach(workload -> workload
            .pods()
            .forEach(pod -> MAPS.forEach(
                map -> known.add(workload.namespace() + "-" + pod.name() + "." + map))));
    Optional<String> stranger = files.stream()
        .filter(file -> file.startsWith(start) && file.endsWith(".json"))
        .filter(file -> !known.contains(file))
        .findFirst();
    if (stranger.isEmpty()) {
      return side;
    }
    String gap = stranger.get() + " is no map that agents up to " + NEWEST + " have";
    String warning = gap + ": what " + side.pod() + " may do is not known";
    if (!warnings.contains(warning)) {
      warnings.add(warning);
    }
    return new Side(side.pod(), side.direction(), side.addresses(), Optional.empty(), gap);
  }

  private static Set<Family> families(Pod pod) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    pod.addresses().forEach(address -> families.add(address.family()));
    return families;
  }

  private static Side side(
      String namespace,
      Pod pod,
      Direction direction,
      Map<String, Dump> files,
      List<String> problems,
      List<String> warnings) {
    String name = namespace + "/" + pod.name();
    String side = direction.name().toLowerCase(Locale.ROOT);
    String start = namespace + "-" + pod.name() + ".";
    AddressSet addresses = AddressSet.ofAddresses(pod.addresses());
    Dump trie = files.get(start + side + "_map.json");
    Dump states = files.get(start + side + "_pod_state_map.json");
    Dump clusterPolicies = files.get(start + "cp_" + side + "_map.json");
    if (trie == null || states == null) {
      String gap = "no dumps of the " + side + " of " + name;
      warnings.add(gap + ": what it may do is not known");
      return new Side(name, direction, addresses, Optional.empty(), gap);
    }
    try {
      if (clusterPolicies == null) {
        String gap = PodMaps.knowsClusterPolicies(states)
            ? "no dump of cluster policies for the " + side + " of " + name
            : "no state for cluster policies for the " + side + " of " + name
                + ", as with agents before 1.3";
        warnings.add(gap + ": what it may do is not known");
        return new Side(name, direction, addresses, Optional.empty(), gap);
      }
      PodMaps maps = PodMaps.of(trie, clusterPolicies, states);
      Set<Family> families = families(pod);
      families.addAll(maps.families());
      if (families.size() > 1) {
        // A program looks at the packets of one family and lets all others pass.
        String gap = "the " + side + " of " + name + " is of both address families, of which the"
            + " agent's programs police one";
        warnings.add(gap + ": what it may do is not known");
        return new Side(name, direction, addresses, Optional.empty(), gap);
      }
      Optional<String> newer = PodMaps.newerState(states).or(maps::newer);
      if (newer.isPresent()) {
        String gap = "the maps for the " + side + " of " + name + " hold " + newer.get()
            + ", which agents up to " + NEWEST + " do not write";
        warnings.add(gap + ": what it may do is not known");
        return new Side(name, direction, addresses, Optional.empty(), gap);
      }
      return new Side(name, direction, addresses, Optional.of(maps), "");
    } catch (UnreadableMap problem) {
      problems.add(String.valueOf(problem.getMessage()));
      return new Side(name, direction, addresses, Optional.empty(), "not readable");
    }
  }
}
