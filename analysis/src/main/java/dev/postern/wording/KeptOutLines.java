package dev.postern.wording;

import dev.postern.answer.KeptOut;
import dev.postern.diagnostic.ShortList;
import dev.postern.why.DecisionWords;
import java.util.ArrayList;
import java.util.List;

/** What keeps those out that a list does not name, a cause a paragraph. */
public final class KeptOutLines {

  /** So many are named. */
  private static final int NAMED = 4;

  /** So many causes are told. */
  private static final int CAUSES = 20;

  private KeptOutLines() {}

  /** What keeps how many out, and some of them by name. */
  public static List<String> of(List<KeptOut> all, Abridgement abridgement) {
    List<String> lines = new ArrayList<>();
    if (all.isEmpty()) {
      return lines;
    }
    int total = all.stream().mapToInt(each -> each.names().size()).sum();
    lines.add("kept out: " + total);
    int causes = abridgement.atMost(CAUSES);
    int named = abridgement.atMost(NAMED);
    for (KeptOut each : all.subList(0, Math.min(causes, all.size()))) {
      lines.add("  " + each.names().size() + " by " + each.direction().field()
          + (each.both() ? ", and by the other side as well: " : ": ")
          + each.names().stream().collect(ShortList.ofFirst(named)));
      lines.add("    " + DecisionWords.of(each.decision()));
    }
    if (all.size() > causes) {
      lines.add("  … and " + (all.size() - causes) + " other causes" + abridgement.rest("has all"));
    }
    return lines;
  }
}
