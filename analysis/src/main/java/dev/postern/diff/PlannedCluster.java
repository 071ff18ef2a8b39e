package dev.postern.diff;

import dev.postern.algebra.ClassSet;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cluster that is planned as a whole, beside which versions that differ in policies alone are compared by planning no more than the namespaces in
 * which policies changed. What the classes are called is worked out once. Safe for use by many threads.
 */
public final class PlannedCluster {

  /** Where policies changed in more namespaces, the plan is of little use. */
  private static final int MOST = 16;

  private final Plan plan;
  private final boolean isCertain;
  private final Names names;

  /** What depends on the classes alone; made when first needed. */
  private static final class Names {
    private Optional<JointClasses> joint = Optional.empty();
    private final Map<Family, ClassNames> byFamily = new EnumMap<>(Family.class);

    synchronized JointClasses joint(Plan plan) {
      JointClasses made = joint.orElseGet(() -> new JointClasses(plan.classes(), plan.classes()));
      joint = Optional.of(made);
      return made;
    }

    synchronized ClassNames of(Family family, JointClasses classes) {
      return byFamily.computeIfAbsent(family, f -> new ClassNames(classes, f, true));
    }
  }

  /** A cluster as this plan has it. */
  public PlannedCluster(Plan plan) {
    this(plan, new Names());
  }

  private PlannedCluster(Plan plan, Names names) {
    this.plan = plan;
    this.isCertain = PlannedVersion.isCertain(plan);
    this.names = names;
  }

  /** A version of it that is planned itself; what the classes are called is kept if they are the same. */
  public PlannedCluster after(Plan later) {
    if (later == plan) {
      return this;
    }
    return later.classes() == plan.classes()
        ? new PlannedCluster(later, names)
        : new PlannedCluster(later);
  }

  Plan plan() {
    return plan;
  }

  /**
   * What differs between two versions.
   *
   * @param since policies that only one of this cluster and the first version has
   * @param changes the policies of which they differ
   * @return empty where the plan does not say it
   */
  Optional<Difference> difference(
      ClusterLookup before, ClusterLookup after, List<Policy> since, ChangedPolicies changes) {
    Set<String> places = new TreeSet<>();
    for (List<Policy> changed : List.of(since, changes.removed(), changes.added())) {
      changed.forEach(policy -> places.addAll(before.selected(policy.subject().namespaces())));
    }
    if (places.size() > MOST) {
      return Optional.empty();
    }
    Optional<Plan> was = plan.under(policies(before, places));
    Optional<Plan> is = plan.under(policies(after, places));
    if (was.isEmpty() || is.isEmpty()) {
      return Optional.empty();
    }
    ClassSet where = ClassSet.union(places.stream().map(plan::in).toList());
    JointClasses joint = names.joint(plan);
    return Optional.of(new Comparison(
            version(was.get(), where),
            version(is.get(), where),
            joint,
            family -> names.of(family, joint),
            changes.said())
        .difference());
  }

  private PlannedVersion version(Plan there, ClassSet where) {
    return new PlannedVersion(plan, there, where, isCertain && PlannedVersion.isCertain(there));
  }

  /** The policies that may have a say about pods of some namespaces. */
  private static List<Policy> policies(ClusterLookup cluster, Set<String> places) {
    List<Policy> policies = new ArrayList<>(cluster.widePolicies());
    places.forEach(place -> policies.addAll(cluster.policiesIn(place)));
    return policies;
  }
}
