package dev.postern.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.openworld.OpenDifference;
import dev.postern.prove.Proof;
import dev.postern.solver.Limits;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whoever leaves the solver out of a program still has answers, and is told what is undecided for want of what. */
class WithoutZ3Test {

  private static final String MANIFEST = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.2}]}
      """;

  /** What the test runs in a JVM of its own: prints one line for each thing that a program may ask. */
  static final class Program {
    private Program() {}

    public static void main(String... arguments) {
      Cluster cluster = Manifests.read(Source.text("shop.yaml", MANIFEST)).cluster();
      Verifier verifier = Verifier.of(cluster);
      System.out.println(
          "ask: " + verifier.ask("can shop/web reach shop/db on 5432").verdict());
      OpenAnswer open = verifier.askOpen("can shop/web reach shop/db on 5432", Limits.DEFAULT);
      System.out.println("open: " + open.verdict() + " " + open.outcome());
      System.out.println("diff: "
          + OpenDifference.between(
                  cluster, cluster.withPolicies(List.of()), Options.DEFAULT, Limits.DEFAULT)
              .undecided());
      EnforcedRules none = new EnforcedRules(List.of(), Map.of());
      for (Set<Proof.Way> ways : List.of(Set.of(Proof.Way.Z3), Set.of(Proof.Way.values()))) {
        Proof proof =
            verifier.prove(Reading.of(none, Contract.STRICT), Scope.CLUSTER, ways, Limits.DEFAULT);
        System.out.println("prove: " + proof.verdict() + " " + proof.ways() + " " + proof.notes());
      }
    }
  }

  private static List<String> run(boolean withZ3) throws Exception {
    String classPath = Arrays.stream(
            System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> withZ3 || !entry.contains("z3-turnkey"))
        .collect(Collectors.joining(File.pathSeparator));
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            Program.class.getName())
        .redirectErrorStream(true)
        .start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }

  @Test
  void whatNeedsItIsUndecidedByTheNameOfTheDependencyAndTheRestWorks() throws Exception {
    List<String> printed = run(false);

    String absent =
        "Z3 did not run: it is not on the class path (hint: add the dependency tools.aqua:z3-turnkey)";
    assertThat(printed).hasSize(5);
    assertThat(printed.get(0)).isEqualTo("ask: ALLOWED");
    assertThat(printed.get(1)).startsWith("open: UNKNOWN").contains(absent);
    assertThat(printed.get(2)).startsWith("diff: ").contains(absent);
    assertThat(printed.get(3)).startsWith("prove: UNKNOWN []").contains(absent);
    assertThat(printed.get(4)).startsWith("prove: PROVED [SETS]").contains(absent);
  }

  @Test
  void withItTheSameProgramDecides() throws Exception {
    List<String> printed = run(true);

    assertThat(printed.get(1)).startsWith("open: ALLOWED");
    assertThat(printed.get(2)).isEqualTo("diff: Optional.empty");
    assertThat(printed.get(3)).startsWith("prove: PROVED [Z3]");
  }
}
