package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts where pins are others', are gone, or are of another program, and where an interface or a disk is not as they wish. */
class BpfPinsTest {

  private final String link = "ppin" + ProcessHandle.current().pid() % 100_000;

  @TempDir
  private Path directory;

  private Kernel kernel;

  @BeforeEach
  void anInterface() throws Exception {
    Engines.require("bpftool", "clang", "tc", "ip", "flock", "mount");
    kernel = new Kernel(directory);
    sh("ip link add " + link + " type veth peer name " + link + "p");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (kernel != null) {
      kernel.close();
      sh("ip link del " + link);
    }
  }

  private static Artifact artifact(int seed) throws Exception {
    return Bpf.backend()
        .compile(Plan.of(RandomCluster.of(seed, BpfKernelTest.PROFILE)), Scope.CLUSTER);
  }

  private String sh(String command) throws IOException {
    return kernel.run(List.of("sh", "-c", command));
  }

  private String remove() {
    return "sh " + directory.resolve("remove.sh");
  }

  private String filters(String device) throws IOException {
    return sh(
        "tc filter show dev " + device + " ingress; tc filter show dev " + device + " egress");
  }

  private String pins() throws IOException {
    return sh("find " + kernel.pin() + " | sort");
  }

  @Test
  void removingTheProgramOfOneDirectoryLeavesTheInterfacesThatAnotherPolices() throws Exception {
    kernel.apply(artifact(1), link);
    String before = filters(link);
    String other = "POSTERN_PIN=" + kernel.pin() + "-other ";
    sh(other + "sh " + directory.resolve("apply.sh") + " " + link + "p");
    assertThatThrownBy(() -> sh(other + "sh " + directory.resolve("apply.sh") + " " + link))
        .hasMessageContaining("a filter of another program")
        .hasMessageContaining("nothing was changed");
    sh(other + remove());
    assertThat(filters(link)).isEqualTo(before).contains("from_pod", "to_pod");
    assertThat(filters(link + "p")).doesNotContain("from_pod", "to_pod");
  }

  @Test
  void withItsPinsGoneRemovingSaysWhereProgramsAreAttached() throws Exception {
    kernel.apply(artifact(1), link);
    String before = filters(link);
    sh("rm -r " + kernel.pin());
    assertThatThrownBy(() -> sh(remove()))
        .hasMessageContaining(link + " ingress")
        .hasMessageContaining("nothing was changed")
        .hasMessageContaining("apply.sh makes pins");
    assertThat(filters(link)).isEqualTo(before);
    kernel.apply(artifact(1));
    sh(remove());
    assertThat(filters(link)).doesNotContain("from_pod", "to_pod");
  }

  @Test
  void aDirectoryOfPinsOfOthersStaysAsItIs() throws Exception {
    sh("mkdir -p " + kernel.pin() + "/maps");
    for (String name :
        List.of("maps/theirs", "loaded", "next-hop", "at-home", "policy", "first-x")) {
      sh("bpftool map create " + kernel.pin() + "/" + name
          + " type array key 4 value 4 entries 1 name theirs");
    }
    String before = pins();
    assertThatThrownBy(() -> kernel.apply(artifact(1), link))
        .hasMessageContaining("nothing was changed: what is in " + kernel.pin());
    assertThat(pins()).isEqualTo(before);
    sh(remove());
    assertThat(pins()).isEqualTo(before);
    assertThat(filters(link)).isEmpty();
    sh("rm -r " + kernel.pin());
  }

  @Test
  void aProgramThatWasLoadedFromAnotherSourceIsNotTakenForThisOne() throws Exception {
    kernel.apply(artifact(1), link);
    String source = sh("ls " + kernel.pin() + "/prog | grep source-").strip();
    sh("mv " + kernel.pin() + "/prog/" + source + " " + kernel.pin() + "/prog/source-older");
    String pins = pins();
    assertThatThrownBy(() -> kernel.apply(artifact(2), link))
        .hasMessageContaining("was loaded from another postern.c")
        .hasMessageContaining("nothing was changed");
    assertThat(pins()).isEqualTo(pins);
  }

  @Test
  void anInterfaceMayHaveAnyName() throws Exception {
    String odd = "p@" + ProcessHandle.current().pid() % 100_000 + "$(x)";
    sh("ip link add '" + odd + "' type bridge");
    try {
      kernel.apply(artifact(1), odd);
      assertThat(filters("'" + odd + "'")).contains("from_pod", "to_pod");
      sh(remove());
      assertThat(filters("'" + odd + "'")).doesNotContain("from_pod", "to_pod");
    } finally {
      sh("ip link del '" + odd + "'");
    }
  }

  @Test
  void whereItCannotBeAttachedNothingIsChanged() throws Exception {
    kernel.apply(artifact(1));
    String pins = pins();
    for (String qdisc : List.of("ingress", "ingress_block 22 egress_block 23 clsact")) {
      sh("tc qdisc add dev " + link + " " + qdisc);
      assertThatThrownBy(() -> kernel.apply(artifact(2), link))
          .hasMessageContaining("nothing was changed");
      assertThat(pins()).isEqualTo(pins);
      sh("tc qdisc del dev " + link + " " + (qdisc.equals("ingress") ? qdisc : "clsact"));
    }
  }

  @Test
  void onAFullDiskNothingIsRemovedOrAll() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    int refused = 0;
    for (int pages = 0; pages < 7; pages++) {
      kernel.apply(artifact(1), link);
      sh("mount -t tmpfs -o size=64k none " + disk);
      try {
        sh("dd if=/dev/zero of=" + disk + "/filler bs=4096 count=" + (16 - pages));
        String said = sh("TMPDIR=" + disk + " " + remove() + "; echo status $?");
        if (said.endsWith("status 0\n")) {
          assertThat(filters(link)).as(said).doesNotContain("from_pod", "to_pod");
        } else {
          assertThat(filters(link)).as(said).contains("from_pod", "to_pod");
          refused++;
        }
      } finally {
        sh("umount " + disk);
      }
    }
    assertThat(refused).isBetween(1, 6);
  }
}
