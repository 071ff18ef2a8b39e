package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spark.FleetTask.Digested;
import dev.postern.spark.FleetTask.Reported;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that cannot be read beside those that met a defect: which is which, and that the others stand. */
class FleetTaskTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 30);

  private static final String SHOP = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i, ports: [{containerPort: %d}]}]}
      """;

  /** The local file system under {@code defective:}, whose code is wrong. */
  public static final class DefectiveFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("defective:///");
    }

    @Override
    public String getScheme() {
      return "defective";
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int size) {
      throw new IllegalStateException("an index is wrong");
    }
  }

  /** The local file system under {@code told:}, which tells what is opened. */
  public static final class ToldFileSystem extends RawLocalFileSystem {
    static final List<String> OPENED = new ArrayList<>();

    @Override
    public URI getUri() {
      return URI.create("told:///");
    }

    @Override
    public String getScheme() {
      return "told";
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int size) throws IOException {
      OPENED.add(path.getParent().getName() + "/" + path.getName());
      return super.open(path, size);
    }
  }

  @TempDir
  Path directory;

  private final Configuration configuration = new Configuration();

  @BeforeEach
  void configure() {
    configuration.set("fs.defective.impl", DefectiveFileSystem.class.getName());
    configuration.set("fs.defective.impl.disable.cache", "true");
    configuration.set("fs.told.impl", ToldFileSystem.class.getName());
    configuration.set("fs.told.impl.disable.cache", "true");
  }

  private Digested cluster(String name, int port) throws IOException {
    Path root = Files.createDirectory(directory.resolve(name));
    Files.writeString(root.resolve("shop.yaml"), SHOP.formatted(port));
    return FleetTask.digested(
        new FleetCluster(name, "file://" + root, "", ""), new Configuration());
  }

  private static List<FleetRow> report(FleetContents contents, FleetMemory memory)
      throws IOException {
    return contents.report(new ClusterReport(memory, TODAY));
  }

  @Test
  void aDefectIsARowOfItsOwnKindAndNothingGoesOnFromIt() throws IOException {
    List<Digested> clusters = List.of(cluster("a", 1), cluster("b", 2), cluster("c", 3));
    List<FleetMemory> memories = new ArrayList<>();
    List<Reported> reports = new FleetTask(configuration, 64, (contents, memory) -> {
          memories.add(memory);
          List<FleetRow> rows = report(contents, memory);
          if (memories.size() == 2) {
            throw new IllegalArgumentException("a rule has no place");
          }
          return rows;
        })
        .reports(clusters);

    assertThat(reports).extracting(Reported::digest).doesNotHaveDuplicates().hasSize(3);
    assertThat(reports.get(1).rows()).singleElement().satisfies(row -> {
      assertThat(row.what()).isEqualTo(FleetRow.What.CLUSTER);
      assertThat(row.result()).isEqualTo("failed");
      assertThat(row.detail())
          .startsWith(
              "internal error: java.lang.IllegalArgumentException: a rule has no place at dev.postern.spark.FleetTaskTest.");
    });
    for (int i : new int[] {0, 2}) {
      assertThat(reports.get(i).rows())
          .isEqualTo(FleetTask.reporting(configuration, 1, TODAY)
              .reports(List.of(clusters.get(i)))
              .get(0)
              .rows());
    }
    assertThat(memories.get(0)).isSameAs(memories.get(1)).isNotSameAs(memories.get(2));
  }

  @Test
  void soManyClustersShareAMemory() throws IOException {
    List<FleetMemory> memories = new ArrayList<>();
    new FleetTask(configuration, 2, (contents, memory) -> {
          memories.add(memory);
          return report(contents, memory);
        })
        .reports(List.of(cluster("a", 1), cluster("b", 2), cluster("c", 3), cluster("d", 4)));
    assertThat(memories.get(0)).isSameAs(memories.get(1)).isNotSameAs(memories.get(2));
    assertThat(memories.get(2)).isSameAs(memories.get(3));
  }

  /** A cluster of two files, as it was when it was first read. */
  private Digested pair(String name, int port) throws IOException {
    cluster(name, port);
    Path root = directory.resolve(name);
    Files.writeString(root.resolve("same.yaml"), SHOP.formatted(1).replace("web", "same"));
    return FleetTask.digested(
        new FleetCluster(name, "told://" + root, "told://" + root, ""), configuration);
  }

  private List<Reported> reports(List<Digested> clusters) throws IOException {
    return FleetTask.reporting(configuration, 64, TODAY).reports(clusters);
  }

  @Test
  void filesThatHoldWhatTheLastClustersHeldAreNotReadAgain() throws IOException {
    List<Digested> clusters = List.of(pair("a", 1), pair("b", 2), pair("c", 2));
    List<List<FleetRow>> alone = new ArrayList<>();
    for (Digested each : clusters) {
      alone.add(reports(List.of(each)).get(0).rows());
    }
    ToldFileSystem.OPENED.clear();

    assertThat(reports(clusters)).extracting(Reported::rows).isEqualTo(alone);
    // Manifests and yesterday's, of which the second cluster has one other file, and the third
    // none.
    assertThat(ToldFileSystem.OPENED)
        .containsExactly(
            "a/same.yaml",
            "a/shop.yaml",
            "a/same.yaml",
            "a/shop.yaml",
            "b/shop.yaml",
            "b/shop.yaml");
  }

  @Test
  void whatChangedSinceItWasFirstReadIsToldOrIsWhatItWas() throws IOException {
    List<Digested> clusters = List.of(pair("a", 1), pair("b", 2), pair("c", 3), pair("d", 4));
    List<FleetRow> then = reports(List.of(clusters.get(1))).get(0).rows();
    Files.writeString(directory.resolve("b/same.yaml"), SHOP.formatted(7));
    Files.writeString(directory.resolve("c/shop.yaml"), SHOP.formatted(7));
    Files.move(directory.resolve("d/same.yaml"), directory.resolve("d/other.yaml"));

    List<Reported> reports = reports(clusters);
    assertThat(reports.get(1).rows()).isEqualTo(then);
    for (int i : new int[] {2, 3}) {
      assertThat(reports.get(i).rows())
          .containsExactly(FleetRow.of(
              FleetRow.What.CLUSTER, "unreadable", "", "its files changed while they were read"));
    }
  }

  @Test
  void whatCannotBeReadIsToldFromADefectOfWhatReads() throws IOException {
    cluster("here", 1);
    Digested defective = FleetTask.digested(
        new FleetCluster("here", "defective://" + directory.resolve("here"), "", ""),
        configuration);
    Digested gone = FleetTask.digested(
        new FleetCluster("gone", directory.resolve("gone").toString(), "", ""), configuration);
    Digested noPath = FleetTask.digested(new FleetCluster("none", "a:b c", "", ""), configuration);

    assertThat(defective.problem().get(0).result()).isEqualTo("failed");
    assertThat(defective.problem().get(0).detail())
        .contains("internal error: java.lang.IllegalStateException: an index is wrong");
    assertThat(gone.problem().get(0).result()).isEqualTo("unreadable");
    assertThat(noPath.problem().get(0).result()).isEqualTo("unreadable");
    assertThat(noPath.problem().get(0).detail()).startsWith("`a:b c` is no path: ");
  }

  @Test
  void aFileOfStatementsThatIsNoTextIsNamedAndTheRestStands() throws IOException {
    Path root = Files.createDirectory(directory.resolve("latin"));
    Files.writeString(root.resolve("shop.yaml"), SHOP.formatted(80));
    Files.write(root.resolve("a.postern"), "# Zürich\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(root.resolve("b.postern"), "shop/web can reach shop/web\n");
    Digested each =
        FleetTask.digested(new FleetCluster("latin", root.toString(), "", ""), configuration);

    List<FleetRow> rows = FleetTask.reporting(configuration, 1, TODAY)
        .reports(List.of(each))
        .get(0)
        .rows();
    assertThat(rows)
        .contains(new FleetRow(
            FleetRow.What.STATEMENT, "unreadable", "", "it is no text in UTF-8", "a.postern"))
        .anySatisfy(row -> assertThat(row.place()).isEqualTo("b.postern:1"))
        .anySatisfy(row -> assertThat(row.what()).isEqualTo(FleetRow.What.INGRESS));
  }
}
