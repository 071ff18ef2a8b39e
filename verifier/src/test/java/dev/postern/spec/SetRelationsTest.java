package dev.postern.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.diff.CommonTraffic;
import dev.postern.diff.Difference;
import dev.postern.diff.Relation;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.question.Expectation;
import dev.postern.solver.Limits;
import dev.postern.spec.Check.Result;
import dev.postern.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetRelationsTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      ---
      """;

  private static final String POLICY = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %1$s, namespace: shop}
      spec: {podSelector: {matchLabels: {app: %1$s}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}], ports: [%2$s]}]}
      ---
      """;

  private static final String[] PORTS = {
    "{port: 80}",
    "{port: 81}",
    "{port: 80}, {port: 81}",
    "{port: 80, endPort: 90}",
    "{protocol: UDP, port: 80}",
    "{}"
  };

  @TempDir
  Path directory;

  @Test
  void policiesPermitWhatAnotherSetLetsPassOrTheyDoNot() throws IOException {
    String now = POLICY.formatted("db", "{port: 80}, {port: 81}");
    assertThat(result("policies permit other.yaml", now, POLICY.formatted("db", "{port: 80}")))
        .isEqualTo(Result.HOLDS);
    Check check = check("policies permit other.yaml", now, POLICY.formatted("db", "{port: 82}"));
    assertThat(check.result()).isEqualTo(Result.FAILS);
    assertThat(check.detail())
        .isEqualTo("shop/web -> shop/db on tcp/82 does not pass, and by other.yaml it does");
    assertThat(check.witness()).isPresent();
  }

  @Test
  void aStatementReadsNoDevice() throws IOException {
    Check check = check("policies permit /dev/zero", POLICY.formatted("db", "{}"), "");
    assertThat(check.result()).isEqualTo(Result.BAD);
    assertThat(check.detail()).contains("/dev/zero is neither a file nor a directory");
  }

  @Test
  void policiesForbidWhatAnotherSetLetsPassOrTheyDoNot() throws IOException {
    String now = POLICY.formatted("db", "{port: 80}");
    assertThat(result("policies forbid other.yaml", now, POLICY.formatted("db", "{port: 81}")))
        .isEqualTo(Result.HOLDS);
    Check check = check(
        "policies forbid \"other.yaml\"", now, POLICY.formatted("db", "{port: 80}, {port: 81}"));
    assertThat(check.result()).isEqualTo(Result.FAILS);
    assertThat(check.detail())
        .isEqualTo("shop/web -> shop/db on tcp/80 passes, and by other.yaml it does");
    assertThat(check.witness()).isPresent();
  }

  @Test
  void policiesContainWhatPassesWhereNothingIsIsolatedToo() throws IOException {
    String now = POLICY.formatted("db", "{port: 80}");
    String other = POLICY.formatted("web", "{port: 80}");
    assertThat(result("policies permit other.yaml", now, other)).isEqualTo(Result.HOLDS);
    assertThat(result("policies contain other.yaml", now, other)).isEqualTo(Result.FAILS);
  }

  @Test
  void policiesInterfereWhereTheyOpenWhatAnotherSetIsolates() throws IOException {
    String other = POLICY.formatted("db", "{port: 80}");
    String words = "policies do not interfere with other.yaml";
    assertThat(result(words, other, other)).isEqualTo(Result.HOLDS);
    assertThat(result(words, other + POLICY.formatted("web", "{port: 1}"), other))
        .isEqualTo(Result.HOLDS);
    Check check = check(words, POLICY.formatted("db", "{port: 81}"), other);
    assertThat(check.result()).isEqualTo(Result.FAILS);
    assertThat(check.detail()).contains("tcp/81 passes, and by other.yaml it does not");
  }

  @Test
  void aFileThatIsNotThereHasErrorsOrHoldsNoPolicyMakesABadStatement() throws IOException {
    String now = POLICY.formatted("db", "{port: 80}");
    assertThat(result("policies permit nowhere.yaml", now, now)).isEqualTo(Result.BAD);
    assertThat(result("policies forbid other.yaml", now, PODS)).isEqualTo(Result.BAD);
    assertThat(result("policies forbid other.yaml", now, now.replace("port: 80", "prot: 80")))
        .isEqualTo(Result.BAD);
  }

  @Test
  void aPolicyOfAKindThatIsNotReadLeavesItUndecided() throws IOException {
    String now = POLICY.formatted("db", "{port: 80}");
    String calico = now + """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: all}
        spec: {}
        """;
    for (String words : new String[] {"permit", "contain", "do not interfere with"}) {
      assertThat(result("policies " + words + " other.yaml", now, calico))
          .as(words)
          .isEqualTo(Result.UNDECIDED);
    }
    assertThat(result("policies forbid other.yaml", now, calico)).isNotEqualTo(Result.HOLDS);
  }

  @Test
  void whereTheOtherSetIsolatesNobodyOrHasWorkloadsOfItsOwnANoteSaysSo() throws IOException {
    String now = POLICY.formatted("db", "{port: 80}");
    Check nobody = check("policies forbid other.yaml", now, POLICY.formatted("cache", "{}"));
    assertThat(nobody.result()).isEqualTo(Result.HOLDS);
    assertThat(nobody.notes())
        .containsExactly(
            "no workload here is isolated by other.yaml, which is explicit about no traffic");
    assertThat(check("policies permit other.yaml", now, PODS + now).notes())
        .containsExactly(
            "the workloads in other.yaml are not looked at: its policies are judged for those of the manifests");
  }

  /** The statements hold exactly where the relations of whole clusters do. */
  @Property(tries = 150)
  void aStatementHoldsExactlyIfTheRelationDoes(@ForAll Random random) throws IOException {
    Path folder = Files.createTempDirectory("sets");
    try {
      String now = policies(random);
      String other = policies(random);
      Files.writeString(folder.resolve("other.yaml"), other);
      Cluster before = read(PODS + other);
      Cluster after = read(PODS + now);
      Difference difference = Difference.between(before, after, Options.DEFAULT);
      Specifications specifications = new Specifications(Verifier.of(after), Limits.DEFAULT);
      holdsExactlyIf(
          specifications,
          folder,
          "contain",
          Relation.CONTAINS.against(difference, before, Options.DEFAULT).isEmpty());
      holdsExactlyIf(
          specifications,
          folder,
          "permit",
          Relation.PERMITS.against(difference, before, Options.DEFAULT).isEmpty());
      holdsExactlyIf(
          specifications,
          folder,
          "do not interfere with",
          Relation.NO_INTERFERENCE.against(difference, before, Options.DEFAULT).isEmpty());
      holdsExactlyIf(
          specifications,
          folder,
          "forbid",
          CommonTraffic.between(before, after, Options.DEFAULT).possible().isEmpty());
    } finally {
      Files.deleteIfExists(folder.resolve("other.yaml"));
      Files.delete(folder);
    }
  }

  private static void holdsExactlyIf(
      Specifications specifications, Path folder, String verb, boolean holds) {
    Check check =
        specifications.check(Expectation.parse("policies " + verb + " other.yaml"), folder);
    assertThat(check.result()).as(verb).isEqualTo(holds ? Result.HOLDS : Result.FAILS);
  }

  private static String policies(Random random) {
    String text = POLICY.formatted("db", PORTS[random.nextInt(PORTS.length)]);
    return random.nextBoolean()
        ? text
        : text + POLICY.formatted("web", PORTS[random.nextInt(PORTS.length)]);
  }

  private Result result(String sentence, String now, String other) throws IOException {
    return check(sentence, now, other).result();
  }

  private Check check(String sentence, String now, String other) throws IOException {
    Files.writeString(directory.resolve("other.yaml"), other);
    return new Specifications(Verifier.of(read(PODS + now)), Limits.DEFAULT)
        .check(Expectation.parse(sentence), directory);
  }

  private static Cluster read(String text) {
    return Manifests.read(Source.text("now.yaml", text)).cluster();
  }
}
