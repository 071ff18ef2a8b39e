package dev.postern.prove;

import dev.postern.backend.Obligation;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.Packet;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Proves a claim for one family by sets of packets: exact, and linear in the rules where each rule is about few sources or destinations. */
final class SetProof {

  /** How many addresses of a class are tried for one to show a finding by. */
  private static final int TRIES = 64;

  private final Claim claim;
  private final List<DeviationSearch.Aside> aside;
  private final MentionedSets mentioned;
  private final AddressClasses addresses;
  private final Fields fields;
  private final ExemptPairs exempt;
  private final Policies policies;
  /** Packets that no policy restricts on either side: of no pod in scope, or of pods that no policy isolates. */
  private final int free;
  /** Packets of which {@link RuleComparison} says nothing: those, and packets between exempt pairs. */
  private final int elsewhere;

  private final PacketReplay replay;
  private final UserSpace userSpace;
  private final boolean queues;

  SetProof(Claim claim, AddressClasses addresses, MentionedSets mentioned) {
    this(claim, addresses, mentioned, List.of(), UserSpace.RIGHT);
  }

  /**
   * A proof of all but some packets.
   *
   * @param aside what is of no interest; its conditions are mentioned
   */
  SetProof(
      Claim claim,
      AddressClasses addresses,
      MentionedSets mentioned,
      List<DeviationSearch.Aside> aside) {
    this(claim, addresses, mentioned, aside, UserSpace.RIGHT);
  }

  SetProof(
      Claim claim,
      AddressClasses addresses,
      MentionedSets mentioned,
      List<DeviationSearch.Aside> aside,
      UserSpace userSpace) {
    this.userSpace = userSpace;
    this.queues = !claim.rules().queues().isEmpty();
    this.aside = List.copyOf(aside);
    this.claim = claim;
    this.mentioned = mentioned;
    this.addresses = addresses;
    this.fields = new Fields(addresses, mentioned, claim.contract());
    this.exempt = new ExemptPairs(claim.plan(), addresses);
    this.policies = new Policies(claim.plan(), fields);
    int exemptPackets = exempt.everyPacket(fields);
    this.free = fields.bdd.minus(
        fields.bdd.and(
            fields.sources(policies.free(Direction.EGRESS)),
            fields.destinations(policies.free(Direction.INGRESS))),
        exemptPackets);
    this.elsewhere =
        fields.bdd.or(fields.bdd.or(exemptPackets, free), Bdd.not(fields.validAddresses));
    this.replay = new PacketReplay(
        claim,
        new Interfaces(claim.contract(), mentioned, addresses.family),
        addresses::podsAt,
        userSpace);
  }

  /** All packets but those that the contract leaves open, and those of which it can't be told whose they are. */
  private int judged(Fields of, ConnectionState state, boolean reply, boolean shouldPass) {
    return judged(of, state, reply, shouldPass, leeway -> leeway.opens(shouldPass));
  }

  private int judged(
      Fields of,
      ConnectionState state,
      boolean reply,
      boolean shouldPass,
      Predicate<Contract.Leeway> opens) {
    int all = of.valid;
    for (Address address : addresses.ambiguous) {
      int number = addresses.classOf(address);
      int unclear = of.bdd.or(of.sources(number, number + 1), of.destinations(number, number + 1));
      all = of.bdd.minus(all, unclear);
    }
    Conditions conditions = new Conditions(of, state, reply, Bdd.FALSE, () -> {
      throw new IllegalArgumentException("a waiver must be understood");
    });
    for (Contract.Waiver waiver : claim.contract().waivers()) {
      if (opens.test(waiver.leeway())) {
        all = of.bdd.minus(all, conditions.set(waiver.packets(), Marks.none(of)));
      }
    }
    for (DeviationSearch.Aside each : aside) {
      if (each.shouldPass() == shouldPass && each.packets().isPresent()) {
        all = of.bdd.minus(all, conditions.set(each.packets().get(), Marks.none(of)));
      }
    }
    return all;
  }

