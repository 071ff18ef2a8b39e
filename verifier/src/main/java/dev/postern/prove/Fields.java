package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Packet;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * How the packets of one family become bit strings: each field is cut into the pieces that something mentioned tells apart, and a piece is
 * a number. The source comes first, then the destination, then the rest; variables from {@link #unknowns} on stand for what was not
 * understood.
 */
final class Fields {

  private static final List<Integer> WITH_PORTS = List.of(6, 17, 132, 33, 136);

  /** IPv6 neighbour discovery: router and neighbour solicitation and advertisement, redirect (RFC 4861). */
  private static final Set<Integer> NEIGHBOUR_DISCOVERY = Set.of(133, 134, 135, 136, 137);

  /** Some consecutive variables: a number of pieces. */
  record Field(int first, int bits, int size) {
    int end() {
      return first + bits;
    }

    static Field after(int first, int size) {
      return new Field(first, size == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(size - 1), size);
    }
  }

  /**
   * The other end of each class's packets.
   *
   * @param partners by class; -1 for those that have none
   * @param reversed whether the class is the destination and its partner the source, else the other way around
   */
  record Pairing(int[] partners, boolean reversed) {}

  private final Optional<Pairing> pairing;
  /** The classes by their partner. */
  private final NavigableMap<Integer, int[]> withPartner = new TreeMap<>();

  final Bdd bdd;
  final AddressClasses addresses;
  final Field source;
  final Field destination;
  final Field protocol;
  final Field destinationPort;
  final Field sourcePort;
  final Field icmpType;
  final Field inInterface;
  final Field outInterface;
  /** The first variable after all fields. */
  final int unknowns;
  /** The bit strings that are packets. */
  final int valid;
  /** The bit strings whose addresses are some. */
  final int validAddresses;
  /** IPv6 neighbour discovery, which no policy is about. */
  final int neighbourDiscovery;

  /** The bit strings that do not come or leave by the usual interfaces. */
  private final int unusual;

  private final int[] protocols;
  private final int[] icmpTypes;
  private final int[] destinationPorts;
  private final int[] sourcePorts;
  private final List<String> inNames;
  private final List<String> outNames;
  private final Interfaces interfaces;
  private final int withPorts;
  private final Map<Traffic, Integer> traffic = new HashMap<>();
  private final Map<AddressSet, Integer> sourceSets = new IdentityHashMap<>();
  private final Map<AddressSet, Integer> destinationSets = new IdentityHashMap<>();

  /** Packets between any two classes of addresses. */
  Fields(AddressClasses addresses, MentionedSets mentioned, Contract contract) {
    this(addresses, mentioned, contract, Optional.empty());
  }

  /**
   * Packets of one family.
   *
   * @param pairing packets between classes and their partners only: then the source's variables stand for the class on one side, and the
   *     other side has none
   */
  Fields(
      AddressClasses addresses,
      MentionedSets mentioned,
      Contract contract,
      Optional<Pairing> pairing) {
    Interfaces interfaces = new Interfaces(contract, mentioned, addresses.family);
    this.pairing = pairing;
    pairing.ifPresent(pairs -> {
      Map<Integer, List<Integer>> classes = new TreeMap<>();
      for (int number = 0; number < pairs.partners().length; number++) {
        if (pairs.partners()[number] >= 0) {
          classes
              .computeIfAbsent(pairs.partners()[number], p -> new ArrayList<>())
              .add(number);
        }
      }
      classes.forEach((partner, numbers) ->
          withPartner.put(partner, numbers.stream().mapToInt(Integer::intValue).toArray()));
    });
    this.bdd = new Bdd();
    this.addresses = addresses;
    this.interfaces = interfaces;
    int icmp = Packet.icmp(addresses.family);
    Set<Integer> numbers = new TreeSet<>(mentioned.protocols);
    List<Integer> codes = new ArrayList<>(WITH_PORTS);
    codes.add(icmp);
    numbers.removeAll(codes);
    codes.addAll(numbers);
    this.protocols = FieldCodes.withRest(codes);
    Set<Integer> types = new TreeSet<>(mentioned.icmpTypes);
    types.removeIf(type -> type < 0 || type > 255);
    if (addresses.family == Family.IPV6) {
      types.addAll(NEIGHBOUR_DISCOVERY);
    }
    this.icmpTypes = FieldCodes.withRest(types);
    this.destinationPorts = FieldCodes.ports(mentioned.destinationPorts);
    this.sourcePorts = FieldCodes.ports(mentioned.sourcePorts);
    this.inNames = interfaces.in;
    this.outNames = interfaces.out;

    this.source = Field.after(0, addresses.size());
    this.destination = Field.after(source.end(), pairing.isPresent() ? 1 : addresses.size());
    this.protocol = Field.after(destination.end(), protocols.length);
    this.destinationPort = Field.after(protocol.end(), destinationPorts.length);
    this.sourcePort = Field.after(destinationPort.end(), sourcePorts.length);
    this.icmpType = Field.after(sourcePort.end(), icmpTypes.length);
    this.inInterface = Field.after(icmpType.end(), inNames.size());
    this.outInterface = Field.after(inInterface.end(), outNames.size());
    this.unknowns = outInterface.end();

    int all = Bdd.TRUE;
    for (Field field : List.of(
        outInterface,
        inInterface,
        icmpType,
        sourcePort,
        destinationPort,
        protocol,
        destination,
        source)) {
      all = bdd.and(all, bdd.runs(field.first(), field.bits(), new int[] {0, field.size()}, 1));
    }
    int leaves =
        bdd.runs(outInterface.first(), outInterface.bits(), new int[] {0, outInterface.size()}, 1);
    this.valid = bdd.and(all, comes(Bdd.TRUE));
    this.unusual = Bdd.not(bdd.and(leaves, comes(Bdd.not(source(interfaces.routed())))));
    this.validAddresses = bdd.and(
        bdd.runs(source.first(), source.bits(), new int[] {0, source.size()}, 1),
        bdd.runs(destination.first(), destination.bits(), new int[] {0, destination.size()}, 1));
    this.withPorts = protocols(Packet::hasPorts);
    this.neighbourDiscovery =
        addresses.family == Family.IPV6 ? icmpTypes(NEIGHBOUR_DISCOVERY) : Bdd.FALSE;
  }

  /** Pieces of a field; all there are is everything, whatever no piece stands for. */
  private int runs(Field field, int... runs) {
    return runs.length == 2 && runs[0] == 0 && runs[1] == field.size()
        ? Bdd.TRUE
        : bdd.runs(field.first(), field.bits(), runs, runs.length / 2);
  }

  private int matching(Field field, IntPredicate code) {
    int[] codes = new int[field.size()];
    int size = 0;
    for (int i = 0; i < field.size(); i++) {
      if (code.test(i)) {
        codes[size++] = i;
      }
    }
    return runs(field, AddressClasses.runs(codes, size));
  }

  /** The bit strings whose source usually comes by their interface; those of some sources may as well come by anybody's. */
  private int comes(int anyhow) {
    int result = bdd.and(
        anyhow,
        bdd.runs(
            inInterface.first(), inInterface.bits(), new int[] {0, interfaces.anybodys.size()}, 1));
    for (int i = 0; i < inNames.size(); i++) {
      int by = bdd.runs(inInterface.first(), inInterface.bits(), new int[] {i, i + 1}, 1);
      result = bdd.or(result, bdd.and(source(interfaces.usually(inNames.get(i))), by));
    }
    return result;
  }

  /** Whether there are interfaces of which it is not known whose packets use them. */
  boolean hasOpenInterfaces() {
    return inInterface.bits() + outInterface.bits() > 0;
  }

  /** The packets, whatever is not known of them: what was not understood, and which of the usual interfaces they use. */
  int surely(int set) {
    return bdd.forAll(bdd.or(set, unusual), inInterface.first());
  }

  /** The packets, as far as it depends on what is not known. */
  int possibly(int set) {
    return Bdd.not(surely(Bdd.not(set)));
  }

  /** The packets by the very interfaces that they use, also by unusual ones, as far as it depends on what was not understood. */
  int possiblyByWay(int set) {
    return Bdd.not(bdd.forAll(Bdd.not(set), unknowns));
  }

  /** What surely holds of the packets of one class of sources: sets over what follows the addresses. */
  int surely(int set, int sourceClass) {
    int here = bdd.at(unusual, source.first(), source.bits(), sourceClass);
    return bdd.forAll(bdd.or(set, here), inInterface.first());
  }

  /** The packets of one class of sources, as far as it depends on what is not known. */
  int possibly(int set, int sourceClass) {
    return Bdd.not(surely(Bdd.not(set), sourceClass));
  }

  int source(AddressSet set) {
    return sourceSets.computeIfAbsent(set, s -> sources(addresses.runs(set)));
  }

  int destination(AddressSet set) {
    return destinationSets.computeIfAbsent(set, s -> destinations(addresses.runs(set)));
  }

  /** The packets whose source is in some classes: pairs of first and end. */
  int sources(int... runs) {
    return pairing.isPresent() && pairing.get().reversed() ? partners(runs) : runs(source, runs);
  }

  /** The packets whose destination is in some classes. */
  int destinations(int... runs) {
    return pairing.isEmpty()
        ? runs(destination, runs)
        : pairing.get().reversed() ? runs(source, runs) : partners(runs);
  }

  /** Whether both addresses have variables of their own. */
  boolean hasBothAddresses() {
    return pairing.isEmpty();
  }

  /** The packets from each class to its own set of destinations. */
  int pairs(Map<Integer, Integer> destinations) {
    int[] numbers =
        destinations.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] sets = Arrays.stream(numbers)
        .map(number -> destinations.getOrDefault(number, Bdd.FALSE))
        .toArray();
    return bdd.table(source.first(), source.bits(), numbers, sets);
  }

  private int partners(int[] runs) {
    int[] found = new int[16];
    int size = 0;
    for (int run = 0; run < runs.length; run += 2) {
      for (int[] with : withPartner.subMap(runs[run], runs[run + 1]).values()) {
        if (size + with.length > found.length) {
          found = Arrays.copyOf(found, 2 * (size + with.length));
        }
        System.arraycopy(with, 0, found, size, with.length);
        size += with.length;
      }
    }
    Arrays.sort(found, 0, size);
    return runs(source, AddressClasses.runs(found, size));
  }

  int protocols(IntPredicate numbers) {
    return matching(protocol, code -> numbers.test(protocols[code]));
  }

  int icmpTypes(Set<Integer> types) {
    return bdd.and(
        protocols(number -> number == Packet.icmp(addresses.family)),
        matching(icmpType, code -> types.contains(icmpTypes[code])));
  }

  int destinationPort(int first, int last) {
    return bdd.and(withPorts, ports(destinationPort, destinationPorts, first, last));
  }

  int sourcePort(int first, int last) {
    return bdd.and(withPorts, ports(sourcePort, sourcePorts, first, last));
  }

  private int ports(Field field, int[] starts, int first, int last) {
    int from = Arrays.binarySearch(starts, Math.max(first, PortSet.MIN));
    int to = last >= PortSet.MAX ? starts.length : Arrays.binarySearch(starts, last + 1);
    return from < 0 || to <= from ? Bdd.FALSE : runs(field, from, to);
  }

  /** The packets that came in through an interface of this name: those from behind it, or from no bound address. */
  int inInterface(Condition.InInterface in) {
    int behind = source(interfaces.behind(in.name(), in.prefix()));
    int free = matching(inInterface, i -> Condition.named(inNames.get(i), in.name(), in.prefix()));
    return bdd.or(behind, bdd.minus(free, source(interfaces.bound)));
  }

  /** The packets that leave through an interface of this name: those that have to, or that no route is known for. */
  int outInterface(Condition.OutInterface out) {
    int behind = destination(interfaces.leaving(out.name(), out.prefix()));
    int free =
        matching(outInterface, i -> Condition.named(outNames.get(i), out.name(), out.prefix()));
    int known = bdd.or(destination(interfaces.bound), destination(interfaces.routed()));
    return bdd.or(behind, bdd.minus(free, known));
  }

  /** The packets of some traffic as policies see it. */
  int traffic(Traffic wanted) {
    return traffic.computeIfAbsent(wanted, this::computeTraffic);
  }

  private int computeTraffic(Traffic wanted) {
    if (wanted.isAll()) {
      return Bdd.TRUE;
    }
    int result = wanted.other()
        ? protocols(number -> number != 6 && number != 17 && number != 132)
        : Bdd.FALSE;
    for (Protocol known : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      int ofProtocol = Bdd.FALSE;
      for (PortSet.Interval run : wanted.ports(known).intervals()) {
        ofProtocol =
            bdd.or(ofProtocol, ports(destinationPort, destinationPorts, run.first(), run.last()));
      }
      int number = known.number();
      result = bdd.or(result, bdd.and(protocols(p -> p == number), ofProtocol));
    }
    return result;
  }

  /** A packet of a set of bit strings over what follows the addresses; one that comes by its usual interface, if there is one. */
  Packet packet(Address from, Address to, int any, ConnectionState state, boolean reply) {
    boolean reversed = pairing.isPresent() && pairing.get().reversed();
    int number = addresses.classOf(reversed ? to : from);
    int usual = bdd.minus(any, bdd.at(unusual, source.first(), source.bits(), number));
    return some(from, to, usual == Bdd.FALSE ? any : usual, state, reply);
  }

  private Packet some(Address from, Address to, int rest, ConnectionState state, boolean reply) {
    int number = protocols[pick(rest, protocol)];
    int left = bdd.at(rest, protocol.first(), protocol.bits(), pick(rest, protocol));
    int portPiece = pick(left, destinationPort);
    left = bdd.at(left, destinationPort.first(), destinationPort.bits(), portPiece);
    int sourcePiece = pick(left, sourcePort);
    left = bdd.at(left, sourcePort.first(), sourcePort.bits(), sourcePiece);
    int type = pick(left, icmpType);
    left = bdd.at(left, icmpType.first(), icmpType.bits(), type);
    int in = pick(left, inInterface);
    left = bdd.at(left, inInterface.first(), inInterface.bits(), in);
    int out = pick(left, outInterface);
    boolean ports = Packet.hasPorts(number);
    return new Packet(
        from,
        to,
        number,
        ports ? FieldCodes.port(sourcePorts, sourcePiece, 49152) : 0,
        ports ? FieldCodes.port(destinationPorts, portPiece, 0) : 0,
        number == Packet.icmp(addresses.family) ? icmpTypes[type] : 0,
        interfaces.of(from).orElse(inNames.get(in)),
        interfaces.leaving(to).orElse(outNames.get(out)),
        state,
        reply,
        0);
  }

  private int pick(int set, Field field) {
    return bdd.lowest(set, field.first(), field.bits());
  }
}
