package dev.postern.reach;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.plan.Plan;

/**
 * Rows pair by pair, without tables: slower than joining them, but needs no more memory than the row. For clusters whose selectors overlap in
 * so many ways that their tables would not fit.
 */
final class PointRows implements Rows {

  private final Plan plan;

  PointRows(Plan plan) {
    this.plan = plan;
  }

  @Override
  public Row row(int source) {
    Region.Builder allowed = new Region.Builder();
    Region.Builder possible = new Region.Builder();
    boolean certain = true;
    for (int number = 0; number < plan.classes().size(); number++) {
      Reach reach = ClassPairReach.between(plan, source, number);
      certain &= reach.possible().equals(reach.allowed());
      ClassSet destination = ClassSet.range(number, number + 1);
      allowed.add(destination, reach.allowed());
      possible.add(destination, reach.possible());
    }
    Region passes = allowed.build();
    return new Row(source, passes, certain ? passes : possible.build());
  }
}
