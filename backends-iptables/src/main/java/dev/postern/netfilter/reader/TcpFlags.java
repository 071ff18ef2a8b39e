package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * For which packets of TCP it matters that a rule drops by flags. The first packet of a connection has SYN and neither ACK, RST nor FIN, and a
 * rule that matches none of these stops no connection. Conntrack also calls new what has ACK and is of a connection that it does not know
 * ({@code nf_conntrack_tcp_loose}): what policies deny has to be stopped there, too. Known connections have packets with the flags that conntrack
 * calls valid ({@code tcp_valid_flags} of the kernel's nf_conntrack_proto_tcp.c). Whichever flags such a packet has is not followed: where some
 * of them match and others do not, it is not known.
 */
public final class TcpFlags {

  private static final List<String> NAMES =
      List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");

  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;
  private static final int URG = 32;
  private static final int ALL = 255;

  /** The flags that conntrack looks at. */
  private static final int LOOKED_AT = FIN | SYN | RST | ACK | URG;

  private static final Set<Integer> OPENING = Set.of(SYN, SYN | URG);

  private static final Set<Integer> NEW = Set.of(SYN, SYN | URG, ACK, ACK | URG);

  private static final Set<Integer> VALID =
      Set.of(SYN, SYN | URG, SYN | ACK, RST, RST | ACK, FIN | ACK, FIN | ACK | URG, ACK, ACK | URG);

  private TcpFlags() {}

  /**
   * A match of iptables.
   *
   * @param mask the flags that are looked at, as {@code SYN,RST}, {@code ALL} or {@code NONE}
   * @param set those of them that are set, and no others
   * @param negated whether it matches what is not so
   * @throws IllegalArgumentException if a flag has no such name
   */
  public static Condition of(String mask, String set, boolean negated) {
    int looked = bits(mask);
    int wanted = bits(set);
    return of(
        flags -> (flags & looked) == wanted == !negated,
        (negated ? "! " : "") + "--tcp-flags " + mask + " " + set);
  }

  /**
   * A flag.
   *
   * @param name such as {@code syn}
   * @throws IllegalArgumentException if none has this name
   */
  public static int flag(String name) {
    int place = NAMES.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException("flag " + name);
    }
    return 1 << place;
  }

  private static int bits(String list) {
    int bits = 0;
    for (String name : list.toLowerCase(Locale.ROOT).split(",", -1)) {
      bits |= switch (name) {
        case "none" -> 0;
        // iptables knows six flags.
        case "all" -> 63;
        default -> flag(name);
      };
    }
    return bits;
  }

  /**
   * A match by flags.
   *
   * @param matches which values of the header's field match
   * @param text as it is printed
   */
  public static Condition of(IntPredicate matches, String text) {
    List<Condition> any = new ArrayList<>();
    if (outcomes(OPENING, matches).contains(true)) {
      add(any, Set.of(ConnectionState.NEW), NEW, matches, text);
    }
    add(any, Set.of(ConnectionState.ESTABLISHED, ConnectionState.RELATED), VALID, matches, text);
    Set<Integer> whatever =
        Set.copyOf(IntStream.rangeClosed(0, LOOKED_AT).boxed().toList());
    add(any, Set.of(ConnectionState.INVALID, ConnectionState.UNTRACKED), whatever, matches, text);
    return any.isEmpty() ? Condition.NEVER : Condition.any(any.toArray(Condition[]::new));
  }

  /** What holds of packets in these states, which may have these flags. */
  private static void add(
      List<Condition> any,
      Set<ConnectionState> states,
      Set<Integer> flags,
      IntPredicate matches,
      String text) {
    Set<Boolean> outcomes = outcomes(flags, matches);
    Condition state = new Condition.State(states);
    if (outcomes.size() > 1) {
      any.add(Condition.all(state, new Condition.Unknown(text)));
    } else if (outcomes.contains(true)) {
      any.add(state);
    }
  }

  /** What comes out for packets with these flags, beside any of those that conntrack does not look at. */
  private static Set<Boolean> outcomes(Set<Integer> flags, IntPredicate matches) {
    return IntStream.rangeClosed(0, ALL)
        .filter(each -> flags.contains(each & LOOKED_AT))
        .mapToObj(matches::test)
        .collect(Collectors.toSet());
  }
}
