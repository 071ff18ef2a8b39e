package dev.postern.cli.proof;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Judgement;
import dev.postern.prove.Deviation;
import dev.postern.prove.Extent;
import dev.postern.prove.PacketDifference;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** A proof as a JSON object. */
final class ProofJson {

  private final JsonGenerator json;

  private ProofJson(JsonGenerator json) {
    this.json = json;
  }

  static void write(JsonGenerator json, ProofResult proven) throws IOException {
    json.writeStartObject();
    json.writeStringField("verdict", proven.word());
    strings(json, "notRead", proven.beside());
    json.writeStringField("target", proven.target());
    json.writeStringField("scope", proven.scope());
    json.writeNumberField("pods", proven.pods());
    strings(json, "ways", proven.ways());
    strings(json, "leftOpen", proven.leftOpen());
    strings(
        json,
        "leftOpenOnRequest",
        proven.open().asked().stream().map(DeviationWords::word).toList());
    json.writeArrayFieldStart("leftOpenForDataplane");
    for (LeftOpen.Usual usual : proven.open().usual()) {
      json.writeStartObject();
      json.writeStringField("kind", DeviationWords.word(usual.obligation()));
      json.writeStringField("dataplane", usual.dataplane());
      json.writeStringField("source", usual.source().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    strings(json, "notes", proven.notes());
    if (proven.proof().difference().isPresent()) {
      json.writeFieldName("difference");
      new ProofJson(json).difference(proven.proof().difference().get());
    }
    json.writeArrayFieldStart("differences");
    for (Deviation cause : proven.proof().causes()) {
      json.writeStartObject();
      json.writeStringField("kind", DeviationWords.kind(cause));
      json.writeStringField("side", DeviationWords.side(cause));
      json.writeBooleanField("undefined", cause.isUndefined());
      if (cause.extent().isPresent()) {
        Extent extent = cause.extent().get();
        json.writeObjectFieldStart("extent");
        json.writeNumberField("podPairs", extent.pairs());
        json.writeNumberField("ofPodPairs", extent.allPairs());
        json.writeNumberField("podsWithOthers", extent.pods());
        json.writeNumberField("ofPods", extent.allPods());
        json.writeEndObject();
      }
      json.writeFieldName("difference");
      new ProofJson(json).difference(cause.witness());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private void difference(PacketDifference difference) throws IOException {
    json.writeStartObject();
    json.writeFieldName("packet");
    packet(difference.packet());
    json.writeStringField("shouldBe", difference.shouldPass() ? "passed" : "dropped");
    json.writeStringField("why", difference.why());
    if (difference.judgement().isPresent()) {
      json.writeArrayFieldStart("policies");
      Judgement judgement = difference.judgement().get();
      side(judgement.egress());
      side(judgement.ingress());
      json.writeEndArray();
    }
    Passage passage = difference.passage();
    json.writeStringField(
        "is",
        switch (passage.fate()) {
          case ACCEPT -> "passed";
          case DROP -> "dropped";
          case QUEUED -> "queued";
          case UNKNOWN -> "unknown";
        });
    json.writeArrayFieldStart("rules");
    for (Passage.Hit hit : passage.hits()) {
      json.writeStartObject();
      json.writeStringField("stage", hit.stage());
      json.writeStringField("chain", hit.chain());
      json.writeStringField("rule", hit.text());
      json.writeBooleanField("understood", hit.understood());
      origin(hit.origin());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void packet(Packet packet) throws IOException {
    json.writeStartObject();
    json.writeStringField("src", packet.source().toString());
    json.writeStringField("dst", packet.destination().toString());
    json.writeNumberField("protocol", packet.protocol());
    if (Packet.hasPorts(packet.protocol())) {
      json.writeNumberField("srcPort", packet.sourcePort());
      json.writeNumberField("dstPort", packet.destinationPort());
    }
    if (packet.isIcmp()) {
      json.writeNumberField("icmpType", packet.icmpType());
    }
    if (!packet.inInterface().isEmpty()) {
      json.writeStringField("in", packet.inInterface());
    }
    if (!packet.outInterface().isEmpty()) {
      json.writeStringField("out", packet.outInterface());
    }
    json.writeStringField("state", packet.state().name().toLowerCase(Locale.ROOT));
    json.writeBooleanField("reply", packet.reply());
    json.writeEndObject();
  }

  private void side(Decision side) throws IOException {
    json.writeStartObject();
    json.writeStringField("direction", side.direction().field());
    json.writeStringField("verdict", side.verdict().name().toLowerCase(Locale.ROOT));
    if (side.tier().isPresent()) {
      json.writeStringField("tier", side.tier().get().word());
    }
    json.writeArrayFieldStart("because");
    for (Cause cause : side.causes()) {
      json.writeStartObject();
      json.writeStringField("kind", cause.policy().kind().kind());
      json.writeStringField("policy", cause.policy().id());
      if (cause.rule().isPresent()) {
        json.writeStringField("rule", cause.rule().get().field());
      }
      origin(cause.rule().map(rule -> rule.origin()).orElse(cause.policy().origin()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void origin(Origin origin) throws IOException {
    if (!origin.toString().isEmpty()) {
      json.writeStringField("origin", origin.toString());
    }
  }
}
