package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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
    HostileText.isHarmless(run.out() + run.err());
  }

  private Path file(String name, String text) throws IOException {
    // A lone surrogate, which is no text, becomes a question mark.
    return Files.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
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
      String[] arguments = Stream.concat(command.stream(), Stream.of("-f", directory.toString()))
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
        "l4":{"TCP":{"source_port":50000,"destination_port":80}},"source":{"namespace":"s\\n::error::ns","pod_name":"p\\r\\n::error::pod"},\
        "destination":{"namespace":"s","pod_name":"a"},"traffic_direction":"INGRESS","Type":"L3_L4"}}
        {"flow":{"time":"t\\n::error::time","verdict":"FORWARDED","IP":{"source":"1.2.3.4","destination":"5.6.7.8"},\
        "l4":{"TCP":{"source_port":50000,"destination_port":80}},"source":{"namespace":"s\\n::error::ns","pod_name":"p\\r\\n::error::pod"},\
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
    for (String flag : List.of("--iptables-save", "--nft", "--ovs-flows", "--ovn-nb")) {
      Path dump =
          file("dump\n::error::" + flag, "*filter\n\u001b[2J\r::error::cr\n-A X ##[error]x\n");
      isHarmless(Run.of("prove", "-f", manifest.toString(), flag, dump.toString()));
    }
  }

  /** Every command that reads manifests, in every format, with hostile values in every place that takes a text. */
  private static final String HARMLESS = "../examples/shop";

  @Property(tries = 15)
  void everyCommandInEveryFormatKeepsHostileTextsToTheirPlace(
      @ForAll("hostile") String name, @ForAll("hostile") String value) throws IOException {
    directory = Files.createTempDirectory("hostile");
    try {
      // What the file system and the platform's encoding of names let pass.
      String plain = name.replaceAll("[^\\x01-\\x7e]|/", "");
      Path before = file("a" + plain + ".yaml", manifest("x"));
      Path after = file("b" + plain + ".yaml", manifest(value));
      Path flows = file(
          "f" + plain + ".json",
          "{\"flow\":{\"time\":" + quoted(value)
              + ",\"verdict\":\"FORWARDED\",\"IP\":{\"source\":\"10.0.1.11\",\"destination\":\"10.0.1.12\"},"
              + "\"l4\":{\"TCP\":{\"destination_port\":5432}},\"source\":{\"namespace\":"
              + quoted(value)
              + ",\"pod_name\":" + quoted(value) + "},\"Type\":\"L3_L4\"}}\n" + value + "\n");
      Path spec =
          file("s" + plain + ".postern", "shop/web can reach shop/db on 5432\n" + value + "\n");
      Path rules = file(
          "r" + plain + ".txt",
          "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m comment --comment \"" + value
              + "\" -j DROP\nCOMMIT\n");
      List<String> manifests = List.of("-f", after.toString());
      for (String format : List.of("text", "json", "md", "csv", "dot", "html")) {
        run(format, List.of("diff", before.toString(), after.toString()), List.of());
      }
      for (String format : List.of("text", "json", "md", "github")) {
        run(
            format,
            List.of("review", before.toString(), after.toString(), "--spec", spec.toString()),
            List.of());
      }
      for (String format : List.of("text", "json", "csv", "md")) {
        run(format, List.of("replay", flows.toString()), manifests);
      }
      for (String format : List.of("text", "json")) {
        run(format, List.of("why", "shop/web", "reach", "shop/db", "on", "5432"), manifests);
        run(format, List.of("why", "shop/web", "reach", "service", "shop/ext"), manifests);
        run(
            format,
            List.of("prove", "--by", "sets", "--iptables-save", rules.toString()),
            manifests);
      }
      run("html", List.of("connectivity"), manifests);
      for (String format : List.of("table", "json", "md", "csv")) {
        run(format, List.of("policies"), manifests);
        run(format, List.of("exposure"), manifests);
      }
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  /** Runs a command; what it prints is whole in its format, or nothing. */
  private static void run(String format, List<String> command, List<String> more) {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of("-o", format));
    arguments.addAll(more);
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.out() + run.err()).as(arguments.toString()).isNotEmpty();
    assertThat(run.err()).doesNotContain("internal error", "Exception");
    HostileText.isHarmless(run.err());
    if (!format.equals("github")) {
      HostileText.isHarmless(run.out());
    }
    if (!run.out().isEmpty()) {
      Object shape = HostileText.shape(format, run.out());
      assertThat(shape).as(run.out()).isNotNull();
      if (format.equals("csv") && shape instanceof List<?> sizes) {
        assertThat(sizes.stream().distinct()).as(run.out()).hasSize(1);
      }
      if (format.equals("html")) {
        assertThat(HostileText.withoutData(run.out()))
            .as("all but the data of the page")
            .isEqualTo(HostileText.withoutData(Run.of(
                    command.get(0).equals("diff")
                        ? new String[] {"diff", "-o", "html", HARMLESS, HARMLESS}
                        : new String[] {"connectivity", "-o", "html", "-f", HARMLESS})
                .out()));
        assertThat(HostileText.pageData(run.out()).isObject()).isTrue();
      }
    }
  }

  @Provide
  Arbitrary<String> hostile() {
    return HostileText.any();
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** Two pods, a policy and a Service, with a text in every place where one may stand. */
  private static String manifest(String value) {
    String text = quoted(value);
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web, x: TEXT}, annotations: {TEXT: TEXT}}
        spec: {containers: [{name: TEXT, image: TEXT, ports: [{containerPort: 80, name: TEXT}]}]}
        status: {podIP: 10.0.1.11}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, image: x}]}
        status: {podIP: 10.0.1.12}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: shop, TEXT: TEXT}
        spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: q, namespace: shop}
        spec: {podSelector: {matchLabels: {x: TEXT}}, egress: [{to: [{ipBlock: {cidr: TEXT}}], ports: [{port: TEXT}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: ext, namespace: shop}
        spec: {type: ExternalName, externalName: TEXT}
        ---
        apiVersion: TEXT
        kind: TEXT
        metadata: {name: TEXT, namespace: TEXT}
        """.replace("TEXT", text);
  }
}
