package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.reach.NaturalOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares plans in which pods may be of another IP family than they were: of one family in one cluster, and without a known address in the
 * other. Rows take them for pods of the same family. Where those of the other would say more, there may be more.
 */
final class OtherFamily {

  /** So many pods are named. */
  private static final int NAMED = 3;

  private OtherFamily() {}

  /**
   * What differs between two plans.
   *
   * @param whole whether their workloads are all that there are
   */
  static Difference difference(Plan before, Plan after, boolean whole) {
    JointClasses joint = new JointClasses(before.classes(), after.classes());
    Difference same = new Comparison(before, after, joint, whole).difference();
    if (joint.perhapsOfOtherFamily().isEmpty()
        || families(before.cluster(), after.cluster()).size() < 2) {
      return same;
    }
    Difference other = new Comparison(
            before, after, new JointClasses(before.classes(), after.classes(), true), whole)
        .difference();
    return other.opened().equals(same.opened()) && other.closed().equals(same.closed())
        ? same
        : same.undecided(Optional.of(reason(joint)));
  }

  private static Set<Family> families(Cluster before, Cluster after) {
    Set<Family> families = EnumSet.copyOf(FamiliesInUse.of(before));
    families.addAll(FamiliesInUse.of(after));
    return families;
  }

  private static String reason(JointClasses joint) {
    List<String> pods = joint.perhapsOfOtherFamily().stream()
        .map(ClassNames::name)
        .distinct()
        .sorted(NaturalOrder.BY_NUMBERS)
        .toList();
    return "pods without a known address are taken to be of the IP family that they have in the other cluster, and may be of the other: "
        + pods.stream().collect(ShortList.ofFirst(NAMED));
  }
}
