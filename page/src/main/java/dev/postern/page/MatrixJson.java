package dev.postern.page;

import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import dev.postern.reach.ReachedPair;
import dev.postern.wording.ReachWords;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A matrix in little room: {@code endpoints} as name, kind, namespace and name without it; {@code reaches} as words and {@code all}, {@code
 * some} or {@code perhaps}; {@code rows} as runs of a length and a number of {@code reaches} from one on, 0 where nothing passes; and {@code
 * rowOf} each source. Sources that reach the same share a row, so an endpoint's place in its own row means nothing.
 */
final class MatrixJson {

  private MatrixJson() {}

  static void write(Connectivity matrix, ScriptJson json) {
    List<Endpoint> endpoints = matrix.endpoints();
    Map<Endpoint, Integer> numbers = new IdentityHashMap<>();
    json.field("endpoints").list();
    for (Endpoint endpoint : endpoints) {
      numbers.put(endpoint, numbers.size());
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
    Map<Reach, Integer> reaches = new LinkedHashMap<>();
    rows(matrix, endpoints.size(), numbers, reaches, json);
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

  private static void rows(
      Connectivity matrix,
      int size,
      Map<Endpoint, Integer> numbers,
      Map<Reach, Integer> reaches,
      ScriptJson json) {
    Map<String, Integer> rows = new LinkedHashMap<>();
    int[] rowOf = new int[size];
    int[] row = new int[size];
    int source = 0;
    Map<Reach, Integer> known = new HashMap<>();
    Iterator<ReachedPair> pairs = matrix.connections().iterator();
    while (pairs.hasNext()) {
      ReachedPair pair = pairs.next();
      int from = numbers.get(pair.source());
      while (source < from) {
        finish(source++, row, rows, rowOf);
      }
      int reach = known.computeIfAbsent(
          pair.reach(), each -> reaches.computeIfAbsent(each, unused -> reaches.size() + 1));
      row[numbers.get(pair.destination())] = reach;
    }
    while (source < size) {
      finish(source++, row, rows, rowOf);
    }
    json.field("rows").list();
    rows.keySet().forEach(json::value);
    json.endList().field("rowOf").list();
    for (int each : rowOf) {
      json.value(each);
    }
    json.endList();
  }

  private static void finish(int source, int[] row, Map<String, Integer> rows, int[] rowOf) {
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
    Integer number = rows.get(text);
    if (number == null) {
      number = rows.size();
      rows.put(text, number);
    }
    rowOf[source] = number;
    Arrays.fill(row, 0);
  }
}
