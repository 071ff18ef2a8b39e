package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.iptables.Iptables;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After {@code remove.sh} all is as it was before {@code apply.sh}, tables and built-in chains among it. */
class TracesLeftKernelTest {

  private static final Map<String, String> NFT =
      Map.of("IPTABLES", "iptables-nft", "IP6TABLES", "ip6tables-nft");
  private static final Map<String, String> LEGACY =
      Map.of("IPTABLES", "iptables-legacy", "IP6TABLES", "ip6tables-legacy");

  private RouterLab lab;

  @TempDir
  private Path home;

  private final Artifact drops = compiled(Iptables.backend());
  private final Artifact refuses = compiled(Iptables.backend().denying(Deny.REJECT));

  private static Artifact compiled(Iptables backend) {
    try {
      return backend.compile(Plan.of(RandomCluster.of(2, DeltaStatesTest.SMALL)), Scope.CLUSTER);
    } catch (Refusal refusal) {
      throw new IllegalStateException(refusal);
    }
  }

  @BeforeEach
  void open() {
    Engines.require("iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy", "nft");
    lab = RouterLab.open();
  }

  @AfterEach
  void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private String state() {
    return lab.inRouter("nft", "list", "ruleset") + lab.inRouter("ipset", "save");
  }

  private void apply(Artifact artifact) {
    lab.apply(artifact.files(), "apply.sh", NFT);
  }

  private void remove(Artifact artifact) {
    lab.apply(artifact.files(), "remove.sh", NFT);
  }

  @Test
  void whereThereWasNothingThereIsNothing() {
    assertThat(state()).isEmpty();
    for (Artifact artifact : new Artifact[] {drops, refuses}) {
      apply(artifact);
      remove(artifact);
      assertThat(state()).isEmpty();
    }
    apply(drops);
    apply(refuses);
    apply(drops);
    apply(drops);
    remove(drops);
    assertThat(state()).isEmpty();
    remove(drops);
    assertThat(state()).isEmpty();
  }

  @Test
  void tablesAndChainsThatWereThereStayThoughTheyAreEmpty() {
    lab.inRouter("nft", "add table ip mangle");
    lab.inRouter(
        "nft",
        "add table ip6 mangle { chain FORWARD { type filter hook forward priority mangle; }; }");
    lab.inRouter(
        "nft",
        "add table ip filter { chain INPUT { type filter hook input priority filter; policy drop; }; }");
    String before = state();
    for (Artifact artifact : new Artifact[] {drops, refuses}) {
      apply(artifact);
      remove(artifact);
      assertThat(state()).isEqualTo(before);
    }
  }

  @Test
  void soDoThoseThatOthersCameToUse() {
    apply(refuses);
    lab.inRouter(
        "iptables-nft", "-t", "mangle", "-A", "FORWARD", "-s", "192.0.2.1", "-j", "ACCEPT");
    lab.inRouter("iptables-nft", "-t", "mangle", "-A", "INPUT", "-s", "192.0.2.1", "-j", "ACCEPT");
    lab.inRouter("ip6tables-nft", "-t", "filter", "-P", "FORWARD", "DROP");
    lab.inRouter("nft", "add chain ip6 mangle theirs");
    lab.inRouter("nft", "add set ip filter theirs { type ipv4_addr; }");
    remove(refuses);
    assertThat(state().replaceAll("counter packets [0-9]+ bytes [0-9]+ ", "")).isEqualTo("""
            table ip filter {
            \tset theirs {
            \t\ttype ipv4_addr
            \t}
            }
            table ip mangle {
            \tchain FORWARD {
            \t\ttype filter hook forward priority mangle; policy accept;
            \t\tip saddr 192.0.2.1 accept
            \t}

            \tchain INPUT {
            \t\ttype filter hook input priority mangle; policy accept;
            \t\tip saddr 192.0.2.1 accept
            \t}
            }
            table ip6 filter {
            \tchain FORWARD {
            \t\ttype filter hook forward priority filter; policy drop;
            \t}
            }
            table ip6 mangle {
            \tchain theirs {
            \t}
            }
            """);
  }

  @Test
  void nothingIsLeftOfARunThatWasKilledAfterAnyStep() throws IOException {
    Path directory = Files.createDirectories(home.resolve("killed"));
    for (Map.Entry<String, String> file : refuses.files().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    boolean killed = true;
    for (int call = 0; killed; call++) {
      killed = lab.applyKilled(directory.resolve("apply.sh"), call);
      remove(refuses);
      assertThat(state()).as("killed after call %d", call).isEmpty();
    }
  }

  /** The kernel has the tables of iptables-legacy in every namespace that was asked for them once. */
  @Test
  void ofIptablesLegacyTheTablesSayWhatTheySaid() {
    for (String tool : new String[] {"iptables-legacy-save", "ip6tables-legacy-save"}) {
      lab.inRouter(tool, "-t", "mangle");
      lab.inRouter(tool, "-t", "filter");
    }
    String before = legacy();
    lab.apply(refuses.files(), "apply.sh", LEGACY);
    lab.apply(refuses.files(), "remove.sh", LEGACY);
    assertThat(legacy()).isEqualTo(before);
    assertThat(state()).isEmpty();
  }

  private String legacy() {
    return (lab.inRouter("iptables-legacy-save") + lab.inRouter("ip6tables-legacy-save"))
        .replaceAll("(?m)^#.*\n", "")
        .replaceAll("\\[[0-9]+:[0-9]+]", "");
  }
}
