package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.openflow.reader.Registers.Slot;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the match of a flow says of an IP packet (ovs-fields(7)).
 *
 * @param parts what it consists of, as printed
 * @param fields the bits that it wants of each field, by the field's name; disjoint matches differ in one of them
 * @param registers the bits that it wants of {@link Registers}
 * @param packet what it says of the packet's own fields
 * @param rewritable whether {@code packet} asks for what actions may change
 * @param connection what it says of the connection
 * @param conjunction the conjunction that has to be met
 * @param inPort the port that the packet has to come by
 */
record FlowMatch(
    Set<String> parts,
    Map<String, MaskedBits> fields,
    MaskedBits registers,
    Condition packet,
    boolean rewritable,
    ConnectionMatch connection,
    OptionalLong conjunction,
    Optional<String> inPort) {

  private static final MaskedBits NOTHING = new MaskedBits(BigInteger.ZERO, BigInteger.ZERO);
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("tcp", 6, "udp", 17, "sctp", 132, "icmp", 1);
  private static final String KIND = "dl_type";
  private static final String PROTOCOL = "nw_proto";
  private static final int IP = 0x0800;
  private static final int IPV6 = 0x86dd;

  FlowMatch {
    parts = Set.copyOf(parts);
    fields = Map.copyOf(fields);
  }

  static FlowMatch of(List<String> parts, String file, int line) {
    Builder builder = new Builder(file, line);
    parts.forEach(builder::part);
    return builder.build(parts);
  }

  /** A match that may be any of some packets. */
  static FlowMatch unknown(String text, Condition among) {
    return new FlowMatch(
        Set.of(text),
        Map.of(),
        NOTHING,
        Condition.all(among, new Condition.Unknown(text)),
        true,
        ConnectionMatch.ANY,
        OptionalLong.empty(),
        Optional.empty());
  }

  private static final class Builder {
    private final String file;
    private final int line;
    private final Map<String, MaskedBits> fields = new HashMap<>();
    private final List<Condition> conditions = new ArrayList<>();
    private MaskedBits registers = NOTHING;
    private ConnectionMatch connection = ConnectionMatch.ANY;
    private OptionalLong conjunction = OptionalLong.empty();
    private Optional<String> inPort = Optional.empty();
    private boolean rewritable;

    Builder(String file, int line) {
      this.file = file;
      this.line = line;
    }

    FlowMatch build(List<String> parts) {
      Condition packet = conditions.contains(Condition.NEVER)
          ? Condition.NEVER
          : Condition.all(conditions.toArray(Condition[]::new));
      return new FlowMatch(
          new LinkedHashSet<>(parts),
          fields,
          registers,
          packet,
          rewritable,
          connection,
          conjunction,
          inPort);
    }

    private FlowProblem problem(String part) {
      return new FlowProblem(file, line, part + " is not understood: no such value");
    }

    void part(String part) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        kind(part);
        return;
      }
      String name = part.substring(0, equals);
      String value = part.substring(equals + 1);
      Optional<Slot> slot = Registers.slot(name);
      if (name.equals("ct_mark") || name.equals("ct_label")) {
        int width = slot.orElseThrow().width();
        MaskedBits bits = MaskedBits.parse(value, width).orElseThrow(() -> problem(part));
        field(name, bits);
        connection = connection.marked(part, bits.at(slot.orElseThrow().low()));
        return;
      }
      if (slot.isPresent()) {
        MaskedBits bits = MaskedBits.parse(value, slot.get().width())
            .orElseThrow(() -> problem(part))
            .at(slot.get().low());
        registers = registers.and(bits);
        field("registers", registers);
        return;
      }
      switch (name) {
        case "nw_src", "ip_src" -> addresses(part, value, Family.IPV4, true);
        case "nw_dst", "ip_dst" -> addresses(part, value, Family.IPV4, false);
        case "ipv6_src" -> addresses(part, value, Family.IPV6, true);
        case "ipv6_dst" -> addresses(part, value, Family.IPV6, false);
        case "tp_dst", "tcp_dst", "udp_dst", "sctp_dst" -> port(part, value, false);
        case "tp_src", "tcp_src", "udp_src", "sctp_src" -> port(part, value, true);
        case "icmp_type", "icmpv6_type" -> {
          rewritable = true;
          add(new Condition.IcmpType(Set.of(number(part, value, 8, "icmp_type"))));
        }
        case KIND, "eth_type" -> etherType(number(part, value, 16, KIND));
        case PROTOCOL, "ip_proto" -> {
          rewritable = true;
          add(new Condition.IpProtocol(Set.of(number(part, value, 8, PROTOCOL))));
        }
        case "ct_state" -> connection = connection.and(states(part, value));
        case "ct_zone" -> connection = connection.in(number(part, value, 16, name));
        case "conj_id" ->
          conjunction = OptionalLong.of(MaskedBits.parse(value, 32)
              .orElseThrow(() -> problem(part))
              .value()
              .longValue());
        case "in_port" -> {
          inPort = Optional.of(value);
          MaskedBits.parse(value, 32).ifPresent(bits -> field(name, bits));
        }
        default -> add(new Condition.Unknown(part));
      }
    }

    private void add(Condition condition) {
      conditions.add(condition);
    }

    private void field(String name, MaskedBits bits) {
      fields.put(name, bits);
    }

    private int number(String part, String value, int width, String field) {
      MaskedBits bits = MaskedBits.parse(value, width)
          .filter(b -> b.mask().equals(MaskedBits.ones(width)))
          .orElseThrow(() -> problem(part));
      field(field, bits);
      return bits.value().intValue();
    }

    private ConnectionMatch states(String part, String value) {
      MaskedBits bits = ConnectionMatch.bits(value).orElseThrow(() -> problem(part));
      field("ct_state", bits);
      return ConnectionMatch.of(bits);
    }

    private void kind(String word) {
      boolean six = word.endsWith("6");
      String protocol = six ? word.substring(0, word.length() - 1) : word;
      Integer number = PROTOCOLS.get(protocol);
      if (word.equals("ip") || word.equals("ipv6") || number != null) {
        etherType(six ? IPV6 : IP);
        if (number != null) {
          int own = six && number == 1 ? 58 : number;
          field(PROTOCOL, MaskedBits.exactly(own, 8));
          rewritable = true;
          add(new Condition.IpProtocol(Set.of(own)));
        }
      } else if (Set.of("arp", "rarp", "mpls", "mplsm").contains(word)) {
        etherType(0x0806);
      } else {
        add(new Condition.Unknown(word));
      }
    }

    private void etherType(int type) {
      field(KIND, MaskedBits.exactly(type, 16));
      add(
          type == IP
              ? new Condition.SourceAddress(AddressSet.of(Cidr.all(Family.IPV4)))
              : type == IPV6
                  ? new Condition.SourceAddress(AddressSet.of(Cidr.all(Family.IPV6)))
                  : Condition.NEVER);
    }

    private void addresses(String part, String value, Family family, boolean source) {
      MaskedBits bits = MaskedBits.parseAddress(value, family).orElseThrow(() -> problem(part));
      rewritable = true;
      field(family + (source ? " source" : " destination"), bits);
      Optional<List<BigInteger[]>> ranges = bits.ranges(family.bits());
      if (ranges.isEmpty()) {
        add(new Condition.Unknown(part));
        return;
      }
      AddressSet set = new AddressSet(ranges.get().stream()
          .map(run -> new AddressRange(address(run[0], family), address(run[1], family)))
          .toList());
      add(source ? new Condition.SourceAddress(set) : new Condition.DestinationAddress(set));
    }

    private static Address address(BigInteger number, Family family) {
      return family == Family.IPV4
          ? Address.ipv4(number.longValue())
          : Address.ipv6(number.shiftRight(64).longValue(), number.longValue());
    }

    /** A port, or a value with a mask. */
    private void port(String part, String value, boolean source) {
      MaskedBits bits = MaskedBits.parse(value, 16).orElseThrow(() -> problem(part));
      rewritable = true;
      field(source ? "tp_src" : "tp_dst", bits);
      Optional<List<BigInteger[]>> ranges = bits.ranges(16);
      add(ranges
          .map(runs -> Condition.any(runs.stream()
              .map(run -> range(run[0].intValue(), run[1].intValue(), source))
              .toArray(Condition[]::new)))
          .orElseGet(() -> new Condition.Unknown(part)));
    }

    private static Condition range(int first, int last, boolean source) {
      return source
          ? new Condition.SourcePort(first, last)
          : new Condition.DestinationPort(first, last);
    }
  }
}
