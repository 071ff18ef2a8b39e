package dev.postern.prove;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Decision;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Replays a packet on both definitions; a packet on which a proof and they disagree is a defect of Postern, and says so. */
final class PacketReplay {

  private final Claim claim;
  private final Interfaces interfaces;
  private final Function<Address, List<End.InPod>> podsAt;
  private final Reference reference;
  private final UserSpace userSpace;
  /** The rules as they are. */
  private final Interpreter plain;
  /** The rules with what programs in user space are taken to decide of packets that ought to pass, and of those that ought not to. */
  private final Interpreter passing;

  private final Interpreter dropping;

  PacketReplay(Claim claim, Interfaces interfaces, Function<Address, List<End.InPod>> podsAt) {
    this(claim, interfaces, podsAt, UserSpace.RIGHT);
  }

  PacketReplay(
      Claim claim,
      Interfaces interfaces,
      Function<Address, List<End.InPod>> podsAt,
      UserSpace userSpace) {
    this.claim = claim;
    this.interfaces = interfaces;
    this.podsAt = podsAt;
    this.userSpace = userSpace;
    this.reference = new Reference(claim.plan().cluster(), claim.plan().options());
    this.plain = new Interpreter(claim.rules());
    this.passing = new Interpreter(claim.rules(), Optional.of(userSpace.decides(true)));
    this.dropping = new Interpreter(claim.rules(), Optional.of(userSpace.decides(false)));
  }

  /** What policies say of a packet, as far as this artefact is to enforce it. */
  enum Ought {
    PASS,
    DROP,
    /** Through DNS names, or by the contract. */
    EITHER
  }

  Judgement judge(Packet packet) {
    return reference.judge(new Flow(
        end(packet.source()),
        end(packet.destination()),
        packet.policyProtocol(),
        packet.policyProtocol().hasPorts() ? packet.destinationPort() : 0));
  }

  private End end(Address address) {
    List<End.InPod> pods = podsAt.apply(address);
    return pods.isEmpty() ? new End.Outside(address) : pods.get(0);
  }

  /** What becomes of a new connection's packet by the definition. */
  Ought ought(Packet packet, Judgement judgement) {
    if (isNeighbourDiscovery(packet)) {
      return Ought.PASS;
    }
    if (judgement.exemption() != Exemption.NONE) {
      return claim.contract().leftOpen().contains(judgement.exemption()) && isPoliced(judgement)
          ? Ought.EITHER
          : Ought.PASS;
    }
    FlowVerdict egress = side(judgement.flow().source(), judgement.egress());
    FlowVerdict ingress = side(judgement.flow().destination(), judgement.ingress());
    if (egress == FlowVerdict.DENIED || ingress == FlowVerdict.DENIED) {
      return Ought.DROP;
    }
    return egress == FlowVerdict.ALLOWED && ingress == FlowVerdict.ALLOWED
        ? Ought.PASS
        : Ought.EITHER;
  }

  private boolean isLeftOpen(Judgement judgement) {
    return claim.contract().leftOpen().contains(judgement.exemption()) && isPoliced(judgement);
  }

  /** Whether a packet is one of those that ought to pass, or to be dropped. */
  boolean isAbout(Packet packet, boolean shouldPass) {
    Judgement judgement = judge(packet);
    return packet.state() == ConnectionState.NEW
        ? ought(packet, judgement) == (shouldPass ? Ought.PASS : Ought.DROP)
        : !isLeftOpen(judgement);
  }

  private boolean isPoliced(Judgement judgement) {
    return isPoliced(judgement.flow().source()) || isPoliced(judgement.flow().destination());
  }

  private boolean isPoliced(End end) {
    return end instanceof End.InPod pod
        && AddressClasses.isPoliced(pod, claim.plan().options(), claim.scope());
  }

  private FlowVerdict side(End end, Decision decision) {
    return isPoliced(end) ? decision.verdict() : FlowVerdict.ALLOWED;
  }

  static boolean isNeighbourDiscovery(Packet packet) {
    return packet.source().family() == Family.IPV6
        && packet.isIcmp()
        && packet.icmpType() >= 133
        && packet.icmpType() <= 137;
  }

