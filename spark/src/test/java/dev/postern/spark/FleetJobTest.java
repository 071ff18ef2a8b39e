package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Postern;
import dev.postern.cli.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fleets against what the command says of each cluster alone. */
class FleetJobTest {

  private static final StructType TABLE = new StructType()
      .add("name", DataTypes.StringType)
      .add("manifests", DataTypes.StringType)
      .add("yesterday", DataTypes.StringType)
      .add("statements", DataTypes.StringType);

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
      spec: {containers: [{name: c, image: i, ports: [{containerPort: %2$d}]}]}
      """;

  private static final String POLICY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {matchLabels: {app: %s}}}], ports: [{port: 5432}]}]
      """;

  @TempDir
  Path directory;

  private Path cluster(String name, String client, String... more) throws IOException {
    Path root = Files.createDirectories(directory.resolve(name).resolve("shop"));
    Files.writeString(root.resolve("db.yaml"), POD.formatted("db", 5432));
    Files.writeString(root.resolve("web.yaml"), POD.formatted("web", 8080));
    Files.writeString(root.resolve("policy.yaml"), POLICY.formatted(client));
    Files.writeString(
        root.resolve("shop.postern"),
        "shop/web can reach shop/db on 5432\nshop/nobody can reach shop/db\nwhat is this\n");
    for (int i = 0; i < more.length; i += 2) {
      Path file = directory.resolve(name).resolve(more[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, more[i + 1]);
    }
    return directory.resolve(name);
  }

  private static Row row(String name, Path manifests, String yesterday) {
    return RowFactory.create(name, manifests.toString(), yesterday, null);
  }

  private static FleetTable fleet(List<Row> clusters) {
    return FleetJob.of(Session.SPARK.createDataFrame(clusters, TABLE));
  }

  private static List<String> rows(FleetTable table, String cluster, String... what) {
    Dataset<Row> rows = table.rows().filter("cluster = '" + cluster + "'");
    return rows.collectAsList().stream()
        .filter(row -> List.of(what).contains(row.<String>getAs("what")))
        .map(row -> String.join(
            "|",
            row.getString(1),
            row.getString(2),
            row.getString(3),
            row.getString(4),
            row.getString(5)))
        .sorted()
        .toList();
  }

  // --- the command

  private static JsonNode command(Path root, String... arguments) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Postern.run(
        Console.of(new ByteArrayInputStream(new byte[0]), out, new ByteArrayOutputStream()),
        arguments);
    return new ObjectMapper()
        .readTree(out.toString(StandardCharsets.UTF_8).replace(root + "/", ""));
  }

  private static List<String> alone(Path root, String yesterday) throws IOException {
    List<String> rows = new ArrayList<>();
    JsonNode lint = command(root, "lint", root.toString(), "--verbose", "-o", "json");
    for (JsonNode each : lint.get("findings")) {
      rows.add(String.join(
          "|",
          "finding",
          each.get("severity").asText(),
          each.get("code").asText(),
          each.get("message").asText(),
          each.get("file").asText() + ":" + each.get("line") + ":" + each.get("column")));
    }
    JsonNode test = command(root, "test", root.toString(), "-f", root.toString(), "-o", "json");
    for (JsonNode each : test) {
      rows.add(String.join(
          "|",
          "statement",
          each.get("result").asText(),
          each.get("statement").asText(),
          each.path("detail").asText(),
          each.get("file").asText() + ":" + each.get("line")));
    }
    JsonNode exposure = command(root, "exposure", "-f", root.toString(), "-o", "json");
    for (JsonNode each : exposure.get("workloads")) {
      for (String side : List.of("ingress", "egress")) {
        rows.add(String.join(
            "|",
            side,
            each.get(side).get("reach").asText(),
            each.get("id").asText(),
            each.get(side).get("isolated").asBoolean() ? "isolated" : "not isolated"));
      }
    }
    if (!yesterday.isEmpty()) {
      JsonNode diff = command(root, "diff", yesterday, root.toString(), "-o", "json");
      for (String what : List.of("opened", "closed")) {
        for (JsonNode each : diff.get(what)) {
          rows.add(what + "||" + each.get("src").get("words").asText() + " -> "
              + each.get("dst").get("words").asText());
        }
      }
      for (String what : List.of("added", "removed")) {
        diff.get(what).forEach(each -> rows.add(what + "||" + each.asText()));
      }
    }
    return rows.stream().sorted().toList();
  }

  /** A row as far as the command's JSON has it in the same words. */
  private static String comparable(String row) {
    List<String> cells = List.of(row.split("\\|", -1));
    return switch (cells.get(0)) {
      case "ingress", "egress" ->
        String.join("|", cells.subList(0, 3)) + "|" + cells.get(3).split(";")[0];
      case "opened", "closed", "added", "removed" -> String.join("|", cells.subList(0, 3));
      default -> row;
    };
  }

