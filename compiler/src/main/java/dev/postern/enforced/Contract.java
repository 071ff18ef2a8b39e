package dev.postern.enforced;

import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a target promises, and so what its artefacts are held to: each line that leaves something open is shown beside a proof. Start from
 * {@link #STRICT} and loosen what the target cannot see.
 *
 * @param families the families that the artefact is about; nothing is said of the others
 * @param leftOpen exemptions whose packets may pass or not, since they do not come by the rules at all: a pod's traffic to itself,
 *     traffic between a pod and the node it runs on
 * @param established what must pass of connections that are known already
 * @param interfaces which addresses are behind which interface; a packet with such a source comes in through that interface and through no
 *     other, one with such a destination leaves through it
 * @param routing where packets of all other addresses come and leave by the node's routes, as far as these are known
 * @param waivers other packets that may pass or not, each with its reason
 */
public record Contract(
    Set<Family> families,
    Set<Exemption> leftOpen,
    Established established,
    List<Binding> interfaces,
    Routing routing,
    List<Waiver> waivers) {

  /** What must pass of connections that are known already. */
  public enum Established {
    /** Every packet of an established or related connection. */
    ALL_PASS,
    /** Replies and related packets; the opening side's further packets are judged again, like new ones. */
    REPLIES_PASS
  }

  /** The addresses behind an interface. */
  public record Binding(String name, AddressSet addresses) {}

  /** What may become of packets that a target leaves open. */
  public enum Leeway {
    /** They may pass or not. */
    EITHER,
    /**
     * Those that policies let pass may be dropped; those that have to be dropped still have to, and so do those have to pass that no policy
     * is about, as between a pod and its own node.
     */
    MAY_DROP,
    /** Those that have to be dropped may pass; those that have to pass still have to. */
    MAY_PASS;

    /** Whether packets that have to pass, or that have to be dropped, are left open. */
    public boolean opens(boolean shouldPass) {
      return this == EITHER || shouldPass == (this == MAY_DROP);
    }

    /** Whether packets that no policy is about, and that have to pass therefore, are left open. */
    public boolean opensExempt() {
      return this == EITHER;
    }
  }

  /** Packets that a target leaves open, and why. */
  public record Waiver(String reason, Condition packets, Leeway leeway) {}

  /** Both families, everything promised. */
  public static final Contract STRICT = new Contract(
      EnumSet.allOf(Family.class),
      Set.of(),
      Established.ALL_PASS,
      List.of(),
      Routing.UNKNOWN,
      List.of());

  public Contract {
    families = Set.copyOf(families);
    leftOpen = Set.copyOf(leftOpen);
    interfaces = List.copyOf(interfaces);
    waivers = List.copyOf(waivers);
  }

  public Contract only(Family... others) {
    return new Contract(Set.of(others), leftOpen, established, interfaces, routing, waivers);
  }

  public Contract leavingOpen(Exemption... exemptions) {
    return new Contract(families, Set.of(exemptions), established, interfaces, routing, waivers);
  }

  public Contract with(Established other) {
    return new Contract(families, leftOpen, other, interfaces, routing, waivers);
  }

  public Contract with(Binding... bindings) {
    List<Binding> all = new ArrayList<>(interfaces);
    all.addAll(List.of(bindings));
    return new Contract(families, leftOpen, established, all, routing, waivers);
  }

  /** The same where packets of these families use these interfaces and no others. */
  public Contract using(Map<Family, Set<String>> used) {
    return with(new Routing(used, List.of(), AddressSet.EMPTY));
  }

  /** The same on a node with these routes. */
  public Contract with(Routing routes) {
    return new Contract(families, leftOpen, established, interfaces, routes, waivers);
  }

  public Contract waiving(String reason, Condition packets) {
    return waiving(reason, packets, Leeway.EITHER);
  }

  public Contract waiving(String reason, Condition packets, Leeway leeway) {
    List<Waiver> all = new ArrayList<>(waivers);
    all.add(new Waiver(reason, packets, leeway));
    return new Contract(families, leftOpen, established, interfaces, routing, all);
  }
}
