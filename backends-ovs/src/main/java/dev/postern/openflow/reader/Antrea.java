package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the flows of an Antrea agent say of the bridge that they are on (docs/design/ovs-pipeline.md and pkg/agent/openflow of its releases 1.15 to
 * 2.7): which pod is behind which port, where the host and the tunnel are, and what is sent to Services.
 *
 * <p>A pod is taken to be behind a port where the flows that keep pods from using others' addresses (table SpoofGuard) and those that find a port by
 * the Ethernet address (table L2ForwardingCalc) agree.
 */
final class Antrea {

  /** Connection tracking zones of IPv4 and IPv6 (CtZone, CtZoneV6). */
  private static final Set<Integer> ZONES = Set.of(65520, 65510);

  private static final String TARGET_PORT = "reg1";

  /** The source of packets that come back from a mirror or an engine for layer 7, which were judged before (FromTCReturnRegMark). */
  private static final MaskedBits RETURNED = field("reg0", 6, 4);

  private static final MaskedBits NODE_PORT = bit("reg4", 19);
  private static final MaskedBits REWRITES = bit("reg0", 9);

  private final SortedMap<Integer, List<FlowEntry>> tables;
  private final Map<String, AddressSet> ports = new LinkedHashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<BigInteger, AddressSet> hardware = new LinkedHashMap<>();
  private final Set<BigInteger> gateways = new HashSet<>();
  private final Set<String> others = new TreeSet<>();
  private final List<String> inconsistent = new ArrayList<>();
  private AddressSet gateway = AddressSet.EMPTY;

  private Antrea(SortedMap<Integer, List<FlowEntry>> tables) {
    this.tables = tables;
  }

  /** Reads the flows, if they are an agent's. */
  static Optional<Antrea> of(SortedMap<Integer, List<FlowEntry>> tables) {
    Antrea antrea = new Antrea(tables);
    boolean tracks = antrea
        .steps()
        .anyMatch(step -> step instanceof FlowStep.Conntrack ct
            && ct.zone() instanceof FlowStep.Zone.Number number
            && ZONES.contains(number.number()));
    boolean sends = antrea
        .steps()
        .anyMatch(step -> step instanceof FlowStep.Output output
            && output.port().equals(Registers.slot(TARGET_PORT)));
    boolean guards = antrea.flows().anyMatch(flow -> guarded(flow).isPresent());
    if (!tracks || !sends || !guards) {
      return Optional.empty();
    }
    antrea.read();
    return Optional.of(antrea);
  }

  private Stream<FlowEntry> flows() {
    return tables.values().stream().flatMap(List::stream);
  }

  private Stream<FlowStep> steps() {
    return flows().flatMap(flow -> flow.steps().stream());
  }

  /** The Ethernet address and the address that packets of a port must bear, by a flow that wants both. */
  private record Guarded(String port, BigInteger hardware, AddressSet address) {}

  private static Optional<Guarded> guarded(FlowEntry flow) {
    FlowMatch match = flow.match();
    Optional<BigInteger> from = wanted(match, Registers.ETH_SRC);
    Optional<AddressSet> address = source(match.packet());
    return match.inPort().isPresent() && from.isPresent() && address.isPresent()
        ? Optional.of(new Guarded(match.inPort().get(), from.get(), address.get()))
        : Optional.empty();
  }

  private static Optional<BigInteger> wanted(FlowMatch match, Registers.Slot slot) {
    return match.registers().mask().and(slot.mask()).equals(slot.mask())
        ? Optional.of(match.registers().value().and(slot.mask()).shiftRight(slot.low()))
        : Optional.empty();
  }

