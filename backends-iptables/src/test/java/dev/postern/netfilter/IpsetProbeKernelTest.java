package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.deadline.Deadline;
import dev.postern.iptables.IpsetProbe;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kernel without {@code skbinfo} is told, and that the rules for it work there; ipset plays that kernel. */
class IpsetProbeKernelTest {

  @TempDir
  private Path home;

  @BeforeAll
  static void require() {
    Engines.require("iptables", "ip6tables", "ipset", "unshare");
  }

  private String ipset(String condition) throws IOException {
    Path script = home.resolve("ipset");
    Files.writeString(script, "#!/bin/sh\n" + condition + "\nexec ipset \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.toString();
  }

  /** Knows no {@code skbinfo}, neither as an argument nor in what it restores. */
  private String old() throws IOException {
    return ipset("""
        refuse() { echo 'ipset v7.17: Kernel error received: Invalid argument' >&2; exit 1; }
        case "$*" in
          *skbinfo*) refuse ;;
          restore*) cat > %1$s/lines; grep -q skbinfo %1$s/lines && refuse; exec ipset "$@" < %1$s/lines ;;
        esac""".formatted(home));
  }

  @Test
  void theKernelSaysWhatItHas() throws IOException {
    assertThat(IpsetProbe.here().hasMarks()).isTrue();
    assertThat(new IpsetProbe(old()).hasMarks()).isFalse();
    String none = ipset("echo 'ipset v7.17: Cannot open session to kernel.' >&2; exit 1");
    assertThatThrownBy(() -> new IpsetProbe(none).hasMarks())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot open session");
    assertThatThrownBy(() -> new IpsetProbe(home.resolve("nowhere").toString()).hasMarks())
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatItHasNotIsFoundBeforeAnythingChangesAndTheOtherRulesWorkThere() throws Exception {
    Map<String, String> environment = Map.of("IPSET", old());
    try (RouterLab lab = RouterLab.open()) {
      Cluster cluster = RandomCluster.of(3, NftablesKernelTest.PROFILE);
      Artifact marks = Iptables.backend().compile(Plan.of(cluster), Scope.CLUSTER);
      assertThatThrownBy(() -> lab.apply(marks.files(), "apply.sh", environment))
          .hasMessageContaining("has no skbinfo, nothing was changed");
      assertThat(lab.inRouter("ipset", "list", "-n")).isEmpty();
      assertThat(lab.inRouter("iptables-save")).doesNotContain("POSTERN");

      KernelVerdicts verdicts = new KernelVerdicts(lab);
      Artifact without = Iptables.backend().withoutMarks().compile(Plan.of(cluster), Scope.CLUSTER);
      lab.apply(without.files(), "apply.sh", environment);
      assertThat(verdicts.differences(cluster, Options.DEFAULT, new Random(3), 300))
          .isEmpty();
      assertThat(verdicts.denied()).isGreaterThan(20);
    }
  }

  @Test
  void whatPrintsWithoutEndIsEndedAndRefused() throws IOException {
    String endless = ipset("exec yes 'ipset v7.17: marks'");
    assertThatThrownBy(() -> new IpsetProbe(endless).hasMarks())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("prints more than");
  }

  @Test
  void whatDoesNotEndIsEndedWhenTimeIsOver() throws IOException {
    String endless = ipset("echo $$ > " + home + "/pid; exec tail -f /dev/null");
    AtomicLong clock = new AtomicLong();
    Deadline soon = Deadline.after(
        Duration.ofMillis(800), () -> clock.getAndAdd(Duration.ofMillis(100).toNanos()));
    assertThatThrownBy(() -> soon.during(() -> new IpsetProbe(endless).hasMarks()))
        .isInstanceOf(Deadline.Passed.class)
        .hasMessageContaining("did not answer in time");
    if (Files.exists(home.resolve("pid"))) {
      long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
      ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
    }
  }
}
