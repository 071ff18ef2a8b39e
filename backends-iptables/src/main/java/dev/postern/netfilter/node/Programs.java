package dev.postern.netfilter.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.backend.Reader.Dump;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.WholeJson;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.List;

/** Reads which programs are attached to a node's interfaces: they see packets before or after netfilter and may drop any. */
final class Programs {

  /** Programs after the first list would be passed over. */
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What every release prints, also where nothing is attached. */
  private static final List<String> KINDS = List.of("xdp", "tc");

  private Programs() {}

  /**
   * The attached programs, in words.
   *
   * @throws UnreadableDump if the text is not what {@code bpftool -j net} prints
   */
  static List<String> attached(Dump dump) {
    List<String> attached = new ArrayList<>();
    try {
      JsonNode all = WholeJson.read(JSON, dump.text());
      if (!all.isArray() || !KINDS.stream().allMatch(all.path(0)::hasNonNull)) {
        throw unreadable(dump, 1, "no list of programs");
      }
      for (JsonNode each : all) {
        each.properties()
            .forEach(kind -> kind.getValue().forEach(program -> {
              String name = program.has("name")
                  ? program.path("name").asText()
                  : program.path("id").asText(program.path("prog_id").asText("?"));
              attached.add(kind.getKey() + " program " + name
                  + (program.has("devname") ? " on " + program.path("devname").asText() : ""));
            }));
      }
    } catch (JsonProcessingException problem) {
      throw unreadable(dump, problem.getLocation().getLineNr(), problem.getOriginalMessage());
    }
    return attached;
  }

  private static UnreadableDump unreadable(Dump dump, int line, String why) {
    return new UnreadableDump(
        new Origin(dump.file(), line, 1, ""), why + " (give what `bpftool -j net` prints)");
  }
}
