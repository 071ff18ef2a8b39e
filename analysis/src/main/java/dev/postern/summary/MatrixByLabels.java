package dev.postern.summary;

import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A matrix in few rows, each of which says that all these may reach all those on the same traffic: namespaces and labels in place of pairs of
 * workloads. Together the rows say what the matrix says of any two different endpoints, no more and no less; of an endpoint and itself they
 * say nothing. The rows are grouped by sources or by destinations, whichever gives fewer, and none is left that others make up.
 */
public final class MatrixByLabels {

  /**
   * A row.
   *
   * @param sources all of these
   * @param destinations may reach all of these
   * @param reach on this
   */
  public record LabelRow(
      List<EndpointGroup> sources, List<EndpointGroup> destinations, Reach reach) {
    public LabelRow {
      sources = List.copyOf(sources);
      destinations = List.copyOf(destinations);
    }
  }

  /** Comparing more groups with each other would take longer than to read their rows. */
  private static final int MOST_COMPARED = 1_000;

  private MatrixByLabels() {}

  /** The rows of a matrix, by what passes in the order in which it occurs. */
  public static List<LabelRow> of(Connectivity matrix) {
    List<Endpoint> endpoints = new ArrayList<>();
    matrix.everyone().stream().filter(Endpoint.Pods.class::isInstance).forEach(endpoints::add);
    matrix.endpoints().stream()
        .filter(endpoint -> !(endpoint instanceof Endpoint.Pods))
        .forEach(endpoints::add);
    EndpointGroups groups =
        new EndpointGroups(matrix.cluster(), endpoints, EndpointGroups.outside(matrix.everyone()));
    Map<Endpoint, Integer> places = new IdentityHashMap<>();
    endpoints.forEach(endpoint -> places.put(endpoint, places.size()));
    Map<Reach, BitSet[]> byReach = new LinkedHashMap<>();
    matrix
        .connections()
        .forEach(pair -> row(
                byReach.computeIfAbsent(pair.reach(), r -> new BitSet[endpoints.size()]),
                places.get(pair.source()))
            .set(places.get(pair.destination())));
    List<LabelRow> rows = new ArrayList<>();
    byReach.forEach((reach, reached) -> {
      List<LabelRow> bySources = new ArrayList<>();
      fewer(alike(reached, endpoints))
          .forEach((others, alike) -> bySources.add(row(groups, alike, others, reach)));
      List<LabelRow> byDestinations = new ArrayList<>();
      fewer(alike(turned(reached), endpoints))
          .forEach((others, alike) -> byDestinations.add(row(groups, others, alike, reach)));
      rows.addAll(length(bySources) <= length(byDestinations) ? bySources : byDestinations);
    });
    return rows;
  }

  private static LabelRow row(EndpointGroups groups, BitSet from, BitSet to, Reach reach) {
    return new LabelRow(
        groups.phrases(from, new BitSet()), groups.phrases(to, new BitSet()), reach);
  }

  /** Rows count before phrases. */
  private static long length(List<LabelRow> rows) {
    return ((long) rows.size() << 32)
        + rows.stream()
            .mapToLong(row -> row.sources().size() + row.destinations().size())
            .sum();
  }

  private static BitSet row(BitSet[] rows, int place) {
    if (rows[place] == null) {
      rows[place] = new BitSet();
    }
    return rows[place];
  }

  private static BitSet[] turned(BitSet[] rows) {
    BitSet[] columns = new BitSet[rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != null) {
        for (int j = rows[i].nextSetBit(0); j >= 0; j = rows[i].nextSetBit(j + 1)) {
          row(columns, j).set(i);
        }
      }
    }
    return columns;
  }

  /**
   * Those with the same others together. What a workload is to itself is open: it may be among its own others, if it then is like more of the
   * rest. Of addresses outside nothing is said to each other.
   */
  private static Map<BitSet, BitSet> alike(BitSet[] rows, List<Endpoint> endpoints) {
    Map<BitSet, Integer> fitting = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != null) {
        fitting.merge(rows[i], 1, Integer::sum);
        if (endpoints.get(i) instanceof Endpoint.Pods) {
          fitting.merge(with(rows[i], i), 1, Integer::sum);
        }
      }
    }
    Map<BitSet, BitSet> alike = new LinkedHashMap<>();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == null) {
        continue;
      }
      BitSet others = with(rows[i], i);
      boolean together = endpoints.get(i) instanceof Endpoint.Pods
          && fitting.getOrDefault(others, 0) > fitting.getOrDefault(rows[i], 0);
      alike.computeIfAbsent(together ? others : rows[i], each -> new BitSet()).set(i);
    }
    return alike;
  }

  /**
   * The same without what others say together: whose others are those of smaller groups that have none in common stand with each of these, so
   * that a pair still is in one row. They are no more than there were; to find the fewest of all is NP-hard (a partition of a bipartite graph
   * into bicliques).
   */
  private static Map<BitSet, BitSet> fewer(Map<BitSet, BitSet> alike) {
    if (alike.size() > MOST_COMPARED) {
      return alike;
    }
    List<BitSet> falling = new ArrayList<>(alike.keySet());
    falling.sort((one, other) -> Integer.compare(other.cardinality(), one.cardinality()));
    Map<BitSet, BitSet> left = new LinkedHashMap<>(alike);
    // From the largest on: what makes one up may itself be made up of smaller ones.
    for (int i = 0; i < falling.size(); i++) {
      List<BitSet> parts = parts(falling.get(i), falling.subList(i + 1, falling.size()));
      BitSet these = left.get(falling.get(i));
      if (!parts.isEmpty() && these != null) {
        left.remove(falling.get(i));
        for (BitSet part : parts) {
          left.merge(part, these, MatrixByLabels::together);
        }
      }
    }
    return left;
  }

  private static BitSet together(BitSet some, BitSet more) {
    BitSet all = (BitSet) some.clone();
    all.or(more);
    return all;
  }

  /** Sets without a common member that come to a whole, the largest first; none if they do not. */
  private static List<BitSet> parts(BitSet whole, List<BitSet> smaller) {
    BitSet missing = (BitSet) whole.clone();
    List<BitSet> parts = new ArrayList<>();
    for (BitSet each : smaller) {
      BitSet beyond = (BitSet) each.clone();
      beyond.andNot(missing);
      if (beyond.isEmpty()) {
        parts.add(each);
        missing.andNot(each);
      }
    }
    return missing.isEmpty() ? parts : List.of();
  }

  private static BitSet with(BitSet others, int itself) {
    BitSet all = (BitSet) others.clone();
    all.set(itself);
    return all;
  }
}
