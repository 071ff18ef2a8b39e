package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a cluster's policies mean, in the form that targets enforce and the set engine joins: classes, rules over classes in order, and a
 * table for each class and direction. Immutable; tables are made when first asked for and equal ones are shared.
 */
public final class Plan {

  private static final PlanRule[] NONE = {};

  private final Cluster cluster;
  private final Options options;
  private final Classes classes;
  private final List<PlanRule> rules;
  private final Map<Policy, ClassSet> targets;
  private final Map<Policy, PlanRule[]> rulesOf;
  private final Rules builder;
  private final PodPlaces places;
  private final Tables ingress;
  private final Tables egress;

  private Plan(
      Cluster cluster,
      Options options,
      Classes classes,
      List<PlanRule> rules,
      Map<Policy, ClassSet> targets,
      Map<Policy, PlanRule[]> rulesOf,
      Rules builder,
      PodPlaces places) {
    this.builder = builder;
    this.rulesOf = rulesOf;
    this.cluster = cluster;
    this.options = options;
    this.classes = classes;
    this.rules = List.copyOf(rules);
    this.targets = targets;
    Direction[] directions = {Direction.INGRESS, Direction.EGRESS};
    this.places = places;
    List<Tables> both = ParallelWork.map(
        2, rules.size(), direction -> new Tables(this, directions[direction], places));
    this.ingress = both.get(0);
    this.egress = both.get(1);
  }

  /** What an earlier plan says, with other endpoints in the same classes. */
  private Plan(Plan earlier, Cluster cluster, Classification classification) {
    this.cluster = cluster;
    this.options = earlier.options;
    this.classes = classification.classes();
    this.rules = earlier.rules;
    this.targets = earlier.targets;
    this.rulesOf = earlier.rulesOf;
    this.builder = new Rules(classification, earlier.options);
    this.places = earlier.places;
    this.ingress = earlier.ingress;
    this.egress = earlier.egress;
  }

  /** Plans a cluster with the default options. */
  public static Plan of(Cluster cluster) {
    return of(cluster, Options.DEFAULT);
  }

  public static Plan of(Cluster cluster, Options options) {
    return ofEach(List.of(cluster), options).get(0);
  }

  /**
   * Plans clusters that differ in their policies alone. Their plans share their classes, which tell apart what any of the policies can.
   *
   * @param versions at least one, with equal namespaces, workloads and nodes
   */
  public static List<Plan> ofEach(List<Cluster> versions, Options options) {
    Set<Policy> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    versions.forEach(version -> distinct.addAll(version.policies()));
    List<Policy> policies =
        versions.size() == 1 ? versions.get(0).policies() : List.copyOf(distinct);
    Cluster first = versions.get(0);
    Classification classification =
        Classification.of(versions.size() == 1 ? first : first.withPolicies(policies), options);
    return ofEach(versions, policies, classification, options);
  }

  private static List<Plan> ofEach(
      List<Cluster> versions,
      List<Policy> policies,
      Classification classification,
      Options options) {
    Rules builder = new Rules(classification, options);
    ClassSet[] targets = new ClassSet[policies.size()];
    PlanRule[][] rules = new PlanRule[policies.size()][];
    ParallelWork.forEach(policies.size(), i -> {
      targets[i] = builder.targets(policies.get(i));
      rules[i] = builder.rules(policies.get(i), targets[i]);
    });
    Map<Policy, ClassSet> targetsOf = new IdentityHashMap<>(2 * targets.length);
    Map<Policy, PlanRule[]> rulesOf = new IdentityHashMap<>(2 * targets.length);
    for (int i = 0; i < rules.length; i++) {
      targetsOf.put(policies.get(i), targets[i]);
      rulesOf.put(policies.get(i), rules[i]);
    }
    List<Plan> plans = new ArrayList<>(versions.size());
    for (Cluster version : versions) {
      List<PlanRule> all = new ArrayList<>(2 * rules.length);
      version
          .policies()
          .forEach(policy -> all.addAll(Arrays.asList(rulesOf.getOrDefault(policy, NONE))));
      plans.add(new Plan(
          version,
          options,
          classification.classes(),
          all,
          targetsOf,
          rulesOf,
          builder,
          PodPlaces.of(version, options)));
    }
    return plans;
  }

