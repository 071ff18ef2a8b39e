package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The tables of one direction. Classes that the same lines concern share one table: the tiers are worked through once for each distinct
 * list of lines.
 */
final class Tables {

  /** The profile of classes that no rule targets and nothing isolates, also of all outside classes. */
  static final int UNPOLICED = 0;

  private final int size;
  private final RuleBook book;
  private final ClassSet isolated;
  private final int[] profileOf;
  /** Profiles as sequences: 1 if isolated else 0, then the numbers of the lines, ascending. */
  private final Signatures profiles = new Signatures();

  private final AtomicReferenceArray<Table> tables;
  private final Map<Lines, Stage> stages = new ConcurrentHashMap<>();

  /** What a tier allows, and what it leaves to the tiers after it; disjoint. */
  private record Stage(Region allowed, Region undecided) {
    Region passes() {
      return allowed.union(undecided);
    }
  }

  /** The numbers of lines, as a key. */
  private static final class Lines {
    private final int[] numbers;

    Lines(int[] numbers) {
      this.numbers = numbers;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Lines lines && Arrays.equals(numbers, lines.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }
  }

  Tables(Plan plan, Direction direction) {
    this.size = plan.classes().size();
    this.book = new RuleBook(plan.rules(), direction);
    List<ClassSet> isolating = new ArrayList<>();
    for (Policy policy : plan.cluster().policies()) {
      if (policy.isolates().contains(direction)) {
        isolating.add(plan.targets(policy));
      }
    }
    this.isolated = ClassSet.union(isolating);
    this.profileOf = profile(plan.classes().inside());
    this.tables = new AtomicReferenceArray<>(profiles.size());
  }

  /** Numbers the distinct lists of lines that concern a class. */
  private int[] profile(int inside) {
    profiles.intern(new int[] {0}, 1);
    // The lines of each class as one array cut at the starts.
    int[] starts = new int[inside + 1];
    for (int line = 0; line < book.size(); line++) {
      ClassSet targets = book.line(line).targets();
      for (int run = 0; run < targets.runs(); run++) {
        for (int number = targets.runFirst(run); number < targets.runEnd(run); number++) {
          starts[number + 1]++;
        }
      }
    }
    for (int number = 0; number < inside; number++) {
      starts[number + 1] += starts[number] + 1;
    }
    int[] lists = new int[starts[inside]];
    int[] ends = Arrays.copyOf(starts, inside);
    for (int number = 0; number < inside; number++) {
      ends[number]++;
    }
    for (int run = 0; run < isolated.runs(); run++) {
      for (int number = isolated.runFirst(run); number < isolated.runEnd(run); number++) {
        lists[starts[number]] = 1;
      }
    }
    for (int line = 0; line < book.size(); line++) {
      ClassSet targets = book.line(line).targets();
      for (int run = 0; run < targets.runs(); run++) {
        for (int number = targets.runFirst(run); number < targets.runEnd(run); number++) {
          lists[ends[number]++] = line;
        }
      }
    }
    int[] result = new int[inside];
    for (int number = 0; number < inside; number++) {
      result[number] = profiles.intern(lists, starts[number], ends[number]);
    }
    return result;
  }

  ClassSet isolated() {
    return isolated;
  }

  int profiles() {
    return profiles.size();
  }

  int profileOf(int number) {
    return number < profileOf.length ? profileOf[number] : UNPOLICED;
  }

  Table table(int profile) {
    Table known = tables.get(profile);
    if (known == null) {
      known = compute(profiles.get(profile));
      tables.set(profile, known);
    }
    return known;
  }

  /**
   * A table from its stages, each of which many profiles share: what the ordered tier over the NetworkPolicies allows and leaves undecided,
   * and what comes of the undecided: the NetworkPolicies' union for isolated classes, else what the ordered tier under them lets pass.
   */
  private Table compute(int[] profile) {
    boolean certain = true;
    for (int i = 1; i < profile.length; i++) {
      certain &= !book.line(profile[i]).byName();
    }
    Region allowed = compute(profile, false);
    return new Table(allowed, certain ? allowed : compute(profile, true));
  }

