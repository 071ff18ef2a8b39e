package dev.postern.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records whose equality is written out count every component, as a record's own does. */
class WrittenOutEqualityTest {

  private static final Selector ONE = Selector.equal("a", "b");

  private static final Workload WORKLOAD =
      new Workload("x", "w", "Pod", Labels.NONE, List.of(), false, List.of(), Origin.NONE);

  static Stream<Record> records() {
    Address first = Address.parse("10.0.0.1");
    return Stream.of(
        ONE,
        Requirement.equal("a", "b"),
        new Origin("f", 1, 2, "p"),
        new AddressRange(first, first),
        AddressSet.of(new AddressRange(first, first)),
        new Traffic(PortSet.of(1), PortSet.of(2), PortSet.of(3), true),
        new NamespaceSelection.Named("n"),
        new NamespaceSelection.Matching(ONE),
        WORKLOAD,
        Options.DEFAULT);
  }

  /** Another value of the same type, which every constructor here takes. */
  private static Object other(Object value, String name) {
    if (value instanceof Integer number) {
      return number + 1;
    }
    if (value instanceof Boolean flag) {
      return !flag;
    }
    if (value instanceof String text) {
      return text + "2";
    }
    if (value instanceof PortSet) {
      return PortSet.of(4);
    }
    if (value instanceof Selector) {
      return Selector.EVERYTHING;
    }
    if (value instanceof Origin) {
      return new Origin("g", 1, 1, "");
    }
    if (value instanceof Labels) {
      return Labels.of(Map.of("k", "v"));
    }
    if (value instanceof Address) {
      return Address.parse(name.equals("first") ? "10.0.0.0" : "10.0.0.2");
    }
    if (value instanceof Options.HostNetwork) {
      return Options.HostNetwork.POD;
    }
    if (value instanceof Options.MissingAddress) {
      return Options.MissingAddress.ANY;
    }
    if (value instanceof Requirement.Operator) {
      return Requirement.Operator.NOT_IN;
    }
    return switch (name) {
      case "values" -> List.of("c");
      case "requirements" -> List.of(Requirement.equal("a", "c"));
      case "ranges" -> AddressSet.ALL.ranges();
      case "ports" ->
        List.of(new dev.postern.cluster.ContainerPort("", dev.postern.net.Protocol.TCP, 1));
      case "pods" ->
        List.of(
            new dev.postern.cluster.Pod("p", java.util.Optional.empty(), List.of(), Origin.NONE));
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @MethodSource("records")
  void aRecordEqualsAnotherOnlyIfEveryComponentDoes(Record record) throws Exception {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = components[i].getAccessor().invoke(record);
    }
    Constructor<?> made = record
        .getClass()
        .getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
    assertThat(made.newInstance(values)).isEqualTo(record).hasSameHashCodeAs(record);
    assertThat(record).isNotEqualTo("");
    for (int i = 0; i < values.length; i++) {
      Object[] changed = values.clone();
      changed[i] = other(values[i], components[i].getName());
      assertThat(made.newInstance(changed)).as(components[i].getName()).isNotEqualTo(record);
    }
  }
}
