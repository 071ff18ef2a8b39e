package dev.postern.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A page holds of each finding what is around its place, not the whole line: a file of many objects may have one. */
class LongLinesTest {

  @Test
  void findingsInOneLineDoNotMultiplyIt() {
    Loaded loaded = Manifests.read(Source.text(
        "one-line.json",
        IntStream.range(0, 200)
            .mapToObj(i ->
                "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":\"np"
                    + i + "\"},\"spec\":{\"podSelector\":{\"role\":\"db\"}}}")
            .collect(Collectors.joining(
                ",", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[", "]}"))));
    ScriptJson json = new ScriptJson();
    ClusterJson.diagnostics(loaded.diagnostics(), loaded, json);
    assertThat(loaded.diagnostics()).hasSize(200);
    assertThat(json.toString()).contains("podSelector").hasSizeLessThan(200 * 1_000);
  }
}
