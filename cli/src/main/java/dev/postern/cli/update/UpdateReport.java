package dev.postern.cli.update;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.cli.proof.ProofFormat;
import dev.postern.cli.proof.ProofWord;
import dev.postern.enforced.Passage;
import dev.postern.netfilter.update.UpdateState;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.StatesBetween.Strayed;
import java.io.IOException;

/** Prints what came of an update. */
public final class UpdateReport {

  /** What the proof rests on: no line is read of which it is not known that the tools take it, and what else they need is not seen. */
  private static final String TAKEN =
      "that the commands run at all: the node has the tools, their kernel modules, the memory and the rights";

  private UpdateReport() {}

  /** Prints it in a format. */
  public static void write(UpdateResult result, ProofFormat format, Printer out) {
    if (format == ProofFormat.json) {
      Json.write(out, json -> json(json, result));
    } else {
      text(out, result);
    }
  }

  private static void text(Printer out, UpdateResult result) {
    ProofWord.write(result.verdict() == Verdict.QUEUED ? Verdict.UNKNOWN : result.verdict(), out);
    out.println(
        switch (result.verdict()) {
          case PROVED ->
            ": the update leads from what the old manifests say to what the new ones say, and each of the "
                + result.states().size()
                + " states on the way passes nothing that both deny and drops nothing that both allow";
          case DIFFERS ->
            ": the update is not one from what the old manifests say to what the new ones say";
          case UNKNOWN, QUEUED ->
            ": it can't be said whether the update leads from what the old manifests say to what the new ones say";
        });
    if (result.verdict() == Verdict.PROVED) {
      out.println("  taken for granted: " + TAKEN);
    }
    out.println("");
    out.println("before the update:");
    ProofFormat.text.write(result.before(), out);
    result.strayed().ifPresent(strayed -> strayed(out, result, strayed));
    result.late().ifPresent(why -> {
      out.println("");
      out.println("on the way: not every state was compared: " + why);
    });
    out.println("");
    out.println("after the update:");
    ProofFormat.text.write(result.after(), out);
  }

  private static void strayed(Printer out, UpdateResult result, Strayed strayed) {
    UpdateState state = result.states().get(strayed.number());
    out.println("");
    out.println("on the way: state " + (strayed.number() + 1) + " of "
        + result.states().size() + (strayed.isCertain() ? "" : ", perhaps"));
    out.println("  after     " + state.file() + ":" + state.line() + ": " + state.command());
    out.println("  packet    " + strayed.packet());
    out.println("  before and after the update "
        + (strayed.shouldPass() ? "it passes" : "it is dropped") + "; here "
        + switch (strayed.passage().fate()) {
          case ACCEPT -> "it passes";
          case DROP -> "it is dropped";
          case QUEUED -> "a program in user space decides";
          case UNKNOWN -> "it depends on a rule that is not understood";
        });
    for (Passage.Hit hit : strayed.passage().hits()) {
      out.println(
          "    " + (hit.understood() ? "" : "(not understood) ") + hit.chain() + ": " + hit.text());
    }
  }

  private static void json(JsonGenerator json, UpdateResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("verdict", result.word());
    json.writeNumberField("states", result.states().size());
    json.writeStringField("takenForGranted", TAKEN);
    json.writeFieldName("before");
    result.before().write(json);
    json.writeFieldName("after");
    result.after().write(json);
    if (result.late().isPresent()) {
      json.writeStringField("late", result.late().get());
    }
    if (result.strayed().isPresent()) {
      Strayed strayed = result.strayed().get();
      UpdateState state = result.place().orElseThrow();
      json.writeObjectFieldStart("strayed");
      json.writeNumberField("state", strayed.number() + 1);
      json.writeBooleanField("certain", strayed.isCertain());
      json.writeStringField("file", state.file());
      json.writeNumberField("line", state.line());
      json.writeStringField("command", state.command());
      json.writeStringField("packet", strayed.packet().toString());
      json.writeStringField("shouldBe", strayed.shouldPass() ? "passed" : "dropped");
      json.writeArrayFieldStart("rules");
      for (Passage.Hit hit : strayed.passage().hits()) {
        json.writeString(hit.toString());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
