package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PortSetTest {

  /** Few ports, so that ranges touch and overlap. */
  @Provide
  Arbitrary<PortSet> sets() {
    Arbitrary<Integer> port =
        Arbitraries.integers().between(1, 12).map(n -> n > 10 ? PortSet.MAX - (12 - n) : n);
    Arbitrary<PortSet> range = Combinators.combine(port, port)
        .as((one, other) -> PortSet.range(Math.min(one, other), Math.max(one, other)));
    return range.list().ofMaxSize(4).map(PortSetTest::union);
  }

  private static PortSet union(List<PortSet> sets) {
    return sets.stream().reduce(PortSet.NONE, PortSet::union);
  }

  @Property
  void whatIsInBothAndWhatIsWhollyInsideAgreeWithTheSetsThemselves(
      @ForAll("sets") PortSet one, @ForAll("sets") PortSet other) {
    assertThat(one.intersects(other)).isEqualTo(!one.intersect(other).isEmpty());
    assertThat(one.containsAll(other)).isEqualTo(other.minus(one).isEmpty());
  }

  @Property
  void trafficAsksEachProtocol(
      @ForAll("sets") PortSet tcp,
      @ForAll("sets") PortSet udp,
      @ForAll boolean rest,
      @ForAll("sets") PortSet others) {
    Traffic one = new Traffic(tcp, udp, PortSet.NONE, rest);
    Traffic other = new Traffic(others, udp, tcp, !rest);
    assertThat(one.intersects(other)).isEqualTo(!one.intersect(other).isEmpty());
    assertThat(one.containsAll(other)).isEqualTo(other.minus(one).isEmpty());
    assertThat(one.containsAll(one.intersect(other))).isTrue();
  }
}
