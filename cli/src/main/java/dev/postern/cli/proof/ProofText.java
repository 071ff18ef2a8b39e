package dev.postern.cli.proof;

import dev.postern.cli.console.Printer;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Judgement;
import dev.postern.prove.Deviation;
import dev.postern.prove.PacketDifference;
import java.util.List;
import java.util.Locale;

/** A proof for a person. */
final class ProofText {

  private final Printer out;

  ProofText(Printer out) {
    this.out = out;
  }

  void write(ProofResult proven) {
    ProofWord.write(proven.proof().verdict(), out);
    print(
        switch (proven.proof().verdict()) {
          case PROVED ->
            (proven.beside().isEmpty()
                    ? ": every packet is treated as the policies say ("
                    : " for what was read alone: every packet is treated there as the policies say (")
                + proven.target() + ", "
                + proven.scope() + ", " + proven.pods() + " pods, by "
                + String.join(" and ", proven.ways()) + ")";
          case DIFFERS ->
            ": a packet is not treated as the policies say (" + proven.target() + ", "
                + proven.scope() + ")";
          case QUEUED ->
            ": what the rules decide is treated as the policies say; other packets they hand to a program in user space, and what it decides is not seen ("
                + proven.target() + ", "
                + proven.scope() + ", " + proven.pods() + " pods, by "
                + String.join(" and ", proven.ways()) + ")";
          case UNKNOWN ->
            ": it is not known whether every packet is treated as the policies say ("
                + proven.target() + ", " + proven.scope() + ")";
        });
    proven.proof().difference().ifPresent(this::write);
    write(proven.proof().causes());
    proven.leftOpen().forEach(open -> print("left open by the target: " + open));
    proven.open().asked().forEach(open -> print("left open on request: " + open.reason()));
    proven.open().usual().forEach(this::write);
    proven.notes().forEach(note -> print("note: " + note));
  }

  private void write(LeftOpen.Usual usual) {
    print("left open for " + usual.dataplane() + ": " + usual.obligation().reason() + " ("
        + usual.source() + ")");
  }

  /** Nothing where the one difference is what the policies are about: it was shown. */
  private void write(List<Deviation> kinds) {
    if (kinds.stream().allMatch(kind -> kind.obligation().isEmpty()) && kinds.size() < 2) {
      kinds.stream()
          .flatMap(kind -> kind.extent().stream())
          .forEach(extent -> print("  extent    " + DeviationWords.extent(extent)));
      return;
    }
    long open = kinds.stream().filter(Deviation::isMoreOpen).count();
    print("");
    print("  kinds of difference: " + kinds.size() + " (" + open + " more open, "
        + (kinds.size() - open) + " more closed)");
    for (Deviation kind : kinds) {
      print("    " + DeviationWords.side(kind) + ", " + DeviationWords.kind(kind) + ": "
          + kind.witness().packet() + " (" + kind.witness().why() + ")"
          + kind.extent().map(extent -> "; " + DeviationWords.extent(extent)).orElse("")
          + (kind.isUndefined() ? "; Kubernetes leaves such packets undefined" : ""));
    }
    if (kinds.stream().allMatch(Deviation::isUndefined)) {
      print("  all are deviations in what Kubernetes leaves undefined");
    }
    List<String> words = DeviationWords.canBeLeftOpen(kinds);
    if (!words.isEmpty()) {
      print("  to leave kinds open that are no matter of policies: --leave-open "
          + String.join(",", words));
    }
  }

  private void write(PacketDifference difference) {
    print("");
    print("  packet    " + difference.packet());
    print("  policies  " + (difference.shouldPass() ? "it has to pass" : "it has to be dropped")
        + ": " + difference.why());
    difference.judgement().ifPresent(this::write);
    Passage passage = difference.passage();
    print("  rules     "
        + switch (passage.fate()) {
          case ACCEPT -> "they let it pass";
          case DROP -> "they drop it";
          case QUEUED -> "they hand it to a program in user space, which decides";
          case UNKNOWN -> "it depends on a rule that is not understood";
        });
    for (Passage.Hit hit : passage.hits()) {
      String place = hit.origin().toString();
      print("    " + (hit.understood() ? "" : "(not understood) ") + hit.chain() + ": " + hit.text()
          + (place.isEmpty() ? "" : " (" + place + ")"));
    }
  }

  private void write(Judgement judgement) {
    print("    " + judgement.flow());
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      return;
    }
    for (Decision side : List.of(judgement.egress(), judgement.ingress())) {
      print("    " + side.direction().field() + " "
          + side.verdict().name().toLowerCase(Locale.ROOT)
          + side.tier().map(tier -> ", tier " + tier.word()).orElse(", no policy applies"));
      for (Cause cause : side.causes()) {
        print("      " + words(cause));
      }
    }
  }

  private static String words(Cause cause) {
    return cause
        .rule()
        .map(rule -> rule.action().name().toLowerCase(Locale.ROOT) + " by " + cause.policy() + " "
            + rule.field() + place(rule.origin().toString()))
        .orElseGet(() ->
            "isolated by " + cause.policy() + place(cause.policy().origin().toString()));
  }

  private static String place(String origin) {
    return origin.isEmpty() ? "" : " (" + origin + ")";
  }

  private void print(String line) {
    out.println(line);
  }
}
