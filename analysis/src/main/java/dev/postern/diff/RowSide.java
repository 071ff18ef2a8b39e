package dev.postern.diff;

import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * One side of a row: workloads and addresses, said in as few words as are exact.
 *
 * @param names {@code namespace shop}, {@code shop/frontend}, {@code shop/db[db-0]}, {@code every pod}; in order
 * @param workloads the ids of all workloads, or pods of workloads, that the names stands for
 * @param addresses the addresses outside that it stands for
 */
public record RowSide(List<String> names, SortedSet<String> workloads, AddressSet addresses) {

  public RowSide {
    names = List.copyOf(names);
  }

  /** The names, and then the addresses as networks, {@code internet} for all of them. */
  public List<String> words() {
    List<String> words = new ArrayList<>(names);
    words.addAll(AddressWords.of(addresses));
    return List.copyOf(words);
  }

  /** The same names with the addresses of both. */
  RowSide with(AddressSet more) {
    return new RowSide(names, workloads, addresses.union(more));
  }

  /** The words with commas between. */
  @Override
  public String toString() {
    return String.join(", ", words());
  }
}
