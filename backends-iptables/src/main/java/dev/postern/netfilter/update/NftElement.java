package dev.postern.netfilter.update;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An element of a set or a map of nftables. Its key is a range in each dimension, so that {@code 10.0.0.1}, {@code 10.0.0.1/32} and
 * {@code 10.0.0.1-10.0.0.1} are one.
 *
 * @param key what tells it from the others
 * @param value what a map holds for it; empty of a set
 * @param options what stands after its key: when it ends, a comment
 * @param text as {@code nft} prints it
 */
record NftElement(List<Part> key, String value, String options, String text) {

  /** What stands between two dots: numbers from one to another, or a word of which only equality is known. */
  record Part(Optional<BigInteger> first, Optional<BigInteger> last, String word) {

    static Part of(BigInteger first, BigInteger last) {
      return new Part(Optional.of(first), Optional.of(last), "");
    }

    static Part of(AddressRange range) {
      return of(number(range.first()), number(range.last()));
    }

    private static BigInteger number(Address address) {
      return new BigInteger(1, address.bytes());
    }

    boolean isSingle() {
      return first.equals(last);
    }

    boolean meets(Part other) {
      if (first.isEmpty() || last.isEmpty() || other.first.isEmpty() || other.last.isEmpty()) {
        return equals(other);
      }
      return first.get().compareTo(other.last.get()) <= 0
          && other.first.get().compareTo(last.get()) <= 0;
    }
  }

  private static final Pattern OPTIONS =
      Pattern.compile(" (?=(timeout|expires|comment|counter|limit|quota|ct|last) )");

  private static final Map<String, Integer> PROTOCOLS = Map.of(
      "icmp",
      1,
      "tcp",
      6,
      "udp",
      17,
      "dccp",
      33,
      "esp",
      50,
      "ah",
      51,
      "ipv6-icmp",
      58,
      "sctp",
      132,
      "udplite",
      136);

  NftElement {
    key = List.copyOf(key);
  }

  /**
   * An element.
   *
   * @param types what its set says of keys, as {@code ipv4_addr . inet_service}
   * @param map whether it has a value
   * @param printed whether {@code nft} printed it: then what is not understood is a word
   * @return empty if it is not understood
   */
  static Optional<NftElement> of(String text, List<String> types, boolean map, boolean printed) {
    int colon = text.indexOf(" : ");
    if (map != colon >= 0) {
      return Optional.empty();
    }
    String left = map ? text.substring(0, colon) : text;
    String[] parts = OPTIONS.split(left, 2);
    List<Part> key = new ArrayList<>();
    String[] words = parts[0].split(" \\. ", -1);
    for (int i = 0; i < words.length; i++) {
      Optional<Part> part =
          words.length == types.size() ? part(words[i], types.get(i)) : Optional.empty();
      if (part.isEmpty() && !printed) {
        return Optional.empty();
      }
      key.add(part.orElse(new Part(Optional.empty(), Optional.empty(), words[i])));
    }
    return Optional.of(new NftElement(
        key, map ? text.substring(colon + 3) : "", parts.length > 1 ? parts[1] : "", text));
  }

  /** A value of a type, or a range of values; empty if it is none. */
  static Optional<Part> part(String word, String type) {
    try {
      return switch (type) {
        case "ipv4_addr" -> addresses(word, Family.IPV4);
        case "ipv6_addr" -> addresses(word, Family.IPV6);
        case "inet_service" -> numbers(word, 65535);
        case "inet_proto" -> {
          Integer known = PROTOCOLS.get(word);
          yield known == null
              ? numbers(word, 255)
              : Optional.of(Part.of(BigInteger.valueOf(known), BigInteger.valueOf(known)));
        }
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  private static Optional<Part> addresses(String word, Family family) {
    int dash = word.indexOf('-');
    AddressRange range;
    if (dash >= 0) {
      range = new AddressRange(
          Address.parse(word.substring(0, dash)), Address.parse(word.substring(dash + 1)));
    } else if (word.indexOf('/') >= 0) {
      if (Cidr.hasHostBits(word)) {
        return Optional.empty();
      }
      range = Cidr.parse(word).range();
    } else {
      range = new AddressRange(Address.parse(word), Address.parse(word));
    }
    return Optional.of(range).filter(each -> each.family() == family).map(Part::of);
  }

  private static Optional<Part> numbers(String word, int most) {
    if (!word.matches("(0|[1-9][0-9]{0,4})(-(0|[1-9][0-9]{0,4}))?")) {
      return Optional.empty();
    }
    int dash = word.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? word : word.substring(0, dash));
    int last = Integer.parseInt(dash < 0 ? word : word.substring(dash + 1));
    return first > last || last > most
        ? Optional.empty()
        : Optional.of(Part.of(BigInteger.valueOf(first), BigInteger.valueOf(last)));
  }

  boolean isSingle() {
    return key.stream().allMatch(Part::isSingle);
  }

  /** Whether a packet could match both. */
  boolean meets(NftElement other) {
    if (key.size() != other.key.size()) {
      return true;
    }
    for (int i = 0; i < key.size(); i++) {
      if (!key.get(i).meets(other.key.get(i))) {
        return false;
      }
    }
    return true;
  }
}
