package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.lowering.PolicedPods;
import dev.postern.ovn.ovsdb.OvsdbException;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.OvnPrograms;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code compile --since} writes turns the old rows of a real database into those of a fresh compile. */
class NorthboundDeltaTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.HOST_NETWORK);

  private static final int CLUSTERS = 12;

  /** Somewhat more or less of a cluster: pods, policies, both. */
  private static Cluster changed(Cluster cluster, int how) {
    List<Workload> workloads = new ArrayList<>(cluster.workloads());
    List<Policy> policies = new ArrayList<>(cluster.policies());
    if (how != 1 && !workloads.isEmpty()) {
      workloads.remove(how % workloads.size());
    }
    if (how != 0 && !policies.isEmpty()) {
      policies.remove(how % policies.size());
    }
    return cluster.withWorkloads(workloads).withPolicies(policies);
  }

  private static Path written(OvnLab lab, Artifact artifact) throws IOException {
    Path directory = Files.createTempDirectory(lab.directory, "artefact");
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    return directory;
  }

  private static String everything(OvnLab lab) {
    return lab.run(
        "ovn-nbctl", "list", "ACL", "--", "list", "Port_Group", "--", "list", "Address_Set");
  }

  private static String apply(Path directory) {
    return directory.resolve("apply.sh").toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rowsAreThoseOfAFreshCompileAndTwiceIsAsOnce(boolean tiers) throws Exception {
    OvnPrograms release = tiers ? OvnPrograms.newer() : OvnPrograms.installed();
    Ovn backend = Ovn.backend(OvnOptions.DEFAULT.withVersion(OvnVersion.parse(release.version())))
        .skipping(PolicedPods.Unaddressed.SKIP);
    int changes = 0;
    try (OvnLab lab = new OvnLab(release)) {
      for (int seed = 0; seed < CLUSTERS; seed++) {
        Cluster one = RandomCluster.of(seed, PROFILE);
        Plan before = Plan.of(seed % 2 == 0 ? one : changed(one, seed % 3));
        Plan after = Plan.of(seed % 2 == 0 ? changed(one, seed % 3) : one);
        lab.pods(one);
        lab.run("sh", apply(written(lab, backend.compile(before, Scope.CLUSTER))));
        Artifact delta = backend.delta(before, after, Scope.CLUSTER);
        Path directory = written(lab, delta);

        lab.run("sh", apply(directory));
        String state = everything(lab);
        // The client finds nothing to do, so all rows are what a fresh compile writes.
        assertThat(lab.northbound.apply(backend.rows(after, Scope.CLUSTER)))
            .as("cluster %d", seed)
            .isZero();
        lab.run("sh", apply(directory));
        assertThat(everything(lab)).isEqualTo(state);
        changes += delta.file("transaction.json").lines().count() > 1 ? 1 : 0;
      }
    }
    assertThat(changes).isGreaterThan(CLUSTERS / 2);
  }

  @Test
  void whereOtherRowsAreInForceNothingIsChanged() throws Exception {
    Cluster one = RandomCluster.of(3, PROFILE);
    Plan before = Plan.of(one);
    Plan after = Plan.of(changed(one, 2));
    try (OvnLab lab = new OvnLab()) {
      lab.pods(one);
      Northbound other = Ovn.backend()
          .skipping(PolicedPods.Unaddressed.SKIP)
          .rows(Plan.of(changed(one, 1)), Scope.CLUSTER);
      lab.northbound.apply(other);
      Path delta = written(
          lab,
          Ovn.backend().skipping(PolicedPods.Unaddressed.SKIP).delta(before, after, Scope.CLUSTER));

      OvnLab.Ran ran = lab.tryRun("sh", apply(delta));

      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.output()).contains("other rules are there", "nothing was changed");
      assertThat(lab.northbound.apply(other)).isZero();
      assertThatThrownBy(() -> lab.northbound.turn(
              Ovn.backend().skipping(PolicedPods.Unaddressed.SKIP).rows(before, Scope.CLUSTER),
              Ovn.backend().skipping(PolicedPods.Unaddressed.SKIP).rows(after, Scope.CLUSTER)))
          .isInstanceOf(OvsdbException.class)
          .hasMessageContaining("nothing was changed");
    }
  }

  @Test
  void theClientTurnsRowsWithoutReadingThem() throws Exception {
    try (OvnLab lab = new OvnLab()) {
      for (int seed = 0; seed < CLUSTERS; seed++) {
        Cluster one = RandomCluster.of(seed, PROFILE);
        Northbound before =
            Ovn.backend().skipping(PolicedPods.Unaddressed.SKIP).rows(Plan.of(one), Scope.CLUSTER);
        Northbound after = Ovn.backend()
            .skipping(PolicedPods.Unaddressed.SKIP)
            .rows(Plan.of(changed(one, seed % 3)), Scope.CLUSTER);
        lab.pods(one);
        lab.northbound.apply(before);
        int operations = lab.northbound.turn(before, after);
        assertThat(operations > 0).isEqualTo(!before.digest().equals(after.digest()));
        assertThat(lab.northbound.turn(before, after)).isZero();
        assertThat(lab.northbound.apply(after)).isZero();
      }
    }
  }

  @Test
  void rowsOfOursThatNothingMentionsAnyMoreAreTakenAway() throws Exception {
    Northbound rows = Ovn.backend()
        .skipping(PolicedPods.Unaddressed.SKIP)
        .rows(Plan.of(RandomCluster.of(3, PROFILE)), Scope.CLUSTER);
    try (OvnLab lab = new OvnLab()) {
      lab.pods(RandomCluster.of(3, PROFILE));
      lab.northbound.apply(rows);
      lab.run(
          "ovn-nbctl",
          "--id=@acl",
          "create",
          "ACL",
          "direction=to-lport",
          "priority=1",
          "match=\"0\"",
          "action=drop",
          "external_ids:postern=owned",
          "--",
          "create",
          "Port_Group",
          "name=postern_left_over",
          "acls=@acl",
          "external_ids:postern=owned",
          "--",
          "create",
          "Address_Set",
          "name=postern_left_over",
          "external_ids:postern=owned");

      assertThat(lab.northbound.apply(rows)).isEqualTo(2);

      assertThat(everything(lab)).doesNotContain("postern_left_over", "\"0\"");
    }
  }
}
