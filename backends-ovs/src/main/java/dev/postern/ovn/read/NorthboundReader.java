package dev.postern.ovn.read;

import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.ovn.match.MatchException;
import dev.postern.ovn.match.OvnMatchReader;
import dev.postern.ovn.read.NorthboundTables.Row;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the ACLs of a northbound database as ovn-northd and ovn-controller enforce them: three places in a packet's way, in each the tiers,
 * in each the priorities. An ACL that OVN drops because it cannot read its match is no rule here, and a problem.
 */
public final class NorthboundReader {

  private static final int TIERS = 4;

  private static final String UNPLACED = "networks";

  private final Networks networks;
  private final NorthboundTables tables;
  private final Topology topology;
  private final NetworkIsolation isolation;
  private final Translations translations;
  private final Tracking tracking;
  private final Set<String> firewalls = new TreeSet<>();
  private final OvnMatchReader matches;
  private final MatchMeaning fromPorts;
  private final MatchMeaning toPorts;
  private final String file;
  private final List<String> problems = new ArrayList<>();

  /** Where ACLs are looked at. */
  private enum Place {
    FROM("from-lport"),
    FROM_AFTER_LB("from-lport after load balancing"),
    TO("to-lport");

    private final String text;

    Place(String text) {
      this.text = text;
    }
  }

  /** An ACL that OVN can read. */
  private record Read(int tier, int priority, Row acl, Condition condition, Set<String> ports) {}

  private NorthboundReader(NorthboundTables whole, PodPorts known, String file) {
    this.networks = Networks.of(whole);
    this.tables = networks.ofDefault();
    this.topology = new Topology(tables, whole, known);
    this.isolation = new NetworkIsolation(tables, topology, networks.primary());
    this.translations = new Translations(tables);
    this.matches = new OvnMatchReader(topology);
    this.tracking = Tracking.of(tables, topology, translations, matches);
    this.fromPorts = new MatchMeaning(topology, false, tracking.asked(false));
    this.toPorts = new MatchMeaning(topology, true, tracking.asked(true));
    this.file = file;
  }

