package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.algebra.Signatures;
import dev.postern.deadline.Deadline;
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
import java.util.stream.IntStream;

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

  /**
   * The tables of one direction.
   *
   * @param places where pods of unknown place may be
   */
  Tables(Plan plan, Direction direction, PodPlaces places) {
    this.size = plan.classes().size();
    this.book = new RuleBook(plan.rules(), direction, places);
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

  /** Takes over the tables that others over the same classes have made of the same lines. */
  void takeOver(Tables earlier) {
    boolean[] looked = new boolean[profiles.size()];
    for (int number = 0; number < profileOf.length; number++) {
      int profile = profileOf[number];
      if (!looked[profile]) {
        looked[profile] = true;
        Table known = earlier.tables.get(earlier.profileOf[number]);
        if (known != null && hasLines(profile, earlier, earlier.profileOf[number])) {
          tables.set(profile, known);
        }
      }
    }
  }

  private boolean hasLines(int profile, Tables other, int otherProfile) {
    int start = profiles.start(profile);
    int otherStart = other.profiles.start(otherProfile);
    int length = profiles.end(profile) - start;
    if (other.profiles.end(otherProfile) - otherStart != length
        || profiles.at(start) != other.profiles.at(otherStart)) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      RuleBook.Line line = book.line(profiles.at(start + i));
      if (!line.isSame(other.book.line(other.profiles.at(otherStart + i)))) {
        return false;
      }
    }
    return true;
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
    Deadline.current().check();
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
    ClassSet misplaced = ClassSet.EMPTY;
    for (int i = 1; i < profile.length; i++) {
      RuleBook.Line line = book.line(profile[i]);
      certain &= line.isCertain();
      if (line.place().isPresent()) {
        misplaced = misplaced.union(line.peers());
      }
    }
    Region allowed = compute(profile, misplaced, false);
    Region possible = certain ? allowed : compute(profile, misplaced, true);
    return new Table(allowed, possible.equals(allowed) ? allowed : possible);
  }

  /** A table whose peers of unknown place are worked through all tiers at once, since a rule of one tier and a rule of another may ask for the same place. */
  private Region compute(int[] profile, ClassSet misplaced, boolean withNames) {
    Region others = compute(profile, withNames);
    if (misplaced.isEmpty()) {
      return others;
    }
    int[] lines = IntStream.of(profile)
        .skip(1)
        .filter(line -> withNames || !book.line(line).byName())
        .toArray();
    Region apart = new StageBuilder(size, book, lines)
        .build((matching, count) -> hasPlace(matching, count)
            ? book.passes(matching, count, profile[0] == 1, !withNames)
            : Traffic.NONE);
    return others.minus(Region.of(misplaced, Traffic.ALL)).union(apart);
  }

  private boolean hasPlace(int[] matching, int count) {
    for (int i = 0; i < count; i++) {
      if (book.line(matching[i]).place().isPresent()) {
        return true;
      }
    }
    return false;
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
      if (line.policy().tier() == tier && line.place().isEmpty() && (withNames || !line.byName())) {
        lines[count++] = profile[i];
      }
    }
    int[] own = Arrays.copyOf(lines, count);
    if (tier == Tier.NETWORK_POLICY) {
      // Hardly ever shared between profiles: NetworkPolicies are what tells classes apart.
      return new Stage(new StageBuilder(size, book, own).build(book::union), Region.EMPTY);
    }
    return stages.computeIfAbsent(new Lines(own), key -> ordered(own));
  }

  private Stage ordered(int[] lines) {
    Region.Builder allowed = new Region.Builder();
    Region.Builder undecided = new Region.Builder();
    new StageBuilder(size, book, lines).each((peers, matching) -> {
      RuleBook.Ordered there = book.ordered(matching, matching.length);
      allowed.add(peers, there.allowed());
      undecided.add(peers, there.undecided());
    });
    return new Stage(allowed.build(), undecided.build());
  }

  /** What one tier decides at the classes of a profile; nothing where no connection gets as far. */
  TierDecision decided(int profile, Tier tier) {
    int[] lines = profiles.get(profile);
    boolean isolates = lines[0] == 1;
    if (tier == Tier.ADMIN || isolates == (tier == Tier.NETWORK_POLICY)) {
      Stage stage = stage(lines, tier, false);
      Region everything = Region.of(ClassSet.range(0, size), Traffic.ALL);
      return new TierDecision(stage.allowed, everything.minus(stage.passes()));
    }
    return TierDecision.NOTHING;
  }

  /** What passes at one class to or from one peer: the table's entry, without making the table. */
  Traffic passes(int number, int peer, boolean withNames) {
    int profile = profileOf(number);
    int from = profiles.start(profile) + 1;
    int end = profiles.end(profile);
    boolean isolates = profiles.at(from - 1) == 1;
    boolean ordered = false;
    boolean placed = true;
    int[] matching = new int[8];
    int count = 0;
    for (int i = from; i < end; i++) {
      RuleBook.Line line = book.line(profiles.at(i));
      if (!line.concerns(peer, withNames)) {
        continue;
      }
      placed &= line.place().isEmpty();
      if (line.policy().tier() != Tier.NETWORK_POLICY) {
        ordered = true;
      } else if (isolates
          && !ordered
          && line.place().isEmpty()
          && line.traffic().isAll()) {
        return Traffic.ALL;
      }
      if (count == matching.length) {
        matching = Arrays.copyOf(matching, 2 * count);
      }
      matching[count++] = profiles.at(i);
    }
    return placed
        ? book.passes(matching, count, isolates)
        : book.passes(matching, count, isolates, !withNames);
  }

  /** Whether a port passes at one class to or from one peer: the lines are walked through up to the one that decides. */
  boolean passes(int number, int peer, boolean withNames, Protocol protocol, int port) {
    int profile = profileOf(number);
    int from = profiles.start(profile) + 1;
    int end = profiles.end(profile);
    boolean isolates = profiles.at(from - 1) == 1;
    if (from == end) {
      return !isolates;
    }
    if (book.hasPlaces() && isMisplaced(peer, from, end)) {
      return passes(number, peer, withNames).contains(protocol, port);
    }
    return new PortDecision(
            book, profiles, peer, withNames, book.holding(protocol, port), from, end)
        .passes(isolates);
  }

  /** Whether one of the lines at these places of the profiles depends on where a peer is. */
  private boolean isMisplaced(int peer, int from, int end) {
    for (int i = from; i < end; i++) {
      RuleBook.Line line = book.line(profiles.at(i));
      if (line.place().isPresent() && line.peers().contains(peer)) {
        return true;
      }
    }
    return false;
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

  /** Whether it is known of every rule at a class whom it concerns: else more may be possible than is allowed. */
  boolean isCertain(int number) {
    if (book.isCertain()) {
      return true;
    }
    int profile = profileOf(number);
    for (int i = profiles.start(profile) + 1; i < profiles.end(profile); i++) {
      if (!book.line(profiles.at(i)).isCertain()) {
        return false;
      }
    }
    return true;
  }
}
