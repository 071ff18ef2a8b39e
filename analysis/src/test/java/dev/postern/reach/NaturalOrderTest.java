package dev.postern.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Cluster;
import dev.postern.diff.Difference;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.policy.Direction;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

  private static final NaturalOrder ORDER = NaturalOrder.BY_NUMBERS;

  @Test
  void numbersInNamesAreComparedAsNumbers() {
    List<String> sorted = List.of(
        "a",
        "ns2",
        "ns10",
        "ns10-a",
        "ns10b",
        "ns100000000000000000000",
        "ns200000000000000000000");

    assertThat(sorted.stream().sorted(ORDER.reversed()).sorted(ORDER)).isEqualTo(sorted);
  }

  @Test
  void exposuresThatAreAlikeAreInThisOrder() {
    String pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns%d}\nspec: {containers: [{name: c}]}\n";
    String manifests =
        pod.formatted(10) + "---\n" + pod.formatted(9) + "---\n" + pod.formatted(100);

    assertThat(Analysis.of(Manifests.read(Source.text("a.yaml", manifests)).cluster())
            .exposure())
        .extracting(exposure -> exposure.pods().id())
        .containsExactly("ns9/p", "ns10/p", "ns100/p");
  }

  @Test
  void namesInADifferenceAreInThisOrder() {
    String pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: ns%1$d, labels: {app: a}}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: q, namespace: ns%1$d}
        spec: {containers: [{name: c}]}
        ---
        """;
    String policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: ns%d}
        spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress]}
        ---
        """;
    String pods = pod.formatted(10) + pod.formatted(9) + pod.formatted(100);
    Cluster before = Manifests.read(Source.text("a.yaml", pods)).cluster();
    Cluster after = Manifests.read(Source.text(
            "b.yaml", pods + policy.formatted(10) + policy.formatted(9) + policy.formatted(100)))
        .cluster();

    Difference difference = Difference.between(before, after, Options.DEFAULT);
    assertThat(difference.closed().get(0).source().names())
        .containsExactly("ns9/p", "ns10/p", "ns100/p");
    assertThat(difference.newlyIsolated().get(Direction.EGRESS))
        .containsExactly("ns9/p", "ns10/p", "ns100/p");
  }

  /** What {@link java.util.Comparator} demands, and that no two names are the same. */
  @Property(tries = 2_000)
  void itIsATotalOrder(
      @ForAll @Chars({'0', '1', '2', 'a', '-'}) @StringLength(max = 5) String one,
      @ForAll @Chars({'0', '1', '2', 'a', '-'}) @StringLength(max = 5) String other,
      @ForAll @Chars({'0', '1', '2', 'a', '-'}) @StringLength(max = 5) String third) {
    assertThat(ORDER.compare(one, other) == 0).isEqualTo(one.equals(other));
    assertThat(Integer.signum(ORDER.compare(one, other)))
        .isEqualTo(-Integer.signum(ORDER.compare(other, one)));
    if (ORDER.compare(one, other) <= 0 && ORDER.compare(other, third) <= 0) {
      assertThat(ORDER.compare(one, third)).isLessThanOrEqualTo(0);
    }
  }
}
