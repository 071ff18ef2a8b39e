package dev.postern.policytest;

import dev.postern.cluster.Cluster;
import dev.postern.question.Expectation;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spec.Check;
import dev.postern.spec.Specifications;
import dev.postern.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Each statement of a file as a test, for a cluster that a program makes or reads itself:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> policies() {
 *   return PolicyTests.of(cluster, "policies/*.postern");
 * }
 * }</pre>
 */
public final class PolicyTests {

  private final String name;
  private final Path file;
  private final int line;
  private final Runnable test;

  private PolicyTests(String name, Path file, int line, Runnable test) {
    this.name = name;
    this.file = file;
    this.line = line;
    this.test = test;
  }

  /**
   * A test for each line of the files, named {@code shop.postern:2: shop/frontend can reach shop/db on 5432}, with the line as its source.
   * A line that is no statement is a test that fails.
   *
   * @param files a file, a directory, or a pattern as {@code policies/*.postern}; from the directory that tests run in
   * @throws IllegalArgumentException if there is no such file, or no statement in one
   */
  public static Stream<DynamicTest> of(Cluster cluster, String... files) {
    return of(Verifier.of(cluster), files);
  }

  /**
   * The same with what a verifier is set to: options, a namespace, a domain.
   *
   * @throws IllegalArgumentException if there is no such file, or no statement in one
   */
  public static Stream<DynamicTest> of(Verifier verifier, String... files) {
    return in(verifier, files).stream()
        .map(each -> DynamicTest.dynamicTest(each.name, each.source(), each.test::run));
  }

  static List<PolicyTests> in(Verifier verifier, String... files) {
    Specifications specifications = new Specifications(verifier, Limits.DEFAULT);
    List<PolicyTests> tests = new ArrayList<>();
    for (String path : files) {
      for (Path file : StatementFiles.of(path)) {
        List<PolicyTests> here = lines(file, specifications, verifier);
        if (here.isEmpty()) {
          throw new IllegalArgumentException("there is no statement in " + file);
        }
        tests.addAll(here);
      }
    }
    return tests;
  }

  private static List<PolicyTests> lines(
      Path file, Specifications specifications, Verifier verifier) {
    Statement.Specification read = Statement.specification(text(file));
    List<PolicyTests> tests = new ArrayList<>();
    Path parent = file.getParent();
    Path directory = parent == null ? Path.of("") : parent;
    for (Expectation statement : read.expectations()) {
      tests.add(line(file, statement.line(), statement.text(), () -> {
        Check check = specifications.check(statement, directory);
        if (check.result() != Check.Result.HOLDS) {
          throw new AssertionError(
              file + ":" + statement.line() + ": " + FailureMessage.of(check, verifier));
        }
      }));
    }
    for (Statement.Mistake mistake : read.mistakes()) {
      tests.add(line(file, mistake.line(), mistake.problem().sentence(), () -> {
        throw new AssertionError(file + ":" + mistake.line() + ": "
            + mistake.problem().getMessage() + "\n" + mistake.problem().excerpt());
      }));
    }
    tests.sort(Comparator.comparingInt(test -> test.line));
    return tests;
  }

  private static PolicyTests line(Path file, int line, String sentence, Runnable test) {
    return new PolicyTests(
        file.getFileName() + ":" + line + ": " + sentence.strip(), file, line, test);
  }

  private static String text(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.collect(Collectors.joining("\n"));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  String name() {
    return name;
  }

  /** As JUnit writes the line of a file, for an editor to go to. */
  private URI source() {
    return URI.create(file.toUri() + "?line=" + line);
  }

  void run() {
    test.run();
  }
}
