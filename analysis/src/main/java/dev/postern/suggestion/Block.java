package dev.postern.suggestion;

import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import java.math.BigInteger;
import java.util.List;

/**
 * A block that stands for addresses that were seen.
 *
 * @param cidr what it covers
 * @param except what it leaves out, since it was not seen and belongs to the cluster, or may
 * @param seen how many of its addresses were seen
 */
public record Block(Cidr cidr, List<Cidr> except, int seen) {
  public Block {
    except = List.copyOf(except);
  }

  /** The addresses that it matches. */
  public AddressSet addresses() {
    AddressSet whole = AddressSet.of(cidr);
    return except.isEmpty()
        ? whole
        : whole.minus(new AddressSet(except.stream().map(Cidr::range).toList()));
  }

  /** How many addresses it matches that were not seen. */
  public BigInteger unseen() {
    BigInteger all = BigInteger.ZERO;
    for (AddressRange range : addresses().ranges()) {
      all = all.add(new BigInteger(1, range.last().bytes())
          .subtract(new BigInteger(1, range.first().bytes()))
          .add(BigInteger.ONE));
    }
    return all.subtract(BigInteger.valueOf(seen));
  }
}
