package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.enforced.Packet;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Proves a claim for one family by sets of packets: exact, and linear in the rules where each rule is about few sources or destinations. */
final class SetProof {

  /** How many addresses of a class are tried for one to show a finding by. */
  private static final int TRIES = 64;

  private final Claim claim;
  private final AddressClasses addresses;
  private final Fields fields;
  private final Exempt exempt;
  private final Policies policies;
  private final Map<Condition, Integer> known = Walk.conditions();
  private final int judged;
  private final Replay replay;

  SetProof(Claim claim, Family family, Mentioned mentioned) {
    this.claim = claim;
    this.addresses = new AddressClasses(claim.plan(), claim.scope(), family, mentioned.addresses);
    this.fields = new Fields(new Bdd(), addresses, mentioned, claim.contract().interfaces());
    this.exempt = new Exempt(claim.plan(), addresses);
    this.policies = new Policies(claim.plan(), fields);
    this.judged = judged();
    this.replay = new Replay(claim, addresses::podsAt);
  }

  /** All packets but those that the contract leaves open, and those of which it can't be told whose they are. */
  private int judged() {
    int all = fields.valid;
    for (Address address : addresses.ambiguous) {
      int number = addresses.classOf(address);
      int known = fields.bdd.or(
          fields.classes(fields.source, number, number + 1),
          fields.classes(fields.destination, number, number + 1));
      all = fields.bdd.minus(all, known);
    }
    for (Contract.Waiver waiver : claim.contract().waivers()) {
      Walk walk = walk(ConnectionState.NEW, false, new Drops(fields));
      int open = walk.set(waiver.packets());
      if (walk.metUnknown()) {
        throw new IllegalArgumentException("a waiver must be understood: " + waiver);
      }
      all = fields.bdd.minus(all, open);
    }
    return all;
  }

  private Walk walk(ConnectionState state, boolean reply, Drops drops) {
    return new Walk(fields, claim.rules(), state, reply, known, drops::add);
  }

  /** Addresses whose owner can't be told. */
  Set<Address> ambiguous() {
    return addresses.ambiguous;
  }

  /** A packet that does not fare as it should, or may not; a certain one if there is one. */
  Optional<Difference> run() {
    Optional<Difference> perhaps = Optional.empty();
    for (ConnectionState state :
        List.of(ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.RELATED)) {
      for (boolean reply : new boolean[] {false, true}) {
        if (state == ConnectionState.NEW && reply) {
          continue;
        }
        Optional<Finding> finding = compare(state, reply);
        if (finding.isPresent()) {
          Difference difference = show(finding.get(), state, reply);
          if (finding.get().certain()) {
            return Optional.of(difference);
          }
          perhaps = perhaps.or(() -> Optional.of(difference));
        }
      }
    }
    return perhaps;
  }

  private Optional<Finding> compare(ConnectionState state, boolean reply) {
    Drops drops = new Drops(fields);
    Walk walk = walk(state, reply, drops);
    walk.run();
    Comparison comparison = new Comparison(
        fields, claim.contract(), exempt, policies, drops, judged, walk.metUnknown());
    if (state == ConnectionState.NEW) {
      return comparison.opening();
    }
    boolean whereAllowed = state == ConnectionState.ESTABLISHED
        && !reply
        && claim.contract().established() == Established.REPLIES_PASS;
    return comparison.known(whereAllowed);
  }

  private Difference show(Finding finding, ConnectionState state, boolean reply) {
    if (finding.exempt().isPresent()) {
      Exempt.Pair pair = finding.exempt().get();
      return show(finding, pair.source(), pair.destination(), state, reply);
    }
    List<Address> sources = some(finding.source());
    List<Address> destinations = some(finding.destination());
    for (Address from : sources) {
      for (Address to : destinations) {
        Packet packet = fields.packet(from, to, finding.rest(), state, reply);
        if (replay.isAbout(packet, finding.shouldPass())) {
          return replay.difference(packet, finding.shouldPass(), finding.certain());
        }
      }
    }
    // The replay will say what is wrong.
    return show(finding, sources.get(0), destinations.get(0), state, reply);
  }

  private Difference show(
      Finding finding, Address from, Address to, ConnectionState state, boolean reply) {
    return replay.difference(
        fields.packet(from, to, finding.rest(), state, reply),
        finding.shouldPass(),
        finding.certain());
  }

  /** Some addresses of a class, the most readable first. */
  private List<Address> some(int number) {
    Address example = addresses.example(number);
    return Stream.concat(
            Stream.of(example),
            addresses.ranges(number).stream().limit(TRIES).map(AddressRange::first))
        .distinct()
        .toList();
  }
}
