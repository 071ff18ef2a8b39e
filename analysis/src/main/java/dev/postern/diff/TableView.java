package dev.postern.diff;

import dev.postern.algebra.Region;
import dev.postern.diff.JointClasses.Conversion;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.function.IntUnaryOperator;

/** What passes at joint classes. */
sealed interface TableView {

  /** What passes at a class in one direction; nothing if its endpoints are not there. */
  Region table(int number, Direction direction);

  /** What a destination lets in from a source; for few sources without its table, which is for all of them. */
  Traffic admitted(int destination, int source, boolean few);

  /**
   * One cluster's tables.
   *
   * @param version the cluster's plan
   * @param conversion from its classes to joint ones
   * @param possible whether traffic counts that only may pass
   * @param classOf its class for a joint one
   */
  record OfPlan(
      PlannedVersion version, Conversion conversion, boolean possible, IntUnaryOperator classOf)
      implements TableView {

    private boolean isHere(int number) {
      return classOf.applyAsInt(number) != JointClasses.ABSENT;
    }

    @Override
    public Region table(int number, Direction direction) {
      if (!isHere(number)) {
        return Region.EMPTY;
      }
      int own = classOf.applyAsInt(number);
      var table = version.at(own).table(own, direction);
      return conversion.of(possible ? table.possible() : table.allowed());
    }

    @Override
    public Traffic admitted(int destination, int source, boolean few) {
      if (!few || !isHere(destination) || !isHere(source)) {
        return table(destination, Direction.INGRESS).traffic(source);
      }
      int number = classOf.applyAsInt(destination);
      int peer = classOf.applyAsInt(source);
      Plan plan = version.at(number);
      return possible
          ? plan.possible(number, peer, Direction.INGRESS)
          : plan.allowed(number, peer, Direction.INGRESS);
    }
  }

  /** What passes in two views. */
  record OfBoth(TableView one, TableView other) implements TableView {

    @Override
    public Region table(int number, Direction direction) {
      return one.table(number, direction).intersect(other.table(number, direction));
    }

    @Override
    public Traffic admitted(int destination, int source, boolean few) {
      return one.admitted(destination, source, few)
          .intersect(other.admitted(destination, source, few));
    }
  }

  /** A view in which nothing passes. */
  record OfNothing() implements TableView {

    @Override
    public Region table(int number, Direction direction) {
      return Region.EMPTY;
    }

    @Override
    public Traffic admitted(int destination, int source, boolean few) {
      return Traffic.NONE;
    }
  }
}
