package dev.postern.net;

/** The text of addresses: strict like Go's {@code netip}, which the API server uses; written as RFC 5952 says. */
final class AddressText {

  private AddressText() {}

  static Address parse(String text) {
    return text.indexOf(':') >= 0 ? ipv6(text) : Address.ipv4(ipv4(text, text));
  }

  private static long ipv4(String text, String whole) {
    long value = 0;
    int octets = 0;
    int position = 0;
    while (true) {
      int start = position;
      int octet = 0;
      while (position < text.length() && isDigit(text.charAt(position)) && position - start < 4) {
        octet = octet * 10 + text.charAt(position) - '0';
        position++;
      }
      if (position == start || octet > 255) {
        throw bad(whole, "an IPv4 address is four numbers 0 to 255 with dots between");
      }
      if (position - start > 1 && text.charAt(start) == '0') {
        throw bad(whole, "a number with a leading zero could be read as octal");
      }
      value = value << 8 | octet;
      octets++;
      if (position == text.length()) {
        break;
      }
      if (text.charAt(position) != '.' || octets == 4) {
        throw bad(whole, "an IPv4 address is four numbers 0 to 255 with dots between");
      }
      position++;
    }
    if (octets != 4) {
      throw bad(whole, "an IPv4 address is four numbers 0 to 255 with dots between");
    }
    return value;
  }

  private static Address ipv6(String text) {
    int[] groups = new int[8];
    int count = 0;
    int gap = -1;
    int position = 0;
    if (text.startsWith("::")) {
      gap = 0;
      position = 2;
    }
    while (position < text.length()) {
      int start = position;
      int group = 0;
      while (position < text.length()
          && Character.digit(text.charAt(position), 16) >= 0
          && position - start < 5) {
        group = group << 4 | Character.digit(text.charAt(position), 16);
        position++;
      }
      if (position < text.length() && text.charAt(position) == '.') {
        if (count > 6) {
          throw bad(text, "too many groups");
        }
        long tail = ipv4(text.substring(start), text);
        groups[count++] = (int) (tail >>> 16);
        groups[count++] = (int) (tail & 0xFFFF);
        position = text.length();
        break;
      }
      if (position == start || position - start > 4) {
        throw bad(text, "an IPv6 group is one to four hex digits");
      }
      if (count == 8) {
        throw bad(text, "too many groups");
      }
      groups[count++] = group;
      if (position == text.length()) {
        break;
      }
      if (text.charAt(position) != ':') {
        throw bad(text, "unexpected `" + text.charAt(position) + "`");
      }
      position++;
      if (position < text.length() && text.charAt(position) == ':') {
        if (gap >= 0) {
          throw bad(text, "`::` stands once");
        }
        gap = count;
        position++;
      } else if (position == text.length()) {
        throw bad(text, "it ends in a colon");
      }
    }
    if (gap < 0 ? count != 8 : count > 7) {
      throw bad(
          text,
          gap < 0
              ? "an IPv6 address has eight groups, or `::`"
              : "`::` stands for at least one group");
    }
    int[] all = new int[8];
    int head = gap < 0 ? 8 : gap;
    System.arraycopy(groups, 0, all, 0, Math.min(head, count));
    if (gap >= 0) {
      System.arraycopy(groups, gap, all, 8 - (count - gap), count - gap);
    }
    return Address.ipv6(word(all, 0), word(all, 4));
  }

  private static long word(int[] groups, int from) {
    long word = 0;
    for (int i = from; i < from + 4; i++) {
      word = word << 16 | groups[i];
    }
    return word;
  }

  static String format(Address address) {
    if (address.family() == Family.IPV4) {
      long value = address.low();
      return (value >>> 24) + "." + (value >>> 16 & 255) + "." + (value >>> 8 & 255) + "."
          + (value & 255);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (int) ((i < 4 ? address.high() : address.low()) >>> (48 - 16 * (i % 4)) & 0xFFFF);
    }
    int zeroStart = -1;
    int zeroLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > zeroLength) {
        zeroStart = i;
        zeroLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == zeroStart) {
        text.append("::");
        i += zeroLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException("`" + text + "` is no IP address: " + why);
  }
}
