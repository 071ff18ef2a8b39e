package dev.postern.bpf;

import java.util.HashSet;
import java.util.Set;

/**
 * What the program shall do with packets to a pod that may only be reached on tcp/5432, written from what the RFCs say of headers and nothing
 * else: it shares no line with the C.
 */
final class ExpectedProgram {

  /** In the order of the program's counters. */
  enum Outcome {
    PASSED,
    DENIED,
    UNREADABLE,
    FRAGMENT
  }

  private static final int ETHERNET = 14;
  private static final int MOST_EXTENSIONS = 8;
  private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 51, 60);

  private final Set<String> firstFragments = new HashSet<>();

  Outcome judge(byte[] frame) {
    int type = u16(frame, 12);
    if (type == 0x0800) {
      return ipv4(frame);
    }
    return type == 0x86dd ? ipv6(frame) : Outcome.UNREADABLE;
  }

  private Outcome ipv4(byte[] frame) {
    if (frame.length < ETHERNET + 20) {
      return Outcome.UNREADABLE;
    }
    int words = frame[ETHERNET] & 15;
    if ((frame[ETHERNET] & 0xf0) != 0x40 || words < 5) {
      return Outcome.UNREADABLE;
    }
    int flags = u16(frame, ETHERNET + 6);
    boolean later = (flags & 0x1fff) != 0;
    boolean more = (flags & 0x2000) != 0;
    int protocol = frame[ETHERNET + 9] & 255;
    String fragment = "4 " + protocol + " " + u16(frame, ETHERNET + 4);
    return transport(frame, ETHERNET + 4 * words, protocol, false, more, later, fragment);
  }

  private Outcome ipv6(byte[] frame) {
    if (frame.length < ETHERNET + 40 || (frame[ETHERNET] & 0xf0) != 0x60) {
      return Outcome.UNREADABLE;
    }
    int next = frame[ETHERNET + 6] & 255;
    int at = ETHERNET + 40;
    boolean fragmented = false;
    String id = "0";
    for (int i = 0; i < MOST_EXTENSIONS; i++) {
      if (!EXTENSIONS.contains(next)) {
        return transport(frame, at, next, true, fragmented, false, "6 " + next + " " + id);
      }
      if (at + 8 > frame.length) {
        return Outcome.UNREADABLE;
      }
      int kind = next;
      next = frame[at] & 255;
      int length = frame[at + 1] & 255;
      if (kind == 44) {
        id = u16(frame, at + 4) + "." + u16(frame, at + 6);
        if ((u16(frame, at + 2) & 0xfff8) != 0) {
          return transport(frame, at + 8, next, true, true, true, "6 " + next + " " + id);
        }
        fragmented = true;
        at += 8;
      } else {
        at += kind == 51 ? 4 * (length + 2) : 8 * (length + 1);
      }
    }
    return Outcome.UNREADABLE;
  }

  private Outcome transport(
      byte[] frame,
      int at,
      int protocol,
      boolean ipv6,
      boolean fragmented,
      boolean later,
      String fragment) {
    if (at > frame.length) {
      return Outcome.UNREADABLE;
    }
    if (later) {
      return firstFragments.contains(fragment) ? Outcome.PASSED : Outcome.FRAGMENT;
    }
    boolean ports = protocol == 6 || protocol == 17 || protocol == 132;
    boolean icmp = protocol == 1 || protocol == 58;
    if (at + (ports ? 4 : icmp ? 8 : 0) > frame.length) {
      return Outcome.UNREADABLE;
    }
    boolean discovery =
        ipv6 && protocol == 58 && (frame[at] & 255) >= 133 && (frame[at] & 255) <= 137;
    if (!discovery && !(protocol == 6 && u16(frame, at + 2) == 5432)) {
      return Outcome.DENIED;
    }
    if (fragmented) {
      firstFragments.add(fragment);
    }
    return Outcome.PASSED;
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
  }
}
