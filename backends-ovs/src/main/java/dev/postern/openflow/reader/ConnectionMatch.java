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
 * @param marks the bits of its mark and label, at their places in {@link Registers}
 * @param words the same as printed
 * @param zone the zone
 */
record ConnectionMatch(MaskedBits flags, MaskedBits marks, List<String> words, OptionalInt zone) {

  private static final List<String> NAMES =
      List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");
  private static final int TRACKED = NAMES.indexOf("trk");

  private static final MaskedBits NOTHING = new MaskedBits(BigInteger.ZERO, BigInteger.ZERO);

  static final ConnectionMatch ANY =
      new ConnectionMatch(NOTHING, NOTHING, List.of(), OptionalInt.empty());

  /** TCP answers and ICMP echoes begin no connection: conntrack calls them invalid where it does not know theirs. Of SCTP it depends on the datapath. */
  private static final Condition ORPHANED = Condition.any(
      new Condition.IpProtocol(Set.of(6, 1, 58)),
      Condition.all(
          new Condition.IpProtocol(Set.of(132)),
          new Condition.Unknown("the state of an SCTP answer whose connection is not known")));

  private static final Condition RELATED = new Condition.State(Set.of(ConnectionState.RELATED));

  ConnectionMatch {
    words = List.copyOf(words);
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
    return new ConnectionMatch(flags, NOTHING, List.of(), OptionalInt.empty());
  }

  ConnectionMatch and(ConnectionMatch other) {
    return new ConnectionMatch(other.flags, marks, words, zone);
  }

  ConnectionMatch marked(String part, MaskedBits bits) {
    List<String> all = new ArrayList<>(words);
    all.add(part);
    return new ConnectionMatch(flags, marks.and(bits), all, zone);
  }

  ConnectionMatch in(int number) {
    return new ConnectionMatch(flags, marks, words, OptionalInt.of(number));
  }

  /**
   * What is left to ask of the packet where this is known of it.
   *
   * @param known the bits of its registers, mark and label
   */
  List<Condition> conditions(PacketState state, MaskedBits known) {
    if (flags.mask().signum() == 0 && words.isEmpty() && zone.isEmpty()) {
      return List.of();
    }
    List<Condition> conditions = new ArrayList<>();
    for (int flag = 0; flag < NAMES.size(); flag++) {
      if (flags.mask().testBit(flag)) {
        Condition set = flag(flag, state);
        conditions.add(flags.value().testBit(flag) ? set : negated(set));
      }
    }
    if (!words.isEmpty()) {
      conditions.add(marked(state, known));
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
    if (state.reply() && state.isRemembered()) {
      return name.equals("est") || name.equals("rpl")
          ? Condition.ALWAYS
          : name.equals("snat") || name.equals("dnat")
              ? new Condition.Unknown("ct_state=+" + name)
              : Condition.NEVER;
    }
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

  /** A new connection has the mark that flows gave it on the way, at first none; that of a known one may be any. */
  private Condition marked(PacketState state, MaskedBits known) {
    boolean stranger = state.reply() && !state.isRemembered();
    if (!state.tracked() || stranger) {
      return marks.value().signum() == 0 ? Condition.ALWAYS : Condition.NEVER;
    }
    Condition unknown = new Condition.Unknown(String.join(",", words));
    boolean excluded = marks.excludes(known);
    if (state.reply() || !excluded && marks.mask().andNot(known.mask()).signum() != 0) {
      return unknown;
    }
    Condition isNew = new Condition.State(Set.of(ConnectionState.NEW));
    return excluded
        ? Condition.all(new Condition.Not(isNew), unknown)
        : Condition.any(isNew, unknown);
  }

  private Condition zone(PacketState state) {
    int wanted = zone.orElseThrow();
    if (state.zone().isEmpty()) {
      return new Condition.Unknown("ct_zone=" + wanted);
    }
    return state.zone().getAsInt() == wanted ? Condition.ALWAYS : Condition.NEVER;
  }
}
