package dev.postern.nftables;

import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.backend.Script;
import dev.postern.backend.TextOutput;
import dev.postern.lowering.PolicedPods;
import dev.postern.net.Family;
import dev.postern.netfilter.Deny;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.LayoutCost;
import dev.postern.netfilter.Layouts;
import dev.postern.plan.Plan;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The target {@code nftables}: one table of our own, {@code inet postern}, replaced in one transaction.
 *
 * @param unaddressed what to do with pods of which no address is known
 * @param deny what becomes of packets that no policy allows
 */
public record Nftables(PolicedPods.Unaddressed unaddressed, Deny deny) implements Incremental {

  /** The file that {@code nft -f} takes. */
  public static final String RULESET = "ruleset.nft";

  /** The name of our table, of family {@code inet}. */
  public static final String TABLE = "postern";

  public static Nftables backend() {
    return new Nftables(PolicedPods.Unaddressed.REFUSE, Deny.DROP);
  }

  public Nftables skipping(PolicedPods.Unaddressed other) {
    return new Nftables(other, deny);
  }

  /** The same with another answer to denied packets. */
  public Nftables denying(Deny other) {
    return new Nftables(unaddressed, other);
  }

  @Override
  public String target() {
    return "nftables";
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    Map<Family, Layout> layouts = Layouts.of(plan, scope, unaddressed);
    String summary = LayoutCost.of(layouts).text(target(), 5, 0, 0);
    NftTable table = table(plan, layouts);
    SortedMap<String, Consumer<TextOutput>> files = new TreeMap<>();
    files.put(RULESET, table::write);
    files.put("summary.txt", out -> out.append(summary));
    SortedMap<String, Script> scripts = new TreeMap<>();
    scripts.put("apply.sh", NftablesScripts.APPLY);
    scripts.put("remove.sh", NftablesScripts.REMOVE);
    return new Draft(target(), files, scripts, summary);
  }

  private NftTable table(Plan plan, Map<Family, Layout> layouts) {
    return new RulesetWriter(layouts, !plan.options().nodeTrafficPasses(), deny).write();
  }

  /**
   * What turns the rules of one plan into those of another: where pods come or go, elements of sets and maps; where policies change, the
   * chains of the pods that they are about and new sets. {@link dev.postern.netfilter.Transition} says why no state on the way is wrong.
   *
   * @return one file a transaction, and {@code apply.sh}, which fails where the first plan's rules are not in force
   * @throws Refusal if the target cannot express one of the plans exactly
   * @throws IllegalArgumentException if the plans' options differ
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    return NftablesDelta.between(
        Layouts.of(before, scope, unaddressed),
        Layouts.of(after, scope, unaddressed),
        !after.options().nodeTrafficPasses(),
        deny);
  }
}
