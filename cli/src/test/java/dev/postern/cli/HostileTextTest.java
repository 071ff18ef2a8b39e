package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and values that would be commands to a terminal or to a CI system that reads logs, through whole commands. */
class HostileTextTest {

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: a, namespace: s}
      spec: {containers: [{name: c, image: x}]}
      """;

  @TempDir
  Path directory;

  private static void isHarmless(Run run) {
    assertThat((run.out() + run.err()).lines())
        .noneMatch(line -> line.stripLeading().startsWith("::"))
        .noneMatch(line -> line.contains("##["))
        .noneMatch(line -> line.codePoints().anyMatch(dev.postern.diagnostic.Printable::isUnsafe));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void aFileNameStartsNoLine() throws IOException {
    file("x\n::error::name\u001b[2J.yaml", "kind: Pod\nnope: {");
    for (List<String> command : List.of(
        List.of("lint"),
        List.of("lint", "-o", "md"),
        List.of("lint", "-o", "junit"),
        List.of("connectivity"),
        List.of("can", "s/a", "reach", "s/a", "on", "80"))) {
      String[] arguments = java.util.stream.Stream.concat(
              command.stream(), java.util.stream.Stream.of("-f", directory.toString()))
          .toArray(String[]::new);
      Run run = Run.of(arguments);
      assertThat(run.out() + run.err()).contains("x\\", "error");
      isHarmless(run);
    }
  }

  @Test
  void aNameThatBeginsLikeACommandIsNone() {
    Run run = Run.of("can", "s/a", "reach", "s/a", "-f", "::error::no such file");
    assertThat(run.err()).startsWith("\\::error::no such file: error: ");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    isHarmless(run);
  }

  @Test
  void anExternalNameStartsNoLine() throws IOException {
    Path manifest = file(
        "a.yaml",
        POD
            + "---\napiVersion: v1\nkind: Service\nmetadata: {name: ext, namespace: s}\n"
            + "spec: {type: ExternalName, externalName: \"x\\n::error::pwn\"}\n");
    isHarmless(
        Run.of("can", "s/a", "reach", "service", "s/ext", "on", "80", "-f", manifest.toString()));
    isHarmless(
        Run.of("why", "s/a", "reach", "service", "s/ext", "on", "80", "-f", manifest.toString()));
    isHarmless(Run.of("lint", "-f", manifest.toString()));
  }

  @Test
  void aRecordedFlowStartsNoLine() throws IOException {
    Path manifest = file("a.yaml", POD);
    Path flows = file("flows.json", """
        {"flow":{"time":"t\\n::error::time","verdict":"DROPPED\\n::error::v","IP":{"source":"1.2.3.4","destination":"x\\n::error::ip"},\
        "l4":{"TCP":{"source_port":1,"destination_port":80}},"source":{"namespace":"s\\n::error::ns","pod_name":"p\\r\\n::error::pod"},\
        "destination":{"namespace":"s","pod_name":"a"},"traffic_direction":"INGRESS","Type":"L3_L4"}}
        {"flow":{"time":"t\\n::error::time","verdict":"FORWARDED","IP":{"source":"1.2.3.4","destination":"5.6.7.8"},\
        "l4":{"TCP":{"source_port":1,"destination_port":80}},"source":{"namespace":"s\\n::error::ns","pod_name":"p\\r\\n::error::pod"},\
        "destination":{"namespace":"s","pod_name":"gone\\u202e\\n::error::x"},"Type":"L3_L4"}}
        """);
    isHarmless(Run.of("replay", flows.toString(), "-f", manifest.toString()));
    isHarmless(Run.of("replay", flows.toString(), "-f", manifest.toString(), "-o", "json"));
  }

  @Test
  void aStatementAndAQuestionStartNoLine() throws IOException {
    Path manifest = file("a.yaml", POD);
    Path spec = file("a.postern", "s/a can reach s/\u2028::error::b\n\u001b[31ms/a can # TODO\n");
    for (String format : List.of("text", "tap", "junit", "json")) {
      isHarmless(Run.of("test", spec.toString(), "-f", manifest.toString(), "-o", format));
    }
    isHarmless(Run.of("can", "s/a\n::error::x", "reach", "s/\u202ea", "-f", manifest.toString()));
    isHarmless(Run.of("can", "--no-such\n::error::option"));
    isHarmless(Run.of("\n::error::command"));
  }

  @Test
  void linesOfAnotherProgramStartNoLine() throws IOException {
    Path manifest = file("a.yaml", POD);
    for (String flag : List.of("--iptables-save", "--nft-ruleset", "--ovs-flows", "--ovn-nb")) {
      Path dump =
          file("dump\n::error::" + flag, "*filter\n\u001b[2J\r::error::cr\n-A X ##[error]x\n");
      isHarmless(Run.of("prove", "-f", manifest.toString(), flag, dump.toString()));
    }
  }
}
