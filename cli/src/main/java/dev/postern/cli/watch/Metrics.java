package dev.postern.cli.watch;

import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.proof.ProofResult;
import dev.postern.prove.Proof.Verdict;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What holds now, in the text format of Prometheus (its documents, "Exposition formats", version 0.0.4). One thread tells it, any other may
 * ask.
 */
public final class Metrics {

  private Optional<ProofResult> result = Optional.empty();
  private boolean readable = true;
  private long reads;
  private long proofs;
  private Instant read = Instant.EPOCH;
  private Instant changed = Instant.EPOCH;
  private Optional<String> before = Optional.empty();

  /** A round saw this. */
  synchronized void looked(WatchRound look, Instant when) {
    result = Optional.of(look.result());
    // What holds of a part of the manifests is not what holds.
    readable = look.status() != ExitStatus.BAD_INPUT;
    reads++;
    proofs += look.anew() ? 1 : 0;
    at(when);
  }

  /** In a round something could not be read. */
  synchronized void failed(Instant when) {
    readable = false;
    reads++;
    at(when);
  }

  private void at(Instant when) {
    read = when;
    Optional<String> now = Optional.of(verdict());
    if (!now.equals(before)) {
      before = now;
      changed = when;
    }
  }

  private String verdict() {
    return !readable || result.isEmpty()
        ? "unreadable"
        : word(result.get().proof().verdict());
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  /** All metrics. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    head(text, "postern_prove_verdict", "gauge", "1 for the verdict that holds now.");
    for (String word : new String[] {"proved", "differs", "queued", "unknown", "unreadable"}) {
      text.append("postern_prove_verdict{verdict=\"")
          .append(word)
          .append("\"} ")
          .append(reads > 0 && word.equals(verdict()) ? 1 : 0)
          .append('\n');
    }
    head(text, "postern_prove_differences", "gauge", "Kinds of difference that hold now.");
    Map<String, Integer> kinds = new TreeMap<>();
    for (String side : new String[] {"more open", "more closed"}) {
      kinds.put(side, 0);
    }
    if (readable) {
      result.ifPresent(seen -> seen.proof()
          .causes()
          .forEach(cause ->
              kinds.merge(cause.isMoreOpen() ? "more open" : "more closed", 1, Integer::sum)));
    }
    kinds.forEach((side, count) -> text.append("postern_prove_differences{side=\"")
        .append(side)
        .append("\"} ")
        .append(count)
        .append('\n'));
    head(text, "postern_prove_reads_total", "counter", "How often the node was looked at.");
    text.append("postern_prove_reads_total ").append(reads).append('\n');
    head(
        text,
        "postern_prove_proofs_total",
        "counter",
        "How often something had changed and was proved anew.");
    text.append("postern_prove_proofs_total ").append(proofs).append('\n');
    head(
        text, "postern_prove_read_timestamp_seconds", "gauge", "When the node was looked at last.");
    text.append("postern_prove_read_timestamp_seconds ")
        .append(read.getEpochSecond())
        .append('\n');
    head(
        text,
        "postern_prove_changed_timestamp_seconds",
        "gauge",
        "When the verdict became what it is.");
    text.append("postern_prove_changed_timestamp_seconds ")
        .append(changed.getEpochSecond())
        .append('\n');
    return text.toString();
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
