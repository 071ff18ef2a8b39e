package dev.postern.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Selectors of such a length that whoever looks at every pair of their requirements or values would not end. */
class LongSelectorsTest {

  private static final int LENGTH = 500_000;

  private static List<Requirement> equalities() {
    return IntStream.range(0, LENGTH)
        .mapToObj(i -> Requirement.equal("k" + i, "v"))
        .toList();
  }

  private static List<String> values(int from) {
    return IntStream.range(from, from + LENGTH).mapToObj(i -> "v" + i).toList();
  }

  @Test
  void manyLabelsImplyFewerAndNotMore() {
    Selector all = new Selector(equalities());
    Selector half = new Selector(equalities().subList(0, LENGTH / 2));

    assertThat(LabelValues.implies(all, half)).isTrue();
    assertThat(LabelValues.implies(half, all)).isFalse();
  }

  @Test
  void aContradictionIsFoundAmongManyLabels() {
    List<Requirement> requirements = new ArrayList<>(equalities());
    assertThat(LabelValues.contradiction(new Selector(requirements))).isEmpty();

    requirements.add(Requirement.equal("k77", "w"));
    assertThat(LabelValues.contradiction(new Selector(requirements)))
        .contains(List.of(Requirement.equal("k77", "v"), Requirement.equal("k77", "w")));
  }

  @Test
  void manyValuesOfOneLabelAreCutWithEachOther() {
    Selector apart = Selector.of(
        new Requirement("k", Requirement.Operator.IN, values(0)),
        new Requirement("k", Requirement.Operator.IN, values(LENGTH)));
    Selector refused = Selector.of(
        new Requirement("k", Requirement.Operator.IN, values(0)),
        new Requirement("k", Requirement.Operator.NOT_IN, values(1)));

    assertThat(LabelValues.contradiction(apart)).isPresent();
    assertThat(LabelValues.of(refused, "k")).isEqualTo(new LabelValues(false, false, Set.of("v0")));
  }
}
