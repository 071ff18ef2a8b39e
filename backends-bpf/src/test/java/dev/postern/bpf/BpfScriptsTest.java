package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts beside filters of other programs, and killed at any step. */
class BpfScriptsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String link = "pscr" + ProcessHandle.current().pid() % 100_000;

  @TempDir
  private Path directory;

  private Kernel kernel;

  @BeforeEach
  void anInterface() throws Exception {
    Engines.require("bpftool", "clang", "tc", "ip", "flock");
    kernel = new Kernel(directory);
    kernel.run(List.of("ip", "link", "add", link, "type", "veth", "peer", "name", link + "p"));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (kernel != null) {
      kernel.close();
      kernel.run(List.of("ip", "link", "del", link));
    }
  }

  private static Artifact artifact(int seed) throws Exception {
    return Bpf.backend()
        .compile(Plan.of(RandomCluster.of(seed, BpfKernelTest.PROFILE)), Scope.CLUSTER);
  }

  private String filters() throws Exception {
    return kernel.run(List.of("tc", "filter", "show", "dev", link, "ingress"))
        + kernel.run(List.of("tc", "filter", "show", "dev", link, "egress"));
  }

  /** A program of somebody else, under the name of one of ours. */
  private void foreign(String preference) throws Exception {
    foreignObject();
    kernel.run(List.of(
        "sh",
        "-c",
        "tc filter add dev " + link + " egress protocol all prio " + preference
            + " handle 1 bpf direct-action object-file " + directory.resolve("foreign.o")
            + " section tc"));
  }

  private void foreignObject() throws Exception {
    Path source = Files.writeString(directory.resolve("foreign.c"), """
        __attribute__((section("tc"), used)) int to_pod(void *packet) { return -1; }
        char _license[] __attribute__((section("license"), used)) = "GPL";
        """);
    String object = directory.resolve("foreign.o").toString();
    kernel.run(
        List.of("clang", "-O2", "-g", "-target", "bpf", "-c", source.toString(), "-o", object));
  }

  @Test
  void aFilterOfAnotherProgramInOurPlaceIsRefusedAndStays() throws Exception {
    kernel.run(List.of("tc", "qdisc", "add", "dev", link, "clsact"));
    foreign("49152");
    String before = filters();
    assertThatThrownBy(() -> kernel.apply(artifact(1), link))
        .hasMessageContaining(
            "a filter of another program is at preference 49152 of " + link + " egress");
    assertThat(filters()).isEqualTo(before);
    kernel.run(List.of("sh", directory.resolve("remove.sh").toString()));
    assertThat(filters()).isEqualTo(before);
  }

  @Test
  void filtersOfOthersAtOurPreferenceAreTheSameBeforeAndAfter() throws Exception {
    foreignObject();
    String object = directory.resolve("foreign.o").toString();
    List<String> neighbours = List.of(
        "protocol all prio 49152 handle 2 bpf direct-action object-file " + object + " section tc",
        "protocol all prio 49152 handle 1 bpf object-file " + object + " section tc",
        "protocol ip prio 49152 handle 1 bpf direct-action object-file " + object + " section tc",
        "protocol ip prio 49152 handle 3 bpf direct-action object-file " + object + " section tc",
        "protocol all prio 49151 handle 1 bpf direct-action object-file " + object + " section tc");
    int attached = 0;
    for (String neighbour : neighbours) {
      kernel.run(List.of("tc", "qdisc", "add", "dev", link, "clsact"));
      kernel.run(List.of("sh", "-c", "tc filter add dev " + link + " ingress " + neighbour));
      String before = filters();
      try {
        kernel.apply(artifact(1), link);
        assertThat(filters().lines()).as(neighbour).containsAll(before.lines().toList());
        assertThat(filters()).contains("from_pod", "to_pod");
        attached++;
      } catch (AssertionError refused) {
        assertThat(refused).hasMessageContaining("a filter of another program is at preference");
        assertThat(filters()).as(neighbour).isEqualTo(before);
      }
      kernel.run(List.of("sh", directory.resolve("remove.sh").toString()));
      assertThat(filters()).as(neighbour).isEqualTo(before);
      kernel.run(List.of("tc", "qdisc", "del", "dev", link, "clsact"));
    }
    assertThat(attached).isEqualTo(2);
  }

  @Test
  void aPinOfAnotherBesideOursStays() throws Exception {
    kernel.apply(artifact(1), link);
    Path theirs = Path.of(kernel.pin(), "theirs");
    kernel.run(List.of(
        "sh",
        "-c",
        "bpftool map create " + theirs + " type array key 4 value 4 entries 1 name theirs"));
    kernel.apply(artifact(2), link);
    kernel.run(List.of("sh", directory.resolve("remove.sh").toString()));
    try (Stream<Path> pins = Files.list(Path.of(kernel.pin()))) {
      assertThat(pins).containsExactly(theirs);
    }
    Files.delete(theirs);
    Files.delete(theirs.resolveSibling(".").normalize());
  }

  @Test
  void filtersOfOthersElsewhereStayAndOursIsAttachedOnce() throws Exception {
    kernel.run(List.of("tc", "qdisc", "add", "dev", link, "clsact"));
    foreign("7");
    String before = filters();
    kernel.apply(artifact(1), link);
    String applied = filters();
    assertThat(applied).contains("pref 49152", "from_pod", "to_pod");
    kernel.apply(artifact(1), link);
    assertThat(filters()).isEqualTo(applied);
    kernel.run(List.of("sh", directory.resolve("remove.sh").toString()));
    assertThat(filters()).isEqualTo(before);
  }

  /** The number of the map that a documented pin holds; -1 if it is not there. */
  private int pinned(String map) throws Exception {
    return Files.exists(Path.of(kernel.pin(), map))
        ? JSON.readTree(kernel.run(
                List.of("bpftool", "-j", "map", "show", "pinned", kernel.pin() + "/" + map)))
            .get("id")
            .asInt()
        : -1;
  }

  private int number(String map, int key) throws Exception {
    String pin = kernel.pin() + "/maps/" + map;
    String found = kernel.run(List.of(
        "bpftool",
        "-j",
        "map",
        "lookup",
        "pinned",
        pin,
        "key",
        String.valueOf(key),
        "0",
        "0",
        "0"));
    int number = 0;
    for (int i = 3; i >= 0; i--) {
      number =
          number << 8 | Integer.decode(JSON.readTree(found).get("value").get(i).asText());
    }
    return number;
  }

  @Test
  void killedAfterAnyStepTheDocumentedPinsHoldWhatTheProgramReadsOrAreNotThere() throws Exception {
    kernel.apply(artifact(2), link);
    List<String> missing = new ArrayList<>();
    boolean killed = true;
    int step = 0;
    for (; killed; step++) {
      kernel.apply(artifact(2));
      killed = kill(artifact(3), step);
      int generation = number("generation", 0) & 1;
      for (String map : List.of("identities", "policy")) {
        int pin = pinned(map);
        String slots = map.equals("identities") ? "identity_slots" : "policy_slots";
        if (pin < 0) {
          missing.add(map);
        } else {
          assertThat(pin).as("%s after step %d", map, step).isEqualTo(number(slots, generation));
        }
      }
    }
    assertThat(step).isGreaterThan(8);
    assertThat(missing).isNotEmpty();
    kernel.apply(artifact(3));
    assertThat(pinned("policy")).isPositive();
  }

  /** Applies with tools of which one call does its work and kills the script; says whether it came to that call. */
  private boolean kill(Artifact artifact, int call) throws Exception {
    Path here = Files.createTempDirectory(directory, "killed");
    for (var file : artifact.files().entrySet()) {
      Files.writeString(here.resolve(file.getKey()), file.getValue());
    }
    Path tools = Files.createTempDirectory(directory, "tools");
    Path count = Files.writeString(tools.resolve("count"), "");
    for (String name : List.of("bpftool", "mv", "rm")) {
      String real = kernel.run(List.of("sh", "-c", "command -v " + name)).strip();
      Path tool = Files.writeString(
          tools.resolve(name),
          "#!/bin/sh\n" + real + " \"$@\"\nstatus=$?\nn=$(wc -c < " + count + ")\nprintf x >> "
              + count + "\n[ $n -ne " + call + " ] || kill -9 $PPID\nexit $status\n");
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    kernel.run(List.of(
        "sh",
        "-c",
        "PATH=" + tools + ":$PATH sh " + here + "/apply.sh || [ $(wc -c < " + count + ") -gt "
            + call + " ]"));
    return Files.size(count) > call;
  }
}
