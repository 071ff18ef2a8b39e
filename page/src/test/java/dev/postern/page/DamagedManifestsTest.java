package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Tries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is wrong with a manifest is the same to the engine as JavaScript and to the engine in a JVM, whose library reads text by other code. */
class DamagedManifestsTest {

  private static final int DAMAGED = 3_000;

  /** So many are given to the browser at once. */
  private static final int TOGETHER = 100;

  private static final String READ = """
      const [texts, reading] = arguments;
      return texts.map(text => {
        read(0, [{name: 'damaged.yaml', text, found: false}], reading);
        return diagnostics(0) + overview(0);
      });
      """;

  /** What libraries read in ways of their own: Base64, escapes of tags and of characters, numbers, and half a character. */
  private static final List<String> ODD = List.of(
      "!!binary aGFsbG8=",
      "!!binary aGFsbG8",
      "!!binary a",
      "!!binary w=L=",
      "!!binary aGFs=",
      "!!binary =",
      "!!binary 7aCA",
      "!!binary 8J+Y",
      "!!binary 4oI=",
      "!!binary |\n    aGFs\n    bG8=\n",
      "!!%73tr 80",
      "!!%62inary aGFsbG8=",
      "!<x%C0%AF> y",
      "!<x%E2%82> y",
      "!<x%ED%A0%80> y",
      "!<tag:yaml.org,2002:%F0%9F%98%80> y",
      "!x%4 y",
      "!x%zz y",
      "!e!%41 y",
      "\"\\ud83d\"",
      "\"\\ud83d\\ude00\"",
      "\"\\U00110000\"",
      "\"\\U7fffffff\"",
      "\"\\x4\"",
      "\"\\N\\_\\L\\P\"",
      "\u0661\u0662",
      "0x1F",
      "0o17",
      "1e400",
      "-0",
      "1_000",
      "99999999999999999999",
      ".inf",
      "2001-12-14",
      "\ufeff",
      "\u0085",
      "\u2028",
      "\ud83d\ude00");

  private static final String SIGNS = "%!&*:=\\\"'{}[]|>#-? \n\t~0/+";

  private static final String POD = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: ODD}}
      spec: {containers: [{name: c, ports: [{containerPort: ODD}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: ODD, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: ODD}}
        ingress: [{from: [{ipBlock: {cidr: ODD}}], ports: [{port: ODD, endPort: ODD, protocol: ODD}]}]
      """;

  @Test
  void bothSayTheSameOfDamagedManifests() throws IOException {
    List<String> whole = new ArrayList<>();
    WrittenPage.shop().forEach(source -> whole.add(source.text()));
    ODD.forEach(odd -> whole.add(POD.replace("ODD", odd)));
    try (CompiledEngine compiled = new CompiledEngine()) {
      compare(compiled, whole);
      List<String> damaged = new ArrayList<>();
      for (int seed = 0; seed < Tries.share(DAMAGED); seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        damaged.add(damaged(whole.get(random.nextInt(whole.size())), random));
        if (damaged.size() == TOGETHER) {
          compare(compiled, damaged);
          damaged.clear();
        }
      }
      compare(compiled, damaged);
    }
  }

  private static void compare(CompiledEngine compiled, List<String> texts) {
    Object said = compiled.run(READ, texts, CompiledEngine.object(PageReading.DEFAULT));
    List<?> answers = (List<?>) said;
    for (int i = 0; i < texts.size(); i++) {
      PageEngine engine = PageEngine.read(
          List.of(new PageSource("damaged.yaml", texts.get(i), false)), PageReading.DEFAULT);
      assertThat(answers.get(i))
          .as(texts.get(i))
          .isEqualTo(engine.diagnostics() + engine.overview());
    }
  }

  /** Bytes go wrong, are copied elsewhere or are cut off, or something odd comes in between. */
  private static String damaged(String text, SplittableRandom random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
      int at = random.nextInt(bytes.length);
      int from = random.nextInt(bytes.length);
      int count = Math.min(random.nextInt(20), bytes.length - Math.max(at, from));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) SIGNS.charAt(random.nextInt(SIGNS.length()));
        case 2 -> System.arraycopy(bytes, from, bytes, at, count);
        case 3 -> bytes = with(bytes, at, ODD.get(random.nextInt(ODD.size())));
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] with(byte[] bytes, int at, String odd) {
    byte[] between = odd.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(bytes, bytes.length + between.length);
    System.arraycopy(between, 0, all, at, between.length);
    System.arraycopy(bytes, at, all, at + between.length, bytes.length - at);
    return all;
  }
}
