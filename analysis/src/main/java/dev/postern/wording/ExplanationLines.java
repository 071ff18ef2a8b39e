package dev.postern.wording;

import dev.postern.answer.KeptOut;
import dev.postern.cluster.Cluster;
import dev.postern.diff.ComparedCluster;
import dev.postern.diff.Difference;
import dev.postern.diff.Difference.DifferenceRow;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.why.Change;
import dev.postern.why.Explanation;
import dev.postern.why.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why an answer is what it is, for a person. The verdict and the question come before it, notes after it. */
public final class ExplanationLines {

  /** So many rows are shown of what a change opens or closes. */
  private static final int ROWS = 4;

  /** As many sets of steps. */
  private static final int SETS = 3;

  private final Abridgement abridgement;
  private final List<String> lines = new ArrayList<>();
  private Optional<Compared> compared = Optional.empty();

  private record Compared(Cluster cluster, ComparedCluster changes) {}

  private ExplanationLines(Abridgement abridgement) {
    this.abridgement = abridgement;
  }

  /** Words an explanation of each witness of an answer, and of a list who is not on it. */
  public static List<String> of(
      List<Explanation> explanations, List<KeptOut> keptOut, Abridgement abridgement) {
    ExplanationLines all = new ExplanationLines(abridgement);
    explanations.forEach(all::write);
    if (!keptOut.isEmpty()) {
      all.lines.add("");
      all.lines.addAll(KeptOutLines.of(keptOut, abridgement));
    }
    return all.lines;
  }

  private void write(Explanation explanation) {
    Judgement judgement = explanation.judgement();
    lines.add("");
    lines.add(FlowWords.of(judgement.flow()) + " " + word(judgement.verdict()));
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      lines.add("  " + exemption(judgement));
      return;
    }
    for (Side side : List.of(explanation.egress(), explanation.ingress())) {
      lines.addAll(SideLines.of(side, "  ", abridgement));
    }
    changes(explanation);
  }

  /** Why policies have no say. */
  static String exemption(Judgement judgement) {
    return judgement.exemption() == Judgement.Exemption.SAME_POD
        ? "a pod always reaches itself"
        : "one is the node that the other runs on: policies do not apply";
  }

  private static String word(FlowVerdict verdict) {
    return switch (verdict) {
      case ALLOWED -> "passes:";
      case DENIED -> "does not pass:";
      case UNKNOWN -> "may pass or not, the manifests do not say:";
    };
  }

  /** The smallest sets of steps, any of which is enough. */
  private void changes(Explanation explanation) {
    List<Change> changes = explanation.changes();
    int most = abridgement.atMost(SETS);
    for (int i = 0; i < Math.min(most, changes.size()); i++) {
      Change change = changes.get(i);
      lines.add(
          i == 0
              ? "  to " + (change.verdict() == FlowVerdict.ALLOWED ? "allow" : "deny") + " it:"
              : "  or:");
      change.steps().forEach(step -> lines.add("    " + step));
      effect(change, explanation.judgement().flow());
    }
    int rest = changes.size() - most;
    if (rest > 0) {
      boolean more = explanation.moreChanges();
      lines.add("  … or " + (more ? "at least " : "") + rest + " other set" + (rest == 1 ? "" : "s")
          + " of steps"
          + abridgement.rest("has " + (more ? "the first " + changes.size() : "all")));
    }
  }

  /** What else comes of it, so that nobody opens more than they want to. */
  private void effect(Change change, Flow asked) {
    Difference effect = compared(change).to(change.after());
    boolean allows = change.verdict() == FlowVerdict.ALLOWED;
    List<DifferenceRow> rows = allows ? effect.opened() : effect.closed();
    List<DifferenceRow> others = allows ? effect.closed() : effect.opened();
    boolean decided = effect.undecided().isEmpty();
    if (decided && others.isEmpty() && rows.size() == 1 && isOnly(rows.get(0), asked)) {
      lines.add("      which " + (allows ? "opens" : "closes") + " nothing else");
      return;
    }
    boolean both = DifferenceReport.bothMatter(effect, change.ofBothFamilies());
    rows(allows ? "which opens" : "which closes", rows, both);
    if (others.isEmpty()) {
      if (decided) {
        lines.add("      and " + (allows ? "closes" : "opens") + " nothing");
      }
    } else {
      rows(allows ? "and closes" : "and opens", others, both);
    }
    effect.undecided().ifPresent(why -> lines.add("      and there may be more: " + why));
  }

  /** All changes of one explanation start from the same cluster. */
  private ComparedCluster compared(Change change) {
    Compared known = compared
        .filter(each -> each.cluster() == change.before())
        .orElseGet(() ->
            new Compared(change.before(), new ComparedCluster(change.before(), change.options())));
    compared = Optional.of(known);
    return known.changes();
  }

  private void rows(String verb, List<DifferenceRow> rows, boolean both) {
    int most = abridgement.atMost(ROWS);
    rows.stream()
        .limit(most)
        .forEach(row -> lines.add(
            "      " + verb + " " + row + DifferenceReport.families(row.families(), both)));
    if (rows.size() > most) {
      lines.add("      " + verb + " … and " + (rows.size() - most) + " more"
          + abridgement.rest("has all"));
    }
  }

  /** Whether a row is about the two ends and the port that were asked about, and no more. */
  private static boolean isOnly(DifferenceRow row, Flow asked) {
    return row.source().words().equals(List.of(name(asked.source())))
        && row.destination().words().equals(List.of(name(asked.destination())))
        && row.traffic().equals(traffic(asked));
  }

  /** An end as rows call it. */
  private static String name(End end) {
    if (end instanceof End.InPod pod) {
      return pod.workload().id();
    }
    return end instanceof End.Outside outside
        ? Cidr.of(outside.address()).toString()
        : end.toString();
  }

  private static Traffic traffic(Flow flow) {
    return flow.protocol().hasPorts()
        ? Traffic.of(flow.protocol(), PortSet.of(flow.port()))
        : new Traffic(PortSet.NONE, PortSet.NONE, PortSet.NONE, true);
  }
}
