package dev.postern.cli.suggestion;

import dev.postern.cli.console.Printer;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.diagnostic.Printable;
import dev.postern.diagnostic.ShortList;
import dev.postern.diff.Difference;
import dev.postern.meaning.Decision;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.suggestion.SeenFlow;
import dev.postern.suggestion.Suggestion;
import dev.postern.traffic.Count;
import dev.postern.why.DecisionWords;
import dev.postern.wording.DifferenceReport;
import dev.postern.wording.FlowWords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person wants to know of suggested policies beside their text. */
public final class SuggestionSummary {

  /** More than this of one sort are a matter for JSON. */
  private static final int MOST = 12;

  private SuggestionSummary() {}

  /**
   * Why flows are in no policy.
   *
   * @param flows how many
   * @param words why
   * @param example the first of them; empty where the words name it
   */
  record Reason(long flows, String words, String example) {}

  static List<Reason> reasons(SuggestionResult result) {
    List<Reason> reasons = new ArrayList<>();
    result
        .suggestion()
        .unresolved()
        .forEach((why, unsaid) ->
            reasons.add(new Reason(unsaid.flows(), why.words(), words(unsaid.example()))));
    result
        .log()
        .unknown()
        .forEach((why, flows) -> reasons.add(new Reason(flows, Printable.line(why), "")));
    return reasons;
  }

  private static String words(SeenFlow seen) {
    String port = seen.protocol().hasPorts() ? seen.protocol().word() + "/" + seen.port() : "icmp";
    return seen.source() + " -> " + seen.destination() + " on " + port;
  }

  /** Writes it in lines. */
  public static void write(SuggestionResult result, Printer out) {
    Suggestion suggestion = result.suggestion();
    int policies = suggestion.policies().size();
    out.println("suggested: " + count(policies, "policy", "policies") + " with "
        + count(suggestion.rules(), "rule", "rules") + ", for "
        + count(suggestion.edges().size(), "edge", "edges") + " of "
        + count(
            suggestion.edges().stream()
                .mapToLong(edge -> edge.evidence().flows())
                .reduce(0, Count::plus),
            "flow",
            "flows"));
    result
        .merge()
        .merged()
        .forEach(each -> out.println("merged: " + each.suggested().subject().name() + " into "
            + each.before() + " (" + each.before().origin() + ")"));
    proof(result, out);
    stopped(result, out);
    result.broken().forEach(line -> statement("broken", line, out));
    result.open().forEach(line -> statement("not known any more", line, out));
    if (policies > 0) {
      Difference difference = result.proof().difference();
      difference(
          difference,
          DifferenceReport.bothMatter(difference, result.turning().ofBothFamilies()),
          out);
    }
    names("existing policies that let more pass at these pods", result.proof().wider(), out);
    names("already isolated and allowed what was seen", suggestion.covered(), out);
    names("no flow seen, so nothing suggested", suggestion.unseen(), out);
    if (result.log().denied() > 0) {
      out.println(
          "not allowed, since it did not pass: " + count(result.log().denied(), "flow", "flows"));
    }
    if (result.exempt() > 0) {
      out.println("passes whatever policies say, between a pod and itself or its node: "
          + count(result.exempt(), "flow", "flows"));
    }
    List<Reason> reasons = reasons(result);
    if (!reasons.isEmpty()) {
      out.println("in no policy, and perhaps cut off by one: "
          + count(result.unresolved(), "flow", "flows"));
      for (Reason reason : reasons.subList(0, Math.min(MOST, reasons.size()))) {
        out.println("  " + reason.flows() + ": " + reason.words()
            + (reason.example().isEmpty() ? "" : ", as " + reason.example()));
      }
      more(reasons, out);
    }
    if (!result.log().skipped().isEmpty()) {
      out.println("left out: "
          + result.log().skipped().entrySet().stream()
              .map(entry -> entry.getValue() + " (" + Printable.line(entry.getKey()) + ")")
              .collect(Collectors.joining(", ")));
    }
  }

  private static void proof(SuggestionResult result, Printer out) {
    if (result.suggestion().edges().isEmpty()) {
      return;
    }
    if (result.proof().isWhole()) {
      out.println(
          "proved: all of it passes with these policies, and they allow nothing but what their comments say");
    } else {
      out.println("proved: these policies allow nothing but what their comments say");
    }
  }

  private static void stopped(SuggestionResult result, Printer out) {
    judgements("still denied", result.proof().stopped(), out);
    judgements("not known whether it passes", result.proof().undecided(), out);
  }

  private static void judgements(String title, List<Judgement> judgements, Printer out) {
    for (Judgement judgement : judgements.subList(0, Math.min(MOST, judgements.size()))) {
      out.println(title + ": " + FlowWords.of(judgement.flow()));
      for (Decision side : List.of(judgement.egress(), judgement.ingress())) {
        if (side.verdict() != FlowVerdict.ALLOWED) {
          out.println("  " + side.direction().field() + ": " + DecisionWords.of(side));
        }
      }
    }
    more(judgements, out);
  }

  private static void statement(String title, CheckedLine line, Printer out) {
    out.println(title + ": " + line.sentence() + " (" + line.place() + ")"
        + (line.detail().isEmpty() ? "" : ": " + line.detail()));
  }

  private static void difference(Difference difference, boolean both, Printer out) {
    if (difference.opened().isEmpty() && difference.closed().isEmpty()) {
      out.println("against today, no traffic is opened or closed");
    } else {
      out.println("against today:");
      List<String> rows = Stream.concat(
              difference.opened().stream().map(row -> "  + " + words(row, both)),
              difference.closed().stream().map(row -> "  - " + words(row, both)))
          .toList();
      rows.subList(0, Math.min(MOST, rows.size())).forEach(out::println);
      more(rows, out);
    }
    difference.undecided().ifPresent(why -> out.println("  there may be more: " + why));
    difference.notes().forEach(note -> out.println("note: " + note));
  }

  private static String words(Difference.DifferenceRow row, boolean both) {
    return row + DifferenceReport.families(row.families(), both);
  }

  private static void names(String title, Collection<String> names, Printer out) {
    if (!names.isEmpty()) {
      out.println(title + ": " + names.stream().collect(ShortList.ofFirst(MOST)));
    }
  }

  private static void more(Collection<?> all, Printer out) {
    if (all.size() > MOST) {
      out.println("  … and " + (all.size() - MOST) + " more (-o json lists all)");
    }
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
