package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a flow wants conntrack to have said of a packet.
 *
 * @param flags the bits of {@code ct_state}
 * @param marks marks or labels, as printed
 * @param unmarked whether a connection without mark and label has these
 * @param zone the zone
 */
record ConnectionMatch(MaskedBits flags, List<String> marks, boolean unmarked, OptionalInt zone) {

  private static final List<String> NAMES =
      List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");
  private static final int TRACKED = NAMES.indexOf("trk");

  static final ConnectionMatch ANY = new ConnectionMatch(
      new MaskedBits(BigInteger.ZERO, BigInteger.ZERO), List.of(), true, OptionalInt.empty());

  /** TCP answers and ICMP echoes begin no connection: conntrack calls them invalid where it does not know theirs. Of SCTP it depends on the datapath. */
  private static final Condition ORPHANED = Condition.any(
      new Condition.IpProtocol(Set.of(6, 1, 58)),
      Condition.all(
          new Condition.IpProtocol(Set.of(132)),
          new Condition.Unknown("the state of an SCTP answer whose connection is not known")));

  private static final Condition RELATED = new Condition.State(Set.of(ConnectionState.RELATED));

  ConnectionMatch {
    marks = List.copyOf(marks);
  }

  /**
   * The bits of {@code +trk-new}, of a number with a mask, or of {@code new|trk}: where no sign is given, all other bits have to be 0
   * (ovs-fields(7)).
   */
  static Optional<MaskedBits> bits(String text) {
    if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
      return MaskedBits.parse(text, NAMES.size());
    }
    BigInteger value = BigInteger.ZERO;
    boolean signed = text.startsWith("+") || text.startsWith("-");
    BigInteger mask = signed ? BigInteger.ZERO : MaskedBits.ones(NAMES.size());
    for (String flag : text.split("(?=[+-])|\\|")) {
      boolean set = !flag.startsWith("-");
      int index =
          NAMES.indexOf(flag.startsWith("+") || flag.startsWith("-") ? flag.substring(1) : flag);
      if (index < 0) {
        return Optional.empty();
      }
      mask = mask.setBit(index);
      value = set ? value.setBit(index) : value;
    }
    return Optional.of(new MaskedBits(value, mask));
  }

  static ConnectionMatch of(MaskedBits flags) {
    return new ConnectionMatch(flags, List.of(), true, OptionalInt.empty());
  }

  ConnectionMatch and(ConnectionMatch other) {
    return new ConnectionMatch(other.flags, marks, unmarked, zone);
  }

  ConnectionMatch marked(String part, boolean zero) {
    List<String> all = new ArrayList<>(marks);
    all.add(part);
    return new ConnectionMatch(flags, all, unmarked && zero, zone);
  }

  ConnectionMatch in(int number) {
    return new ConnectionMatch(flags, marks, unmarked, OptionalInt.of(number));
  }

  /** What is left to ask of the packet where this is known of it. */
  List<Condition> conditions(PacketState state) {
    List<Condition> conditions = new ArrayList<>();
    for (int flag = 0; flag < NAMES.size(); flag++) {
      if (flags.mask().testBit(flag)) {
        Condition set = flag(flag, state);
        conditions.add(flags.value().testBit(flag) ? set : negated(set));
      }
    }
    if (!marks.isEmpty()) {
      conditions.add(marked(state));
    }
    if (zone.isPresent()) {
      conditions.add(zone(state));
    }
    return conditions;
  }

  private static Condition negated(Condition condition) {
    return condition.equals(Condition.ALWAYS)
        ? Condition.NEVER
        : condition.equals(Condition.NEVER) ? Condition.ALWAYS : new Condition.Not(condition);
  }

  private static Condition flag(int flag, PacketState state) {
    if (!state.tracked()) {
      return Condition.NEVER;
    }
    if (flag == TRACKED) {
      return Condition.ALWAYS;
    }
    String name = NAMES.get(flag);
    if (state.reply()) {
      return switch (name) {
        case "inv" -> ORPHANED;
        case "new" -> new Condition.Not(ORPHANED);
        default -> Condition.NEVER;
      };
    }
    return switch (name) {
      case "new" -> state(ConnectionState.NEW);
      case "est" -> state(ConnectionState.ESTABLISHED);
      case "rel" -> RELATED;
      case "inv" -> new Condition.State(Set.of(ConnectionState.INVALID));
      case "rpl" -> new Condition.Reply();
      default -> new Condition.Unknown("ct_state=+" + name);
    };
  }

  /** A related packet may be new or of an established connection as well. */
  private static Condition state(ConnectionState state) {
    return Condition.any(
        new Condition.State(Set.of(state)),
        Condition.all(RELATED, new Condition.Unknown("whether a related packet is " + state)));
  }

  /** A connection gets its mark when it is committed; that of a known one may be any. */
  private Condition marked(PacketState state) {
    if (!state.tracked() || state.reply()) {
      return unmarked ? Condition.ALWAYS : Condition.NEVER;
    }
    Condition unknown = new Condition.Unknown(String.join(",", marks));
    if (state.marked()) {
      return unknown;
    }
    Condition isNew = new Condition.State(Set.of(ConnectionState.NEW));
    return unmarked
        ? Condition.any(isNew, unknown)
        : Condition.all(new Condition.Not(isNew), unknown);
  }

  private Condition zone(PacketState state) {
    int wanted = zone.orElseThrow();
    if (state.zone().isEmpty()) {
      return new Condition.Unknown("ct_zone=" + wanted);
    }
    return state.zone().getAsInt() == wanted ? Condition.ALWAYS : Condition.NEVER;
  }
}
