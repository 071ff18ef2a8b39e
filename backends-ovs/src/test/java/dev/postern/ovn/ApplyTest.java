package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.enforced.EnforcedRules;
import dev.postern.lowering.PolicedPods;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import dev.postern.ovn.ovsdb.OvsdbException;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bringing rows to a real northbound database: by script and by client, again and again, and away. */
class ApplyTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.HOST_NETWORK);

  private static OvnLab lab;

  @BeforeAll
  static void start() throws IOException {
    lab = new OvnLab();
  }

  @AfterAll
  static void end() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  /** A random cluster with policies that do something. */
  private static Cluster cluster(int seed) {
    return RandomCluster.of(seed, PROFILE);
  }

  private static Northbound rows(Cluster cluster) throws Refusal {
    return Ovn.backend()
        .skipping(PolicedPods.Unaddressed.SKIP)
        .rows(Plan.of(cluster), Scope.CLUSTER);
  }

  /** The same rows whatever the order in which a database or a layout has them. */
  private static Northbound sorted(Northbound rows) {
    List<SetRow> sets = new ArrayList<>();
    rows.sets()
        .forEach(set ->
            sets.add(new SetRow(set.name(), set.addresses().stream().sorted().toList(), "")));
    List<GroupRow> groups = new ArrayList<>();
    rows.groups()
        .forEach(group -> groups.add(new GroupRow(
            group.name(),
            group.ports().stream().sorted().toList(),
            group.acls().stream().sorted(Comparator.comparing(Object::toString)).toList(),
            "")));
    sets.sort(Comparator.comparing(SetRow::name));
    groups.sort(Comparator.comparing(GroupRow::name));
    return new Northbound(sets, groups);
  }

  @Test
  void theScriptBringsTheSameRowsAsTheClientAndTwiceIsAsOnce() throws Exception {
    for (int seed = 0; seed < 6; seed++) {
      Cluster cluster = cluster(seed);
      Northbound rows = rows(cluster);
      lab.pods(cluster);
      lab.northbound.apply(rows);
      assertThat(sorted(lab.northbound.rows())).isEqualTo(sorted(rows));
      assertThat(lab.northbound.apply(rows)).isZero();
      lab.northbound.remove();
      assertThat(lab.northbound.rows().groups()).isEmpty();

      Path directory = written(Ovn.backend()
          .skipping(PolicedPods.Unaddressed.SKIP)
          .compile(Plan.of(cluster), Scope.CLUSTER));
      for (int i = 0; i < 2; i++) {
        lab.run("sh", directory.resolve("apply.sh").toString());
        assertThat(sorted(lab.northbound.rows())).isEqualTo(sorted(rows));
        assertThat(lab.northbound.apply(rows)).isZero();
      }
    }
  }

  @Test
  void theScriptForManyRowsBringsThemToo() throws Exception {
    Cluster cluster = cluster(3);
    Northbound rows = rows(cluster);
    lab.pods(cluster);
    Path directory = written(Ovn.backend().draft(rows, 0).artifact());
    assertThat(directory.resolve("transact.py")).exists();
    for (int i = 0; i < 2; i++) {
      lab.run("sh", directory.resolve("apply.sh").toString());
      assertThat(sorted(lab.northbound.rows())).isEqualTo(sorted(rows));
    }
    lab.pods(Cluster.EMPTY);
    OvnLab.Ran ran = lab.tryRun("sh", directory.resolve("apply.sh").toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.output()).contains("no logical switch port of this name");
    assertThat(lab.northbound.rows().groups()).isEmpty();
  }

  private static Path written(Artifact artifact) throws IOException {
    Path directory = Files.createDirectories(lab.directory.resolve("artefact"));
    for (Map.Entry<String, String> file : artifact.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    return directory;
  }

  @Test
  void removingTakesOnlyWhatIsOurs() throws Exception {
    Cluster cluster = cluster(2);
    lab.pods(cluster);
    lab.run(
        "ovn-nbctl",
        "--",
        "pg-add",
        "theirs",
        "--",
        "--type=port-group",
        "acl-add",
        "theirs",
        "to-lport",
        "1001",
        "ip4",
        "drop",
        "--",
        "create",
        "Address_Set",
        "name=their_set",
        "addresses=10.0.0.1");
    Path directory = written(Ovn.backend()
        .skipping(PolicedPods.Unaddressed.SKIP)
        .compile(Plan.of(cluster), Scope.CLUSTER));
    lab.run("sh", directory.resolve("apply.sh").toString());
    assertThat(lab.northbound.rows().groups()).isNotEmpty();
    lab.run("sh", directory.resolve("remove.sh").toString());
    assertThat(lab.northbound.rows().groups()).isEmpty();
    assertThat(lab.northbound.rows().sets()).isEmpty();
    assertThat(lab.run("ovn-nbctl", "--bare", "--columns=name", "list", "Port_Group")
            .strip())
        .isEqualTo("theirs");
    assertThat(lab.run("ovn-nbctl", "--bare", "--columns=name", "list", "Address_Set")
            .strip())
        .isEqualTo("their_set");
    lab.run("sh", directory.resolve("remove.sh").toString());
  }

  /** All rows of the tables that policies are about, as the server prints them, with their UUIDs. */
  private static List<String> everyRow() {
    List<String> all = new ArrayList<>();
    for (String table :
        List.of("Port_Group", "Address_Set", "ACL", "Logical_Switch", "Logical_Switch_Port")) {
      lab.run("ovsdb-client", "dump", "-f", "csv", lab.remote("nb"), "OVN_Northbound", table)
          .lines()
          .forEach(row -> all.add(table + ": " + row));
    }
    all.sort(Comparator.naturalOrder());
    return all;
  }

  @Test
  void rowsOfOthersThatLookLikeOursAreTheSameBeforeAndAfter() throws Exception {
    Cluster cluster = cluster(2);
    lab.pods(cluster);
    lab.run(
        "ovn-nbctl",
        "--",
        "pg-add",
        "postern_theirs",
        "--",
        "--type=port-group",
        "acl-add",
        "postern_theirs",
        "to-lport",
        "1001",
        "ip4",
        "drop",
        "--",
        "acl-add",
        OvnLab.SWITCH,
        "from-lport",
        "900",
        "ip6",
        "allow",
        "--",
        "create",
        "Port_Group",
        "name=theirs_too",
        "external_ids:postern=not-owned",
        "--",
        "create",
        "Address_Set",
        "name=postern_set",
        "addresses=10.0.0.1",
        "external_ids:owner=postern",
        "--",
        "create",
        "Address_Set",
        "name=their_set",
        "external_ids:owned=postern");
    List<String> before = everyRow();
    Northbound rows = rows(cluster);
    for (Artifact artifact : List.of(
        Ovn.backend().draft(rows, Integer.MAX_VALUE).artifact(),
        Ovn.backend().draft(rows, 0).artifact())) {
      Path directory = written(artifact);
      for (int i = 0; i < 2; i++) {
        lab.run("sh", directory.resolve("apply.sh").toString());
        assertThat(everyRow()).hasSizeGreaterThan(before.size()).containsAll(before);
      }
      lab.run("sh", directory.resolve("remove.sh").toString());
      assertThat(everyRow()).isEqualTo(before);
    }
  }

  @Test
  void aRowOfAnotherUnderOurNameStopsTheScript() throws Exception {
    Cluster cluster = cluster(2);
    Northbound rows = rows(cluster);
    for (Artifact artifact : List.of(
        Ovn.backend().draft(rows, Integer.MAX_VALUE).artifact(),
        Ovn.backend().draft(rows, 0).artifact())) {
      lab.pods(cluster);
      lab.run(
          "ovn-nbctl", "create", "Port_Group", "name=" + rows.groups().get(0).name());
      List<String> before = everyRow();
      Path directory = written(artifact);
      assertThat(lab.tryRun("sh", directory.resolve("apply.sh").toString()).status())
          .isNotZero();
      assertThat(everyRow()).isEqualTo(before);
    }
  }

  @Test
  void aPodWithoutItsPortIsAnErrorAndNothingChanges() throws Exception {
    Cluster cluster = cluster(2);
    lab.pods(Cluster.EMPTY);
    assertThatThrownBy(() -> lab.northbound.apply(rows(cluster)))
        .isInstanceOf(OvsdbException.class)
        .hasMessageContaining("no logical switch port is called");
    Path directory = written(Ovn.backend()
        .skipping(PolicedPods.Unaddressed.SKIP)
        .compile(Plan.of(cluster), Scope.CLUSTER));
    OvnLab.Ran ran = lab.tryRun("sh", directory.resolve("apply.sh").toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.output()).contains("no logical switch port of this name");
    assertThat(lab.northbound.rows().groups()).isEmpty();
  }

  @Test
  void fromAnyRowsToAnyOthersAndNoMoreThanThatTakes() throws Exception {
    for (int seed = 10; seed < 30; seed++) {
      Cluster before = cluster(seed);
      List<Workload> workloads = new ArrayList<>(before.workloads());
      workloads.remove(seed % workloads.size());
      Cluster after = seed % 2 == 0
          ? before.withWorkloads(workloads)
          : before.withPolicies(before.policies().subList(0, before.policies().size() * 2 / 3));
      lab.pods(before);
      lab.northbound.apply(rows(before));
      lab.northbound.apply(rows(after));
      assertThat(sorted(lab.northbound.rows())).isEqualTo(sorted(rows(after)));
      lab.northbound.apply(rows(before));
      assertThat(sorted(lab.northbound.rows())).isEqualTo(sorted(rows(before)));
    }
  }

  @Test
  void oneMorePodOfAWorkloadChangesMembersOnly() throws Refusal {
    int changed = 0;
    for (int seed = 0; seed < 100; seed++) {
      Cluster before = cluster(seed);
      List<Workload> workloads = new ArrayList<>();
      for (Workload workload : before.workloads()) {
        boolean shrinks = workload.pods().size() > 1;
        workloads.add(
            shrinks
                ? new Workload(
                    workload.namespace(),
                    workload.name(),
                    workload.kind(),
                    workload.labels(),
                    workload.ports(),
                    false,
                    workload.pods().subList(1, workload.pods().size()),
                    workload.origin())
                : workload);
      }
      Northbound less = rows(before.withWorkloads(workloads));
      Northbound more = rows(before);
      if (!names(less).equals(names(more))) {
        continue;
      }
      ArrayNode delta = NorthboundDelta.changes(less, more);
      for (int i = 1; i < delta.size(); i++) {
        String op = delta.get(i).path("op").asText();
        assertThat(op).as(delta.get(i).toString()).isEqualTo("mutate");
      }
      changed += delta.size() > 1 ? 1 : 0;
    }
    assertThat(changed).isGreaterThan(30);
  }

  private static HashSet<String> names(Northbound rows) {
    HashSet<String> names = new HashSet<>();
    rows.sets().forEach(set -> names.add(set.name()));
    rows.groups().forEach(group -> names.add(group.name()));
    return names;
  }

  @Test
  void dumpBackupAndLiveSocketReadTheSame() throws Exception {
    for (int seed = 0; seed < 5; seed++) {
      Cluster cluster = cluster(seed);
      lab.pods(cluster);
      lab.northbound.apply(rows(cluster));
      EnforcedRules live = read(lab.northbound.dump());
      String remote = lab.remote("nb");
      EnforcedRules dumped =
          read(lab.run("ovsdb-client", "dump", "-f", "json", remote, "OVN_Northbound"));
      EnforcedRules backup = read(lab.run("ovsdb-client", "backup", remote, "OVN_Northbound"));
      for (String chain : live.chains().keySet()) {
        assertThat(texts(dumped, chain))
            .isEqualTo(texts(live, chain))
            .isEqualTo(texts(backup, chain));
      }
      assertThat(live.chains()).isNotEmpty();
    }
  }

  private static EnforcedRules read(String text) {
    NorthboundReader.NorthboundRules reading = NorthboundReader.read(text, "nb", PodPorts.NONE);
    assertThat(reading.problems()).isEmpty();
    return reading.rules();
  }

  private static HashSet<String> texts(EnforcedRules rules, String chain) {
    HashSet<String> texts = new HashSet<>();
    rules
        .chain(chain)
        .rules()
        .forEach(rule -> texts.add(rule.condition() + " " + rule.action() + " " + rule.text()));
    return texts;
  }
}
