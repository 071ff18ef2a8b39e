package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A Maven project of somebody else that takes the library from the bill of materials, by class path and module path, with Z3 and without. */
@EnabledOnOs(OS.LINUX)
class PublishedLibraryTest {

  private static final Set<String> WHAT_EACH_TRIES = Set.of(
      "ask: theLibraryAnswers",
      "ask: analysisBringsNoZ3",
      "without-z3: questionsAreAnswered",
      "without-z3: whatTakesZ3IsUndecidedAndSaysSo",
      "with-z3: policies() shop.postern:1: shop/frontend can reach shop/db on 5432",
      "with-z3: policies() shop.postern:2: internet can never reach shop/db",
      "with-z3: inAssertJsWords",
      "with-z3: oneOfTheseDoesNotHold() broken.postern:1: shop/frontend can reach shop/db on 5432",
      "modular: theLibraryAnswersFromTheModulePath",
      "modular-z3: z3ProvesFromTheModulePath",
      "command: theCommandRunsInAProgram",
      "command: itKnowsItsVersion");

  private static final String BROKEN =
      "with-z3: oneOfTheseDoesNotHold() broken.postern:3: internet can reach shop/db on 5432";

  @TempDir
  private static Path workspace;

  private static FreshProject project;
  private static FreshProject.Call build;

  @BeforeAll
  static void theProjectIsBuiltWithALocalRepositoryOfItsOwn() throws Exception {
    project = FreshProject.of("maven", StagedRepository.required(), workspace);
    build = project.maven("verify", "-Dmaven.test.failure.ignore=true");
  }

  @Test
  void eachWayToUseTheLibraryWorksAndAStatementThatDoesNotHoldFailsByNameAndLine()
      throws Exception {
    Map<String, String> results = new TreeMap<>();
    try (Stream<Path> files = Files.walk(project.directory())) {
      for (Path report : files
          .filter(file -> file.getFileName().toString().startsWith("TEST-"))
          .toList()) {
        results.putAll(results(report));
      }
    }
    assertThat(build.status()).as(build.out()).isZero();
    assertThat(results.remove(BROKEN))
        .contains("broken.postern:3: internet can reach shop/db on 5432: does not hold");
    assertThat(results)
        .as(build.out())
        .containsOnlyKeys(WHAT_EACH_TRIES)
        .allSatisfy((name, failure) -> assertThat(failure).as(name).isEmpty());
  }

  private static Map<String, String> results(Path report) throws Exception {
    String module = project.directory().relativize(report).getName(0).toString();
    NodeList cases = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(report.toFile())
        .getElementsByTagName("testcase");
    Map<String, String> results = new TreeMap<>();
    for (int index = 0; index < cases.getLength(); index++) {
      Element test = (Element) cases.item(index);
      NodeList failures = test.getElementsByTagName("failure");
      NodeList errors = test.getElementsByTagName("error");
      results.put(
          module + ": " + test.getAttribute("name"),
          failures.getLength() + errors.getLength() == 0
              ? ""
              : (failures.getLength() > 0 ? failures : errors).item(0).getTextContent());
    }
    return results;
  }

  /** What a row of the README says, such as {@code | `analysis` | … | 1.0 MB | 5.2 MB |}. */
  private static final Pattern WEIGHT =
      Pattern.compile("\\| `([a-z-]+)` \\|[^|\\n]*\\| ([0-9.]+) MB \\| ([0-9.]+) MB \\|");

  /** The module of the project that depends on an artefact and on nothing else. */
  private static final Map<String, String> WHO_TAKES = Map.of(
      "analysis", "ask", "verifier", "modular-z3", "policy-testing", "with-z3", "cli", "command");

  @Test
  void anArtefactWeighsWhatTheReadmeSays() throws IOException {
    List<String> rows = new ArrayList<>();
    WEIGHT
        .matcher(Files.readString(StagedRepository.root().resolve("README.md")))
        .results()
        .forEach(row -> rows.add(row.group(1) + " " + row.group(2) + " " + row.group(3)));
    List<String> found = new ArrayList<>();
    for (String row : rows) {
      String artifact = row.split(" ")[0];
      found.add(artifact + " " + close(row.split(" ")[1], own(artifact)) + " "
          + close(row.split(" ")[2], whole(artifact)));
    }
    assertThat(rows.stream().map(row -> row.split(" ")[0]))
        .containsExactlyInAnyOrderElementsOf(WHO_TAKES.keySet());
    assertThat(found).isEqualTo(rows);
  }

  /** What is said, if it is not a tenth off; else what is so. */
  private static String close(String said, long bytes) {
    double megabytes = bytes / 1e6;
    double difference = Math.abs(Double.parseDouble(said) - megabytes);
    return difference <= Math.max(0.1 * megabytes, 0.05) ? said : "%.1f".formatted(megabytes);
  }

  private static long own(String artifact) throws IOException {
    return Files.size(StagedRepository.required().file(artifact, ".jar"));
  }

  private static long whole(String artifact) throws IOException {
    Path classpath = project.directory().resolve(WHO_TAKES.get(artifact) + "/target/classpath");
    long bytes = 0;
    for (String jar : Files.readString(classpath).strip().split(":")) {
      bytes += Files.size(Path.of(jar));
    }
    return bytes;
  }
}