  /** A packet that is not treated as it should be, or may not be; a certain one if there is one. */
  Optional<PacketDifference> run() {
    Optional<PacketDifference> perhaps = Optional.empty();
    for (ConnectionState state :
        List.of(ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.RELATED)) {
      for (boolean reply : new boolean[] {false, true}) {
        if (state == ConnectionState.NEW && reply || isLikeAnother(state, reply)) {
          continue;
        }
        Optional<DifferingClasses> finding = compare(state, reply);
        if (finding.isPresent()) {
          PacketDifference difference = show(finding.get(), state, reply);
          if (finding.get().certain()) {
            return Optional.of(difference);
          }
          perhaps = perhaps.or(() -> Optional.of(difference));
        }
      }
    }
    return perhaps;
  }

  /** Whether packets of an earlier state are treated in the same way, and ought to: nothing tells them apart. */
  private boolean isLikeAnother(ConnectionState state, boolean reply) {
    return claim.contract().established() == Established.ALL_PASS
        && (reply && !mentioned.replies || state == ConnectionState.RELATED && !mentioned.related);
  }

  private Optional<DifferingClasses> compare(ConnectionState state, boolean reply) {
    List<DifferingClasses> findings = new ArrayList<>();
    policed(state, reply, Optional.empty()).ifPresent(findings::add);
    if (findings.stream().noneMatch(DifferingClasses::certain)) {
      dropped(fields, state, reply, free, judged(fields, state, reply, true), number -> -1, false)
          .ifPresent(findings::add);
      exempt(state, reply, findings);
    }
    return findings.stream().max(Comparator.comparing(DifferingClasses::certain));
  }

  /** All pairs of classes between which packets of this state are certainly not treated as they should be; exempt pairs are left out. */
  ClassPairs differing(ConnectionState state, boolean reply) {
    ClassPairs pairs = new ClassPairs();
    policed(state, reply, Optional.of(pairs));
    int[] dropped = {Bdd.FALSE};
    new RuleWalk(
            fields,
            claim.rules(),
            state,
            reply,
            Bdd.FALSE,
            userSpace.decides(true),
            set -> dropped[0] = fields.bdd.or(dropped[0], set))
        .run(free);
    int surely = fields.bdd.and(
        fields.bdd.and(free, judged(fields, state, reply, true)), fields.surely(dropped[0]));
    fields.bdd.forEach(
        surely,
        fields.source.first(),
        fields.source.bits(),
        fields.source.size(),
        (first, end, rest) -> fields.bdd.forEach(
            rest,
            fields.destination.first(),
            fields.destination.bits(),
            fields.destination.size(),
            (low, high, below) -> pairs.add(first, end, low, high)));
    return pairs;
  }

  private Optional<DifferingClasses> policed(
      ConnectionState state, boolean reply, Optional<ClassPairs> all) {
    int passing = judged(fields, state, reply, true);
    int dropped = judged(fields, state, reply, false);
    if (!queues) {
      return policed(state, reply, all, Ending.ACCEPT, new RuleComparison.Judged(passing, dropped));
    }
    // What user space is taken to decide is another thing of packets that ought to pass.
    Optional<DifferingClasses> lost = policed(
        state, reply, all, userSpace.decides(true), new RuleComparison.Judged(passing, Bdd.FALSE));
    if (lost.filter(DifferingClasses::certain).isPresent() || state != ConnectionState.NEW) {
      return lost;
    }
    Optional<DifferingClasses> kept = policed(
        state, reply, all, userSpace.decides(false), new RuleComparison.Judged(Bdd.FALSE, dropped));
    return kept.filter(DifferingClasses::certain).or(() -> lost).or(() -> kept);
  }

  private Optional<DifferingClasses> policed(
      ConnectionState state,
      boolean reply,
      Optional<ClassPairs> all,
      Ending decided,
      RuleComparison.Judged judged) {
    Drops drops = new Drops(fields);
    RuleWalk walk =
        new RuleWalk(fields, claim.rules(), state, reply, elsewhere, decided, drops::add);
    walk.run(Bdd.TRUE);
    RuleComparison comparison =
        new RuleComparison(fields, exempt, policies, drops, judged, walk.metUnknown(), all);
    if (state == ConnectionState.NEW) {
      return comparison.opening();
    }
    boolean whereAllowed = state == ConnectionState.ESTABLISHED
        && !reply
        && claim.contract().established() == Established.REPLIES_PASS;
    return comparison.known(whereAllowed);
  }

