package dev.postern.openworld;

import dev.postern.net.Family;
import dev.postern.openworld.OpenDifference.OpenRow;
import dev.postern.reach.NaturalOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gathers rows, and makes one of two that one can say. The witness of the first stays. */
final class RowList {

  private final List<OpenRow> rows = new ArrayList<>();

  void add(OpenRow row) {
    OpenRow added = row;
    boolean merged = true;
    while (merged) {
      merged = false;
      for (int i = 0; i < rows.size() && !merged; i++) {
        Optional<OpenRow> both = both(rows.get(i), added);
        if (both.isPresent()) {
          added = both.get();
          rows.remove(i);
          merged = true;
        }
      }
    }
    rows.add(added);
  }

  List<OpenRow> rows() {
    return rows.stream()
        .sorted(Comparator.comparing(OpenRow::toString, NaturalOrder.BY_NUMBERS))
        .toList();
  }

  private static Optional<OpenRow> both(OpenRow one, OpenRow other) {
    if (one.side() != other.side() || one.extent() != other.extent()) {
      return Optional.empty();
    }
    if (!one.families().equals(other.families())) {
      return overFamilies(one, other);
    }
    boolean sources = one.sources().equals(other.sources());
    boolean destinations = one.destinations().equals(other.destinations());
    boolean carried = one.carried().equals(other.carried());
    if (sources && destinations) {
      return one.carried()
          .union(other.carried())
          .map(all -> row(one, one.sources(), one.destinations(), all, one.families()));
    }
    if (!carried || sources == destinations) {
      return Optional.empty();
    }
    return Optional.of(
        sources
            ? row(
                one,
                one.sources(),
                all(one.destinations(), other.destinations()),
                one.carried(),
                one.families())
            : row(
                one,
                all(one.sources(), other.sources()),
                one.destinations(),
                one.carried(),
                one.families()));
  }

  /** Addresses of one family only ever meet their like. */
  private static Optional<OpenRow> overFamilies(OpenRow one, OpenRow other) {
    Set<Family> shared = EnumSet.copyOf(one.families());
    shared.retainAll(other.families());
    if (!shared.isEmpty()
        || !one.carried().equals(other.carried())
        || !alike(one.sources(), other.sources())
        || !alike(one.destinations(), other.destinations())) {
      return Optional.empty();
    }
    Set<Family> families = EnumSet.copyOf(one.families());
    families.addAll(other.families());
    return Optional.of(row(
        one,
        zip(one.sources(), other.sources()),
        zip(one.destinations(), other.destinations()),
        one.carried(),
        families));
  }

  private static boolean alike(List<PossibleEnds> ones, List<PossibleEnds> others) {
    boolean alike = ones.size() == others.size();
    for (int i = 0; alike && i < ones.size(); i++) {
      alike = ones.get(i).isLike(others.get(i));
    }
    return alike;
  }

  private static List<PossibleEnds> zip(List<PossibleEnds> ones, List<PossibleEnds> others) {
    List<PossibleEnds> both = new ArrayList<>();
    for (int i = 0; i < ones.size(); i++) {
      both.add(ones.get(i).union(others.get(i)).orElseThrow());
    }
    return both;
  }

  private static List<PossibleEnds> all(List<PossibleEnds> ones, List<PossibleEnds> others) {
    List<PossibleEnds> all = new ArrayList<>();
    ones.forEach(one -> add(all, one));
    others.forEach(other -> add(all, other));
    all.sort(Comparator.comparing(PossibleEnds::toString, NaturalOrder.BY_NUMBERS));
    return all;
  }

  private static void add(List<PossibleEnds> all, PossibleEnds one) {
    for (int i = 0; i < all.size(); i++) {
      Optional<PossibleEnds> both = all.get(i).union(one);
      if (both.isPresent()) {
        all.remove(i);
        add(all, both.get());
        return;
      }
    }
    all.add(one);
  }

  private static OpenRow row(
      OpenRow of,
      List<PossibleEnds> sources,
      List<PossibleEnds> destinations,
      RowTraffic carried,
      Set<Family> families) {
    return new OpenRow(
        of.side(), sources, destinations, carried, families, of.extent(), of.witness());
  }
}
