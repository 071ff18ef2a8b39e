package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.RunningTotals;
import dev.postern.anomaly.Combinations.Combination;
import dev.postern.deadline.Deadline;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * Goes over all points of a direction: all pairs of a class and a peer, those that the same rules concern once. Classes with the same lines
 * are one; what the ordered tiers say is combined once for all classes that the same of their lines target, and NetworkPolicies, which are
 * mostly about few peers, are laid over it.
 */
final class ClassPairScan {

  private static final int[] NONE = {};

  // Whether something passes at a combination of ordered lines, if no NetworkPolicy is there.
  private static final int UNKNOWN = 0;
  private static final int YES = 1;
  private static final int NO = 2;

  private final RuleLines lines;
  private final int size;
  private final int profiles;
  /** Classes by profile, and where each profile's begin. */
  private final int[] members;

  private final int[] firstMember;
  /** By profile the profile of its ordered lines. */
  private final int[] orderedOf;

  private final int orderedProfiles;
  private final NumberLists orderedLines;
  private final NumberLists middleLines;
  private final NumberLists isolating;

  ClassPairScan(RuleLines lines) {
    this.lines = lines;
    Plan plan = lines.plan();
    int inside = plan.classes().inside();
    this.size = plan.classes().size();
    List<Policy> policies = plan.cluster().policies();
    List<ClassSet> isolated = new ArrayList<>(policies.size());
    for (Policy policy : policies) {
      isolated.add(
          policy.isolates().contains(lines.direction()) ? plan.targets(policy) : ClassSet.EMPTY);
    }
    Partition partition = new Partition(inside);
    split(partition, lines.ordered());
    int[] byOrdered = partition.groups();
    isolated.forEach(partition::split);
    split(partition, lines.networkPolicies());
    int[] profileOf = partition.groups();
    profiles = Arrays.stream(profileOf).max().orElse(-1) + 1;
    orderedProfiles = Arrays.stream(byOrdered).max().orElse(-1) + 1;
    firstMember = new int[profiles + 1];
    for (int profile : profileOf) {
      firstMember[profile + 1]++;
    }
    RunningTotals.sum(firstMember);
    members = new int[inside];
    int[] next = Arrays.copyOf(firstMember, profiles);
    orderedOf = new int[profiles];
    for (int number = 0; number < inside; number++) {
      members[next[profileOf[number]]++] = number;
      orderedOf[profileOf[number]] = byOrdered[number];
    }
    int[] representative = slots(inside, profiles, profileOf);
    int[] orderedRepresentative = slots(inside, orderedProfiles, byOrdered);
    orderedLines = NumberLists.of(
        orderedRepresentative,
        orderedProfiles,
        lines.ordered().size(),
        i -> lines.ordered().get(i).targets());
    middleLines = NumberLists.of(
        representative,
        profiles,
        lines.networkPolicies().size(),
        i -> lines.networkPolicies().get(i).targets());
    isolating = NumberLists.of(representative, profiles, isolated.size(), isolated::get);
  }

  private static void split(Partition partition, List<RuleLines.Line> all) {
    ClassSet last = ClassSet.EMPTY;
    for (RuleLines.Line line : all) {
      // Rules of one policy mostly share its targets.
      if (!line.targets().equals(last)) {
        last = line.targets();
        partition.split(last);
      }
    }
  }

  /** By class its group, for the first of each group; -1 for the others. */
  private static int[] slots(int inside, int groups, int[] groupOf) {
    boolean[] seen = new boolean[groups];
    int[] slots = new int[inside];
    for (int number = 0; number < inside; number++) {
      slots[number] = seen[groupOf[number]] ? -1 : groupOf[number];
      seen[groupOf[number]] = true;
    }
    return slots;
  }

  /** Shows a visitor what it wants to see. */
  void show(PointVisitor visitor) {
    Showing showing = new Showing(visitor);
    List<List<Integer>> byOrdered = new ArrayList<>();
    for (int i = 0; i < orderedProfiles; i++) {
      byOrdered.add(new ArrayList<>());
    }
    for (int profile = 0; profile < profiles; profile++) {
      if (orderedLines.size(orderedOf[profile]) == 0) {
        showing.plain(profile);
      } else {
        byOrdered.get(orderedOf[profile]).add(profile);
      }
    }
    if (!lines.ordered().isEmpty()) {
      PeerGroups groups = new PeerGroups(size, lines.ordered());
      for (int ordered = 0; ordered < orderedProfiles; ordered++) {
        if (!byOrdered.get(ordered).isEmpty()) {
          showing.mixed(groups, ordered, byOrdered.get(ordered));
        }
      }
    }
  }

