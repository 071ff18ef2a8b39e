package dev.postern.selector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JointMatchesTest {

  /** Held against all labels over two keys with the values that selectors name, one more, and none. */
  @Property(tries = 500)
  void theSetsAreThoseThatSomeLabelsMeet(@ForAll Random random) {
    List<Selector> selectors =
        IntStream.range(0, random.nextInt(5)).mapToObj(i -> selector(random)).toList();
    Set<Set<Selector>> met = new HashSet<>();
    List<String> values = List.of("", "a", "b", "c", "other");
    for (String x : values) {
      for (String y : values) {
        Map<String, String> labels = new HashMap<>();
        if (!x.isEmpty()) {
          labels.put("x", x);
        }
        if (!y.isEmpty()) {
          labels.put("y", y);
        }
        Labels all = Labels.of(labels);
        met.add(selectors.stream().filter(each -> each.matches(all)).collect(Collectors.toSet()));
      }
    }
    assertThat(JointMatches.of(selectors)).as("%s", selectors).contains(met);
  }

  private static Selector selector(Random random) {
    List<Requirement> requirements = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Operator operator = Operator.values()[random.nextInt(4)];
      List<String> values =
          List.of("a", "b", "c").subList(random.nextInt(2), 2 + random.nextInt(2));
      requirements.add(new Requirement(
          random.nextBoolean() ? "x" : "y", operator, operator.takesValues() ? values : List.of()));
    }
    return new Selector(requirements);
  }

  @Test
  void tooManyIndependentSelectorsAreNotToldApart() {
    List<Selector> twelve =
        IntStream.range(0, 12).mapToObj(i -> Selector.equal("key" + i, "a")).toList();
    assertThat(JointMatches.of(twelve).orElseThrow()).hasSize(4096);
    List<Selector> thirteen =
        IntStream.range(0, 13).mapToObj(i -> Selector.equal("key" + i, "a")).toList();
    assertThat(JointMatches.of(thirteen)).isEmpty();
  }

  @Test
  void manyValuesOfOneKeyAreNoMoreThanTheirNumber() {
    List<Selector> zones =
        IntStream.range(0, 1000).mapToObj(i -> Selector.equal("zone", "z" + i)).toList();
    assertThat(JointMatches.of(zones).orElseThrow()).hasSize(1001);
  }
}
