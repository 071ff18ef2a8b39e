package dev.postern.enforced;

import dev.postern.net.AddressSet;
import java.util.List;
import java.util.Set;

/** A condition on a packet. */
public sealed interface Condition {

  /** Asks what to make of each kind of condition. */
  <R> R on(Cases<R> cases);

  /** One answer for each kind of condition. */
  interface Cases<R> {
    R all(All condition);

    R any(Any condition);

    R not(Not condition);

    R source(SourceAddress condition);

    R destination(DestinationAddress condition);

    R ipProtocol(IpProtocol condition);

    R icmpType(IcmpType condition);

    R sourcePort(SourcePort condition);

    R destinationPort(DestinationPort condition);

    R mark(Mark condition);

    R state(State condition);

    R reply(Reply condition);

    R inInterface(InInterface condition);

    R outInterface(OutInterface condition);

    R unknown(Unknown condition);
  }

  Condition ALWAYS = new All(List.of());
  Condition NEVER = new Any(List.of());

  /** All of them hold; true if there are none. */
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.all(this);
    }
  }

  /** At least one holds; false if there are none. */
  record Any(List<Condition> conditions) implements Condition {
    public Any {
      conditions = List.copyOf(conditions);
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.any(this);
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.not(this);
    }
  }

  /** The source address, as the packet bears it at this place, is one of these. */
  record SourceAddress(AddressSet addresses) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.source(this);
    }
  }

  /** The destination address, as the packet bears it at this place, is one of these. */
  record DestinationAddress(AddressSet addresses) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.destination(this);
    }
  }

  /**
   * The IP protocol number is one of these.
   *
   * @param numbers 0..255
   */
  record IpProtocol(Set<Integer> numbers) implements Condition {
    public IpProtocol {
      numbers = Set.copyOf(numbers);
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.ipProtocol(this);
    }
  }

  /** The destination port is in the range; holds for no packet of a protocol without ports ({@link Packet#hasPorts}). */
  record DestinationPort(int first, int last) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.destinationPort(this);
    }
  }

  /** The source port is in the range; holds for no packet of a protocol without ports ({@link Packet#hasPorts}). */
  record SourcePort(int first, int last) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.sourcePort(this);
    }
  }

  /**
   * The packet is ICMP (protocol 1 in IPv4, 58 in IPv6) and its type is one of these.
   *
   * @param types 0..255
   */
  record IcmpType(Set<Integer> types) implements Condition {
    public IcmpType {
      types = Set.copyOf(types);
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.icmpType(this);
    }
  }

  /** {@code (mark & mask) == value}: the 32-bit mark of the packet. */
  record Mark(int value, int mask) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.mark(this);
    }
  }

  /** The connection, as conntrack sees it, is in one of these states. */
  record State(Set<ConnectionState> states) implements Condition {
    public State {
      states = Set.copyOf(states);
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.state(this);
    }
  }

  /** The packet goes against the direction in which its connection was opened (conntrack's direction {@code reply}). */
  record Reply() implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.reply(this);
    }
  }

  /**
   * The packet came in through an interface with this name.
   *
   * @param name the name, or its beginning
   * @param prefix whether any name with this beginning matches
   */
  record InInterface(String name, boolean prefix) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.inInterface(this);
    }
  }

  /** The packet leaves through an interface with this name, read as in {@link InInterface}. */
  record OutInterface(String name, boolean prefix) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.outInterface(this);
    }
  }

  /** A condition that the reader does not understand; a verdict that depends on it is UNKNOWN. */
  record Unknown(String text) implements Condition {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.unknown(this);
    }
  }

  /** What conntrack says of a packet's connection. */
  enum ConnectionState {
    NEW,
    ESTABLISHED,
    RELATED,
    INVALID,
    UNTRACKED
  }

  /** Whether an interface's name is the wanted one, or begins with it. */
  static boolean named(String name, String wanted, boolean prefix) {
    return prefix ? name.startsWith(wanted) : name.equals(wanted);
  }

  static Condition all(Condition... conditions) {
    return conditions.length == 1 ? conditions[0] : new All(List.of(conditions));
  }

  static Condition any(Condition... conditions) {
    return conditions.length == 1 ? conditions[0] : new Any(List.of(conditions));
  }
}