  /**
   * The plan of a later version of the cluster, which answers as one that is made anew. Where policies differ, as other objects, and
   * mention nothing that none mentioned before, no more is made anew than the rules of these policies and the tables in which they have a part. Where
   * workloads differ, as other objects, only the pods that came are sorted; if one is of a class that is not there, or one that went was the last of
   * its class, the rules are made anew. Where anything else differs, all is planned anew.
   */
  public Plan after(Cluster later) {
    if (!cluster.namespaces().equals(later.namespaces())
        || !cluster.nodes().equals(later.nodes())) {
      return of(later, options);
    }
    if (isSame(cluster.workloads(), later.workloads())) {
      return underPoliciesOf(later);
    }
    boolean samePolicies = isSame(cluster.policies(), later.policies());
    Cluster inhabited = samePolicies ? later : later.withPolicies(cluster.policies());
    AddedWorkloads newcomers = new AddedWorkloads(classes, inhabited.workloads());
    // Where pods may be of which it is not known depends on which addresses there are.
    if (!places.stay(inhabited, newcomers.workloads())) {
      return of(later, options);
    }
    Classification found = builder.classification().with(inhabited, newcomers);
    if (found.hasClassesOf(builder.classification())) {
      return new Plan(this, inhabited, found).underPoliciesOf(later);
    }
    return samePolicies || serve(found, later)
        ? ofEach(List.of(later), later.policies(), found, options).get(0)
        : of(later, options);
  }

  private boolean serve(Classification found, Cluster later) {
    Set<Policy> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.addAll(later.policies());
    return found.serves(
        later.policies(),
        cluster.policies().stream().filter(policy -> !kept.contains(policy)).toList(),
        later.policies().stream().filter(policy -> !rulesOf.containsKey(policy)).toList());
  }

  /** The plan of a version with the same inhabitants. */
  private Plan underPoliciesOf(Cluster later) {
    if (cluster == later) {
      return this;
    }
    Map<Policy, ClassSet> targetsNow =
        new IdentityHashMap<>(2 * later.policies().size());
    Map<Policy, PlanRule[]> rulesNow =
        new IdentityHashMap<>(2 * later.policies().size());
    List<Policy> added = new ArrayList<>();
    for (Policy policy : later.policies()) {
      PlanRule[] known = rulesOf.get(policy);
      if (known == null) {
        added.add(policy);
      } else {
        rulesNow.put(policy, known);
        targetsNow.put(policy, targets(policy));
      }
    }
    List<Policy> removed = cluster.policies().stream()
        .filter(policy -> !rulesNow.containsKey(policy))
        .toList();
    if (!builder.classification().serves(later.policies(), removed, added)) {
      return of(later, options);
    }
    for (Policy policy : added) {
      ClassSet selected = builder.targets(policy);
      targetsNow.put(policy, selected);
      rulesNow.put(policy, builder.rules(policy, selected));
    }
    List<PlanRule> all = new ArrayList<>(rules.size() + 8);
    later
        .policies()
        .forEach(policy -> all.addAll(Arrays.asList(rulesNow.getOrDefault(policy, NONE))));
    boolean stay = places.stay(later, List.of());
    PodPlaces placesNow = stay ? places : PodPlaces.of(later, options);
    Plan next = new Plan(later, options, classes, all, targetsNow, rulesNow, builder, placesNow);
    if (stay) {
      next.ingress.takeOver(ingress);
      next.egress.takeOver(egress);
    }
    return next;
  }

  /**
   * The same classes under a few policies alone, for who knows that no others have a say about the classes that are asked about. It costs what
   * these policies cost, whatever else there is. Its cluster has no workloads.
   *
   * @param policies of this cluster, as the same objects, or of another version of it
   * @return empty where these classes do not tell apart what the policies can, or where it is not known of every pod where it is
   */
  public Optional<Plan> under(Collection<Policy> policies) {
    List<Policy> more =
        policies.stream().filter(policy -> !rulesOf.containsKey(policy)).toList();
    if (!builder.classification().hasPlaces() || !builder.classification().tellsApart(more)) {
      return Optional.empty();
    }
    Cluster few = new Cluster(
        cluster.namespaces(),
        List.of(),
        List.of(),
        cluster.nodes(),
        List.of(),
        List.copyOf(policies));
    Map<Policy, ClassSet> targetsOf = new IdentityHashMap<>();
    Map<Policy, PlanRule[]> rulesOfFew = new IdentityHashMap<>();
    List<PlanRule> all = new ArrayList<>();
    for (Policy policy : few.policies()) {
      PlanRule[] known = rulesOf.get(policy);
      ClassSet selected = known == null ? builder.targets(policy) : targets(policy);
      PlanRule[] own = known == null ? builder.rules(policy, selected) : known;
      targetsOf.put(policy, selected);
      rulesOfFew.put(policy, own);
      all.addAll(Arrays.asList(own));
    }
    return Optional.of(
        new Plan(few, options, classes, all, targetsOf, rulesOfFew, builder, places));
  }

