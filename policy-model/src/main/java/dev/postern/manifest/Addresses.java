package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Decodes addresses and networks. */
final class Addresses {

  /** Stands for a network that could not be read, in an object that is then left out. */
  static final Cidr NOWHERE = Cidr.of(Address.first(Family.IPV4));

  private static final Pattern LEADING_ZERO = Pattern.compile("(?:^|[./])0[0-9]");

  private Addresses() {}

  /**
   * A network in a field of a built-in kind. Kubernetes 1.36 and later refuse bits after the prefix in a new object (KEP-4858); an object
   * that the API server holds already keeps them, and means the network.
   */
  static Optional<Cidr> cidr(Cursor place) {
    return place.string().flatMap(text -> network(place, text, !place.isStored()));
  }

  /** Networks with commas between, as annotations list them; none in an empty text. */
  static List<Cidr> cidrs(Cursor place) {
    return place.string().stream()
        .flatMap(text -> Stream.of(text.split(",", -1)))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .flatMap(text -> network(place, text, false).stream())
        .toList();
  }

  /** A network in a field of a custom resource, whose {@code isCIDR} takes bits after the prefix. */
  static Optional<Cidr> cidrOfCustomResource(Cursor place) {
    return place.string().flatMap(text -> network(place, text, false));
  }

  private static Optional<Cidr> network(Cursor place, String text, boolean hostBitsRefused) {
    try {
      Cidr cidr = Cidr.parse(text);
      if (Address.parse(text.substring(0, text.indexOf('/'))).isIpv4Mapped()) {
        place.report(
            Code.BAD_CIDR,
            "write the IPv4 network",
            "`" + text
                + "` holds IPv4-mapped IPv6 addresses, which Kubernetes refuses from 1.36 on");
        return Optional.empty();
      }
      if (Cidr.hasHostBits(text)) {
        if (hostBitsRefused) {
          place.report(
              Code.BAD_CIDR,
              "write `" + cidr + "`, which earlier releases take it for, or `" + oneOf(text)
                  + "` for the one address",
              "`" + text
                  + "` has bits set after its prefix, which Kubernetes refuses from 1.36 on in a new object");
          return Optional.empty();
        }
        place.report(Code.HOST_BITS, "write `" + cidr + "`", text, cidr);
      }
      return Optional.of(cidr);
    } catch (IllegalArgumentException e) {
      place.report(Code.BAD_CIDR, hint(text), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static String hint(String text) {
    if (LEADING_ZERO.matcher(text).find() && text.indexOf(':') < 0) {
      return "Kubernetes refuses leading zeros from 1.36 on; write the number without them";
    }
    return text.indexOf('/') < 0 ? "for one address write `" + oneOf(text) + "`" : "";
  }

  /** The network of one address, which may be written with another prefix. */
  private static String oneOf(String text) {
    String address = text.indexOf('/') < 0 ? text : text.substring(0, text.indexOf('/'));
    return address + (address.indexOf(':') < 0 ? "/32" : "/128");
  }

  /** An address that a cluster reports; one that cannot be read is an error too. */
  static Optional<Address> address(Cursor place) {
    Optional<String> text = place.string().filter(t -> !t.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Address address = Address.parse(text.get());
      if (address.isIpv4Mapped()) {
        place.report(
            Code.BAD_CIDR,
            "write the IPv4 address",
            "`" + text.get()
                + "` is an IPv4-mapped IPv6 address, which Kubernetes refuses from 1.36 on");
        return Optional.empty();
      }
      return Optional.of(address);
    } catch (IllegalArgumentException e) {
      boolean zeros = LEADING_ZERO.matcher(text.get()).find() && text.get().indexOf(':') < 0;
      place.report(Code.BAD_CIDR, zeros ? hint(text.get()) : "", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
