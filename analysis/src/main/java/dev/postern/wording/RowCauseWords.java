package dev.postern.wording;

import dev.postern.diff.RowCause;
import dev.postern.why.DecisionWords;
import java.util.ArrayList;
import java.util.List;

/** Says which policies, and which lines of them, turned a row. */
public final class RowCauseWords {

  private static final String NOBODY = "no policy applies";

  private RowCauseWords() {}

  /** A line a side that decides otherwise now. */
  public static List<String> of(RowCause turned) {
    if (turned.before().isEmpty() || turned.after().isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    for (RowCause.SideChange side : turned.sides()) {
      String before = side.before().map(DecisionWords::of).orElse("");
      String after = side.after().map(DecisionWords::of).orElse("");
      // What opens by a rule needs no more; what nobody holds any more was held by those before.
      words.add(side.direction().field() + ": "
          + (side.opens() && !after.equals(NOBODY) ? after : after + "; before: " + before));
    }
    return words;
  }
}