  /** Packets of exempt pairs pass, unless the target does not see them. */
  private void exempt(ConnectionState state, boolean reply, List<DifferingClasses> findings) {
    for (Exemption exemption : List.of(Exemption.SAME_POD, Exemption.OWN_NODE)) {
      boolean seen = exemption == Exemption.SAME_POD
          && aside.stream()
              .anyMatch(
                  each -> each.obligation().equals(Optional.of(Obligation.SELF_THROUGH_SERVICE)));
      if (seen || claim.contract().leftOpen().contains(exemption)) {
        continue;
      }
      for (boolean reversed : new boolean[] {false, true}) {
        if (reversed && exemption == Exemption.SAME_POD) {
          continue;
        }
        for (int[] partners : exempt.pairings(exemption, reversed)) {
          Fields paired = new Fields(
              addresses,
              mentioned,
              claim.contract(),
              Optional.of(new Fields.Pairing(partners, reversed)));
          int[] all =
              IntStream.range(0, partners.length).filter(n -> partners[n] >= 0).toArray();
          int[] runs = AddressClasses.runs(all, all.length);
          int packets = reversed ? paired.destinations(runs) : paired.sources(runs);
          dropped(
                  paired,
                  state,
                  reply,
                  packets,
                  judged(paired, state, reply, true, Contract.Leeway::opensExempt),
                  n -> partners[n],
                  reversed)
              .ifPresent(findings::add);
        }
      }
    }
  }

  /** Packets that are dropped of some that all have to pass. */
  private Optional<DifferingClasses> dropped(
      Fields of,
      ConnectionState state,
      boolean reply,
      int packets,
      int judgedHere,
      IntUnaryOperator partners,
      boolean reversed) {
    int[] all = {Bdd.FALSE};
    RuleWalk walk = new RuleWalk(
        of,
        claim.rules(),
        state,
        reply,
        Bdd.FALSE,
        userSpace.decides(true),
        set -> all[0] = of.bdd.or(all[0], set));
    walk.run(packets);
    int wrong = of.bdd.and(of.bdd.and(all[0], packets), judgedHere);
    if (wrong == Bdd.FALSE) {
      return Optional.empty();
    }
    int always = of.bdd.and(wrong, of.surely(all[0]));
    boolean certain = always != Bdd.FALSE;
    int set = certain ? always : wrong;
    int source = of.bdd.lowest(set, of.source.first(), of.source.bits());
    int rest = of.bdd.at(set, of.source.first(), of.source.bits(), source);
    int destination = of.bdd.lowest(rest, of.destination.first(), of.destination.bits());
    rest = of.bdd.at(rest, of.destination.first(), of.destination.bits(), destination);
    int partner = partners.applyAsInt(source);
    if (partner < 0) {
      return Optional.of(DifferingClasses.of(of, true, source, destination, rest, certain));
    }
    int from = reversed ? partner : source;
    int to = reversed ? source : partner;
    return Optional.of(
        new DifferingClasses(of, true, from, to, rest, certain, exempt.pair(from, to)));
  }

  private PacketDifference show(DifferingClasses finding, ConnectionState state, boolean reply) {
    if (finding.exempt().isPresent()) {
      ExemptPairs.Pair pair = finding.exempt().get();
      return show(finding, pair.source(), pair.destination(), state, reply);
    }
    List<Address> sources = some(finding.source());
    List<Address> destinations = some(finding.destination());
    for (Address from : sources) {
      for (Address to : destinations) {
        Packet packet = finding.fields().packet(from, to, finding.rest(), state, reply);
        if (replay.isAbout(packet, finding.shouldPass())) {
          return replay.difference(packet, finding.shouldPass(), finding.certain());
        }
      }
    }
    // The replay will say what is wrong.
    return show(finding, sources.get(0), destinations.get(0), state, reply);
  }

  private PacketDifference show(
      DifferingClasses finding, Address from, Address to, ConnectionState state, boolean reply) {
    return replay.difference(
        finding.fields().packet(from, to, finding.rest(), state, reply),
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
