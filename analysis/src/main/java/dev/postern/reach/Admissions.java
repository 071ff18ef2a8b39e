package dev.postern.reach;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.algebra.RunningTotals;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The ingress tables turned round: for each source class who admits it. An admission says that all destinations of one profile admit these
 * sources with this traffic; of a profile's admissions at most one concerns a given source, since a table's parts are disjoint.
 */
final class Admissions {

  private static final int NONE = -1;

  private final Plan plan;
  private final int[] profileOf;
  private final ClassSet[] destinations;
  private final List<Admission> admissions = new ArrayList<>();
  /** For each class the admissions whose sources begin and end there, as a list of numbers cut at the starts. */
  private final int[] openStarts;

  private final int[] opening;
  private final int[] closeStarts;
  private final int[] closing;

  /** The distinct traffic of all admissions. */
  private final List<Traffic> traffics = new ArrayList<>();

  private record Admission(int profile, ClassSet sources, int traffic) {}

  /**
   * The admissions of a plan.
   *
   * @param side which side of a table: what is allowed, or what is possible
   */
  Admissions(Plan plan, Function<Table, Region> side) {
    this.plan = plan;
    int size = plan.classes().size();
    this.profileOf = new int[size];
    int profiles = plan.profiles(Direction.INGRESS);
    ClassSet.Builder[] builders = new ClassSet.Builder[profiles];
    Arrays.setAll(builders, profile -> new ClassSet.Builder());
    for (int number = 0; number < size; number++) {
      profileOf[number] = plan.profile(number, Direction.INGRESS);
      builders[profileOf[number]].add(number);
    }
    this.destinations = new ClassSet[profiles];
    Arrays.setAll(destinations, profile -> builders[profile].build());
    Map<Traffic, Integer> numbers = new HashMap<>();
    for (int profile = 0; profile < profiles; profile++) {
      if (destinations[profile].isEmpty()) {
        continue;
      }
      for (Region.Part part :
          side.apply(plan.ofProfile(profile, Direction.INGRESS)).parts()) {
        int traffic = numbers.computeIfAbsent(part.traffic(), t -> numbers.size());
        if (traffic == traffics.size()) {
          traffics.add(part.traffic());
        }
        admissions.add(new Admission(profile, part.peers(), traffic));
      }
    }
    this.openStarts = new int[size + 2];
    this.closeStarts = new int[size + 2];
    for (Admission admission : admissions) {
      for (int run = 0; run < admission.sources.runs(); run++) {
        openStarts[admission.sources.runFirst(run) + 1]++;
        closeStarts[admission.sources.runEnd(run) + 1]++;
      }
    }
    RunningTotals.sum(openStarts);
    RunningTotals.sum(closeStarts);
    this.opening = new int[openStarts[size + 1]];
    this.closing = new int[closeStarts[size + 1]];
    int[] nextOpen = openStarts.clone();
    int[] nextClose = closeStarts.clone();
    for (int i = 0; i < admissions.size(); i++) {
      ClassSet sources = admissions.get(i).sources;
      for (int run = 0; run < sources.runs(); run++) {
        opening[nextOpen[sources.runFirst(run)]++] = i;
        closing[nextClose[sources.runEnd(run)]++] = i;
      }
    }
  }

  /** The admissions that concern one source. */
  Scan at(int source) {
    Scan sweep = new Scan();
    for (int i = 0; i < admissions.size(); i++) {
      if (admissions.get(i).sources.contains(source)) {
        sweep.open(i);
      }
    }
    return sweep;
  }

  /** The admissions of class after class, from the first; before the first {@link Scan#next} of none. */
  Scan sweep() {
    return new Scan();
  }

  /** Who admits the class that the sweep has reached. */
  final class Scan {
    private int source = -1;
    /** By profile the admission that concerns the source. */
    private final int[] ofProfile = new int[destinations.length];

    private final int[] open = new int[destinations.length];
    private final int[] placeInOpen = new int[destinations.length];
    private int count;

    /** Destinations of the part at hand by the number of their traffic, and which numbers there are. */
    private final ClassSet.Builder[] byTraffic = new ClassSet.Builder[traffics.size()];

    private final int[] gatheredTraffic = new int[traffics.size()];
    private int gathered;

    private Scan() {
      Arrays.fill(ofProfile, NONE);
    }

    /** Goes on to the next class and says whether its admissions differ from those of the class before. */
    boolean next() {
      source++;
      for (int i = closeStarts[source]; i < closeStarts[source + 1]; i++) {
        close(closing[i]);
      }
      for (int i = openStarts[source]; i < openStarts[source + 1]; i++) {
        open(opening[i]);
      }
      return source == 0
          || closeStarts[source] < closeStarts[source + 1]
          || openStarts[source] < openStarts[source + 1];
    }

    private void open(int admission) {
      int profile = admissions.get(admission).profile;
      ofProfile[profile] = admission;
      placeInOpen[profile] = count;
      open[count++] = admission;
    }

    private void close(int admission) {
      int profile = admissions.get(admission).profile;
      int place = placeInOpen[profile];
      int last = open[--count];
      open[place] = last;
      placeInOpen[admissions.get(last).profile] = place;
      ofProfile[profile] = NONE;
    }

    /** What the source sends that is also admitted. */
    Region join(Region egress) {
      Region.Builder builder = new Region.Builder();
      for (Region.Part part : egress.parts()) {
        boolean everyone = part.peers().size() == plan.classes().size();
        // To cut the peers with those of an admission costs what the peers have runs.
        long cuts = (long) count * (everyone ? 1 : part.peers().runs());
        if (part.peers().size() < cuts) {
          byDestination(part, builder);
        } else {
          byAdmission(part, everyone, builder);
        }
      }
      return builder.build();
    }

    private void byAdmission(Region.Part part, boolean everyone, Region.Builder builder) {
      for (int i = 0; i < count; i++) {
        Admission admission = admissions.get(open[i]);
        ClassSet admitting = destinations[admission.profile];
        builder.add(
            everyone ? admitting : admitting.intersect(part.peers()),
            traffics.get(admission.traffic).intersect(part.traffic()));
      }
    }

    /** Gathers the destinations by what they admit, so that each kind of traffic is cut with the part's but once. */
    private void byDestination(Region.Part part, Region.Builder builder) {
      for (int run = 0; run < part.peers().runs(); run++) {
        for (int peer = part.peers().runFirst(run); peer < part.peers().runEnd(run); peer++) {
          int admission = ofProfile[profileOf[peer]];
          if (admission != NONE) {
            gather(admissions.get(admission).traffic, peer);
          }
        }
      }
      for (int i = 0; i < gathered; i++) {
        int traffic = gatheredTraffic[i];
        builder.add(byTraffic[traffic].build(), traffics.get(traffic).intersect(part.traffic()));
        byTraffic[traffic].clear();
      }
      gathered = 0;
    }

    private void gather(int traffic, int peer) {
      if (byTraffic[traffic] == null) {
        byTraffic[traffic] = new ClassSet.Builder();
      }
      if (byTraffic[traffic].isEmpty()) {
        gatheredTraffic[gathered++] = traffic;
      }
      byTraffic[traffic].add(peer);
    }
  }
}
