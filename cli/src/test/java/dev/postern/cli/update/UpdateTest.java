package dev.postern.cli.update;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern prove --delta}: updates as the command writes them, and as nobody should. */
class UpdateTest {

  @TempDir
  Path folder;

  private Path before = Path.of("..", "examples", "queue", "cluster.yaml");

  private Path after;

  @BeforeEach
  void manifestsOfAfter() throws IOException {
    String text = Files.readString(before)
        .replace("ports: [{port: 5432}]\n---", "ports: [{port: 5432}, {port: 5433}]\n---")
        .replace("10.244.1.5", "10.244.1.9");
    after = Files.writeString(folder.resolve("after.yaml"), text);
  }

  private Path written(String target, String name, String... more) {
    Path out = folder.resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("compile", "--to", target, "--out", out.toString()));
    arguments.addAll(Arrays.asList(more));
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.YES);
    return out;
  }

  /** The dumps' flags of a node on which the whole artefact of before is in force. */
  private List<String> state(String target) throws IOException {
    Path whole = written(target, "whole-" + target, "-f", before.toString());
    if (target.equals("nftables")) {
      Path rules;
      try (var files = Files.list(whole)) {
        rules =
            files.filter(file -> file.toString().endsWith(".nft")).findFirst().orElseThrow();
      }
      return List.of("--nft", rules.toString());
    }
    Path sets = Files.writeString(
        folder.resolve("sets"),
        Files.readString(whole.resolve("ipset.restore"))
            + Files.readString(whole.resolve("mark.restore")));
    return List.of(
        "--iptables-save",
        whole.resolve("iptables.restore").toString(),
        "--ipset-save",
        sets.toString());
  }

  private Path delta(String target) {
    return written(target, "delta-" + target, "--since", before.toString(), "-f", after.toString());
  }

  private Run prove(Path delta, List<String> state, String... more) {
    List<String> arguments = new ArrayList<>(List.of(
        "prove",
        "--delta",
        delta.toString(),
        "--since",
        before.toString(),
        "-f",
        after.toString()));
    arguments.addAll(state);
    arguments.addAll(Arrays.asList(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void anUpdateAsItIsWrittenIsProved() throws IOException {
    for (String target : List.of("iptables", "nftables")) {
      Run run = prove(delta(target), state(target));

      assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
      assertThat(run.out())
          .startsWith("proved: the update leads from what the old manifests say")
          .contains("before the update:\nproved", "after the update:\nproved")
          .contains("taken for granted: that the commands run at all");
    }
  }

  /** A client that moves from one set of peers to another, both of which reach a port. */
  private static final String MOVING = """
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: x, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: mover, namespace: x, labels: {app: %s}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: x, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: batch, namespace: x, labels: {app: batch}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.4}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: x}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}]
          - from: [{podSelector: {matchLabels: {app: batch}}}]
            ports: [{port: 5432}, {port: 5433}]
      """;

  @Test
  void linesInAnotherOrderAreRefutedWithTheStateThatStrays() throws IOException {
    before = Files.writeString(folder.resolve("before.yaml"), MOVING.formatted("web"));
    after = Files.writeString(folder.resolve("moved.yaml"), MOVING.formatted("batch"));
    Path delta = delta("iptables");
    Path members = delta.resolve("3-members.restore");
    List<String> lines = new ArrayList<>(Files.readAllLines(members));
    assertThat(prove(delta, state("iptables")).status()).isEqualTo(ExitStatus.YES);
    Collections.reverse(lines);
    Files.write(members, lines);
    Run run = prove(delta, state("iptables"));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out())
        .startsWith("differs: ")
        .contains("on the way: state ", "3-members.restore:", "before and after the update ");
  }

  @Test
  void anUpdateThatForgetsAMemberEndsElsewhere() throws IOException {
    Path delta = delta("nftables");
    Path step;
    try (var files = Files.list(delta)) {
      step = files
          .filter(file -> contains(file, "create element inet postern s_"))
          .findFirst()
          .orElseThrow();
    }
    Files.writeString(
        step, Files.readString(step).replaceFirst("create element inet postern s_[^\\n]*\\n", ""));
    Run run = prove(delta, state("nftables"), "-o", "json");

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("verdict").asText()).isEqualTo("differs");
    assertThat(json.path("before").path("verdict").asText()).isEqualTo("proved");
    assertThat(json.path("after").path("verdict").asText()).isEqualTo("differs");
  }

  private static boolean contains(Path file, String text) {
    try {
      return file.toString().endsWith(".nft") && Files.readString(file).contains(text);
    } catch (IOException problem) {
      throw new AssertionError(problem);
    }
  }

  @Test
  void aStateThatTheUpdateIsNotForIsRefused() throws IOException {
    Path other = written("iptables", "other", "-f", after.toString());
    Run run = prove(
        delta("iptables"),
        List.of(
            "--iptables-save",
            other.resolve("iptables.restore").toString(),
            "--ipset-save",
            other.resolve("ipset.restore").toString()));

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("its apply.sh would refuse and change nothing");
  }

  @Test
  void aCommandThatTheToolWouldRefuseIsNoUpdate() throws IOException {
    Path commands = Files.writeString(
        folder.resolve("change.nft"), "delete element inet postern egress4 { 10.9.9.9 }\n");
    Run run = prove(commands, state("nftables"));

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("change.nft:1:1: error: ");
  }

  @Test
  void aLineOfWhichItIsNotKnownThatTheToolTakesItIsNeverProved() throws IOException {
    for (String line : List.of(
        "add chain inet postern drop",
        "table inet postern { set x_1 { type ipv4_addr; size 1; }; }",
        "add rule inet postern judge tcp dport 80 udp dport 53 return")) {
      Path commands = Files.writeString(folder.resolve("change.nft"), "\n" + line + "\n");
      Run run = prove(delta("nftables"), state("nftables"), "--delta", commands.toString());

      assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.err()).contains("change.nft:2:1: error: `");
    }
  }

  @Test
  void aHandWrittenChangeIsHeldAgainstTheManifestsAsWell() throws IOException {
    Path commands = Files.writeString(
        folder.resolve("change.nft"), "add rule inet postern judge ip saddr 10.244.1.6 drop\n");
    Run run = prove(commands, state("nftables"));

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("after the update:\ndiffers");
  }

  @Test
  void othersUpdatesAreNotRead() throws IOException {
    Path flows = Files.writeString(folder.resolve("flows"), "");
    Run run = prove(delta("iptables"), List.of("--ovs-flows", flows.toString()));

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("--delta reads updates of iptables and nftables");
  }

  @Test
  void theManifestsOfBeforeAreNeeded() {
    Run run = Run.of("prove", "--delta", "x", "-f", after.toString(), "--nft", "y");

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("--delta and --since go together");
  }

  @Test
  void whatFollowsAnUpdateIsDoneAfterIt() throws IOException {
    Path open =
        Files.writeString(folder.resolve("open.nft"), "insert rule inet postern judge return\n");
    Run run = prove(delta("nftables"), state("nftables"), "--delta", open.toString());

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("after the update:\ndiffers");
  }

  @Test
  void aDirectoryWithoutFilesIsNoUpdate() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Run run = prove(empty, state("nftables"));

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("it holds no file");
  }
}
