package dev.postern.bpf.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.backend.Machine;
import dev.postern.mapdump.UnreadableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where Postern's program is attached in this network namespace, and which maps it reads. It is told by its two names and by its maps.
 *
 * @param maps the numbers of its maps by their names
 * @param interfaces at whose two hooks it is attached
 * @param unknown why it is not known what becomes of packets there, in words; nothing if it is
 */
record Attachment(
    SortedMap<String, Integer> maps, SortedSet<String> interfaces, List<String> unknown) {

  static final String GENERATION = "generation";
  static final String IDENTITIES = "identity_slots";
  static final String POLICY = "policy_slots";

  private static final Map<String, String> HOOKS =
      Map.of("from_pod", "ingress", "to_pod", "egress");

  /** The numbers of the links' types that a bpftool which is older than they are prints: tcx and netkit. */
  private static final Set<Integer> NEWER_LINKS = Set.of(11, 13);

  Attachment {
    unknown = List.copyOf(unknown);
  }

  /** A program at a hook of an interface. */
  private record Place(String device, String hook, int program) {}

  /**
   * Asks for the programs of this network namespace.
   *
   * @throws UnreadableMap if none of Postern's is attached, or the tools cannot be asked
   */
  static Attachment of(Machine machine) {
    return new Search(new JsonCommands(machine)).result();
  }

  private static final class Search {
    private final JsonCommands tools;
    private final Map<Integer, Optional<SortedMap<String, Integer>>> mapsOf = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final List<String> unknown = new ArrayList<>();

    Search(JsonCommands tools) {
      this.tools = tools;
    }

    Attachment result() {
      JsonNode net = tools.asked("net");
      List<Place> places = places(net);
      SortedMap<String, Set<String>> hooks = new TreeMap<>();
      Set<Integer> ours = new HashSet<>();
      Set<SortedMap<String, Integer>> maps = new HashSet<>();
      for (Place place : places) {
        Optional<SortedMap<String, Integer>> read = maps(place.program);
        if (read.isPresent()) {
          ours.add(place.program);
          maps.add(read.get());
          String name = names.getOrDefault(place.program, "");
          if (place.hook.equals(HOOKS.get(name))) {
            hooks.computeIfAbsent(place.device, device -> new HashSet<>()).add(place.hook);
          } else {
            unknown.add(name + " is attached at the wrong hook of " + place.device);
          }
        }
      }
      if (maps.isEmpty()) {
        throw new UnreadableMap(
            "bpftool -j net",
            1,
            1,
            "no program of Postern's is attached in this network namespace, so nothing is enforced here (hint: apply.sh <interface>)");
      }
      if (maps.size() > 1) {
        unknown.add("programs with different maps are attached: they need not agree");
      }
      hooks.forEach((device, at) -> {
        if (at.size() < HOOKS.size()) {
          unknown.add("only one of the two programs is attached at " + device);
        }
        neighbours(device, places, ours);
      });
      xdp(net, hooks.keySet());
      newerLinks();
      return new Attachment(
          maps.iterator().next(),
          new TreeSet<>(hooks.keySet()),
          unknown.stream().distinct().toList());
    }

    private static List<Place> places(JsonNode net) {
      List<Place> places = new ArrayList<>();
      for (JsonNode group : net) {
        for (JsonNode each : group.path("tc")) {
          String kind = each.path("kind").asText();
          places.add(new Place(
              each.path("devname").asText(), kind.substring(kind.indexOf('/') + 1), id(each)));
        }
      }
      return places;
    }

    private static int id(JsonNode program) {
      return program.path("id").asInt(program.path("prog_id").asInt(-1));
    }

    /** The maps of a program of Postern's; empty if it is none. */
    private Optional<SortedMap<String, Integer>> maps(int program) {
      return mapsOf.computeIfAbsent(program, id -> {
        JsonNode shown = tools.asked("prog", "show", "id", id);
        String name = shown.path("name").asText();
        names.put(id, name);
        if (!HOOKS.containsKey(name)) {
          return Optional.empty();
        }
        SortedMap<String, Integer> maps = new TreeMap<>();
        for (JsonNode map : shown.path("map_ids")) {
          maps.put(
              tools.asked("map", "show", "id", map.asInt()).path("name").asText(), map.asInt());
        }
        return maps.keySet().containsAll(Set.of(GENERATION, IDENTITIES, POLICY))
            ? Optional.of(maps)
            : Optional.empty();
      });
    }

    /** What else judges packets on our hooks: before ours it may let pass what ours never sees, after it drop what ours let pass. */
    private void neighbours(String device, List<Place> places, Set<Integer> ours) {
      for (String hook : HOOKS.values()) {
        for (JsonNode filter : tools.filters(device, hook)) {
          boolean bpf = filter.path("kind").asText().equals("bpf");
          JsonNode options = filter.path("options");
          if (bpf && options.isMissingNode()) {
            continue;
          }
          if (!bpf || !ours.contains(options.path("prog").path("id").asInt(-1))) {
            other("a filter of kind " + filter.path("kind").asText(), device, hook);
          } else if (!options.path("direct-action").asBoolean()) {
            unknown.add("at " + device + " " + hook + ", what the program says is not acted on");
          }
        }
        places.stream()
            .filter(place -> place.device.equals(device) && place.hook.equals(hook))
            .filter(place -> !ours.contains(place.program))
            .forEach(place ->
                other("the program " + names.getOrDefault(place.program, "?"), device, hook));
      }
    }

    private void xdp(JsonNode net, Set<String> devices) {
      for (JsonNode group : net) {
        for (JsonNode each : group.path("xdp")) {
          String device = each.path("devname").asText();
          if (devices.contains(device)) {
            other("an XDP program", device, "before it");
          }
        }
      }
    }

    /** Old tools do not list these among a machine's programs, nor say at which interface they are. */
    private void newerLinks() {
      for (JsonNode link : tools.asked("link")) {
        if (link.path("type").isInt() && NEWER_LINKS.contains(link.path("type").asInt())) {
          unknown.add("a program is attached by a link that this bpftool does not know");
        }
      }
    }

    private void other(String what, String device, String hook) {
      unknown.add(what + " judges packets as well at " + device + " " + hook);
    }
  }
}
