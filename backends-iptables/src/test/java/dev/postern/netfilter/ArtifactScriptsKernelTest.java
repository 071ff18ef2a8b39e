package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.Options;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artefacts that are not whole, scripts that are cut off, run twice at once, or beside rules of others that look like ours. */
class ArtifactScriptsKernelTest {

  private static final List<Incremental> TARGETS = List.of(Nftables.backend(), Iptables.backend());

  /** Cut places of a file that are tried. */
  private static final int CUTS = 12;

  private static RouterLab lab;

  @TempDir
  private Path home;

  private final Cluster before = RandomCluster.of(2, DeltaStatesTest.SMALL);
  private final Cluster after = RandomCluster.of(4, DeltaStatesTest.SMALL);

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "ipset", "nft", "flock");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static String state() {
    return (lab.inRouter("nft", "list", "ruleset") + lab.inRouter("ipset", "save"))
        .replaceAll("counter packets [0-9]+ bytes [0-9]+ ", "");
  }

  private static Artifact whole(Incremental target, Cluster cluster) throws Exception {
    return target.compile(Plan.of(cluster), Scope.CLUSTER);
  }

  private Path written(String name, Map<String, String> files) throws IOException {
    Path directory = Files.createDirectories(home.resolve(name));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    return directory;
  }

  @Test
  void aScriptFindsItsFilesThroughLinks() throws Exception {
    for (Incremental target : TARGETS) {
      Path directory = written(target.target() + "-linked", whole(target, after).files());
      Path link = Files.createSymbolicLink(
          home.resolve(target.target() + ".sh"), directory.resolve("apply.sh"));
      Path second = Files.createSymbolicLink(home.resolve(target.target() + "-2.sh"), link);
      lab.inRouter("sh", second.toString());
      assertThat(new KernelVerdicts(lab).differences(after, Options.DEFAULT, new Random(1), 200))
          .isEmpty();
      lab.apply(whole(target, after).files(), "remove.sh");
    }
  }

  @Test
  void whatIsMissingCutOffOrAlteredIsNamedAndNothingChanges() throws Exception {
    int refused = 0;
    for (Incremental target : TARGETS) {
      Artifact delta = target.delta(Plan.of(before), Plan.of(after), Scope.CLUSTER);
      for (Artifact artifact : List.of(whole(target, after), delta)) {
        lab.apply(whole(target, before).files(), "apply.sh");
        String old = state();
        for (String name : artifact.files().keySet()) {
          if (name.endsWith(".sh")) {
            continue;
          }
          String text = artifact.file(name);
          Path directory = written("broken", artifact.files());
          Files.delete(directory.resolve(name));
          refuses(directory, name + " is missing");
          Files.writeString(directory.resolve(name), text + "\n");
          refuses(directory, name + " has ");
          if (!text.isEmpty()) {
            Files.writeString(directory.resolve(name), "!" + text.substring(1));
            refuses(directory, name + " is not what was compiled");
          }
          List<String> lines = text.lines().toList();
          for (int cut = 0; cut < lines.size(); cut += Math.max(1, lines.size() / CUTS)) {
            Files.writeString(
                directory.resolve(name),
                lines.subList(0, cut).stream()
                    .map(line -> line + "\n")
                    .collect(Collectors.joining()));
            refuses(directory, name + " has ");
            refused++;
          }
          Files.delete(directory.resolve(name));
        }
        assertThat(state()).isEqualTo(old);
        assertThat(new KernelVerdicts(lab).differences(before, Options.DEFAULT, new Random(1), 200))
            .isEmpty();
        lab.apply(whole(target, before).files(), "remove.sh");
        try (Stream<Path> files = Files.list(home.resolve("broken"))) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  private static void refuses(Path directory, String says) {
    assertThatThrownBy(() -> lab.inRouter("sh", directory.resolve("apply.sh").toString()))
        .hasMessageContaining(says)
        .hasMessageContaining("nothing was changed");
  }

  @Test
  void aScriptThatIsCutOffDoesNothing() throws Exception {
    for (Incremental target : TARGETS) {
      Artifact artifact = whole(target, after);
      lab.apply(whole(target, before).files(), "apply.sh");
      String old = state();
      Path directory = written(target.target() + "-cut", artifact.files());
      for (String script : List.of("apply.sh", "remove.sh")) {
        List<String> lines = artifact.file(script).lines().toList();
        for (int cut = 2; cut < lines.size(); cut++) {
          Path file = Files.writeString(
              directory.resolve(script), String.join("\n", lines.subList(0, cut)) + "\n");
          assertThatThrownBy(() -> lab.inRouter("sh", file.toString()))
              .as("%s of %s after line %d", script, target, cut);
        }
      }
      assertThat(state()).isEqualTo(old);
      lab.apply(whole(target, before).files(), "remove.sh");
    }
  }

  @Test
  void aScriptWaitsForAnotherAndSaysWhoItIs() throws Exception {
    for (Incremental target : TARGETS) {
      Path directory = written(target.target() + "-locked", whole(target, after).files());
      for (String script : List.of("apply.sh", "remove.sh")) {
        String lock =
            "/run/postern-" + target.target() + "-$(stat -L -c %i /proc/self/ns/net).lock";
        String held = "exec 7>>\"" + lock + "\"; flock 7; echo somebody > \"" + lock + "\"; ";
        String path = directory.resolve(script).toString();
        assertThatThrownBy(
                () -> lab.inRouter("sh", "-c", held + "POSTERN_WAIT=0 sh " + path + " 7>&-"))
            .hasMessageContaining("nothing was changed: somebody")
            .hasMessageContaining("holds /run/postern-" + target.target());
        assertThat(lab.inRouter("nft", "list", "ruleset")).doesNotContain("postern", "POSTERN");
      }
    }
  }

  @Test
  void twoScriptsAtOnceBothSucceedAndLeaveNothingOver() throws Exception {
    for (Incremental target : TARGETS) {
      String one = written(target.target() + "-one", whole(target, before).files()) + "/apply.sh";
      String two = written(target.target() + "-two", whole(target, after).files()) + "/apply.sh";
      lab.inRouter(
          "sh",
          "-c",
          "set -e; for i in 1 2 3 4; do sh " + one + " & a=$!; sh " + two
              + " & b=$!; wait $a; wait $b; done; sh " + two);
      assertThat(new KernelVerdicts(lab).differences(after, Options.DEFAULT, new Random(1), 200))
          .isEmpty();
      lab.apply(whole(target, after).files(), "remove.sh");
      assertThat(lab.inRouter("nft", "list", "ruleset")).doesNotContain("postern", "POSTERN");
      assertThat(lab.inRouter("ipset", "list", "-n")).isEmpty();
    }
  }

  @Test
  void rulesOfOthersThatEndInOurNameStay() throws Exception {
    for (String tool : List.of("iptables", "ip6tables")) {
      for (String table : List.of("filter", "mangle")) {
        lab.inRouter(tool, "-t", table, "-N", "theirs");
        rule(tool, table, "FORWARD", "-j", "LOG", "--log-prefix", "POSTERN");
        rule(tool, table, "FORWARD", "-m", "comment", "--comment", "POSTERN");
        rule(
            tool,
            table,
            "FORWARD",
            "-m",
            "comment",
            "--comment",
            "about -j POSTERN",
            "-j",
            "theirs");
        rule(tool, table, "theirs", "-m", "comment", "--comment", "-set postern-", "-j", "RETURN");
      }
    }
    lab.inRouter("ipset", "create", "others", "hash:ip");
    String foreign = state();
    Artifact artifact = whole(Iptables.backend(), after);
    lab.apply(artifact.files(), "apply.sh");
    lab.apply(artifact.files(), "apply.sh");
    lab.apply(artifact.files(), "remove.sh");
    assertThat(state()).isEqualTo(foreign);
    for (String tool : List.of("iptables", "ip6tables")) {
      for (String table : List.of("filter", "mangle")) {
        lab.inRouter(tool, "-t", table, "-F");
        lab.inRouter(tool, "-t", table, "-X");
      }
    }
    lab.inRouter("ipset", "destroy", "others");
  }

  private static void rule(String tool, String table, String chain, String... words) {
    List<String> all = new ArrayList<>(List.of(tool, "-t", table, "-A", chain));
    all.addAll(List.of(words));
    lab.inRouter(all.toArray(String[]::new));
  }

  /** The tools kill the script that called them, after they have done their work. */
  @Test
  void killedAfterAnyStepTheOldOrTheNewRulesAreInForceAndTheNextRunMends() throws Exception {
    for (Incremental target : TARGETS) {
      Between between = new Between(Plan.of(before), Plan.of(after));
      Artifact artifact = whole(target, after);
      Path directory = written(target.target() + "-killed", artifact.files());
      int call = 0;
      boolean killed = true;
      while (killed) {
        lab.apply(whole(target, before).files(), "apply.sh");
        killed = lab.applyKilled(directory.resolve("apply.sh"), call++);
        assertThat(between.differences(DeltaScriptKernelTest.dump(lab, target)))
            .as("%s, killed after call %d", target, call)
            .isEmpty();
        lab.inRouter("sh", directory.resolve("apply.sh").toString());
        assertThat(new KernelVerdicts(lab).differences(after, Options.DEFAULT, new Random(1), 60))
            .isEmpty();
      }
      assertThat(call).isGreaterThan(4);
      lab.apply(artifact.files(), "remove.sh");
      assertThat(lab.inRouter("nft", "list", "ruleset")).doesNotContain("postern", "POSTERN");
    }
  }
}