  /** The single address that a condition wants as source. */
  private static Optional<AddressSet> source(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.conditions().stream().flatMap(part -> source(part).stream()).findFirst();
    }
    return condition instanceof Condition.SourceAddress source
            && source.addresses().ranges().size() == 1
            && isSingle(source.addresses().ranges().get(0))
        ? Optional.of(source.addresses())
        : Optional.empty();
  }

  private static boolean isSingle(AddressRange range) {
    return range.first().equals(range.last());
  }

  private void read() {
    Map<BigInteger, String> targets = new HashMap<>();
    Set<BigInteger> ambiguous = new HashSet<>();
    for (FlowEntry flow : flows().toList()) {
      Optional<BigInteger> to = wanted(flow.match(), Registers.ETH_DST);
      Optional<String> target = target(flow.steps());
      if (to.isPresent()
          && target.isPresent()
          && Optional.ofNullable(targets.put(to.get(), target.get()))
              .filter(before -> !before.equals(target.get()))
              .isPresent()) {
        ambiguous.add(to.get());
      }
    }
    Map<String, String> claimed = new HashMap<>();
    flows().flatMap(flow -> guarded(flow).stream()).forEach(pod -> {
      String number = targets.get(pod.hardware());
      String plain = pod.port().replace("\"", "");
      Optional<String> printed = MaskedBits.number(plain).map(BigInteger::toString);
      String before = number == null ? null : claimed.putIfAbsent(number, plain);
      if (number == null
          || ambiguous.contains(pod.hardware())
          || printed.filter(p -> !p.equals(number)).isPresent()
          || before != null && !before.equals(plain)) {
        inconsistent.add(String.valueOf(pod.address()));
        return;
      }
      if (printed.isEmpty()) {
        names.put(plain, number);
      }
      ports.merge(number, pod.address(), AddressSet::union);
      hardware.merge(pod.hardware(), pod.address(), AddressSet::union);
    });
    host(targets);
  }

  /** The number that a flow puts into the register of the target port. */
  private static Optional<String> target(List<FlowStep> steps) {
    MaskedBits whole = field(TARGET_PORT, 0, 32);
    return steps.stream()
        .filter(FlowStep.Write.class::isInstance)
        .map(step -> ((FlowStep.Write) step).bits())
        .filter(bits -> bits.mask().equals(whole.mask()))
        .map(bits -> bits.value()
            .shiftRight(Registers.slot(TARGET_PORT).orElseThrow().low())
            .toString())
        .findFirst();
  }

  /** Ports without pods, by which packets of all other addresses come and leave; the first of them whose source is asked for is the host's. */
  private void host(Map<BigInteger, String> targets) {
    Attachments known = attachments(AddressSet.EMPTY);
    Set<String> returning = new HashSet<>();
    for (FlowEntry flow : flows().toList()) {
      Optional<String> port = flow.match().inPort().map(known::number);
      if (port.isEmpty() || ports.containsKey(port.get())) {
        continue;
      }
      boolean returned = flow.steps().stream()
          .anyMatch(step -> step instanceof FlowStep.Write write
              && write.bits().mask().and(RETURNED.mask()).signum() != 0
              && !write.bits().excludes(RETURNED));
      (returned ? returning : others).add(port.get());
      if (guarded(flow).isEmpty()) {
        source(flow.match().packet()).ifPresent(own -> gateway = gateway.union(own));
      }
    }
    others.removeAll(returning);
    targets.forEach((address, port) -> {
      if (!hardware.containsKey(address) && tunnelled().stream().noneMatch(address::equals)) {
        gateways.add(address);
      }
    });
  }

  /** Ethernet addresses that flows write before they name the other end of a tunnel. */
  private List<BigInteger> tunnelled() {
    List<BigInteger> written = new ArrayList<>();
    for (FlowEntry flow : flows().toList()) {
      if (flow.text().contains("->tun_dst") || flow.text().contains("->tun_ipv6_dst")) {
        flow.steps().stream()
            .filter(FlowStep.Write.class::isInstance)
            .map(step -> ((FlowStep.Write) step).bits())
            .filter(bits -> bits.mask().equals(Registers.ETH_DST.mask()))
            .forEach(bits -> written.add(bits.value().shiftRight(Registers.ETH_DST.low())));
      }
    }
    return written;
  }

  /** What is attached. */
  Attachments attachments(AddressSet node) {
    return new Attachments(
        ports, names, hardware, gateways, Set.copyOf(tunnelled()), node.union(gateway));
  }

  /** The addresses behind each port that has pods. */
  Map<String, AddressSet> pods() {
    return Map.copyOf(ports);
  }

  /** The ports by which packets of all other addresses come. */
  Set<String> others() {
    return new TreeSet<>(others);
  }

  /** The host's own addresses on the bridge. */
  AddressSet gateway() {
    return gateway;
  }

  /** Addresses of pods of which flows do not agree where they are. */
  List<String> inconsistent() {
    return List.copyOf(inconsistent);
  }

  /** The families whose packets go on at all. */
  Set<Family> families() {
    Set<Family> families = EnumSet.noneOf(Family.class);
    ports.values().stream()
        .flatMap(addresses -> addresses.ranges().stream())
        .forEach(range -> families.add(range.first().family()));
    return families;
  }

  /**
   * Packets that some flow hands to a group that chooses an endpoint: those to Services' addresses and to node ports. Nobody sends any from a
   * Service's address.
   */
  Condition toServices() {
    AddressSet nodes = flows()
        .filter(flow -> flow.steps().stream()
            .anyMatch(step -> step instanceof FlowStep.Write write
                && write.bits().mask().equals(NODE_PORT.mask())
                && write.bits().value().equals(NODE_PORT.value())))
        .flatMap(flow -> destination(flow.match().packet()).stream())
        .reduce(AddressSet.EMPTY, AddressSet::union);
    List<Condition> some = new ArrayList<>();
    for (FlowEntry flow : groups()) {
      Condition packets = flow.match().packet();
      Optional<AddressSet> own = destination(packets);
      some.add(
          own.isPresent()
              ? Condition.any(packets, new Condition.SourceAddress(own.get()))
              : Condition.all(packets, new Condition.DestinationAddress(nodes)));
    }
    return new Condition.Any(some);
  }

  private static Optional<AddressSet> destination(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.conditions().stream()
          .flatMap(part -> destination(part).stream())
          .findFirst();
    }
    return condition instanceof Condition.DestinationAddress to
        ? Optional.of(to.addresses())
        : Optional.empty();
  }

  private List<FlowEntry> groups() {
    return flows()
        .filter(flow -> flow.steps().stream()
            .anyMatch(step ->
                step instanceof FlowStep.Unknown unknown && unknown.text().startsWith("group:")))
        .toList();
  }

  /**
   * The tables as packets meet them whose destination a Service's endpoint is, once it is set: a packet that the flows of a Service would match is
   * taken to be such a one, with the connection remembered and marked by the flow that sets the destination.
   *
   * @return one for each way in which Services mark packets that flows ask for later; none without Services
   */
  List<SortedMap<Integer, List<FlowEntry>>> translated() {
    List<List<FlowStep>> ways = new ArrayList<>();
    for (FlowEntry setting : flows().toList()) {
      Optional<FlowStep.Conntrack> translating = setting.steps().stream()
          .filter(step -> step instanceof FlowStep.Conntrack ct && ct.translates() && ct.commit())
          .map(step -> (FlowStep.Conntrack) step)
          .findFirst();
      // Only where an endpoint was chosen: what hides sources comes later.
      if (translating.isEmpty() || !setting.text().contains("nat(dst=")) {
        continue;
      }
      for (FlowEntry group : groups()) {
        List<FlowStep> steps = new ArrayList<>();
        for (FlowStep step : group.steps()) {
          if (step instanceof FlowStep.Write write && isMark(write.bits())) {
            steps.add(step);
          }
        }
        FlowStep.Conntrack ct = translating.get();
        steps.add(new FlowStep.Conntrack(ct.zone(), ct.commit(), ct.table(), false, ct.marking()));
        if (!ways.contains(steps)) {
          ways.add(steps);
        }
      }
    }
    Set<Integer> choosing = new TreeSet<>();
    groups().forEach(flow -> choosing.add(flow.table()));
    List<SortedMap<Integer, List<FlowEntry>>> all = new ArrayList<>();
    for (List<FlowStep> steps : ways) {
      SortedMap<Integer, List<FlowEntry>> changed = new TreeMap<>(tables);
      choosing.forEach(table -> changed.put(
          table,
          List.of(new FlowEntry(
              table,
              0,
              FlowMatch.of(List.of(), "", 0),
              steps,
              List.of(),
              "a Service's endpoint is the destination",
              groups().get(0).line()))));
      all.add(changed);
    }
    return all;
  }

  /** Whether bits are none of the endpoint that was chosen, nor of the group. */
  private static boolean isMark(MaskedBits bits) {
    return bits.mask().equals(REWRITES.mask())
        || Registers.slot("reg4").orElseThrow().mask().and(bits.mask()).equals(bits.mask());
  }

  private static MaskedBits bit(String register, int number) {
    return new MaskedBits(
        BigInteger.ONE.shiftLeft(Registers.slot(register).orElseThrow().low() + number),
        BigInteger.ONE.shiftLeft(Registers.slot(register).orElseThrow().low() + number));
  }

  private static MaskedBits field(String register, long value, int width) {
    return MaskedBits.exactly(value, width)
        .at(Registers.slot(register).orElseThrow().low());
  }
}
