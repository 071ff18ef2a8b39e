package dev.postern.cilium.reader;

import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import java.util.List;
import java.util.Optional;

/** How programs choose between an identity's entry and the one for any identity. The bytes tell which: each line of releases has its own. */
enum DecisionOrder {
  /** 1.16: a port before a protocol before neither, and the identity's own first. */
  SPECIFICITY {
    @Override
    PolicyEntry choose(PolicyEntry own, PolicyEntry any) {
      return any.specificity() > own.specificity() ? any : own;
    }

    @Override
    boolean sharesAuthentication(PolicyEntry chosen, PolicyEntry other) {
      return false;
    }
  },
  /** 1.17 and 1.18: a denial, then the proxy port's priority, then the longer prefix, then the identity's own. */
  PROXY_PRIORITY {
    @Override
    PolicyEntry choose(PolicyEntry own, PolicyEntry any) {
      return own.deny() ? own : any.deny() ? any : PRECEDENCE.choose(own, any);
    }

    @Override
    boolean sharesAuthentication(PolicyEntry chosen, PolicyEntry other) {
      return true;
    }
  },
  /** 1.19: the precedence, then the longer prefix, then the identity's own. */
  PRECEDENCE {
    @Override
    PolicyEntry choose(PolicyEntry own, PolicyEntry any) {
      int order = Integer.compareUnsigned(any.rank(), own.rank());
      boolean wins = order > 0 || order == 0 && any.length() > own.length();
      return wins && own.rank() != HIGHEST ? any : own;
    }

    @Override
    boolean sharesAuthentication(PolicyEntry chosen, PolicyEntry other) {
      return chosen.rank() == other.rank();
    }
  };

  /** A precedence that programs need no second look-up for. */
  private static final int HIGHEST = 0xFFFFFFFF;

  /** The sizes of values: of policy maps by release, and of {@code ipcache} before 1.18 and since. */
  private static final int POLICY_1_16 = 24;

  private static final int POLICY_1_18 = 8;
  private static final int POLICY_1_19 = 12;
  private static final int IPCACHE_1_16 = 12;

  /** A dump of a policy map. */
  record Entries(String file, List<MapDump.Placed> entries) {}

  /** Which of two entries that a packet matches decides. */
  abstract PolicyEntry choose(PolicyEntry own, PolicyEntry any);

  /** Whether the one that decides takes over the authentication that the other one asks for. */
  abstract boolean sharesAuthentication(PolicyEntry chosen, PolicyEntry other);

  /** Which entry decides, if any, with the authentication that programs then ask for. */
  Optional<PolicyEntry> choose(Optional<PolicyEntry> own, Optional<PolicyEntry> any) {
    if (own.isEmpty() || any.isEmpty()) {
      return own.or(() -> any);
    }
    PolicyEntry chosen = choose(own.get(), any.get());
    PolicyEntry other = chosen == own.get() ? any.get() : own.get();
    return Optional.of(
        sharesAuthentication(chosen, other) ? chosen.authenticatedLike(other) : chosen);
  }

  /**
   * The order of the release that wrote these maps.
   *
   * @param ipcacheValue the size of a value of {@code ipcache}
   * @throws UnreadableMap if they are not all of one release
   */
  static DecisionOrder of(int ipcacheValue, List<Entries> maps) {
    Optional<DecisionOrder> found = Optional.empty();
    for (Entries map : maps) {
      for (MapDump.Placed placed : map.entries) {
        DecisionOrder here = of(ipcacheValue, map.file, placed);
        if (found.isPresent() && found.get() != here) {
          throw unreadable(
              map.file, placed, "its value is of another release than those before it");
        }
        found = Optional.of(here);
      }
    }
    return found.orElse(PRECEDENCE);
  }

  private static DecisionOrder of(int ipcacheValue, String file, MapDump.Placed placed) {
    byte[] value = placed.entry().value();
    boolean old = ipcacheValue == IPCACHE_1_16;
    if (!old && value.length == POLICY_1_19) {
      return PRECEDENCE;
    } else if (!old && value.length == POLICY_1_18) {
      return PROXY_PRIORITY;
    } else if (!old || value.length != POLICY_1_16) {
      throw unreadable(
          file,
          placed,
          "values of a policy map have "
              + (old
                  ? POLICY_1_16 + " bytes where those of ipcache have " + IPCACHE_1_16
                  : POLICY_1_19 + " bytes, or " + POLICY_1_18 + " in Cilium 1.18")
              + ", not " + value.length);
    }
    int bits = PolicyEntry.bits(file, placed);
    int flags = value[2] & 0xff;
    if (flags >> 3 == bits && (flags & 6) == 0) {
      return PROXY_PRIORITY;
    } else if (flags >> 1 == (bits == 0 ? 3 : bits <= 8 ? 2 : 0)) {
      return SPECIFICITY;
    }
    throw unreadable(
        file,
        placed,
        "a prefix of " + bits + " bits of protocol and port, and flags " + flags
            + ", which neither Cilium 1.16 nor 1.17 gives it");
  }

  private static UnreadableMap unreadable(String file, MapDump.Placed placed, String problem) {
    return new UnreadableMap(file, placed.line(), placed.column(), problem);
  }
}
