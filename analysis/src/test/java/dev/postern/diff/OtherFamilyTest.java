package dev.postern.diff;

import static dev.postern.diff.SamePodsTest.difference;
import static dev.postern.diff.SamePodsTest.pod;
import static dev.postern.diff.SamePodsTest.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod without a known address may be of another family than it is in the other cluster. */
class OtherFamilyTest {

  private static final String OTHER = pod("w1", "10.0.0.1 fd00::1", "");

  private static final String LOCKED = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: n0}
      spec: {podSelector: {matchLabels: {lock: "on"}}, policyTypes: [Ingress, Egress]}
      """;

  private static String locked(String name, String addresses) {
    return pod(name, addresses, "").replaceFirst("labels: \\{", "labels: {lock: \"on\", ");
  }

  @Test
  void whatAPodOfUnknownFamilyOpensIsUnknown() {
    Difference difference = difference(
        OTHER + LOCKED + pod("web-0", "10.0.0.2", ""), OTHER + LOCKED + pod("web-0", "", ""));
    assertThat(rows(difference)).isEmpty();
    assertThat(difference.isEmpty()).isFalse();
    assertThat(difference.undecided())
        .contains(
            "pods without a known address are taken to be of the IP family that they have in the other cluster, and may be of the other: n0/web[web-0]");
  }

  @Test
  void whatAPodOfUnknownFamilyClosesIsUnknown() {
    Difference difference = difference(
        OTHER + LOCKED + pod("web-0", "", ""), OTHER + LOCKED + pod("web-0", "10.0.0.2", ""));
    assertThat(difference.undecided()).isPresent();
  }

  /** The same of a pod that takes the place of another, and of one more beside it. */
  @ParameterizedTest
  @CsvSource({"web-1a-x 10.0.0.2, web-1b-y", "web-1a-x 10.0.0.2, web-1a-x 10.0.0.2 | web-1a-y"})
  void replicasOfUnknownFamilyAreUnknown(String before, String after) {
    Difference difference =
        difference(OTHER + SamePodsTest.pods(before), OTHER + SamePodsTest.pods(after));
    assertThat(difference.undecided()).isPresent();
  }

  @Test
  void itIsDecidedWhereNothingDependsOnIt() {
    for (String after : List.of("", "fd00::2 10.0.0.2")) {
      assertThat(difference(
                  OTHER + LOCKED + locked("web-0", "10.0.0.2"),
                  OTHER + LOCKED + locked("web-0", ""))
              .undecided())
          .as("it is locked over both")
          .isEmpty();
      assertThat(difference(
                  OTHER + pod("web-0", "10.0.0.2 fd00::2", ""), OTHER + pod("web-0", after, ""))
              .undecided())
          .as("it is of both")
          .isEmpty();
    }
    String single = pod("w1", "10.0.0.1", "");
    assertThat(difference(single + pod("web-0", "10.0.0.2", ""), single + pod("web-0", "", ""))
            .undecided())
        .as("the cluster has one family")
        .isEmpty();
  }

  record State(boolean isLocked, String addresses) {}

  @Provide
  Arbitrary<State> states() {
    return Arbitraries.integers()
        .between(0, 7)
        .map(number -> new State(
            number % 2 == 0,
            List.of("", "10.0.0.%d", "fd00::%d", "10.0.0.%d fd00::%d").get(number / 2)));
  }

  /** A pod that a policy held and holds no more has traffic over each family that it may be of, or that is said to be unknown. */
  @Property(tries = 500)
  void whatMayBeOpenedIsTold(
      @ForAll @Size(3) List<@From("states") State> before,
      @ForAll @Size(3) List<@From("states") State> after) {
    Difference difference = difference(OTHER + LOCKED + pods(before), OTHER + LOCKED + pods(after));
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).isLocked && !after.get(i).isLocked) {
        for (Family family : mayBe(after.get(i))) {
          String name = "web-" + (i + 2);
          assertThat(difference.undecided().isPresent() || opens(difference, name, family))
              .as("%s over %s: %s", name, family, rows(difference))
              .isTrue();
        }
      }
    }
  }

  private static boolean opens(Difference difference, String pod, Family family) {
    return difference.opened().stream()
        .filter(row -> row.families().contains(family))
        .flatMap(row -> row.source().workloads().stream())
        .anyMatch(each -> each.equals("n0/web") || each.contains("[" + pod + "]"));
  }

  private static List<Family> mayBe(State state) {
    return Stream.of(Family.values())
        .filter(family -> state.addresses.isEmpty()
            || state.addresses.contains(family == Family.IPV4 ? "10." : "fd00"))
        .toList();
  }

  private static String pods(List<State> states) {
    List<String> pods = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      String addresses = states.get(i).addresses.replace("%d", String.valueOf(i + 2));
      String name = "web-" + (i + 2);
      String pod = states.get(i).isLocked ? locked(name, addresses) : pod(name, addresses, "");
      // A workload of several pods would have the name of one of them.
      pods.add(pod.replaceFirst("labels: \\{", "labels: {name: " + name + ", "));
    }
    return String.join("", pods);
  }
}
