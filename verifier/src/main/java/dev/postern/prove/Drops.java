package dev.postern.prove;

import java.util.Arrays;

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
    int[] sources = {0};
    boolean[] destinations = new boolean[columns.length];
    int[] last = {-1};
    bdd.forEach(packets, source.first(), source.bits(), source.size(), (first, end, rest) -> {
      sources[0] += end - first;
      if (rest != last[0]) {
        mark(rest, destinations);
        last[0] = rest;
      }
    });
    int count = 0;
    for (boolean marked : destinations) {
      count += marked ? 1 : 0;
    }
    if (sources[0] <= count) {
      bdd.forEach(packets, source.first(), source.bits(), source.size(), (first, end, rest) -> {
        for (int number = first; number < end; number++) {
          rows[number] = bdd.or(rows[number], rest);
        }
      });
      return;
    }
    for (int number = 0; number < columns.length; number++) {
      if (destinations[number]) {
        int rest =
            bdd.atMiddle(packets, fields.destination.first(), fields.destination.bits(), number);
        columns[number] = bdd.or(columns[number], rest);
      }
    }
  }

  private void mark(int rest, boolean[] destinations) {
    Fields.Field field = fields.destination;
    bdd.forEach(
        rest,
        field.first(),
        field.bits(),
        field.size(),
        (first, end, below) -> Arrays.fill(destinations, first, end, true));
  }
}