  /**
   * What was read.
   *
   * @param rules what is enforced
   * @param contract what they are held to
   * @param problems what OVN drops without a word, or what cannot be judged: one line each
   * @param isolation what OVN-Kubernetes enforces before all policies
   * @param notes what is not said, as sentences
   */
  public record NorthboundRules(
      EnforcedRules rules,
      Contract contract,
      List<String> problems,
      List<Policy> isolation,
      List<String> notes) {
    public NorthboundRules {
      problems = List.copyOf(problems);
      isolation = List.copyOf(isolation);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Reads a database.
   *
   * @param text the output of {@code ovsdb-client dump -f json} or {@code backup}, or a transaction
   * @param file its name, for messages
   * @param known the addresses of ports that the database does not tell
   * @throws IllegalArgumentException if the text is none of these; the message says why
   */
  public static NorthboundRules read(String text, String file, PodPorts known) {
    try {
      NorthboundReader reader = new NorthboundReader(NorthboundTables.parse(text), known, file);
      EnforcedRules rules = reader.rules();
      Contract contract = KubeOvn.waiving(
          reader.isolation.waiving(
              OvnKubernetes.contract(reader.tables, reader.topology, reader.firewalls)),
          reader.tables,
          reader.topology);
      return new NorthboundRules(
          rules, contract, reader.problems, reader.isolation.policies(), reader.notes());
    } catch (NorthboundTables.Unreadable e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private List<String> notes() {
    List<String> others = networks.others();
    return others.isEmpty()
        ? List.of()
        : List.of(
            "nothing is said of other networks than the default one: " + String.join(", ", others));
  }

  private EnforcedRules rules() {
    Map<Place, List<Read>> acls = new LinkedHashMap<>();
    Set<String> policed = new HashSet<>();
    for (Place place : Place.values()) {
      acls.put(place, new ArrayList<>());
    }
    for (Row group : tables.rows("Port_Group")) {
      Set<String> ports = topology.neighbours(topology.ports(group));
      read(group, ports, topology.ports(group), acls, policed);
    }
    for (Row logical : tables.rows("Logical_Switch")) {
      Set<String> ports = topology.portsOfSwitch(logical.uuid());
      read(logical, ports, List.of(), acls, policed);
    }
    Ending otherwise = defaultDrop() ? Ending.DROP : Ending.ACCEPT;
    List<Stage> stages = new ArrayList<>();
    Map<String, Chain> chains = new LinkedHashMap<>();
    List<EnforcedRule> translated = translations.rules(topology.pods(), file);
    if (!translated.isEmpty()) {
      chains.put(Translations.STAGE, new Chain(Translations.STAGE, translated));
      stages.add(
          new Stage(Translations.STAGE, Condition.ALWAYS, Translations.STAGE, Ending.ACCEPT));
    }
    AddressSet all = topology.addressesOf(policed);
    acls.forEach((place, reads) -> {
      boolean toPort = place == Place.TO;
      Condition applies = topology.knowsSwitches() ? Topology.end(toPort, all) : Condition.ALWAYS;
      if (topology.isOpen(policed) && otherwise == Ending.ACCEPT) {
        applies = Condition.any(applies, topology.beyond(toPort));
      }
      addChains(chains, place, reads, BuiltInRules.of(tracking, toPort));
      stages.add(new Stage(place.text, applies, place.text, otherwise));
    });
    List<EnforcedRule> beyond = BeyondAcls.rules(tables, topology, file);
    if (!beyond.isEmpty()) {
      chains.put(BeyondAcls.STAGE, new Chain(BeyondAcls.STAGE, beyond));
      stages.add(new Stage(BeyondAcls.STAGE, Condition.ALWAYS, BeyondAcls.STAGE, Ending.ACCEPT));
    }
    addUnplaced(stages, chains);
    return new EnforcedRules(stages, chains);
  }

  /** What passes all that is known may be stopped by what is not known to be elsewhere. */
  private void addUnplaced(List<Stage> stages, Map<String, Chain> chains) {
    if (!networks.unplaced().isEmpty()) {
      List<EnforcedRule> rules = networks.unplaced().stream()
          .map(text -> new EnforcedRule(
              Condition.ALWAYS, new RuleAction.Unknown(text), text, new Origin(file, 0, 0, "")))
          .toList();
      chains.put(UNPLACED, new Chain(UNPLACED, rules));
      stages.add(new Stage(UNPLACED, Condition.ALWAYS, UNPLACED, Ending.ACCEPT));
    }
  }

  private boolean defaultDrop() {
    for (Row global : tables.rows("NB_Global")) {
      if (global.map("options").getOrDefault("default_acl_drop", "").equals("true")) {
        return true;
      }
    }
    return false;
  }

  /** The ACLs of a switch or a group: they hold for all ports of its switches, whatever the group's own ports are. */
  private void read(
      Row holder,
      Set<String> ports,
      List<String> own,
      Map<Place, List<Read>> acls,
      Set<String> policed) {
    for (String uuid : holder.references("acls")) {
      Deadline.current().check();
      policed.addAll(ports);
      read(tables.row("ACL", uuid).orElseThrow(), holder, ports, own, acls);
    }
  }

  private void read(
      Row acl, Row holder, Set<String> ports, List<String> own, Map<Place, List<Read>> acls) {
    Optional<String> firewall = OvnKubernetes.egressFirewall(acl);
    if (firewall.isPresent()) {
      firewalls.add(firewall.get());
      return;
    }
    boolean toPort = acl.text("direction").equals("to-lport");
    boolean afterLb = acl.map("options").getOrDefault("apply-after-lb", "").equals("true");
    Place place = toPort ? Place.TO : afterLb ? Place.FROM_AFTER_LB : Place.FROM;
    try {
      Condition matched = (toPort ? toPorts : fromPorts).of(matches.read(acl.text("match")));
      Condition scoped = isScoped(matched, toPort, own, ports)
          ? matched
          : MatchMeaning.all(List.of(topology.scope(toPort, ports), matched));
      isolation.add(acl, scoped);
      acls.get(place).add(new Read(acl.number("tier"), acl.number("priority"), acl, scoped, ports));
    } catch (MatchException e) {
      problems.add(file + ": OVN drops an ACL of " + holder.text("name") + ", column " + e.column()
          + " of `" + acl.text("match") + "`: " + e.getMessage());
    }
  }

  /** Whether a condition holds for packets of these ports only. */
  private boolean isScoped(
      Condition condition, boolean toPort, List<String> own, Set<String> ports) {
    List<Condition> parts =
        condition instanceof Condition.All all ? all.conditions() : List.of(condition);
    AddressSet scope = topology.addressesOf(own.isEmpty() ? List.copyOf(ports) : own);
    for (Condition part : parts) {
      AddressSet bound = toPort && part instanceof Condition.DestinationAddress destination
          ? destination.addresses()
          : !toPort && part instanceof Condition.SourceAddress source
              ? source.addresses()
              : AddressSet.ALL;
      if (bound.equals(scope)) {
        return true;
      }
    }
    return false;
  }

  private void addChains(
      Map<String, Chain> chains, Place place, List<Read> reads, List<EnforcedRule> first) {
    SortedMap<Integer, List<Read>> tiers = new TreeMap<>();
    reads.forEach(
        read -> tiers.computeIfAbsent(read.tier, t -> new ArrayList<>()).add(read));
    for (int tier = 0; tier < TIERS; tier++) {
      List<EnforcedRule> rules = new ArrayList<>();
      String name = tier == 0 ? place.text : place.text + " tier " + tier;
      String next = place.text + " tier " + (tier + 1);
      if (tier == 0) {
        rules.addAll(first);
      }
      rules.addAll(tier(tiers.getOrDefault(tier, List.of()), next));
      rules.add(
          new EnforcedRule(Condition.ALWAYS, new RuleAction.Goto(next), "next tier", Origin.NONE));
      chains.put(name, new Chain(name, rules));
    }
    // Whoever passes on in the last tier leaves it to the default.
    String end = place.text + " tier " + TIERS;
    chains.put(end, new Chain(end, List.of()));
  }

  /** The ACLs of one tier: the highest priority first; of equal ones that differ in action nobody knows which acts. */
  private List<EnforcedRule> tier(List<Read> reads, String next) {
    SortedMap<Integer, List<Read>> byPriority = new TreeMap<>(Comparator.reverseOrder());
    reads.forEach(
        r -> byPriority.computeIfAbsent(r.priority, p -> new ArrayList<>()).add(r));
    List<EnforcedRule> rules = new ArrayList<>();
    byPriority.forEach((priority, same) -> {
      List<Condition> allowing = conditions(same, "allow");
      List<Condition> denying = conditions(same, "drop", "reject");
      List<Condition> passing = conditions(same, "pass");
      if ((allowing.isEmpty() ? 0 : 1) + (denying.isEmpty() ? 0 : 1) + (passing.isEmpty() ? 0 : 1)
          > 1) {
        String text = "ACLs of priority " + priority + " that differ in what they do";
        addConflict(rules, allowing, denying, text);
        addConflict(rules, allowing, passing, text);
        addConflict(rules, denying, passing, text);
      }
      same.forEach(read -> rules.add(new EnforcedRule(
          read.condition,
          action(read, next),
          read.acl.text("action") + " " + read.acl.number("priority") + ": "
              + read.acl.text("match"),
          new Origin(file, 0, 0, "ACL " + read.acl.uuid()))));
    });
    return rules;
  }

  private static void addConflict(
      List<EnforcedRule> rules, List<Condition> some, List<Condition> others, String text) {
    Condition both = MatchMeaning.all(List.of(MatchMeaning.any(some), MatchMeaning.any(others)));
    if (!both.equals(Condition.NEVER)) {
      rules.add(new EnforcedRule(both, new RuleAction.Unknown(text), text, Origin.NONE));
    }
  }

  private static List<Condition> conditions(List<Read> reads, String... actions) {
    List<Condition> conditions = new ArrayList<>();
    for (Read read : reads) {
      for (String action : actions) {
        if (read.acl.text("action").startsWith(action)) {
          conditions.add(read.condition);
        }
      }
    }
    return conditions;
  }

  private RuleAction action(Read read, String next) {
    String action = read.acl.text("action");
    if (!read.acl.atoms("network_function_group").isEmpty()) {
      return new RuleAction.Unknown("what a group of network functions does with a packet");
    }
    return switch (action) {
      case "allow", "allow-related", "allow-stateless" -> RuleAction.ACCEPT;
      case "drop", "reject" -> RuleAction.DROP;
      case "pass" -> new RuleAction.Goto(next);
      default -> {
        problems.add(file + ": an ACL does `" + action + "`, which Postern does not know");
        yield new RuleAction.Unknown(action);
      }
    };
  }
}
