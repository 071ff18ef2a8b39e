package dev.postern.reach;

import dev.postern.algebra.Region;
import dev.postern.deadline.Deadline;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What an endpoint reaches, by the place of the destination, over either family that both have or over one of them. Not for several threads. */
final class EndpointRows {

  private final Endpoints endpoints;
  private final List<Endpoint> all;
  private final OwnNodes ownNodes;
  private final Rows pods;
  private final Rows nodes;
  private final boolean split;

  EndpointRows(
      Reachability reachability, Endpoints endpoints, List<Endpoint> all, OwnNodes ownNodes) {
    this.endpoints = endpoints;
    this.all = all;
    this.ownNodes = ownNodes;
    this.pods = reachability.reader();
    this.nodes = reachability.reader();
    this.split = endpoints.areSplitByFamily();
  }

  /** By the place of a destination what a source reaches over some family; null where nothing passes, or nothing is said. */
  @Nullable
  Reach[] of(int source) {
    return over(source, Endpoints.ANY_FAMILY);
  }

  /** The same, where it passes over each family that both ends have. */
  @Nullable
  Reach[] overEach(int source) {
    @Nullable Reach[] reached = of(source);
    if (split) {
      @Nullable Reach[] one = over(source, 1);
      @Nullable Reach[] other = over(source, 2);
      for (int place = 0; place < reached.length; place++) {
        if (endpoints.shared(source, place) == Endpoints.ANY_FAMILY) {
          reached[place] = orNothing(one[place]).intersect(orNothing(other[place]));
        }
      }
    }
    return reached;
  }

  /** The first destination among some that one family reaches otherwise than the other. */
  OptionalInt firstThatFamiliesTellApart(int source, FamilyComparison wanted) {
    if (split) {
      @Nullable Reach[] one = over(source, 1);
      @Nullable Reach[] other = over(source, 2);
      for (int place = 0; place < one.length; place++) {
        if (endpoints.shared(source, place) == Endpoints.ANY_FAMILY
            && wanted.differs(place, orNothing(one[place]), orNothing(other[place]))) {
          return OptionalInt.of(place);
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Whether what two families reach at a place differs in what somebody wants to know. */
  @FunctionalInterface
  interface FamilyComparison {
    boolean differs(int place, Reach one, Reach other);
  }

  private static Reach orNothing(@Nullable Reach reach) {
    return reach == null ? Reach.NOTHING : reach;
  }

  private @Nullable Reach[] over(int source, int families) {
    Deadline.current().check();
    Rows reader = isHostNetwork(source) ? nodes : pods;
    int count = endpoints.endpoints().size();
    // Nothing is said about what goes on outside.
    int last = source < endpoints.inside() ? count : endpoints.inside();
    @Nullable Reach[] reached = new Reach[last];
    for (Endpoints.Membership own : endpoints.memberships(source)) {
      int speaks = own.families() & families;
      if (speaks == 0) {
        continue;
      }
      Row row = reader.row(own.number());
      boolean certain = row.allowed() == row.possible();
      for (Region.Part part : row.possible().parts()) {
        Reach reach = Reach.certain(part.traffic());
        part.peers().forEach(peer -> {
          for (Endpoints.Member member : endpoints.members(peer)) {
            int place = member.endpoint();
            if (place < last && place != source && (member.families() & speaks) != 0) {
              Reach here = certain ? reach : new Reach(row.allowed().traffic(peer), part.traffic());
              Reach before = reached[place];
              reached[place] = before == null ? here : before.union(here);
            }
          }
        });
      }
    }
    ownNodes.of(source).stream()
        .filter(place -> place != source && place < last)
        .filter(place -> (endpoints.shared(source, place) & families) != 0)
        .forEach(place -> reached[place] =
            ownNodes.between(all.get(source), all.get(place), orNothing(reached[place])));
    return reached;
  }

  private boolean isHostNetwork(int endpoint) {
    return all.get(endpoint) instanceof Endpoint.Pods pods && pods.workload().hostNetwork();
  }
}
