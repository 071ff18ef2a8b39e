package dev.postern.reach;

import dev.postern.algebra.Region;
import dev.postern.plan.Plan;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows asked for mostly in ascending order, as a matrix is written: going on costs what changes, going back a search. For one thread. */
final class RowReader implements Rows {

  private static final int REMEMBERED = 64;

  private final Plan plan;
  private final Admissions allowed;
  private final Admissions possible;
  private final Admissions.Scan allowedHere;
  private final Admissions.Scan possibleHere;
  private int position = -1;
  private final Map<Integer, Row> recent = new LinkedHashMap<>();

  /** For admissions of both sides, which are the same if all ingress tables are certain. */
  RowReader(Plan plan, Admissions allowed, Admissions possible) {
    this.plan = plan;
    this.allowed = allowed;
    this.possible = possible;
    this.allowedHere = allowed.sweep();
    this.possibleHere = allowed == possible ? allowedHere : possible.sweep();
  }

  @Override
  public Row row(int source) {
    Row known = recent.get(source);
    if (known != null) {
      return known;
    }
    Row row;
    if (source > position) {
      while (position < source) {
        position++;
        allowedHere.next();
        if (possibleHere != allowedHere) {
          possibleHere.next();
        }
      }
      row = join(plan, source, allowedHere, possibleHere);
    } else {
      row = at(plan, source, allowed, possible);
    }
    if (recent.size() == REMEMBERED) {
      recent.remove(recent.keySet().iterator().next());
    }
    recent.put(source, row);
    return row;
  }

  /** A row by itself. */
  static Row at(Plan plan, int source, Admissions allowed, Admissions possible) {
    Admissions.Scan certain = allowed.at(source);
    return join(plan, source, certain, allowed == possible ? certain : possible.at(source));
  }

  /** What the source's egress sends and these admit, on both sides. */
  private static Row join(Plan plan, int source, Admissions.Scan certain, Admissions.Scan maybe) {
    Table egress = plan.table(source, Direction.EGRESS);
    Region passes = certain.join(egress.allowed());
    boolean same = certain == maybe && egress.allowed() == egress.possible();
    return new Row(source, passes, same ? passes : maybe.join(egress.possible()));
  }
}