  /** Whether these are the same objects: ends are told by their workload, rules by their policy. */
  private static boolean isSame(List<?> some, List<?> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) != others.get(i)) {
        return false;
      }
    }
    return true;
  }

  public Cluster cluster() {
    return cluster;
  }

  public Options options() {
    return options;
  }

  public Classes classes() {
    return classes;
  }

  /** All rules of all policies, in the cluster's order of policies; a rule that covers nothing has no rectangles. */
  public List<PlanRule> rules() {
    return rules;
  }

  /**
   * What a rule would cover in the place of one of a policy's rules.
   *
   * @param policy a policy of this cluster
   * @param rule made of peers and ports that this cluster's policies mention, since classes tell nothing else apart
   */
  public PlanRule cover(Policy policy, PolicyRule rule) {
    return builder.rule(policy, rule, targets(policy));
  }

  /** The classes that one peer of a policy's rule matches; of DNS names none, since their addresses are not known. */
  public ClassSet matched(Policy policy, PolicyRule rule, Peer peer) {
    return builder.matched(policy, rule, peer);
  }

  /** The pods without a known address that a policy's rule matches wherever they are: its blocks together leave out no address. */
  public ClassSet matchedAnywhere(Policy policy, PolicyRule rule) {
    return builder.matchedAnywhere(policy, rule);
  }

  /** The classes of a namespace's pods that selectors can see. */
  public ClassSet in(String namespace) {
    return builder.classification().in(namespace);
  }

  /** The classes that a policy of this cluster selects. */
  public ClassSet targets(Policy policy) {
    return targets.getOrDefault(policy, ClassSet.EMPTY);
  }

  /** What passes into or out of the endpoints of an inside class; for an outside class, everything. */
  public Table table(int number, Direction direction) {
    return ofProfile(profile(number, direction), direction);
  }

  /** What passes at a class to or from a peer's class: the entry of the table's {@code allowed}, found without making the table. */
  public Traffic allowed(int number, int peer, Direction direction) {
    return tables(direction).passes(number, peer, false);
  }

  /** What may pass at a class to or from a peer's class: the entry of the table's {@code possible}. */
  public Traffic possible(int number, int peer, Direction direction) {
    return tables(direction).passes(number, peer, true);
  }

  /**
   * Whether one port passes at a class to or from a peer's class.
   *
   * @param withNames whether through DNS names whose addresses are not known, too
   * @param port 1..65535; ignored for a protocol without ports
   */
  public boolean passes(
      int number, int peer, Direction direction, boolean withNames, Protocol protocol, int port) {
    return tables(direction).passes(number, peer, withNames, protocol, port);
  }

  /** Whether it is known of all rules at a class in this direction whom they concern, so that its table's two sides are equal. */
  public boolean isCertain(int number, Direction direction) {
    return tables(direction).isCertain(number);
  }

  /**
   * How large the tables of a direction can become, all together: how often peers begin or end to be concerned by a NetworkPolicy's rule. For
   * most clusters a few times the number of rules; where selectors overlap in every way, far more than memory can hold, and then {@link
   * #allowed} answers without tables.
   */
  public long extent(Direction direction) {
    return tables(direction).extent();
  }

  /** The classes for which a NetworkPolicy denies what no rule allows in this direction. */
  public ClassSet isolated(Direction direction) {
    return tables(direction).isolated();
  }

  /** Whether any NetworkPolicy rule or admin rule says anything about this class and direction. */
  public boolean isPoliced(int number, Direction direction) {
    return profile(number, direction) != Tables.UNPOLICED;
  }

  /** How many profiles a direction has: lists of rules that the same classes are the targets of. */
  public int profiles(Direction direction) {
    return tables(direction).profiles();
  }

  /** The profile of a class, 0 to {@link #profiles}-1; classes of one profile share their table. */
  public int profile(int number, Direction direction) {
    return tables(direction).profileOf(number);
  }

  /** The table of all classes of a profile. */
  public Table ofProfile(int profile, Direction direction) {
    return tables(direction).table(profile);
  }

  /**
   * What one tier decides at the classes of a profile, through no DNS names. Tier after tier, that comes to the profile's table, but for peers
   * of which it is not known where they are: about them rules that go by place say nothing here. Tables of NetworkPolicies are made anew at
   * every call.
   */
  public TierDecision decided(int profile, Direction direction, Tier tier) {
    return tables(direction).decided(profile, tier);
  }

  private Tables tables(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }
}
