package dev.postern.bpf.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.backend.Machine;
import dev.postern.backend.Reader.Dump;
import dev.postern.mapdump.UnreadableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * The pair of tries that a program looks at now: those in the slot that its generation names.
 *
 * @param notes what one has to know of them
 */
record TriesInForce(Dump identities, Dump policy, List<String> notes) {

  private static final int ATTEMPTS = 3;

  TriesInForce {
    notes = List.copyOf(notes);
  }

  /** What a generation names; empty where a slot is, in which case the program drops everything. */
  private record Slots(int generation, OptionalInt identities, OptionalInt policy) {}

  /**
   * Follows a program's maps. What is switched while it is read is read again.
   *
   * @param maps their numbers by their names
   * @throws UnreadableMap if a map has another form, or is switched again and again
   */
  static TriesInForce of(Machine machine, SortedMap<String, Integer> maps) {
    JsonCommands tools = new JsonCommands(machine);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Slots before = slots(tools, maps);
      Dump identities = dump(tools, before.identities, "identities");
      Dump policy = dump(tools, before.policy, "policy");
      if (slots(tools, maps).equals(before)) {
        List<String> notes = new ArrayList<>();
        note(tools, before.identities, "identities", notes);
        note(tools, before.policy, "policy", notes);
        return new TriesInForce(identities, policy, notes);
      }
    }
    throw new UnreadableMap(
        "bpftool", 1, 1, "the maps were switched while they were read (hint: prove again)");
  }

  private static Slots slots(JsonCommands tools, SortedMap<String, Integer> maps) {
    OptionalInt generation = value(tools, id(maps, Attachment.GENERATION), 0);
    if (generation.isEmpty()) {
      throw new UnreadableMap("bpftool", 1, 1, "the program's generation is not readable");
    }
    int slot = generation.getAsInt() & 1;
    return new Slots(
        slot,
        value(tools, id(maps, Attachment.IDENTITIES), slot),
        value(tools, id(maps, Attachment.POLICY), slot));
  }

  private static int id(SortedMap<String, Integer> maps, String name) {
    return Objects.requireNonNull(maps.get(name));
  }

  /** The number under a number in a map; both have four bytes, the lowest first. */
  private static OptionalInt value(JsonCommands tools, int map, int key) {
    for (JsonNode entry : tools.asked("map", "dump", "id", map)) {
      if (entry.path("value").size() == 4 && number(entry.path("key")) == key) {
        return OptionalInt.of(number(entry.path("value")));
      }
    }
    return OptionalInt.empty();
  }

  private static int number(JsonNode bytes) {
    int number = 0;
    for (int i = bytes.size() - 1; i >= 0; i--) {
      try {
        number = number << 8 | Integer.decode(bytes.get(i).asText());
      } catch (NumberFormatException problem) {
        throw new UnreadableMap("bpftool", 1, 1, "`" + bytes.get(i).asText() + "` is no byte");
      }
    }
    return number;
  }

  /** Without a trie the program drops everything, as it does with one that holds nobody. */
  private static Dump dump(JsonCommands tools, OptionalInt map, String name) {
    return map.isPresent()
        ? tools.bpftool("map", "dump", "id", map.getAsInt())
        : new Dump("no " + name, "[]");
  }

  /** Dumps of the documented pin show these entries only where it is this map's. */
  private static void note(JsonCommands tools, OptionalInt map, String name, List<String> notes) {
    if (map.isEmpty()) {
      notes.add("the attached program has no " + name + ": it drops everything");
      return;
    }
    JsonNode pins = tools.asked("-f", "map", "show", "id", map.getAsInt()).path("pinned");
    for (JsonNode pin : pins) {
      if (pin.asText().endsWith("/" + name)) {
        return;
      }
    }
    notes.add(
        "the " + name + " that the attached program reads (map " + map.getAsInt()
            + ") are not under the pin `" + name
            + "`, so an apply.sh did not come to its end: dumps of the pins do not show what is in force");
  }
}