  private Region compute(int[] profile, boolean withNames) {
    Region next = profile[0] == 1
        ? stage(profile, Tier.NETWORK_POLICY, withNames).allowed
        : stage(profile, Tier.BASELINE, withNames).passes();
    if (profile.length == 1 || book.line(profile[1]).policy().tier() != Tier.ADMIN) {
      return next;
    }
    Stage admin = stage(profile, Tier.ADMIN, withNames);
    return admin.allowed.union(admin.undecided.intersect(next));
  }

  /** What the lines of one tier make of all peers. */
  private Stage stage(int[] profile, Tier tier, boolean withNames) {
    int[] lines = new int[profile.length];
    int count = 0;
    for (int i = 1; i < profile.length; i++) {
      RuleBook.Line line = book.line(profile[i]);
      if (line.policy().tier() == tier && (withNames || !line.byName())) {
        lines[count++] = profile[i];
      }
    }
    int[] own = Arrays.copyOf(lines, count);
    if (tier == Tier.NETWORK_POLICY) {
      // Hardly ever shared between profiles: NetworkPolicies are what tells classes apart.
      return new Stage(new StageBuilder(size, book, own, book::union).build(), Region.EMPTY);
    }
    return stages.computeIfAbsent(
        new Lines(own),
        key -> new Stage(
            new StageBuilder(size, book, own, (l, n) -> book.ordered(l, n).allowed()).build(),
            new StageBuilder(size, book, own, (l, n) -> book.ordered(l, n).undecided()).build()));
  }

  /** What passes at one class to or from one peer: the table's entry, without making the table. */
  Traffic passes(int number, int peer, boolean withNames) {
    Matching matching = new Matching();
    boolean isolates = matching.find(number, peer, withNames, Traffic::isAll, traffic -> true);
    return matching.decided ? Traffic.ALL : book.passes(matching.lines, matching.count, isolates);
  }

  /** Whether a port passes at one class to or from one peer: only the lines about it are looked at. */
  boolean passes(int number, int peer, boolean withNames, Protocol protocol, int port) {
    Matching matching = new Matching();
    boolean isolates = matching.find(
        number, peer, withNames, traffic -> true, traffic -> traffic.contains(protocol, port));
    return matching.decided
        || book.passes(matching.lines, matching.count, isolates).contains(protocol, port);
  }

  /** The lines that concern a pair of classes. */
  private final class Matching {
    private int[] lines = new int[8];
    private int count;
    /** Whether a NetworkPolicy allows all that is asked about, and no tier before it has a word in it. */
    private boolean decided;

    /** Finds them, and says whether the class is isolated. */
    boolean find(
        int number,
        int peer,
        boolean withNames,
        Predicate<Traffic> decides,
        Predicate<Traffic> concerned) {
      int profile = profileOf(number);
      int from = profiles.start(profile) + 1;
      int end = profiles.end(profile);
      boolean isolates = profiles.at(from - 1) == 1;
      boolean ordered = false;
      for (int i = from; i < end; i++) {
        RuleBook.Line line = book.line(profiles.at(i));
        if ((line.byName() && !withNames)
            || !concerned.test(line.traffic())
            || !line.peers().contains(peer)) {
          continue;
        }
        if (line.policy().tier() != Tier.NETWORK_POLICY) {
          ordered = true;
        } else if (isolates && !ordered && decides.test(line.traffic())) {
          decided = true;
          return isolates;
        }
        if (count == lines.length) {
          lines = Arrays.copyOf(lines, 2 * count);
        }
        lines[count++] = profiles.at(i);
      }
      return isolates;
    }
  }

  long extent() {
    long extent = 0;
    for (int profile = 0; profile < profiles.size(); profile++) {
      for (int i = profiles.start(profile) + 1; i < profiles.end(profile); i++) {
        RuleBook.Line line = book.line(profiles.at(i));
        // What the ordered tiers come to is shared between profiles.
        extent +=
            line.policy().tier() == Tier.NETWORK_POLICY ? 2L * line.peers().runs() : 0;
      }
    }
    return extent;
  }

  /** Whether DNS names of unknown addresses may concern a class, so that more may be possible than is allowed. */
  boolean hasNames(int number) {
    int profile = profileOf(number);
    for (int i = profiles.start(profile) + 1; i < profiles.end(profile); i++) {
      if (book.line(profiles.at(i)).byName()) {
        return true;
      }
    }
    return false;
  }
}
