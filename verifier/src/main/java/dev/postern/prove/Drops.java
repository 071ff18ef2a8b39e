package dev.postern.prove;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The packets that the rules drop, by source or by destination: what concerns few sources is kept a row a source, what concerns fewer
 * destinations a column a destination. All dropped packets are in a row or a column, some in both; their product is never built.
 */
final class Drops {

  private final Fields fields;
  private final Bdd bdd;
  private final int[] rows;
  private final int[] columns;

  Drops(Fields fields) {
    this.fields = fields;
    this.bdd = fields.bdd;
    this.rows = new int[fields.addresses.size()];
    this.columns = new int[fields.addresses.size()];
    Arrays.fill(rows, Bdd.FALSE);
    Arrays.fill(columns, Bdd.FALSE);
  }

  /** What is dropped of a source's packets, as far as it is kept by source: a set over what follows the source. */
  int row(int source) {
    return rows[source];
  }

  /** What is dropped of the packets to a destination, as far as it is kept by destination: a set over all but the destination. */
  int column(int destination) {
    return columns[destination];
  }

  /** All that is dropped between two classes: a set over what follows the addresses. */
  int cell(int source, int destination) {
    return bdd.or(
        at(fields.destination, rows[source], destination),
        at(fields.source, columns[destination], source));
  }

  private int at(Fields.Field field, int set, int number) {
    return bdd.at(set, field.first(), field.bits(), number);
  }

  void add(int packets) {
    Fields.Field source = fields.source;
    List<int[]> runs = new ArrayList<>();
    bdd.forEach(
        packets,
        source.first(),
        source.bits(),
        source.size(),
        (first, end, rest) -> runs.add(new int[] {first, end, rest}));
    int sources = runs.stream().mapToInt(run -> run[1] - run[0]).sum();
    BitSet destinations = destinations(runs, sources);
    if (destinations.cardinality() >= sources) {
      for (int[] run : runs) {
        for (int number = run[0]; number < run[1]; number++) {
          rows[number] = bdd.or(rows[number], run[2]);
        }
      }
      return;
    }
    destinations.stream().forEach(number -> {
      int rest =
          bdd.atMiddle(packets, fields.destination.first(), fields.destination.bits(), number);
      columns[number] = bdd.or(columns[number], rest);
    });
  }

  /** The destinations of some packets by source; not all of them if they are more than enough. */
  private BitSet destinations(List<int[]> runs, int enough) {
    BitSet found = new BitSet();
    Fields.Field field = fields.destination;
    Set<Integer> seen = new HashSet<>();
    for (int[] run : runs) {
      if (seen.add(run[2])) {
        bdd.forEach(
            run[2],
            field.first(),
            field.bits(),
            field.size(),
            (first, end, below) -> found.set(first, end));
        if (found.cardinality() >= enough) {
          return found;
        }
      }
    }
    return found;
  }
}
