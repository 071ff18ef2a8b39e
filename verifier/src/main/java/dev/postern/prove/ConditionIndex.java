package dev.postern.prove;

import dev.postern.enforced.Condition;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds which of many conditions some packets can meet: those about other sources or other destinations alone are passed over without a
 * look at each. What it leaves out no such packet meets; it may find more than these meet.
 */
final class ConditionIndex {

  /** A condition about sets in which more others begin than this is found for every packet. */
  private static final int WIDE = 64;

  private final int size;
  private final Side sources;
  private final Side destinations;

  ConditionIndex(List<Condition> conditions) {
    this.size = conditions.size();
    this.sources = new Side(conditions, true);
    this.destinations = new Side(conditions, false);
  }

  /** The numbers of the conditions that such packets can meet. */
  BitSet candidates(Packets packets) {
    if (packets.anySource && packets.anyDestination) {
      BitSet all = new BitSet(size);
      all.set(0, size);
      return all;
    }
    if (packets.anySource) {
      return destinations.candidates(packets.to);
    }
    BitSet found = sources.candidates(packets.from);
    if (!packets.anyDestination) {
      found.and(destinations.candidates(packets.to));
    }
    return found;
  }

  /** The addresses that a condition demands, as far as is plain. */
  static Optional<AddressSet> limit(Condition condition, boolean source) {
    if (condition instanceof Condition.All all) {
      return all.conditions().stream()
          .flatMap(part -> limit(part, source).stream())
          .min(Comparator.comparingInt(ConditionIndex::width));
    }
    if (source && condition instanceof Condition.SourceAddress from) {
      return Optional.of(from.addresses());
    }
    return !source && condition instanceof Condition.DestinationAddress to
        ? Optional.of(to.addresses())
        : Optional.empty();
  }

  /** Sets that hold the first or the last address of a family are wide. */
  private static int width(AddressSet set) {
    return set.ranges().stream()
            .anyMatch(range -> range.first().isFirst() || range.last().isLast())
        ? 1
        : 0;
  }

  private record Entry(AddressRange range, int number) {}

  private static final class Side {
    private final BitSet always = new BitSet();
    private final List<Entry> entries = new ArrayList<>();
    /** The last address of all ranges up to an entry. */
    private final Address[] lasts;

    Side(List<Condition> conditions, boolean source) {
      List<Entry> all = new ArrayList<>();
      for (int i = 0; i < conditions.size(); i++) {
        Optional<AddressSet> set = limit(conditions.get(i), source);
        if (set.isEmpty()) {
          always.set(i);
        } else {
          for (AddressRange range : set.get().ranges()) {
            all.add(new Entry(range, i));
          }
        }
      }
      all.sort(Comparator.comparing(Entry::range));
      for (int i = 0; i < all.size(); i++) {
        Address last = all.get(i).range().last();
        if (i + WIDE < all.size() && all.get(i + WIDE).range().first().compareTo(last) <= 0) {
          always.set(all.get(i).number());
        }
      }
      all.stream().filter(entry -> !always.get(entry.number())).forEach(entries::add);
      this.lasts = new Address[entries.size()];
      for (int i = 0; i < lasts.length; i++) {
        Address last = entries.get(i).range().last();
        lasts[i] = i > 0 && lasts[i - 1].compareTo(last) > 0 ? lasts[i - 1] : last;
      }
    }

    BitSet candidates(AddressSet addresses) {
      BitSet found = (BitSet) always.clone();
      for (AddressRange range : addresses.ranges()) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
          int middle = (low + high) >>> 1;
          if (entries.get(middle).range().first().compareTo(range.last()) <= 0) {
            low = middle + 1;
          } else {
            high = middle;
          }
        }
        for (int i = low - 1; i >= 0 && lasts[i].compareTo(range.first()) >= 0; i--) {
          if (entries.get(i).range().last().compareTo(range.first()) >= 0) {
            found.set(entries.get(i).number());
          }
        }
      }
      return found;
    }
  }
}
