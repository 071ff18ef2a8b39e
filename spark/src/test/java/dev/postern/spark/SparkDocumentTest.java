package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/spark.md} shows, done as it stands there, with a local folder for the object store. */
class SparkDocumentTest {

  private static final Path ROOT = Path.of("..");

  private static final String CLASSES =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  /** Runs jobs one after another as {@code spark-submit} does: by their {@code main}, with Spark's settings among the system's. */
  public static final class Submitted {
    private Submitted() {}

    public static void main(String... jobs) throws Exception {
      for (String job : jobs) {
        String[] words = job.split(" ");
        Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object)
            Arrays.copyOfRange(words, 1, words.length));
      }
    }
  }

  @TempDir
  Path directory;

  private String page = "";

  @BeforeEach
  void copyWhatThePageReads() throws IOException {
    page = Files.readString(ROOT.resolve("docs/spark.md"));
    Path manifests = Files.createDirectories(directory.resolve("manifests/prod"));
    for (String name : List.of("shop", "running")) {
      try (Stream<Path> files = Files.list(ROOT.resolve("examples").resolve(name))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
          Files.copy(file, manifests.resolve(name + "-" + file.getFileName()));
        }
      }
    }
    Path flows = Files.createDirectories(directory.resolve("flows/2026/11/30"));
    Files.copy(ROOT.resolve("examples/traffic/conntrack.txt"), flows.resolve("conntrack.txt"));
    Files.writeString(
        Files.createDirectories(directory.resolve("fleet")).resolve("clusters.csv"),
        "name,manifests\nprod," + manifests + "\n");
  }

  private List<MatchResult> found(String pattern) {
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(page).results().toList();
  }

  private static String textOf(SparkSession spark, Path rows) {
    return spark.read().parquet(rows.toString()).collectAsList().toString();
  }

  @Test
  void theProgramsCompileAndSayWhatTheyAreFor() throws Exception {
    List<MatchResult> programs = found("```java\n(.*?)```");
    assertThat(programs).hasSize(2);
    StringBuilder body = new StringBuilder();
    programs.forEach(each -> body.append(each.group(1)));
    Path source = directory.resolve("Page.java");
    Files.writeString(
        source,
        "import dev.postern.spark.*; import java.util.List; import org.apache.spark.sql.*;\n"
            + "public class Page { public static void main(String... none) throws Exception {\n"
            + body.toString().replace("s3a://", directory + "/") + "}}\n");
    assertThat(Session.SPARK.version()).isNotEmpty();
    assertThat(ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", CLASSES, "-d", directory.toString(), source.toString()))
        .isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
      loader.loadClass("Page").getMethod("main", String[].class).invoke(null, (Object)
          new String[0]);
    }

    assertThat(textOf(Session.SPARK, directory.resolve("reports/2026-11-30/edges")))
        .contains("shop/frontend", "shop/db", "same");
    assertThat(textOf(Session.SPARK, directory.resolve("reports/fleet/2026-11-30")))
        .contains("prod", "cluster,read", "ingress");
  }

  @Test
  void theQueryGivesWhatItsCommentsSay() throws IOException {
    ClusterManifests cluster =
        ClusterManifests.read(directory.resolve("manifests/prod").toString(), new Configuration());
    PosternFunctions.register(Session.SPARK, cluster);
    Session.SPARK
        .createDataFrame(
            List.of(RowFactory.create("shop/cart", "shop/db", 5432)),
            new StructType()
                .add("src", DataTypes.StringType)
                .add("dst", DataTypes.StringType)
                .add("port", DataTypes.IntegerType))
        .createOrReplaceTempView("flows");
    String query = found("```sql\n(.*?)```").get(0).group(1);

    assertThat(Session.SPARK.sql(query).collectAsList()).singleElement().satisfies(row -> {
      assertThat(row.<String>getAs("verdict")).isEqualTo("denied");
      assertThat(row.<String>getAs("why")).contains("shop/allow-cart");
      assertThat(query).contains("-- " + row.<String>getAs("edge"));
    });
  }

  @Test
  void theJobsThatAreSubmittedWriteWhatTheySay() throws Exception {
    List<String> jobs = new ArrayList<>();
    List<MatchResult> submitted =
        found("`spark-submit --class (\\S+) --jars [^`]*? spark\\.jar ([^`]*)`");
    submitted.forEach(each -> jobs.add(each.group(1) + " " + each.group(2)));
    assertThat(jobs).hasSize(2);
    found("`(dev\\.postern\\.spark\\.SuggestJob)` takes the same arguments")
        .forEach(each -> jobs.add(each.group(1) + " " + submitted.get(0).group(2)));
    assertThat(jobs).hasSize(3);

    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of(
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-Dspark.master=local[1]",
        "-Dspark.ui.enabled=false",
        "-Dspark.driver.host=127.0.0.1",
        "-cp",
        CLASSES,
        Submitted.class.getName()));
    for (String job : jobs) {
      command.add(job.replace("<manifests>", directory.resolve("manifests/prod").toString())
          .replace("<clusters>", directory.resolve("fleet/clusters.csv").toString())
          .replace("<output>", directory.resolve("out-" + job.split("[ .]")[3]).toString())
          .replace("<logs>…", directory.resolve("flows/2026/11/30").toString()));
    }
    File log = directory.resolve("log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("the jobs end").isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
    assertThat(textOf(Session.SPARK, directory.resolve("out-ReplayJob/edges")))
        .contains("shop/frontend");
    assertThat(textOf(Session.SPARK, directory.resolve("out-FleetJob"))).contains("cluster,read");
    assertThat(directory.resolve("out-SuggestJob/policies.yaml")).exists();
  }
}