  @Test
  void rowsAreWhatTheCommandSaysOfEachClusterAlone() throws IOException {
    Path a = cluster("a", "web");
    Path b = cluster(
        "b",
        "job",
        "shop/marked.yaml",
        "# postern:ignore NP301 on purpose\n" + POLICY.formatted("nobody").replace("db, n", "x, n"),
        "tests/broken.yaml",
        "kind: NetworkPolicy\n",
        "more/job.yaml",
        POD.formatted("job", 80));
    Path broken =
        cluster("broken", "web", "shop/wrong.yaml", POLICY.replace("port: 5432", "port: x y"));
    FleetTable table = fleet(
        List.of(row("a", a, b.toString()), row("b", b, a.toString()), row("broken", broken, null)));

    for (String name : List.of("a", "b", "broken")) {
      String yesterday = name.equals("a") ? b.toString() : name.equals("b") ? a.toString() : "";
      List<String> all = rows(
          table,
          name,
          "finding",
          "statement",
          "ingress",
          "egress",
          "opened",
          "closed",
          "added",
          "removed");
      assertThat(all.stream().map(FleetJobTest::comparable).sorted())
          .as("of cluster %s", name)
          .isNotEmpty()
          .containsExactlyElementsOf(alone(directory.resolve(name), yesterday));
    }
    assertThat(rows(table, "b", "opened")).isNotEmpty();
    assertThat(rows(table, "b", "difference")).containsExactly("difference|differ|||");
    assertThat(rows(table, "broken", "cluster"))
        .singleElement()
        .asString()
        .startsWith("cluster|errors|");
    assertThat(rows(table, "broken", "difference")).isEmpty();
  }

  @Test
  void sharedContentIsReadOnce() throws IOException {
    List<Row> clusters = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      // The same in all, but for one document of every fourth.
      Path root = cluster("c" + i, i % 4 == 0 ? "job" + i : "web");
      clusters.add(row("c" + i, root, root.toString()));
    }
    FleetTable table = fleet(clusters);

    assertThat(table.clusters()).isEqualTo(12);
    assertThat(table.different()).isEqualTo(4);
    // Two tasks at most, each of which reads the three documents once, and one more for each
    // cluster that differs.
    assertThat(table.documents()).isBetween(3L + 3, 2 * 3L + 4);
    assertThat(table.rows().filter("what = 'difference' and result = 'equal'").count())
        .isEqualTo(12);
    assertThat(rows(table, "c1", "finding", "statement", "ingress", "egress"))
        .isNotEmpty()
        .isEqualTo(rows(table, "c11", "finding", "statement", "ingress", "egress"));
  }

  @Test
  void whatCannotBeReadIsARowThatSaysSo() throws IOException {
    Path whole = cluster("whole", "web");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    FleetTable table = fleet(List.of(
        row("whole", whole, directory + "/none"),
        row("gone", directory.resolve("gone"), null),
        row("empty", empty, null),
        RowFactory.create("unnamed", null, null, null),
        RowFactory.create("scheme", "nowhere://a/b", null, null),
        RowFactory.create("unsaid", whole.toString(), null, empty.toString())));

    assertThat(table.rows().filter("what = 'cluster'").count()).isEqualTo(6);
    for (String name : List.of("gone", "empty", "unnamed", "scheme")) {
      assertThat(rows(table, name, "cluster", "finding"))
          .singleElement()
          .asString()
          .startsWith("cluster|unreadable|");
    }
    assertThat(rows(table, "whole", "cluster"))
        .singleElement()
        .asString()
        .startsWith("cluster|read|");
    assertThat(rows(table, "whole", "difference"))
        .singleElement()
        .asString()
        .startsWith("difference|unreadable|");
    assertThat(rows(table, "unsaid", "statement"))
        .containsExactly(
            "statement|unreadable||there is no file of statements, which end in .postern|");
    assertThatThrownBy(() -> fleet(List.of(row("a", whole, null), row("a", empty, null))))
        .hasMessage("two clusters are called `a`");

    String out = directory.resolve("out").toString();
    table.write(out);
    assertThat(Path.of(out, "_SUCCESS")).exists();
    assertThat(Path.of(out, "cluster=gone")).isDirectory();
    assertThatThrownBy(() -> table.write(out)).hasMessageContaining("out");
  }

  @Test
  void aLargeClusterBesideSmallOnesIsWhatItIsByItself() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      many.append("---\n")
          .append(POD.formatted("app-" + i, 8000 + i))
          .append("---\n")
          .append(POLICY
              .formatted("app-" + (i + 1) % 120)
              .replace("name: db,", "name: app-%d,".formatted(i))
              .replace("app: db", "app: app-" + i));
    }
    List<Row> clusters = new ArrayList<>();
    clusters.add(row("large", cluster("m-large", "web", "shop/many.yaml", many.toString()), null));
    for (int i = 0; i < 12; i++) {
      clusters.add(row("c" + i, cluster((i < 6 ? "a" : "z") + i, "client-" + i), null));
    }

    FleetTable table = fleet(clusters);
    FleetTable alone = FleetJob.of(Session.SPARK.createDataFrame(clusters, TABLE), 1);

    assertThat(rows(table, "large", "cluster")).containsExactly("cluster|read||243 objects|");
    assertThat(rows(table, "large", "ingress")).hasSize(122);
    assertThat(table.rows().collectAsList())
        .containsExactlyInAnyOrderElementsOf(alone.rows().collectAsList());
    assertThat(table.documents()).isLessThan(alone.documents());
    assertThatThrownBy(() -> FleetJob.of(Session.SPARK.createDataFrame(clusters, TABLE), 0))
        .hasMessageContaining("1 at least");
  }

  @Test
  void whoseFilesCannotBeReadHasARowAndTheOthersStand() throws IOException {
    Path whole = cluster("whole", "web");
    Path failing = cluster("failing", "web");
    FleetTable table = fleet(List.of(
        row("whole", whole, null), RowFactory.create("failing", "flaky://" + failing, null, null)));

    assertThat(table.rows().filter("cluster = 'failing'").collectAsList())
        .singleElement()
        .isEqualTo(
            RowFactory.create("failing", "cluster", "unreadable", "", "the disk went away", ""));
    assertThat(rows(table, "whole", "ingress")).hasSize(2);
  }
}
