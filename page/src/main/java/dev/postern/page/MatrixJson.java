package dev.postern.page;

import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import dev.postern.wording.ReachWords;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A matrix in little room: {@code endpoints} as name, kind, namespace and name without it; {@code reaches} as words and {@code all}, {@code
 * some} or {@code perhaps}; {@code sources} and {@code destinations}, the places of those that are asked about, where that is not everyone;
 * {@code rows} as runs of a length and a number of {@code reaches} from one on, 0 where nothing passes; and {@code
 * rowOf} each source. Sources that reach the same share a row, so an endpoint's place in its own row means nothing.
 */
final class MatrixJson {

  private MatrixJson() {}

  static void write(Connectivity matrix, ScriptJson json) {
    List<Endpoint> endpoints = matrix.endpoints();
    json.field("endpoints").list();
    for (Endpoint endpoint : endpoints) {
      String namespace =
          endpoint instanceof Endpoint.Pods pods ? pods.workload().namespace() : "";
      json.list()
          .value(ReachWords.of(endpoint))
          .value(endpoint.kind())
          .value(namespace)
          .value(
              namespace.isEmpty()
                  ? ReachWords.of(endpoint)
                  : endpoint.id().substring(namespace.length() + 1))
          .endList();
    }
    json.endList();
    places("sources", matrix.sources(), endpoints, json);
    places("destinations", matrix.destinations(), endpoints, json);
    Map<Reach, Integer> reaches = new LinkedHashMap<>();
    new Rows(endpoints.size(), reaches).write(matrix, json);
    ReachWords words = new ReachWords();
    json.field("reaches").list();
    reaches
        .keySet()
        .forEach(reach -> json.list()
            .value(words.of(reach))
            .value(reach.allowed().isEmpty() ? "perhaps" : reach.allowed().isAll() ? "all" : "some")
            .endList());
    json.endList();
  }

  private static void places(
      String name, List<Endpoint> some, List<Endpoint> all, ScriptJson json) {
    if (some.size() < all.size()) {
      Map<Endpoint, Integer> places = new IdentityHashMap<>();
      all.forEach(endpoint -> places.put(endpoint, places.size()));
      json.field(name).list();
      some.forEach(endpoint -> json.value(places.getOrDefault(endpoint, -1)));
      json.endList();
    }
  }

  /** Collects row by row; sources that reach the same share one. */
  private static final class Rows implements Connectivity.PlacedPairs {

    private final Map<Reach, Integer> reaches;
    private final Map<String, Integer> rows = new LinkedHashMap<>();
    private final int[] rowOf;
    private final int[] row;
    private int source;
    private Reach last = Reach.NOTHING;
    private int number;

    Rows(int size, Map<Reach, Integer> reaches) {
      this.reaches = reaches;
      this.rowOf = new int[size];
      this.row = new int[size];
    }

    @Override
    public void take(int from, int destination, Reach reach) {
      while (source < from) {
        finish();
      }
      if (reach != last) {
        last = reach;
        number = reaches.computeIfAbsent(reach, unused -> reaches.size() + 1);
      }
      row[destination] = number;
    }

    void write(Connectivity matrix, ScriptJson json) {
      matrix.forEachPlaced(this);
      while (source < row.length) {
        finish();
      }
      json.field("rows").list();
      rows.keySet().forEach(json::value);
      json.endList().field("rowOf").list();
      for (int each : rowOf) {
        json.value(each);
      }
      json.endList();
    }

    private void finish() {
      // Its own place is as its neighbour's, so that rows of siblings are one.
      row[source] = source > 0 ? row[source - 1] : row.length > 1 ? row[1] : 0;
      StringBuilder runs = new StringBuilder();
      for (int i = 0, start = 0; i <= row.length; i++) {
        if (i == row.length || row[i] != row[start]) {
          runs.append(runs.isEmpty() ? "" : " ").append(i - start).append(' ').append(row[start]);
          start = i;
        }
      }
      String text = runs.toString();
      Integer known = rows.get(text);
      if (known == null) {
        known = rows.size();
        rows.put(text, known);
      }
      rowOf[source++] = known;
      Arrays.fill(row, 0);
    }
  }
}
