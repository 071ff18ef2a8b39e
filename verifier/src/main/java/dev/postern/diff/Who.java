package dev.postern.diff;

import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
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
public record Who(List<String> names, SortedSet<String> workloads, AddressSet addresses) {

  private static final int ENOUGH = 12;

  public Who {
    names = List.copyOf(names);
  }

  /** The names, and then the addresses as networks, {@code internet} for all of them. */
  public List<String> words() {
    List<String> words = new ArrayList<>(names);
    words.addAll(words(addresses));
    return List.copyOf(words);
  }

  /** The same names with the addresses of both. */
  Who with(AddressSet more) {
    return new Who(names, workloads, addresses.union(more));
  }

  private static List<String> words(AddressSet addresses) {
    List<String> words = new ArrayList<>();
    if (addresses.equals(AddressSet.ALL)) {
      words.add("internet");
      return words;
    }
    for (Family family : Family.values()) {
      AddressSet ofFamily = addresses.in(family);
      if (ofFamily.isEmpty()) {
        continue;
      }
      List<Cidr> cidrs = ofFamily.cidrs();
      List<Cidr> excepts = AddressSet.of(Cidr.all(family)).minus(ofFamily).cidrs();
      if (cidrs.size() <= ENOUGH && cidrs.size() <= excepts.size() + 1) {
        cidrs.forEach(cidr -> words.add(cidr.toString()));
      } else if (excepts.size() <= ENOUGH) {
        words.add(Cidr.all(family) + " except "
            + String.join(", ", excepts.stream().map(Cidr::toString).toList()));
      } else {
        ofFamily.ranges().forEach(range -> words.add(range.toString()));
      }
    }
    return words;
  }

  /** The words with commas between. */
  @Override
  public String toString() {
    return String.join(", ", words());
  }
}
