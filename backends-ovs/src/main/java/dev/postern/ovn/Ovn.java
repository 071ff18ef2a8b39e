package dev.postern.ovn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.backend.Script;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Contract;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** OVN: turns a plan into ACLs, port groups and address sets of the northbound database, with the scripts that bring them there. */
public final class Ovn implements Incremental {

  /** Above this the rows do not fit into the arguments of one call of ovn-nbctl. */
  private static final int MOST_ARGUMENTS = 1_000_000;

  private static final int MOST_COUNTED = 1000;

  private final OvnOptions options;
  private final PolicedPods.Unaddressed unaddressed;

  private Ovn(OvnOptions options, PolicedPods.Unaddressed unaddressed) {
    this.options = options;
    this.unaddressed = unaddressed;
  }

  public static Ovn backend() {
    return backend(OvnOptions.DEFAULT);
  }

  public static Ovn backend(OvnOptions options) {
    return new Ovn(options, PolicedPods.Unaddressed.REFUSE);
  }

  /** The same with another answer to pods of which no address is known: who is skipped is policed by his port, and is no peer of others. */
  public Ovn skipping(PolicedPods.Unaddressed other) {
    return new Ovn(options, other);
  }

  /**
   * What OVN promises: replies pass, and the opening side's packets are judged again whenever rules change; a pod's traffic to itself is let
   * through by where it goes, not by its addresses.
   */
  public static Contract contract() {
    return Contract.STRICT.with(Contract.Established.REPLIES_PASS).leavingOpen(Exemption.SAME_POD);
  }

  @Override
  public String target() {
    return "ovn";
  }

  /**
   * The rows that enforce a plan.
   *
   * @throws Refusal if OVN cannot express it exactly
   */
  public Northbound rows(Plan plan, Scope scope) throws Refusal {
    PolicedPods.of(plan, scope, unaddressed);
    List<String> reasons = new ArrayList<>(versionReasons());
    reasons.addAll(portReasons(plan, scope));
    reasons.addAll(PeerAddresses.of(plan).conflicts());
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
    Northbound rows = new OvnLayout(plan, scope, options).rows();
    List<String> defects = SelfCheck.defects(rows);
    if (!defects.isEmpty()) {
      throw new Refusal(defects);
    }
    return rows;
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    return draft(rows(plan, scope), MOST_ARGUMENTS);
  }

  /** @param mostArguments how many characters of arguments ovn-nbctl takes */
  Draft draft(Northbound rows, int mostArguments) {
    Map<String, String> files = new TreeMap<>();
    Map<String, Script> scripts = new TreeMap<>();
    files.put("transaction.json", Transaction.text(Transaction.replace(rows)));
    String script = NbctlScript.text(rows);
    files.put("rows.sh", script);
    if (script.length() <= mostArguments) {
      scripts.put("apply.sh", OvnScripts.APPLY);
    } else {
      scripts.put("apply.sh", OvnScripts.TRANSACT);
      files.put("transact.py", resource("transact.py"));
    }
    scripts.put("remove.sh", OvnScripts.REMOVE);
    SortedSet<String> ports = ports(rows);
    files.put("ports.txt", ports.isEmpty() ? "" : String.join("\n", ports) + "\n");
    String summary = summary(rows, ports.size());
    files.put("summary.txt", summary);
    return Draft.of(target(), files, scripts, summary);
  }

