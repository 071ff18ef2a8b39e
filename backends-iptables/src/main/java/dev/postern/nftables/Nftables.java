package dev.postern.nftables;

import dev.postern.net.Family;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.Layouts;
import dev.postern.plan.Plan;
import dev.postern.target.Artifact;
import dev.postern.target.Backend;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.util.Map;
import java.util.TreeMap;

/**
 * The target {@code nftables}: one table of our own, {@code inet postern}, replaced in one transaction.
 *
 * @param unaddressed what to do with pods of which no address is known
 */
public record Nftables(Policed.Unaddressed unaddressed) implements Backend {

  /** The file that {@code nft -f} takes. */
  public static final String RULESET = "ruleset.nft";

  /** The name of our table, of family {@code inet}. */
  public static final String TABLE = "postern";

  public static Nftables backend() {
    return new Nftables(Policed.Unaddressed.REFUSE);
  }

  @Override
  public String target() {
    return "nftables";
  }

  @Override
  public Artifact compile(Plan plan, Scope scope) throws Refusal {
    Map<Family, Layout> layouts = Layouts.of(plan, scope, unaddressed);
    boolean nodeTraffic = !plan.options().nodeTrafficPasses();
    String ruleset = new RulesetWriter(layouts, nodeTraffic).write();
    NftablesCost cost = NftablesCost.of(layouts);
    Map<String, String> files = new TreeMap<>();
    files.put(RULESET, ruleset);
    files.put("apply.sh", NftablesScripts.APPLY);
    files.put("remove.sh", NftablesScripts.REMOVE);
    files.put("summary.txt", cost.text());
    return new Artifact(target(), new TreeMap<>(files), cost.text());
  }
}
