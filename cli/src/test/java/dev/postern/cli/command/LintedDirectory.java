package dev.postern.cli.command;

import dev.postern.cli.Postern;
import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory with manifests that have findings, and {@code lint} over it. */
abstract class LintedDirectory {

  /** Two warnings: bits after the prefix, in a policy that the API server holds, on line 7, and no pod selector on line 13. */
  static final String POLICIES = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop, uid: u1}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.1/8}}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: b
        namespace: other
      spec: {ingress: [{}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: other, labels: {app: web}}
      spec: {containers: [{name: c}]}
      """;

  @TempDir
  Path directory;

  private String[] base = new String[0];

  @BeforeEach
  void write() throws IOException {
    file("np.yaml", POLICIES);
    base = new String[] {"lint", directory.toString(), "--select", "NP203,NP205,NP4", "-o", "json"};
  }

  Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  Run lint(String... more) {
    String[] arguments = new String[base.length + more.length];
    System.arraycopy(base, 0, arguments, 0, base.length);
    System.arraycopy(more, 0, arguments, base.length, more.length);
    return Run.of(arguments);
  }

  static Run withPath(String path, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console plain = Console.of(new ByteArrayInputStream(new byte[0]), out, err);
    Console console =
        new Console(plain.in(), plain.out(), plain.err(), Map.of("PATH", path), false, false);
    int status = Postern.run(console, arguments);
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
