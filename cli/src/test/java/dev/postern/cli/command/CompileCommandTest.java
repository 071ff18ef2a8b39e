package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompileCommandTest {

  private static final String SHOP = "../examples/shop";

  private static final String RUNNING = "../examples/running";

  @TempDir
  private Path home;

  private Run compile(String target, String... more) {
    return Run.of(Stream.concat(
            Stream.of(
                "compile", "--to", target, "--out", home.resolve("out").toString(), "-f", SHOP),
            Stream.of(more))
        .toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "bpf", "aws"})
  void everyTargetIsWrittenWithScriptsThatCanBeRun(String target) throws IOException {
    Run run = compile(target, "-f", RUNNING);

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).startsWith(home.resolve("out") + ": ").contains("apply.sh", "remove.sh");
    assertThat(Files.isExecutable(home.resolve("out/apply.sh"))).isTrue();
    assertThat(Files.isExecutable(home.resolve("out/remove.sh"))).isTrue();
    try (Stream<Path> files = Files.list(home.resolve("out"))) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".new"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables"})
  void onlyWhatDiffersIsWrittenSinceEarlierManifests(String target) {
    Run nothing = compile(target, "-f", RUNNING, "--since", SHOP, "--since", RUNNING);
    assertThat(nothing.status()).as(nothing.err()).isEqualTo(ExitStatus.YES);
    assertThat(nothing.out()).contains("made ").containsPattern("made +0\n");

    Run all = compile(target, "-f", RUNNING, "--since", RUNNING);
    assertThat(all.status()).as(all.err()).isEqualTo(ExitStatus.YES);
    assertThat(all.out()).containsPattern("made +[1-9]");
  }

  @ParameterizedTest
  @CsvSource({"iptables, iptables.restore, -j REJECT", "nftables, ruleset.nft, reject with"})
  void whatIsDeniedIsRefusedWhereThatIsAskedFor(String target, String file, String rule)
      throws IOException {
    assertThat(compile(target, "-f", RUNNING).status()).isEqualTo(ExitStatus.YES);
    assertThat(home.resolve("out").resolve(file)).content().doesNotContain(rule);

    assertThat(compile(target, "-f", RUNNING, "--deny", "reject").status())
        .isEqualTo(ExitStatus.YES);
    assertThat(home.resolve("out").resolve(file)).content().contains(rule);
  }

  @Test
  void theKernelIsAskedWhetherSetsCanHoldMarks() throws IOException {
    Engines.require("ipset", "unshare");
    Run run = compile("iptables", "-f", RUNNING, "--probe");

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(home.resolve("out/ipset.restore")).content().contains("skbinfo");
    assertThat(compile("iptables", "-f", RUNNING, "--probe", "--without-marks").status())
        .isEqualTo(ExitStatus.YES);
    assertThat(home.resolve("out/ipset.restore")).content().doesNotContain("skbinfo");
  }

  @Test
  void whatIptablesWouldDropOfServicesOfIpvsIsSaidOrRefused() {
    String policed = "--node-traffic-passes=false";
    Run told = compile("iptables", "-f", RUNNING, policed);
    assertThat(told.status()).as(told.err()).isEqualTo(ExitStatus.YES);
    assertThat(told.err()).contains("note: where IPVS serves Services");

    Run refused = compile("iptables", "-f", RUNNING, policed, "--kube-proxy", "ipvs");
    assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(refused.err()).contains("hint: --to nftables");

    for (List<String> others : List.of(
        List.of("iptables", policed, "--kube-proxy", "nftables"),
        List.of("nftables", policed, "--kube-proxy", "ipvs"),
        List.of("iptables", "--node-traffic-passes=true", "--kube-proxy", "ipvs"))) {
      Run other = compile(
          others.get(0),
          "-f",
          RUNNING,
          others.get(1),
          others.get(2),
          others.size() > 3 ? others.get(3) : "--without-marks");
      assertThat(other.err()).as("%s", others).doesNotContain("IPVS");
    }
  }

  @Test
  void aTargetThatOnlyDropsSaysSo() {
    Run run = compile("bpf", "-f", RUNNING, "--deny", "reject");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("bpf drops what is denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpf", "cilium", "aws"})
  void mapsAreChangedEntryByEntrySinceEarlierManifests(String target) throws IOException {
    String blocks = "--ip-block-matches-pods=false";
    Run nothing = compile(target, "-f", RUNNING, "--since", SHOP, "--since", RUNNING, blocks);
    assertThat(nothing.status()).as(nothing.err()).isEqualTo(ExitStatus.YES);
    assertThat(nothing.out()).containsPattern("entries put +0\n");

    Run all = compile(target, "-f", RUNNING, "--since", RUNNING, blocks);
    assertThat(all.status()).as(all.err()).isEqualTo(ExitStatus.YES);
    assertThat(all.out()).containsPattern("entries put +[1-9]");
    assertThat(Files.isExecutable(home.resolve("out/apply.sh"))).isTrue();
  }

  @Test
  void aTargetWithoutDeltasSaysSo() {
    Run run = compile("ovs", "-f", RUNNING, "--since", RUNNING);

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("ovs has no --since");
  }

  @Test
  void ciliumsMapsAreWrittenForEachPodWhereIpBlocksAreReadAsCiliumDoes() throws IOException {
    Run refused = compile("cilium", "-f", RUNNING);
    assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(refused.err()).contains("give --ip-block-matches-pods=false");

    Run run = compile("cilium", "-f", RUNNING, "--ip-block-matches-pods=false");
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).contains("ipcache.json", "identities.json", "fullest map");
    assertThat(Files.readString(home.resolve("out/ipcache.json"))).startsWith("[\n{\"key\":[\"0x");
  }

  @Test
  void ovnsAclsAreNamedLoggedRejectedAndTieredAsAskedFor() throws IOException {
    Run run = compile(
        "ovn",
        "-f",
        RUNNING,
        "--ovn-version=24.03",
        "--port-name={namespace}.{pod}",
        "--deny=reject",
        "--ovn-log",
        "--ovn-log-severity=notice",
        "--ovn-log-meter=denials",
        "--ovn-acl-name={policies}:{direction}");

    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    assertThat(Files.readString(home.resolve("out/ports.txt"))).contains("shop.db-");
    assertThat(Files.readString(home.resolve("out/transaction.json")))
        .contains(
            "\"tier\":2",
            "\"action\":\"reject\"",
            "\"severity\":\"notice\"",
            "\"meter\":\"denials\"",
            "\"name\":\"shop/allow-frontend-to-db,shop/allow-monitoring,shop/de:ingress\"")
        .doesNotContain("\"drop\"");
  }

  @Test
  void ovnsOptionsThatDoNothingOrCannotBeAreRefused() {
    Run severity = compile("ovn", "-f", RUNNING, "--ovn-log-severity=notice");
    assertThat(severity.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(severity.err()).contains("--ovn-log-severity without --ovn-log");

    Run tier = compile("ovn", "-f", RUNNING, "--ovn-tier=1");
    assertThat(tier.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(tier.err()).contains("OVN 23.03 has no tiers: 23.06 is the first that has them");

    Run version = compile("ovn", "-f", RUNNING, "--ovn-version=new");
    assertThat(version.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(version.err()).contains("`new` is no version of OVN: write it as in 23.03");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void anUnknownReleaseOfCiliumOffersThoseThatExist() {
    Run run = compile("cilium", "--cilium-version", "1.4");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("the layouts known are those of Cilium 1.16, 1.17, 1.18, 1.19");
  }

  @Test
  void aNodesArtefactHoldsThePodsOfThatNodeOnly() throws IOException {
    assertThat(compile("nftables", "-f", RUNNING, "--node", "worker-2").status())
        .isEqualTo(ExitStatus.YES);
    String two = Files.readString(home.resolve("out/ruleset.nft"));
    assertThat(compile("nftables", "-f", RUNNING).status()).isEqualTo(ExitStatus.YES);
    String all = Files.readString(home.resolve("out/ruleset.nft"));

    assertThat(two).contains("10.0.2.40").isNotEqualTo(all);
    assertThat(all.length()).isGreaterThan(two.length());
  }

  @Test
  void aPodWithoutAnAddressIsRefusedByNameAndNothingIsWritten() {
    Run run = compile("nftables");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("nftables cannot enforce this exactly: shop/db");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void aMapThatIsTooSmallIsRefused() {
    Run run =
        compile("cilium", "-f", RUNNING, "--ip-block-matches-pods=false", "--cilium-capacity", "1");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("cilium cannot enforce this exactly: ");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void podsWithoutAnAddressAreLeftOutWhereThatIsAskedFor() {
    assertThat(compile("nftables", "--skip-unaddressed").status()).isEqualTo(ExitStatus.YES);
  }

  @Test
  void manifestsWithAnErrorAreNotCompiledAtAll() {
    Run run = compile("nftables", "-f", RUNNING, "-f", "../examples/mistakes");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("forgotten-match-labels.yaml:9:5", "nothing is written");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void anUnknownNodeOffersThoseThatExist() {
    Run run = compile("iptables", "-f", RUNNING, "--node", "worker-3");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "postern: error: no node is named `worker-3` (hint: there is worker-1, worker-2)\n");
  }

  @Test
  void anUnknownTargetOffersThoseThatExist() {
    Run run = compile("ebtables");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("ebtables", "iptables, nftables, ovn, ovs, bpf");
  }

  @Test
  void aDirectoryThatIsAFileIsNamed() throws IOException {
    Files.writeString(home.resolve("out"), "");

    Run run = compile("nftables", "-f", RUNNING);

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo("postern: error: " + home.resolve("out") + " is no directory\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables", "ovn", "ovs", "bpf", "aws"})
  void everyTargetRefusesWorkloadsWithoutPodsAlike(String target) {
    Run run = compile(target);

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .contains(target + " cannot enforce this exactly: shop/db", "no address is known of it");
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void onlyTheFilesOfTheLastRunAreReplaced() throws IOException {
    Path out = home.resolve("out");
    assertThat(compile("iptables", "-f", RUNNING).status()).isEqualTo(ExitStatus.YES);
    assertThat(compile("nftables", "-f", RUNNING).status()).isEqualTo(ExitStatus.YES);
    assertThat(out.resolve("ipset.restore")).doesNotExist();
    assertThat(out.resolve("ruleset.nft")).exists();

    Files.writeString(out.resolve("notes.txt"), "mine");
    Run run = compile("bpf", "-f", RUNNING);
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("holds what `compile` did not write: notes.txt");
    assertThat(out.resolve("ruleset.nft")).exists();
    assertThat(out.resolve("notes.txt")).content().isEqualTo("mine");
  }

  @Test
  void aScriptOfSomebodyElseIsNotReplaced() throws IOException {
    Path theirs = Files.createDirectories(home.resolve("out")).resolve("apply.sh");
    Files.writeString(theirs, "theirs");

    assertThat(compile("nftables", "-f", RUNNING).status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(theirs).content().isEqualTo("theirs");
  }

  @Test
  void aLinkToADirectoryStaysOne() throws IOException {
    Path real = Files.createDirectories(home.resolve("real"));
    Files.createSymbolicLink(home.resolve("out"), real);

    assertThat(compile("nftables", "-f", RUNNING).status()).isEqualTo(ExitStatus.YES);
    assertThat(home.resolve("out")).isSymbolicLink();
    assertThat(real.resolve("ruleset.nft")).exists();
  }

  @Test
  void emptyNamesAreBadUsage() {
    Run out = Run.of("compile", "--to", "nftables", "--out", "", "-f", RUNNING);
    assertThat(out.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(out.err()).contains("--out", "an empty text names no file and no directory");

    Run file = compile("nftables", "-f", "");
    assertThat(file.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(file.err()).contains("--filename names no file");
  }

  @Test
  void aMountPointIsFilledAndAFullDiskLeavesTheOldArtefact() throws Exception {
    Engines.require("mount", "umount");
    Path disk = Files.createDirectories(home.resolve("disk"));
    assertThat(
            new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString())
                .start()
                .waitFor())
        .isZero();
    try {
      for (Path out : new Path[] {disk, disk.resolve("beside")}) {
        String[] command = {
          "compile", "--to", "nftables", "--out", out.toString(), "-f", SHOP, "-f", RUNNING
        };
        Run first = Run.of(command);
        assertThat(first.status()).as(first.err()).isEqualTo(ExitStatus.YES);
        Run again = Run.of(command);
        assertThat(again.status()).as(again.err()).isEqualTo(ExitStatus.YES);
        String ruleset = Files.readString(out.resolve("ruleset.nft"));
        Path filler = home.resolve("disk/filler");
        new ProcessBuilder("dd", "if=/dev/zero", "of=" + filler, "bs=4k")
            .redirectErrorStream(true)
            .start()
            .getInputStream()
            .readAllBytes();
        if (!out.equals(disk)) {
          Run full = Run.of(command);
          assertThat(full.status()).isEqualTo(ExitStatus.BAD_INPUT);
          assertThat(full.err()).contains("cannot write");
        }
        assertThat(out.resolve("ruleset.nft")).content().isEqualTo(ruleset);
        try (Stream<Path> files = Files.list(disk)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Files.delete(file);
          }
        }
      }
    } finally {
      assertThat(new ProcessBuilder("umount", disk.toString()).start().waitFor())
          .isZero();
    }
  }
}
