package dev.postern.enforced;

import dev.postern.enforced.Contract.Binding;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node's routes say of the interfaces by which packets of other addresses than its pods' come and leave.
 *
 * @param used the interfaces that packets of a family use at all; of a family without an entry nobody knows them
 * @param leaving which addresses packets leave to by which interface. A packet from such an address usually comes in by the same one;
 *     nothing keeps it from another that no pod is behind, since a sender may write any address
 * @param networks addresses on networks that only this node has, such as those of docker's bridges
 * @param several interfaces that are one of several ways to the same addresses: these come and leave by them even where pods are behind them,
 *     too
 */
public record Routing(
    Map<Family, Set<String>> used,
    List<Binding> leaving,
    AddressSet networks,
    Set<String> several) {

  /** Nothing is known. */
  public static final Routing UNKNOWN = new Routing(Map.of(), List.of(), AddressSet.EMPTY);

  public Routing {
    used = Map.copyOf(used);
    leaving = List.copyOf(leaving);
    several = Set.copyOf(several);
  }

  /** Routes of which each is the only one to its addresses. */
  public Routing(Map<Family, Set<String>> used, List<Binding> leaving, AddressSet networks) {
    this(used, leaving, networks, Set.of());
  }
}
