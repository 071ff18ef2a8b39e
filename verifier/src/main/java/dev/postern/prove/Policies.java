package dev.postern.prove;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.plan.Plan;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What the plan's tables let pass, as sets of packets: for a policed class and direction, over the other end's address and the rest. */
final class Policies {

  private final Plan plan;
  private final Fields fields;
  private final Map<Direction, Map<Table, Passing>> known =
      Map.of(Direction.EGRESS, new IdentityHashMap<>(), Direction.INGRESS, new IdentityHashMap<>());
  private final Map<Direction, Map<ClassSet, Integer>> peers =
      Map.of(Direction.EGRESS, new HashMap<>(), Direction.INGRESS, new HashMap<>());

  /**
   * What passes.
   *
   * @param allowed for certain
   * @param possible perhaps, through DNS names
   */
  record Passing(int allowed, int possible) {}

  private static final Passing EVERYTHING = new Passing(Bdd.TRUE, Bdd.TRUE);

  Policies(Plan plan, Fields fields) {
    this.plan = plan;
    this.fields = fields;
  }

  /** What passes out of, or into, the addresses of a class; everything where nothing polices them. */
  Passing passing(int addressClass, Direction direction) {
    if (!fields.addresses.isPoliced(addressClass)) {
      return EVERYTHING;
    }
    Table table = plan.table(fields.addresses.planClass(addressClass), direction);
    return known.get(direction).computeIfAbsent(table, t -> {
      int allowed = set(t.allowed(), direction);
      return new Passing(
          allowed, t.possible() == t.allowed() ? allowed : set(t.possible(), direction));
    });
  }

  /** The classes that policies restrict in no way in a direction, as runs. */
  int[] free(Direction direction) {
    int[] found = IntStream.range(0, fields.addresses.size())
        .filter(number -> passing(number, direction).allowed() == Bdd.TRUE)
        .toArray();
    return AddressClasses.runs(found, found.length);
  }

  private int set(Region region, Direction direction) {
    int[] parts = new int[region.parts().size()];
    for (int i = 0; i < parts.length; i++) {
      Region.Part part = region.parts().get(i);
      int at = peers.get(direction).computeIfAbsent(part.peers(), p -> peers(p, direction));
      parts[i] = fields.bdd.and(at, fields.traffic(part.traffic()));
    }
    return fields.bdd.or(parts, 0, parts.length);
  }

  /** The other end is in one of these classes of the plan: the destination for egress, the source for ingress. */
  private int peers(ClassSet classes, Direction direction) {
    int[] runs = new int[2 * classes.runs()];
    for (int run = 0; run < classes.runs(); run++) {
      runs[2 * run] = classes.runFirst(run);
      runs[2 * run + 1] = classes.runEnd(run);
    }
    int[] found = fields.addresses.ofPlan(runs);
    return direction == Direction.EGRESS ? fields.destinations(found) : fields.sources(found);
  }
}