  private ClassSet classes(int profile) {
    return ClassSet.of(Arrays.copyOfRange(members, firstMember[profile], firstMember[profile + 1]));
  }

  /** One tour. */
  private final class Showing {
    private final PointVisitor visitor;
    private final Deadline deadline = Deadline.current();
    private final TrafficAtoms atoms = new TrafficAtoms(lines.traffics());
    private final ClassPair point = new ClassPair(lines, atoms);
    private final boolean[] isCut = new boolean[lines.traffics()];
    private int[] cut = new int[64];
    private int cuts;
    private int[] counts = {};
    /** By combination when it was last met, and those that are met now. */
    private int[] metAt = {};

    private int[] metThere = {};
    private int tick;
    /** Whether the ordered lines of the last point may show more at another. */
    private boolean more;

    Showing(PointVisitor visitor) {
      this.visitor = visitor;
    }

    /** A profile that only NetworkPolicies concern. */
    void plain(int profile) {
      deadline.check();
      int[] policies = isolating.get(profile);
      if (policies.length == 0) {
        return;
      }
      visitor.isolated(policies);
      int[] own = middleLines.get(profile);
      boolean alone = policies.length == 1 && visitor.wantsPolicy(policies[0]);
      if (!alone && !wants(own, lines.networkPolicies())) {
        return;
      }
      forgetCuts();
      cut(own, lines.networkPolicies());
      atoms.cut(lines, cut, cuts);
      Supplier<ClassSet> targets = () -> classes(profile);
      int covered = 0;
      for (Combination each : Combinations.of(own, lines.networkPolicies())) {
        covered += each.peers().size();
        if (wants(each.lines(), lines.networkPolicies()) || alone) {
          visit(targets, each::peers, NONE, each.lines(), policies, false);
        }
      }
      if (policies.length == 1 && covered < size && visitor.wantsPolicy(policies[0])) {
        visit(targets, () -> ClassSet.range(0, size), NONE, NONE, policies, false);
      }
    }

    /** Profiles that the same lines of ordered tiers concern. */
    void mixed(PeerGroups groups, int ordered, List<Integer> together) {
      int[] own = orderedLines.get(ordered);
      boolean shared = visitor.wantsShared() && lines.haveOnePriority(own);
      boolean any = shared || wants(own, lines.ordered());
      for (int profile : together) {
        any |= wants(middleLines.get(profile), lines.networkPolicies());
        int[] policies = isolating.get(profile);
        visitor.isolated(policies);
        any |= policies.length == 1 && visitor.wantsPolicy(policies[0]);
      }
      if (!any) {
        return;
      }
      PeerGroups.Combined combined = groups.new Combined(own);
      forgetCuts();
      cut(own, lines.ordered());
      for (int profile : together) {
        cut(middleLines.get(profile), lines.networkPolicies());
      }
      atoms.cut(lines, cut, cuts);
      boolean[][] known = new boolean[2][combined.count()];
      BitSet[] open = {new BitSet(), new BitSet()};
      open[0].set(0, combined.count());
      open[1].set(0, combined.count());
      int[] passes = new int[combined.count()];
      for (int profile : together) {
        int isolated = isolating.size(profile) > 0 ? 1 : 0;
        mixed(groups, combined, profile, open[isolated], known[isolated], passes, shared);
      }
    }

