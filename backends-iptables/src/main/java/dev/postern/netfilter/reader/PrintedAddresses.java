package dev.postern.netfilter.reader;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;

/** Reads addresses as iptables-save, ipset and nft print them. */
public final class PrintedAddresses {

  private PrintedAddresses() {}

  /**
   * An address, a network with a prefix length or a contiguous mask, or a range.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static AddressSet parse(String text) {
    int dash = text.indexOf('-');
    if (dash > 0) {
      return AddressSet.of(new AddressRange(
          Address.parse(text.substring(0, dash)), Address.parse(text.substring(dash + 1))));
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return AddressSet.of(Cidr.of(Address.parse(text)));
    }
    String mask = text.substring(slash + 1);
    if (mask.indexOf('.') < 0 && mask.indexOf(':') < 0) {
      return AddressSet.of(Cidr.parse(text));
    }
    Address bits = Address.parse(mask);
    for (int prefix = 0; prefix <= bits.family().bits(); prefix++) {
      if (Address.last(bits.family()).network(prefix).equals(bits)) {
        return AddressSet.of(new Cidr(Address.parse(text.substring(0, slash)), prefix));
      }
    }
    throw new IllegalArgumentException("`" + text + "`: a mask with gaps");
  }
}
