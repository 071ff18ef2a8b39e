package dev.postern.diff;

import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a row: workloads and addresses, said in as few words as are exact. Immutable and safe for use by many threads; who they are, which
 * may be nearly the whole cluster, is worked out when first asked for.
 */
public final class RowSide {

  private final Once<Inside> inside;
  private final AddressSet addresses;

  /** Who is meant inside the cluster. */
  static final class Inside {
    private final List<String> names;
    private final Once<NavigableMap<String, String>> workloads;

    /**
     * Who is meant.
     *
     * @param workloads the names of all workloads, or pods of workloads, and the ids of these workloads
     */
    Inside(List<String> names, Supplier<NavigableMap<String, String>> workloads) {
      this.names = List.copyOf(names);
      this.workloads = new Once<>(workloads);
    }
  }

  /** What is made once, when first asked for. */
  private static final class Once<T> {
    private Supplier<T> made;
    private Optional<T> known = Optional.empty();

    Once(Supplier<T> made) {
      this.made = made;
    }

    synchronized T get() {
      T value = known.orElseGet(made);
      known = Optional.of(value);
      // What it was made of may be large.
      made = () -> value;
      return value;
    }
  }

  RowSide(Supplier<Inside> inside, AddressSet addresses) {
    this(new Once<>(inside), addresses);
  }

  private RowSide(Once<Inside> inside, AddressSet addresses) {
    this.inside = inside;
    this.addresses = addresses;
  }

  /** {@code namespace shop}, {@code shop/frontend}, {@code shop/db[db-0]}, {@code every pod}; in order. */
  public List<String> names() {
    return inside.get().names;
  }

  /** The ids of all workloads, or pods of workloads, that the names stand for. */
  public SortedSet<String> workloads() {
    // The page's engine knows no view of a map that may not be changed and is in order.
    return Collections.unmodifiableSortedSet(inside.get().workloads.get().navigableKeySet());
  }

  /** Whether one of the workloads, or one of which it stands for a pod, is among these. */
  boolean isOfAny(Set<String> ids) {
    return inside.get().workloads.get().values().stream().anyMatch(ids::contains);
  }

  /** The addresses outside that it stands for. */
  public AddressSet addresses() {
    return addresses;
  }

  /** The names, and then the addresses as networks, {@code internet} for all of them. */
  public List<String> words() {
    List<String> words = new ArrayList<>(names());
    words.addAll(AddressWords.of(addresses));
    return List.copyOf(words);
  }

  /** The same names with the addresses of both. */
  RowSide with(AddressSet more) {
    return new RowSide(inside, addresses.union(more));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowSide side
        && addresses.equals(side.addresses)
        && names().equals(side.names())
        && workloads().equals(side.workloads());
  }

  @Override
  public int hashCode() {
    return names().hashCode() * 31 + addresses.hashCode();
  }

  /** The words with commas between. */
  @Override
  public String toString() {
    return String.join(", ", words());
  }
}
