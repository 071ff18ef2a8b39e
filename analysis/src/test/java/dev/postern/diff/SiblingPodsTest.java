package dev.postern.diff;

import static dev.postern.diff.SamePodsTest.OTHER;
import static dev.postern.diff.SamePodsTest.difference;
import static dev.postern.diff.SamePodsTest.pod;
import static dev.postern.diff.SamePodsTest.pods;
import static dev.postern.diff.SamePodsTest.policy;
import static dev.postern.diff.SamePodsTest.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods of one owner that differ: none stands for another that both clusters have. */
class SiblingPodsTest {

  private static String labelled(String name, String address, String label) {
    return pod(name, address, "").replaceFirst("labels: \\{", "labels: {" + label + ", ");
  }

  private static final String GRANTED = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: n0}
      spec: {podSelector: {matchLabels: {app: w1}}, ingress: [{from: [{podSelector: {matchLabels: {access: granted}}}]}]}
      """;

  /** Siblings that differ have names of their own, which change with them. */
  @Test
  void aPodThatGetsAnotherLabelIsTheSameWhateverItsSiblingsAre() {
    String before = OTHER
        + GRANTED
        + labelled("web-0", "10.0.0.2", "access: granted")
        + pod("web-1", "10.0.0.3", "")
        + pod("web-2", "10.0.0.4", "");
    String after = before.replace(
        pod("web-2", "10.0.0.4", ""), labelled("web-2", "10.0.0.4", "access: granted"));

    assertThat(difference(before, after).opened())
        .singleElement()
        .satisfies(row -> assertThat(row.toString()).contains("web-2", "-> n0/w1"));
    assertThat(difference(before, after).closed()).isEmpty();
    assertThat(difference(after, before).closed())
        .singleElement()
        .satisfies(row -> assertThat(row.toString()).contains("web-2", "-> n0/w1"));
    assertThat(difference(after, before).opened()).isEmpty();
  }

  @Test
  void labelsThatNoRuleLooksAtMakeNoDifference() {
    String before = OTHER + GRANTED + pods("web-0 10.0.0.2 | web-1 10.0.0.3");
    String half = OTHER
        + GRANTED
        + pod("web-0", "10.0.0.2", "")
        + labelled("web-1", "10.0.0.3", "debug: \"1\"");
    String all = OTHER
        + GRANTED
        + labelled("web-0", "10.0.0.9", "debug: \"1\"")
        + labelled("web-1", "10.0.0.3", "debug: \"1\"");
    for (List<String> versions :
        List.of(List.of(before, half), List.of(half, all), List.of(all, half))) {
      Difference difference = difference(versions.get(0), versions.get(1));
      assertThat(rows(difference)).isEmpty();
      assertThat(difference.added()).isEmpty();
      assertThat(difference.removed()).isEmpty();
    }
  }

  @Test
  void aRolloutPairsPodsOfTheSameLabels() {
    String before = OTHER
        + GRANTED
        + labelled("web-1a-x", "10.0.0.2", "access: granted")
        + pod("web-1a-y", "10.0.0.3", "");
    String after = OTHER
        + GRANTED
        + pod("web-1b-a", "10.0.0.4", "")
        + labelled("web-1b-b", "10.0.0.5", "access: granted");
    assertThat(rows(difference(before, after))).isEmpty();
  }

  private static final String LOCKED = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: n0}
      spec: {podSelector: {matchLabels: {role: role-x}}, policyTypes: [Ingress, Egress]}
      """;

  /** {@code x} is locked and {@code y} is not: in each line {@code web-0} is opened. */
  @ParameterizedTest
  @CsvSource({
    "x 0 | y 1 10.0.0.2, y 0 10.0.0.1 | y 1 10.0.0.2 | x 2",
    "x 0 10.0.0.1 | y 2, y 0",
    "x 0 10.0.0.1 | y 1 fd00::2, y 0 fd00::1 | y 1 fd00::2",
    "x 0 10.0.0.1 | y 1 fd00::2, y 0 fd00::1 | x 1 10.0.0.2",
    "x 0 10.0.0.1 | y 1 10.0.0.2 fd00::2, y 0 fd00::1 | y 1 10.0.0.2 fd00::2",
  })
  void noSiblingStandsForAPodThatBothHave(String before, String after) {
    assertThat(rows(difference(OTHER + LOCKED + roles(before), OTHER + LOCKED + roles(after))))
        .as(roles(after))
        .anySatisfy(row -> assertThat(row).startsWith("+ ").contains("n0/web"));
  }

  private static String roles(String words) {
    StringBuilder pods = new StringBuilder();
    for (String each : words.split(" \\| ")) {
      String[] parts = (each + " ").split(" ", 3);
      pods.append(labelled("web-" + parts[1], parts[2].strip(), "role: role-" + parts[0]));
    }
    return pods.toString();
  }

  @Test
  void aPodThatIsGoneOpensNothingAndANewOneClosesNothing() {
    String one = OTHER + policy("ipBlock: {cidr: 10.0.1.0/24}") + pod("web-0", "10.0.1.2", "");
    String two = one + pod("web-1", "10.0.0.3", "");
    assertThat(difference(two, one).opened()).isEmpty();
    assertThat(difference(one, two).closed()).isEmpty();
  }
}
