package dev.postern.bpf.reader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.backend.Machine;
import dev.postern.backend.Reader.Dump;
import dev.postern.manifest.WholeJson;
import dev.postern.mapdump.UnreadableMap;
import java.util.ArrayList;
import java.util.List;

/** A machine's tools that print JSON. */
record JsonCommands(Machine machine) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What {@code bpftool -j} prints.
   *
   * @throws UnreadableMap if there is no bpftool
   */
  Dump bpftool(Object... words) {
    List<String> command = command("bpftool", words);
    return machine
        .print(command)
        .orElseThrow(() -> new UnreadableMap(
            String.join(" ", command), 1, 1, "bpftool can't be run here (hint: install it)"));
  }

  /**
   * The same as an object or an array.
   *
   * @throws UnreadableMap if there is no bpftool, or what it prints is no JSON or nothing
   */
  JsonNode asked(Object... words) {
    Dump dump = bpftool(words);
    if (dump.text().isBlank()) {
      throw new UnreadableMap(dump.file(), 1, 1, "bpftool printed nothing, which it never does");
    }
    return json(dump);
  }

  /**
   * The filters of one hook of an interface; {@code tc} prints nothing where there are none.
   *
   * @throws UnreadableMap if there is no tc, or what it prints is no JSON
   */
  JsonNode filters(String device, String hook) {
    List<String> command = command("tc", "filter", "show", "dev", device, hook);
    return json(machine
        .print(command)
        .orElseThrow(() -> new UnreadableMap(
            String.join(" ", command), 1, 1, "tc can't be run here (hint: install it)")));
  }

  private static List<String> command(String tool, Object... words) {
    List<String> command = new ArrayList<>(List.of(tool, "-j"));
    for (Object word : words) {
      command.add(String.valueOf(word));
    }
    return command;
  }

  private static JsonNode json(Dump dump) {
    try {
      return dump.text().isBlank() ? JSON.createArrayNode() : WholeJson.read(JSON, dump.text());
    } catch (JsonProcessingException problem) {
      throw new UnreadableMap(
          dump.file(),
          problem.getLocation().getLineNr(),
          problem.getLocation().getColumnNr(),
          problem.getOriginalMessage());
    }
  }
}
