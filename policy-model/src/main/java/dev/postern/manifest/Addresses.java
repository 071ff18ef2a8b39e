package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.Optional;

/** Decodes addresses and networks. */
final class Addresses {

  /** Stands for a network that could not be read, in an object that is then left out. */
  static final Cidr NOWHERE = Cidr.of(Address.first(Family.IPV4));

  private Addresses() {}

  static Optional<Cidr> cidr(Cursor place) {
    Optional<String> text = place.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Cidr cidr = Cidr.parse(text.get());
      if (isMapped(cidr)) {
        place.report(
            Code.BAD_CIDR,
            "write the IPv4 network",
            "`" + text.get() + "` holds IPv4-mapped IPv6 addresses, which the API server refuses");
        return Optional.empty();
      }
      if (Cidr.hasHostBits(text.get())) {
        place.report(Code.HOST_BITS, "write `" + cidr + "`", text.get(), cidr);
      }
      return Optional.of(cidr);
    } catch (IllegalArgumentException e) {
      String hint = text.get().indexOf('/') < 0
          ? text.get() + (text.get().indexOf(':') < 0 ? "/32" : "/128")
          : "";
      place.report(
          Code.BAD_CIDR,
          hint.isEmpty() ? "" : "for one address write `" + hint + "`",
          String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Whether a network lies in {@code ::ffff:0:0/96}. */
  private static boolean isMapped(Cidr cidr) {
    return cidr.family() == Family.IPV6
        && cidr.first().high() == 0
        && cidr.first().low() >>> 32 == 0xFFFF;
  }

  /** An address that a cluster reports; one that cannot be read is an error too. */
  static Optional<Address> address(Cursor place) {
    Optional<String> text = place.string().filter(t -> !t.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Address.parse(text.get()));
    } catch (IllegalArgumentException e) {
      place.report(Code.BAD_CIDR, "", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
