package dev.postern.iptables;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.backend.TextOutput;
import dev.postern.net.Family;
import dev.postern.netfilter.ContentName;
import dev.postern.netfilter.Deny;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.LayoutCost;
import dev.postern.netfilter.Layouts;
import dev.postern.plan.Plan;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is in force once an artefact is applied.
 *
 * @param layouts what it is written from
 * @param numbers what marks bear, by family; empty where there are none
 * @param sets the sets of both families
 * @param chains the chains of each family
 * @param hooks the built-in chains that lead to ours
 * @param refusing how denied packets are refused; empty if they are dropped
 * @param depth rules that find a group in the worst case
 * @param usualDepth rules that find a group on average
 */
record IptablesRules(
    Map<Family, Layout> layouts,
    Map<Family, MarkNumbers> numbers,
    Ipsets sets,
    Map<Family, Chains> chains,
    List<IptablesHook> hooks,
    Optional<Refusing> refusing,
    int depth,
    double usualDepth) {

  /** Bits that one chain of a tree tells apart: with four branches a packet meets the fewest rules. */
  private static final int NARROWEST = 2;

  private static final int WIDEST = 24;

  static IptablesRules of(Iptables backend, Plan plan, Scope scope) throws Refusal {
    Map<Family, Layout> layouts = Layouts.of(plan, scope, backend.unaddressed());
    Map<Family, MarkNumbers> numbers = new EnumMap<>(Family.class);
    if (backend.marks().isPresent()) {
      int reserved = backend.deny() == Deny.REJECT ? 1 : 0;
      for (Layout layout : layouts.values()) {
        MarkDispatch.check(layout, backend.marks().get(), reserved);
        numbers.put(layout.family(), MarkNumbers.of(layout, backend.marks().get(), reserved));
      }
    }
    // FORWARD sees neither the traffic between pods and their node nor what IPVS takes from
    // Services to pods.
    List<IptablesHook> hooks = plan.options().nodeTrafficPasses()
        ? List.of(IptablesHook.FORWARD, IptablesHook.SERVED)
        : List.of(IptablesHook.FORWARD, IptablesHook.INPUT, IptablesHook.OUTPUT);
    return of(backend, layouts, numbers, hooks, Set.of());
  }

  /** @param standIns names of sets that others stand in for */
  static IptablesRules of(
      Iptables backend,
      Map<Family, Layout> layouts,
      Map<Family, MarkNumbers> numbers,
      List<IptablesHook> hooks,
      Set<String> standIns) {
    Ipsets sets = new Ipsets(standIns);
    Map<Family, Chains> chains = new EnumMap<>(Family.class);
    Optional<Refusing> refusing = backend.deny() == Deny.REJECT
        ? Optional.of(new Refusing(backend.refusalMark()))
        : Optional.empty();
    int depth = 0;
    double usual = 0;
    for (Layout layout : layouts.values()) {
      MarkNumbers own = numbers.get(layout.family());
      Dispatch dispatch;
      Chains written;
      // Wider trees are less deep and take more rules for a packet. The widest are lists.
      int width = NARROWEST;
      do {
        dispatch = own == null
            ? new AddressDispatch(layout, width)
            : new MarkDispatch(layout, backend.marks().orElseThrow(), sets, own, width);
        written = new RulesWriter(layout, dispatch, sets, refusing).write();
        if (hooks.contains(IptablesHook.SERVED)) {
          written.add(Chains.SERVED, "-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN");
          written.add(Chains.SERVED, "-m addrtype --src-type LOCAL -j RETURN");
          written.add(Chains.SERVED, "-g " + Chains.MAIN);
        }
      } while (written.depth() > Chains.MOST_IN_A_ROW && width++ < WIDEST);
      chains.put(layout.family(), written);
      depth = Math.max(depth, dispatch.depth());
      usual = Math.max(usual, dispatch.usualDepth());
    }
    return new IptablesRules(layouts, numbers, sets, chains, hooks, refusing, depth, usual);
  }

  /** What it costs. */
  String summary(String target) {
    return LayoutCost.of(layouts).text(target, 3, depth, usualDepth);
  }

  Chains chains(Family family) {
    return chains.getOrDefault(family, new Chains());
  }

  /** What iptables-restore takes. */
  void write(Family family, TextOutput out) {
    refusing.ifPresent(it -> out.append(it.table(family, hooks)));
    out.append("*mangle\n");
    chains(family).write(out);
    hooks.forEach(hook -> out.append(hook.inMangle()));
    if (refusing.isPresent()) {
      out.append("-I POSTROUTING 1 -j ").append(Chains.LAST).append('\n');
    }
    out.append("COMMIT\n");
  }

  /** The name of the set that says that these rules are in force. */
  String marker() {
    return Ipsets.PREFIX + "v"
        + new ContentName().of(all -> {
          sets.write(Set.of(), all);
          chains.values().forEach(family -> {
            family.write(all);
            all.append('\n');
          });
          all.append(hooks.toString()).append(refusing.toString());
        });
  }
}