  /**
   * The one transaction that turns the rows of one plan into those of another. Of sets and port groups it changes the members that differ, of
   * ACLs it inserts the new ones and takes away those that are gone. It fails where other rows are in force than the first plan's.
   *
   * @throws IllegalArgumentException if the plans have different options
   * @throws Refusal if the target cannot express one of the plans exactly
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    Northbound rows = rows(after, scope);
    ArrayNode transaction = NorthboundDelta.between(rows(before, scope), rows);
    Map<String, String> files = new TreeMap<>();
    files.put("transaction.json", Transaction.text(transaction));
    files.put("transact.py", resource("transact.py"));
    String summary =
        NorthboundDelta.summary(transaction) + summary(rows, ports(rows).size());
    files.put("summary.txt", summary);
    Map<String, Script> scripts =
        Map.of("apply.sh", OvnScripts.TRANSACT, "remove.sh", OvnScripts.REMOVE);
    return Draft.of(target(), files, scripts, summary).artifact();
  }

  private static SortedSet<String> ports(Northbound rows) {
    SortedSet<String> ports = new TreeSet<>();
    rows.groups().forEach(group -> ports.addAll(group.ports()));
    return ports;
  }

  private List<String> versionReasons() {
    List<String> reasons = new ArrayList<>();
    if (!options.version().atLeast(OvnVersion.AFTER_HAIRPIN)) {
      reasons.add("the egress rules of OVN " + options.version()
          + " judge a pod's calls to itself through a Service, or see Services instead of pods: "
          + OvnVersion.AFTER_HAIRPIN + " is the first that does neither");
    }
    if (options.tier().isPresent() && !options.version().atLeast(OvnVersion.TIERS)) {
      reasons.add("OVN " + options.version() + " has no tiers: " + OvnVersion.TIERS
          + " is the first that has them");
    }
    if (options.tier().isPresent()
        && (options.tier().getAsInt() < 0 || options.tier().getAsInt() > 3)) {
      reasons.add("tier " + options.tier().getAsInt() + " is not in 0..3");
    }
    if (!options.portName().contains("{pod}")) {
      reasons.add("the port name `" + options.portName() + "` has no {pod} in it");
    }
    if (!isWord(options.aclName())) {
      reasons.add(
          "the ACL name `" + options.aclName() + "` has a character that is not printable ASCII");
    }
    options
        .logging()
        .flatMap(OvnOptions.Logging::meter)
        .filter(name -> !isWord(name) || name.isEmpty())
        .ifPresent(name -> reasons.add("`" + name + "` is no name of a meter"));
    return reasons;
  }

  /** Whether a text is printable ASCII, without quotes and backslashes, which a match or a log line would have to escape. */
  private static boolean isWord(String text) {
    return text.chars().noneMatch(c -> c < ' ' || c > '~' || c == '"' || c == '\\');
  }

  private List<String> portReasons(Plan plan, Scope scope) {
    List<String> reasons = new ArrayList<>();
    Map<String, String> podOf = new HashMap<>();
    for (Workload workload : plan.cluster().workloads()) {
      for (Pod pod : workload.pods()) {
        if (workload.hostNetwork() || !scope.contains(pod)) {
          continue;
        }
        String id = workload.namespace() + "/" + pod.name();
        String port = options.portOf(workload.namespace(), pod.name());
        String other = podOf.putIfAbsent(port, id);
        if (other != null) {
          reasons.add(other + " and " + id + " would both have the port `" + port + "`");
        }
        if (!isWord(port)) {
          reasons.add(id + ": `" + port + "` is no name of a port that a match can quote");
        }
      }
    }
    for (int number = 0; number < plan.classes().inside(); number++) {
      Workload workload = plan.classes().representative(number).workload();
      boolean policed =
          plan.isPoliced(number, Direction.INGRESS) || plan.isPoliced(number, Direction.EGRESS);
      if (workload.hostNetwork() && policed) {
        reasons.add(workload.id() + " is on the host network and has no logical port, so OVN"
            + " cannot police it");
      }
    }
    return reasons;
  }

  private String summary(Northbound rows, int ports) {
    int addresses = rows.sets().stream().mapToInt(set -> set.addresses().size()).sum();
    return "OVN " + options.version() + ": " + rows.acls() + " ACLs in "
        + rows.groups().size()
        + " port groups for " + ports + " logical ports, " + rows.sets().size()
        + " address sets with " + addresses + " networks" + flows(rows) + "\n";
  }

  /** What it costs a chassis, told where that is soon computed. */
  private static String flows(Northbound rows) {
    if (rows.acls() > MOST_COUNTED) {
      return "";
    }
    return "; about " + FlowCost.of(rows, ports(rows))
        + " OpenFlow flows on a chassis that has all of these ports, less on others";
  }

  private static String resource(String name) {
    try (InputStream stream = Ovn.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
