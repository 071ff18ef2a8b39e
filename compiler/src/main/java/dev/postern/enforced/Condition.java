package dev.postern.enforced;

import dev.postern.net.AddressSet;
import java.util.List;
import java.util.Set;

/** A condition on a packet. */
public sealed interface Condition {

  Condition ALWAYS = new All(List.of());
  Condition NEVER = new Any(List.of());

  /** All of them hold; true if there are none. */
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }
  }

  /** At least one holds; false if there are none. */
  record Any(List<Condition> conditions) implements Condition {
    public Any {
      conditions = List.copyOf(conditions);
    }
  }

  record Not(Condition condition) implements Condition {}

  /** The source address, as the packet bears it at this place, is one of these. */
  record Source(AddressSet addresses) implements Condition {}

  /** The destination address, as the packet bears it at this place, is one of these. */
  record Destination(AddressSet addresses) implements Condition {}

  /**
   * The IP protocol number is one of these.
   *
   * @param numbers 0..255
   */
  record IpProtocol(Set<Integer> numbers) implements Condition {
    public IpProtocol {
      numbers = Set.copyOf(numbers);
    }
  }

  /** The destination port is in the range; holds for no packet of a protocol without ports. */
  record DestinationPort(int first, int last) implements Condition {}

  /** The source port is in the range; holds for no packet of a protocol without ports. */
  record SourcePort(int first, int last) implements Condition {}

  /** {@code (mark & mask) == value}: the 32-bit mark of the packet. */
  record Mark(int value, int mask) implements Condition {}

  /** The connection, as conntrack sees it, is in one of these states. */
  record State(Set<ConnectionState> states) implements Condition {
    public State {
      states = Set.copyOf(states);
    }
  }

  /**
   * The packet came in through an interface with this name.
   *
   * @param name the name, or its beginning
   * @param prefix whether any name with this beginning matches
   */
  record InInterface(String name, boolean prefix) implements Condition {}

  /** The packet leaves through an interface with this name, read as in {@link InInterface}. */
  record OutInterface(String name, boolean prefix) implements Condition {}

  /** A condition that the reader does not understand; a verdict that depends on it is UNKNOWN. */
  record Unknown(String text) implements Condition {}

  /** What conntrack says of a packet's connection. */
  enum ConnectionState {
    NEW,
    ESTABLISHED,
    RELATED,
    INVALID,
    UNTRACKED
  }

  static Condition all(Condition... conditions) {
    return conditions.length == 1 ? conditions[0] : new All(List.of(conditions));
  }

  static Condition any(Condition... conditions) {
    return conditions.length == 1 ? conditions[0] : new Any(List.of(conditions));
  }
}
