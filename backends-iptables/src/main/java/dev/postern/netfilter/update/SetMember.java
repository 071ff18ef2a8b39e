package dev.postern.netfilter.update;

import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.Set;

/**
 * How {@code ipset save} spells members. {@code ipset} takes many spellings of one member ({@code 10.0.0.1}, {@code 10.0.0.1/32}, a range,
 * a name); an update in which one is spelled otherwise is not followed.
 */
final class SetMember {

  /** No member of a hash of addresses. */
  private static final Set<String> NOWHERE = Set.of("0.0.0.0", "::");

  private static final int MOST_PORTS = 65535;

  private SetMember() {}

  /**
   * Whether a member is spelled as {@code ipset save} would print it.
   *
   * @param type of its set, as {@code hash:ip,port}
   */
  static boolean isPrinted(String member, String type, Family family) {
    String[] dimensions = type.substring(type.indexOf(':') + 1).split(",");
    String[] parts = member.split(",", -1);
    if (parts.length != dimensions.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      boolean holds = switch (dimensions[i]) {
        case "ip" -> isAddress(parts[i], family) && !NOWHERE.contains(parts[i]);
        case "net" -> isAddress(parts[i], family) || isNetwork(parts[i], family);
        case "port" -> isPort(parts[i]);
        default -> false;
      };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPort(String text) {
    return text.matches("(tcp|udp|sctp|udplite):(0|[1-9][0-9]{0,4})")
        && Integer.parseInt(text.substring(text.indexOf(':') + 1)) <= MOST_PORTS;
  }

  private static boolean isAddress(String text, Family family) {
    try {
      Address address = Address.parse(text);
      return address.family() == family && address.toString().equals(text);
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }

  private static boolean isNetwork(String text, Family family) {
    try {
      Cidr cidr = Cidr.parse(text);
      return cidr.family() == family
          && cidr.prefix() > 0
          && cidr.prefix() < family.bits()
          && cidr.toString().equals(text);
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }
}