    private void mixed(
        PeerGroups groups,
        PeerGroups.Combined combined,
        int profile,
        BitSet open,
        boolean[] known,
        int[] passes,
        boolean shared) {
      int[] policies = isolating.get(profile);
      Supplier<ClassSet> targets = () -> classes(profile);
      int[] covered = countsOf(combined.count());
      if (metAt.length < combined.count()) {
        metAt = new int[2 * combined.count()];
        metThere = new int[2 * combined.count()];
      }
      for (Combination each : Combinations.of(middleLines.get(profile), lines.networkPolicies())) {
        deadline.check();
        boolean wanted = wants(each.lines(), lines.networkPolicies());
        int met = 0;
        tick++;
        ClassSet peers = each.peers();
        for (int i = 0; i < peers.runs(); i++) {
          int from = peers.runFirst(i);
          for (int run = groups.runAt(from); from < peers.runEnd(i); run++) {
            int to = Math.min(peers.runEnd(i), groups.runStart(run + 1));
            covered[combined.ofRun(run)] += to - from;
            if (metAt[combined.ofRun(run)] != tick) {
              metAt[combined.ofRun(run)] = tick;
              metThere[met++] = combined.ofRun(run);
            }
            from = to;
          }
        }
        boolean alone = policies.length == 1 && visitor.wantsPolicy(policies[0]);
        for (int i = 0; i < met; i++) {
          int combination = metThere[i];
          int[] own = combined.lines(combination);
          if (wanted || alone || (!known[combination] && wants(own, lines.ordered()))) {
            visit(
                targets,
                () -> peers.intersect(combined.peers(combination)),
                own,
                each.lines(),
                policies,
                known[combination]);
            settle(combination, open, known);
          }
        }
      }
      for (int combination = 0; combination < combined.count(); combination++) {
        boolean alone = policies.length == 1 && visitor.wantsPolicy(policies[0]);
        if (!alone) {
          combination = open.nextSetBit(combination);
          if (combination < 0) {
            return;
          }
        }
        if (covered[combination] == combined.size(combination)) {
          continue;
        }
        int[] own = combined.lines(combination);
        if (alone && passes[combination] != UNKNOWN) {
          if (passes[combination] == YES) {
            visitor.isolatesFromSomething(policies[0]);
          }
          alone = false;
        }
        if (alone
            || (open.get(combination)
                && ((shared && lines.haveOnePriority(own)) || wants(own, lines.ordered())))) {
          int rest = combination;
          boolean some =
              visit(targets, () -> combined.peers(rest), own, NONE, policies, known[combination]);
          passes[combination] = some ? YES : NO;
          settle(combination, open, known);
        }
        open.clear(combination);
      }
    }

    /** After a combination was shown: whether it need not be shown again for its own lines' sake. */
    private void settle(int combination, BitSet open, boolean[] known) {
      if (!more) {
        known[combination] = true;
        open.clear(combination);
      }
    }

    /** So many zeros. */
    private int[] countsOf(int count) {
      if (counts.length < count) {
        counts = new int[2 * count];
      } else {
        Arrays.fill(counts, 0, count, 0);
      }
      return counts;
    }

    private boolean wants(int[] numbers, List<RuleLines.Line> book) {
      for (int number : numbers) {
        if (visitor.wantsRule(book.get(number).rule())) {
          return true;
        }
      }
      return false;
    }

    private void forgetCuts() {
      for (int i = 0; i < cuts; i++) {
        isCut[cut[i]] = false;
      }
      cuts = 0;
    }

    /** Adds the traffics of lines, and of the single ports of their rules. */
    private void cut(int[] numbers, List<RuleLines.Line> book) {
      int last = -1;
      for (int number : numbers) {
        RuleLines.Line line = book.get(number);
        cut(line.traffic());
        if (line.rule() != last) {
          last = line.rule();
          for (int traffic : lines.portTraffic(line.rule())) {
            cut(traffic);
          }
        }
      }
    }

    private void cut(int traffic) {
      if (!isCut[traffic]) {
        isCut[traffic] = true;
        if (cuts == cut.length) {
          cut = Arrays.copyOf(cut, 2 * cuts);
        }
        cut[cuts++] = traffic;
      }
    }

    /** Shows a point, and notes whether its ordered lines may show more elsewhere; says whether something would pass if no NetworkPolicy were there. */
    private boolean visit(
        Supplier<ClassSet> targets,
        Supplier<ClassSet> peers,
        int[] ordered,
        int[] middle,
        int[] policies,
        boolean settled) {
      deadline.check();
      boolean some = false;
      more = false;
      boolean names = names(ordered, lines.ordered()) || names(middle, lines.networkPolicies());
      for (int view = 0; view < (names ? 2 : 1); view++) {
        point.move(targets, peers, ordered, middle, policies, view == 1);
        for (int word = 0; word < atoms.words(); word++) {
          point.word(word);
          more |= visitor.visit(point, view == 1, settled);
          some |= (point.left() & point.underneath()) != 0;
        }
      }
      return some;
    }

    private boolean names(int[] numbers, List<RuleLines.Line> book) {
      for (int number : numbers) {
        if (book.get(number).byName()) {
          return true;
        }
      }
      return false;
    }
  }
}
