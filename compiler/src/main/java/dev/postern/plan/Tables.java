package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

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

  private Table compute(int[] profile) {
    int[] lines = Arrays.copyOfRange(profile, 1, profile.length);
    int[] certain = new int[lines.length];
    int count = 0;
    for (int line : lines) {
      if (!book.line(line).byName()) {
        certain[count++] = line;
      }
    }
    certain = Arrays.copyOf(certain, count);
    boolean isolates = profile[0] == 1;
    Region allowed = new TableBuilder(book, size, certain, isolates).build();
    return new Table(
        allowed,
        certain.length == lines.length
            ? allowed
            : new TableBuilder(book, size, lines, isolates).build());
  }

  /** What passes at one class to or from one peer: the table's entry, without making the table. */
  Traffic passes(int number, int peer, boolean withNames) {
    int profile = profileOf(number);
    int from = profiles.start(profile) + 1;
    int end = profiles.end(profile);
    boolean isolates = profiles.at(from - 1) == 1;
    int[] matching = new int[Math.min(end - from, 8)];
    int count = 0;
    for (int i = from; i < end; i++) {
      RuleBook.Line line = book.line(profiles.at(i));
      if ((withNames || !line.byName()) && line.peers().contains(peer)) {
        if (count == matching.length) {
          matching = Arrays.copyOf(matching, 2 * count);
        }
        matching[count++] = profiles.at(i);
      }
    }
    return book.passes(matching, count, isolates);
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
