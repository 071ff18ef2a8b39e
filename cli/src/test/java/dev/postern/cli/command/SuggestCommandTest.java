package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuggestCommandTest {

  private static final String SEEN = "../examples/seen";
  private static final String FLOWS = SEEN + "/flows.csv";

  @TempDir
  Path directory;

  private static Run suggest(String... more) {
    List<String> arguments = new ArrayList<>(List.of("suggest", FLOWS, "-f", SEEN));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void whatItPrintsIsReadByTheOtherCommandsAndAllowsTheTraffic() throws IOException {
    Run run = suggest();
    assertThat(run.status()).as(run.err()).isZero();
    Path policies = Files.writeString(directory.resolve("policies.yaml"), run.out());
    Run replay = Run.of("replay", FLOWS, "-f", SEEN, "-f", policies.toString());
    assertThat(replay.out()).contains("0 would break, 0 would open");
    assertThat(Run.of("lint", SEEN, policies.toString()).out()).doesNotContain("error");
    // And again: nothing is left to suggest.
    Run again = suggest("-f", policies.toString());
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).contains("suggested: 0 policies").contains("already isolated");
  }

  @Test
  void aNamespaceIsDeniedTheRestWhereThatIsAskedFor() throws IOException {
    for (String kind : List.of("NetworkPolicy", "ClusterNetworkPolicy")) {
      Run run = suggest("--default-deny", "--kind", kind);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).contains("# namespace library: what no other policy allows is denied");
      Path policies = Files.writeString(directory.resolve("policies.yaml"), run.out());
      assertThat(Run.of("replay", FLOWS, "-f", SEEN, "-f", policies.toString()).out())
          .contains("0 would break");
      assertThat(suggest("--default-deny", "--kind", kind, "-f", policies.toString())
              .out())
          .isEmpty();
    }
    assertThat(suggest("--default-deny", "--for", "library/db").err())
        .contains("--default-deny is for whole namespaces");
  }

  @Test
  void prioritiesOfClusterNetworkPoliciesAreChosen() {
    String kind = "ClusterNetworkPolicy";
    assertThat(suggest("--kind", kind, "--priority", "42").out())
        .contains("priority: 42")
        .doesNotContain("priority: 500");
    assertThat(suggest("--kind", kind).out()).contains("priority: 500");
    assertThat(suggest("--priority", "42").err()).contains("is about ClusterNetworkPolicies");
    assertThat(suggest("--kind", kind, "--priority", "999").err()).contains("0 to 998");
  }

  @Test
  void aCallThatABaselineDeniesFirstIsNotSuggestedForAgainAndAgain() throws IOException {
    Path baseline = Files.writeString(directory.resolve("baseline.yaml"), """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: no-db}
        spec:
          tier: Baseline
          priority: 100
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app.kubernetes.io/name: db}}}}
          ingress: [{action: Deny, from: [{namespaces: {}}]}]
        """);
    List<String> with = List.of("--kind", "ClusterNetworkPolicy", "-f", baseline.toString());
    Run first = suggest(with.toArray(String[]::new));
    assertThat(first.status()).as(first.err()).isEqualTo(1);
    assertThat(first.err()).contains("still denied");
    Path policies = Files.writeString(directory.resolve("policies.yaml"), first.out());
    List<String> again = new ArrayList<>(with);
    again.addAll(List.of("-f", policies.toString()));
    assertThat(suggest(again.toArray(String[]::new)).out()).isEmpty();
    // Before it, the call passes.
    List<String> before = new ArrayList<>(with);
    before.addAll(List.of("--priority", "50"));
    assertThat(suggest(before.toArray(String[]::new)).status()).isZero();
  }

  @Test
  void everyPolicyHasAFileOfItsOwnWhereADirectoryIsGiven() throws IOException {
    Path out = directory.resolve("policies");
    Run run = suggest("--out", out.toString());
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEmpty();
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder(
              "library.catalogue.yaml", "library.db.yaml", "library.web.yaml");
    }
    assertThat(suggest("--out", FLOWS).err()).contains("is no directory");
  }

  @Test
  void jsonHoldsThePoliciesTheEdgesAndTheDifference() throws IOException {
    JsonNode json = new ObjectMapper().readTree(suggest("-o", "json").out());
    assertThat(json.path("policies")).hasSize(3);
    assertThat(json.path("policies").path(0).path("yaml").asText()).contains("kind: NetworkPolicy");
    assertThat(json.path("edges")).hasSize(6);
    assertThat(json.path("difference").path("opened")).isEmpty();
    assertThat(json.path("difference").path("closed")).isNotEmpty();
    assertThat(json.path("denied").asInt()).isEqualTo(3);
    assertThat(json.path("unresolved")).isEmpty();
  }

  @Test
  void flowsThatNoPolicyCanNameLeaveItUndecidedUnlessTheyAreAllowedTo() throws IOException {
    Path log = Files.writeString(
        directory.resolve("more.csv"),
        Files.readString(Path.of(FLOWS)) + ",library,gone,,library,db,tcp,5432,forwarded,2,,\n");
    Run run = Run.of("suggest", log.toString(), "-f", SEEN);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .contains("in no policy, and perhaps cut off by one: 2 flows")
        .contains("2: library/gone is not in the manifests");
    assertThat(
            Run.of("suggest", log.toString(), "-f", SEEN, "--allow-unresolved").status())
        .isZero();
  }

  @Test
  void aStatementThatWouldBreakIsANo() throws IOException {
    Path spec = Files.writeString(
        directory.resolve("library.postern"),
        "library/web can reach library/catalogue on 9000\nlibrary/web can reach library/db on 5432\n");
    Run run = suggest("--spec", spec.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("broken: library/web can reach library/db on 5432 (" + spec + ":2)")
        .doesNotContain("broken: library/web can reach library/catalogue");
  }

  /** What manifests demand is demanded of every change of them, and files that break it are not written. */
  @Test
  void statementsAmongTheManifestsAreCheckedAndNoFileIsWrittenThatBreaksOne() throws IOException {
    Path manifests = Files.createDirectory(directory.resolve("library"));
    Files.copy(Path.of(SEEN, "library.yaml"), manifests.resolve("library.yaml"));
    Path policy = Files.writeString(manifests.resolve("db.yaml"), """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: library}
        spec:
          podSelector: {matchLabels: {app.kubernetes.io/name: db}}
          policyTypes: [Ingress, Egress]
        """);
    String before = Files.readString(policy);
    Path spec = Files.writeString(
        manifests.resolve("library.postern"),
        "library/catalogue cannot reach library/db on 5432\nlibrary/gone can reach library/db\n");
    Path out = directory.resolve("out");
    Run run =
        Run.of("suggest", FLOWS, "-f", manifests.toString(), "--merge", "--out", out.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("broken: library/catalogue cannot reach library/db on 5432 (" + spec + ":1)")
        .contains(spec + ":2: warning: ")
        .contains("no file was written, since a statement would break");
    assertThat(Files.readString(policy)).isEqualTo(before);
    assertThat(out).doesNotExist();
    Run another = Run.of(
        "suggest",
        FLOWS,
        "-f",
        manifests.resolve("library.yaml").toString(),
        "-f",
        policy.toString());
    assertThat(another.err()).doesNotContain("broken");
  }

  @Test
  void rulesAreWrittenIntoExistingPoliciesWhereThatIsAskedFor() throws IOException {
    Path manifests = Files.createDirectory(directory.resolve("library"));
    Files.copy(Path.of(SEEN, "library.yaml"), manifests.resolve("library.yaml"));
    String before = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: library} # ours
        spec:
          podSelector: {matchLabels: {app.kubernetes.io/name: db}}
          policyTypes: [Ingress, Egress]
        """;
    Path file = Files.writeString(manifests.resolve("db.yaml"), before);
    Run diff = Run.of("suggest", FLOWS, "-f", manifests.toString(), "--merge", "--diff");
    assertThat(diff.out()).contains("+  ingress:").contains("name: web");
    assertThat(Files.readString(file)).isEqualTo(before);
    Run run = Run.of("suggest", FLOWS, "-f", manifests.toString(), "--merge");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("merged: library/db into NetworkPolicy library/db (" + file);
    assertThat(run.out()).doesNotContain("# library/db:");
    assertThat(Files.readString(file))
        .startsWith(before)
        .contains("# library/catalogue on tcp/5432: 1204 flows");
  }

  @Test
  void optionsThatSayNothingAreRefused() {
    assertThat(suggest("--max-blocks", "0").err()).contains("--max-blocks takes at least 1");
    assertThat(suggest("--widen", "/33").err())
        .contains("--widen takes /1 to /32 for IPv4, not /33");
    assertThat(suggest("--widen", "x").err()).contains("--widen takes a prefix length");
    assertThat(suggest("--for", "nobody").err()).contains("--for names no namespace");
    assertThat(suggest("--diff").err()).contains("--diff shows what --merge writes");
    assertThat(suggest("--merge", "--kind", "ClusterNetworkPolicy").status()).isEqualTo(2);
  }

  /** With and without picocli, which reads a line that an option stands twice in. */
  @Test
  void aNameOfNobodyAndAnEmptyOneAreBadUsage() {
    for (String[] more : new String[][] {{"--for", "nobody"}, {"--out", ""}}) {
      Run run = Run.of("suggest", FLOWS, "-f", SEEN, more[0], more[1]);
      assertThat(run.status()).as("%s", more[0]).isEqualTo(2);
      assertThat(run.err())
          .startsWith("postern: error: ")
          .contains(more[0])
          .doesNotContain("internal error");
    }
  }

  @Test
  void optionsShapeThePolicies() {
    assertThat(suggest("--widen", "/24").out())
        .contains("cidr: \"198.51.100.0/24\"")
        .contains("# 198.51.100.0/24 admits 254 addresses that were not seen, beside 2 that were");
    assertThat(suggest("--generalise", "namespace").out()).contains("- podSelector: {}");
    assertThat(suggest("--per", "namespace").out()).contains("name: library\n");
    assertThat(suggest("--direction", "ingress").out()).doesNotContain("egress");
    assertThat(suggest("--port-numbers").out()).contains("port: 5432");
    assertThat(suggest("--no-dns").out()).doesNotContain("though it was not seen to ask");
    assertThat(suggest("--for", "library/db").out()).doesNotContain("name: web\n  namespace");
  }
}
