package dev.postern.iptables;

import dev.postern.net.Family;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.LayoutCost;
import dev.postern.netfilter.Layouts;
import dev.postern.plan.Plan;
import dev.postern.target.Artifact;
import dev.postern.target.Backend;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The target {@code iptables}: chains of our own in the {@code mangle} table of both families, over ipsets of our own.
 *
 * @param unaddressed what to do with pods of which no address is known
 * @param marks the bits of the packet mark that find a pod's group; empty to find it by its address, without {@code skbinfo}
 */
public record Iptables(Policed.Unaddressed unaddressed, Optional<MarkField> marks)
    implements Backend {

  public static final String SETS = "ipset.restore";
  public static final String RULES_4 = "iptables.restore";
  public static final String RULES_6 = "ip6tables.restore";

  public static Iptables backend() {
    return new Iptables(Policed.Unaddressed.REFUSE, Optional.of(MarkField.DEFAULT));
  }

  /** The same without marks, for kernels whose ipset has no {@code skbinfo}. */
  public Iptables withoutMarks() {
    return new Iptables(unaddressed, Optional.empty());
  }

  public Iptables withMarks(MarkField field) {
    return new Iptables(unaddressed, Optional.of(field));
  }

  @Override
  public String target() {
    return "iptables";
  }

  @Override
  public Artifact compile(Plan plan, Scope scope) throws Refusal {
    Map<Family, Layout> layouts = Layouts.of(plan, scope, unaddressed);
    boolean nodeTraffic = !plan.options().nodeTrafficPasses();
    Ipsets sets = new Ipsets();
    Map<Family, String> rules = new EnumMap<>(Family.class);
    int depth = 0;
    double usual = 0;
    for (Layout layout : layouts.values()) {
      Dispatch dispatch = marks
          .<Dispatch>map(field -> new MarkDispatch(layout, field, sets))
          .orElseGet(() -> new AddressDispatch(layout));
      dispatch.check();
      RulesWriter writer = new RulesWriter(layout, dispatch, sets, nodeTraffic);
      rules.put(layout.family(), writer.write());
      depth = Math.max(depth, dispatch.depth());
      usual = Math.max(usual, dispatch.usualDepth());
    }
    String summary = LayoutCost.of(layouts).text(target(), 3, depth, usual);
    Map<String, String> files = new TreeMap<>();
    files.put(SETS, sets.write());
    files.put(RULES_4, rules.getOrDefault(Family.IPV4, ""));
    files.put(RULES_6, rules.getOrDefault(Family.IPV6, ""));
    files.put("apply.sh", IptablesScripts.APPLY);
    files.put("remove.sh", IptablesScripts.REMOVE);
    files.put("summary.txt", summary);
    return new Artifact(target(), new TreeMap<>(files), summary);
  }
}
