package dev.postern.iptables;

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
import dev.postern.plan.Plan;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The target {@code iptables}: chains of our own in the {@code mangle} table of both families, over ipsets of our own.
 *
 * @param unaddressed what to do with pods of which no address is known
 * @param marks the bits of the packet mark that find a pod's group; empty to find it by its address, without {@code skbinfo}
 * @param deny what becomes of packets that no policy allows
 */
public record Iptables(PolicedPods.Unaddressed unaddressed, Optional<MarkField> marks, Deny deny)
    implements Incremental {

  public static final String SETS = "ipset.restore";
  public static final String RULES_4 = "iptables.restore";
  public static final String RULES_6 = "ip6tables.restore";

  public static Iptables backend() {
    return new Iptables(PolicedPods.Unaddressed.REFUSE, Optional.of(MarkField.DEFAULT), Deny.DROP);
  }

  /** The same without marks, for kernels whose ipset has no {@code skbinfo}. */
  public Iptables withoutMarks() {
    return new Iptables(unaddressed, Optional.empty(), deny);
  }

  public Iptables withMarks(MarkField field) {
    return new Iptables(unaddressed, Optional.of(field), deny);
  }

  public Iptables skipping(PolicedPods.Unaddressed other) {
    return new Iptables(other, marks, deny);
  }

  /**
   * The same with another answer to denied packets. To refuse them takes the highest number of the packet mark's bits, also
   * {@linkplain #withoutMarks() without marks}: the kernel lets only rules of the filter table refuse, which find the packet by its mark.
   */
  public Iptables denying(Deny other) {
    return new Iptables(unaddressed, marks, other);
  }

  /** The bits of the mark that say that a packet is refused. */
  MarkField refusalMark() {
    return marks.orElse(MarkField.DEFAULT);
  }

  @Override
  public String target() {
    return "iptables";
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    IptablesRules rules = IptablesRules.of(this, plan, scope);
    String summary = rules.summary(target());
    SortedMap<String, Consumer<TextOutput>> files = new TreeMap<>();
    files.put(SETS, out -> rules.sets().write(Set.of(), out));
    files.put(RULES_4, out -> rules.write(Family.IPV4, out));
    files.put(RULES_6, out -> rules.write(Family.IPV6, out));
    files.put(
        "mark.restore", out -> out.append("create ").append(rules.marker()).append(" hash:ip\n"));
    files.put("summary.txt", out -> out.append(summary));
    SortedMap<String, Script> scripts = new TreeMap<>();
    scripts.put("apply.sh", IptablesScripts.APPLY);
    scripts.put("remove.sh", IptablesScripts.REMOVE);
    return new Draft(target(), files, scripts, summary);
  }

  /**
   * What turns the rules of one plan into those of another: where pods come or go, members of sets; where policies change, the chains of the
   * pods that they are about and new sets. {@link dev.postern.netfilter.Transition} says why no state on the way is wrong.
   *
   * @return files in the order of their numbers, and {@code apply.sh}, which fails and changes nothing where the first plan's rules are not
   *     in force
   * @throws Refusal if the target cannot express one of the plans exactly
   * @throws IllegalArgumentException if the plans' options differ
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    return IptablesDelta.between(
        this, IptablesRules.of(this, before, scope), IptablesRules.of(this, after, scope));
  }
}
