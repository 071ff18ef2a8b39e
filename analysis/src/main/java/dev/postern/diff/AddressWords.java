package dev.postern.diff;

import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;

/** Says addresses as few networks. */
public final class AddressWords {

  private static final int ENOUGH = 12;

  private AddressWords() {}

  /** {@code internet} for all, else networks, networks with what they leave out, or ranges. */
  public static List<String> of(AddressSet addresses) {
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
}
