package dev.postern.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.KeptOut;
import dev.postern.policy.Direction;
import dev.postern.why.DecisionWords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What keeps those out that a list does not name, a cause a paragraph. */
final class KeptOutWords {

  /** So many are named. */
  private static final int NAMED = 4;

  /** So many causes are told. */
  private static final int CAUSES = 20;

  private KeptOutWords() {}

  static List<String> lines(List<KeptOut> all) {
    List<String> lines = new ArrayList<>();
    if (all.isEmpty()) {
      return lines;
    }
    int total = all.stream().mapToInt(each -> each.names().size()).sum();
    lines.add("kept out: " + total);
    for (KeptOut each : all.subList(0, Math.min(CAUSES, all.size()))) {
      int more = each.names().size() - NAMED;
      lines.add("  " + each.names().size() + " by " + each.direction().field()
          + (each.both() ? ", and by the other side as well: " : ": ")
          + String.join(
              ", ", each.names().subList(0, Math.min(NAMED, each.names().size())))
          + (more > 0 ? " and " + more + " more" : ""));
      lines.add("    " + DecisionWords.of(each.decision()));
    }
    if (all.size() > CAUSES) {
      lines.add("  … and " + (all.size() - CAUSES) + " other causes (-o json has all)");
    }
    return lines;
  }

  static void write(JsonGenerator json, List<KeptOut> all) throws IOException {
    json.writeArrayFieldStart("keptOut");
    for (KeptOut each : all) {
      json.writeStartObject();
      json.writeStringField("by", each.direction() == Direction.INGRESS ? "ingress" : "egress");
      json.writeBooleanField("bothSides", each.both());
      json.writeStringField("because", DecisionWords.of(each.decision()));
      json.writeArrayFieldStart("ends");
      for (String name : each.names()) {
        json.writeString(name);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
