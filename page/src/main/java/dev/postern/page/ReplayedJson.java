package dev.postern.page;

import dev.postern.answer.Reason;
import dev.postern.diagnostic.Printable;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.policy.PolicyRule;
import dev.postern.replay.Replay;
import dev.postern.replay.Replay.Fate;
import dev.postern.why.DecisionWords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What policies make of recorded traffic, for the page. */
final class ReplayedJson {

  private ReplayedJson() {}

  static String of(Replay replay, Map<String, Long> leftOut, List<String> logs) {
    ScriptJson json = new ScriptJson().object().field("logs", logs);
    json.field("counts").object();
    for (Fate fate : Fate.values()) {
      json.field(word(fate), replay.flows(fate));
    }
    json.endObject();
    List<String> left = new ArrayList<>();
    leftOut.forEach((why, times) -> left.add(times + " " + Printable.line(why)));
    json.field("leftOut", left).field("rows").list();
    replay.rows().forEach(row -> row(row, json));
    json.endList();
    List<String> unused = new ArrayList<>();
    replay.unused().forEach(cause -> unused.add(named(cause)));
    return json.field("unused", unused).endObject().toString();
  }

  private static void row(Replay.ReplayRow row, ScriptJson json) {
    json.object()
        .field("fate", word(row.fate()))
        .field("from", row.source())
        .field("to", row.destination())
        .field(
            "on",
            row.port() == 0 ? row.protocol().word() : row.protocol().word() + "/" + row.port())
        .field("flows", row.flows())
        .field("bytes", row.bytes())
        .field("first", moment(row.first()))
        .field("last", moment(row.last()))
        .field("place", row.place().toString())
        .field("assumed", row.assumed())
        .field("because", because(row))
        .endObject();
  }

  private static String word(Fate fate) {
    return fate == Fate.UNDECIDED ? "unknown" : fate.name().toLowerCase(Locale.ROOT);
  }

  private static String moment(Optional<Instant> moment) {
    return moment.map(Instant::toString).orElse("");
  }

  private static List<String> because(Replay.ReplayRow row) {
    if (!row.reason().isEmpty() || row.judgement().isEmpty()) {
      return List.of(row.reason());
    }
    Judgement judgement = row.judgement().get();
    if (judgement.verdict() != FlowVerdict.DENIED) {
      return Reason.of(judgement).stream().map(Reason::toString).toList();
    }
    List<String> lines = new ArrayList<>();
    for (Decision decision : List.of(judgement.egress(), judgement.ingress())) {
      if (decision.verdict() == FlowVerdict.DENIED) {
        lines.add(decision.direction().field() + ": " + DecisionWords.of(decision));
      }
    }
    return lines;
  }

  private static String named(Decision.Cause cause) {
    String place =
        cause.rule().map(PolicyRule::origin).orElse(cause.policy().origin()).toString();
    return cause.policy().id()
        + cause.rule().map(rule -> " " + rule.field()).orElse("")
        + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