  /**
   * The packet as a difference.
   *
   * @param certain whether the rules are known to do the wrong thing; else it depends on what was not understood
   * @throws IllegalStateException if a definition says otherwise than the proof
   */
  PacketDifference difference(Packet packet, boolean shouldPass, boolean certain) {
    Passage judged = passage(packet, shouldPass);
    Passage.Fate expected =
        !certain ? Passage.Fate.UNKNOWN : shouldPass ? Passage.Fate.DROP : Passage.Fate.ACCEPT;
    if (judged.fate() != expected) {
      throw new IllegalStateException("the proof says that the rules " + expected + " " + packet
          + ", the interpreter says " + judged);
    }
    Passage passage =
        onItsWay(userSpace == UserSpace.RIGHT ? judged : passage(plain, packet, shouldPass));
    if (packet.state() != ConnectionState.NEW) {
      String why =
          "packets of known connections pass" + (packet.reply() ? ", replies above all" : "");
      return new PacketDifference(packet, shouldPass, why, Optional.empty(), passage);
    }
    Judgement judgement = judge(packet);
    Ought ought = ought(packet, judgement);
    if (ought != (shouldPass ? Ought.PASS : Ought.DROP)) {
      throw new IllegalStateException(
          "the proof says that " + packet + (shouldPass ? " passes" : " does not pass")
              + " by the policies, the definition says " + ought + " by " + judgement);
    }
    return new PacketDifference(
        packet,
        shouldPass,
        why(packet, judgement, shouldPass),
        isNeighbourDiscovery(packet) ? Optional.empty() : Optional.of(judgement),
        passage);
  }

  /** A passage that says first which way the packet takes, where that is another than to be forwarded. */
  private Passage onItsWay(Passage passage) {
    if (claim.path().isEmpty()) {
      return passage;
    }
    List<Passage.Hit> hits = new ArrayList<>();
    hits.add(new Passage.Hit("hooks", "hooks", claim.path().get().hooks(), Origin.NONE, true));
    hits.addAll(passage.hits());
    return new Passage(passage.fate(), hits);
  }

  private Passage passage(Packet packet, boolean shouldPass) {
    return passage(shouldPass ? passing : dropping, packet, shouldPass);
  }

  /**
   * What becomes of a packet, through whichever interfaces it goes where that is not known: the wrong thing, if that is what becomes of it by
   * each way that it usually takes.
   */
  private Passage passage(Interpreter interpreter, Packet packet, boolean shouldPass) {
    List<Packet> usual = interfaces.usualWays(packet);
    Passage first = interpreter.walk(usual.get(0));
    boolean same = isSame(interpreter, first, usual);
    boolean isWrong = first.fate() == (shouldPass ? Passage.Fate.DROP : Passage.Fate.ACCEPT);
    if (same && (isWrong || isSame(interpreter, first, interfaces.ways(packet)))) {
      return first;
    }
    List<Passage.Hit> hits = new ArrayList<>();
    if (interfaces.of(packet.source()).isEmpty() && interfaces.in.size() > 1) {
      hits.add(unbound("come in", "from " + packet.source()));
    }
    if (interfaces.leaving(packet.destination()).isEmpty() && interfaces.out.size() > 1) {
      hits.add(unbound("leave", "to " + packet.destination()));
    }
    hits.addAll(first.hits());
    return new Passage(Passage.Fate.UNKNOWN, hits);
  }

  private static boolean isSame(Interpreter interpreter, Passage first, List<Packet> ways) {
    return ways.stream().allMatch(way -> interpreter.walk(way).fate() == first.fate());
  }

  private static Passage.Hit unbound(String go, String which) {
    return new Passage.Hit(
        "interfaces",
        "interfaces",
        "it depends on the interface by which packets " + which + " " + go
            + ", and nothing says which that is",
        Origin.NONE,
        false);
  }

  /** Whether a packet is treated otherwise than it ought to be, or may be. */
  boolean isWrong(Packet packet) {
    if (packet.state() != ConnectionState.NEW) {
      return false;
    }
    Ought ought = ought(packet, judge(packet));
    return ought != Ought.EITHER
        && passage(packet, ought == Ought.PASS).fate()
            != (ought == Ought.PASS ? Passage.Fate.ACCEPT : Passage.Fate.DROP);
  }

  /** A packet that is treated wrongly, whichever way that is; {@link #difference} finds out. */
  PacketDifference difference(Packet packet) {
    boolean shouldPass =
        packet.state() != ConnectionState.NEW || ought(packet, judge(packet)) == Ought.PASS;
    Passage.Fate verdict = passage(packet, shouldPass).fate();
    return difference(packet, shouldPass, verdict != Passage.Fate.UNKNOWN);
  }

  private String why(Packet packet, Judgement judgement, boolean shouldPass) {
    if (isNeighbourDiscovery(packet)) {
      return "IPv6 neighbour discovery passes whatever the policies say";
    }
    return switch (judgement.exemption()) {
      case SAME_POD -> "a pod always reaches itself";
      case OWN_NODE -> "traffic between a pod and its own node passes";
      case NONE ->
        !isPoliced(judgement)
            ? "neither end is a pod that these rules police"
            : shouldPass ? "the policies allow it" : "the policies deny it";
    };
  }
}
