package dev.postern.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Breaks one thing in a text of rules. */
final class RuleMutants {

  /** What is broken. */
  enum Kind {
    NOTHING("\\A") {
      @Override
      String change(String found, Random random) {
        return found;
      }
    },
    HOOK_LOST("(?m)^(-I FORWARD|\t\tjump judge).*\n") {
      @Override
      String change(String found, Random random) {
        return "";
      }
    },
    LINE_TWICE("(?m)^(-A|\t\t(ct|ip6?|tcp|udp|sctp|meta|drop)).*\n") {
      @Override
      String change(String found, Random random) {
        return found + found;
      }
    },
    LINES_SWAPPED(
        "(?m)^(-A|\t\t(ct|ip6?|tcp|udp|sctp|meta|drop)).*\n(-A|\t\t(ct|ip6?|tcp|udp|sctp|meta|drop|goto)).*\n") {
      @Override
      String change(String found, Random random) {
        int end = found.indexOf('\n') + 1;
        return found.substring(end) + found.substring(0, end);
      }
    },
    LINE_LOST("(?m)^(-A|add|\t\t\t?[0-9a-f:.]+|\t\t(ct|ip6?|tcp|udp|sctp|meta|drop)).*\n") {
      @Override
      String change(String found, Random random) {
        return "";
      }
    },
    SIDES_SWAPPED("(?m)\\b(src|dst|saddr|daddr)\\b") {
      @Override
      String change(String found, Random random) {
        return switch (found) {
          case "src" -> "dst";
          case "dst" -> "src";
          case "saddr" -> "daddr";
          default -> "saddr";
        };
      }
    },
    PORT_OFF_BY_ONE("(?<=--dports |dport \\{ )[0-9]+") {
      @Override
      String change(String found, Random random) {
        int port = Integer.parseInt(found);
        return Integer.toString(
            port == 65535 || port > 1 && random.nextBoolean() ? port - 1 : port + 1);
      }
    },
    ADDRESS_OFF_BY_ONE("(?m)(?<=^add postern- |^\t\t\t)10\\.0\\.[0-9]+\\.[0-9]+") {
      @Override
      String change(String found, Random random) {
        int dot = found.lastIndexOf('.');
        int last = Integer.parseInt(found.substring(dot + 1));
        return found.substring(0, dot + 1) + (last ^ 1);
      }
    },
    PREFIX_OFF_BY_ONE("(?m)(?<=^(add postern- |\t\t\t)[0-9.]{7,15}/)[0-9]+") {
      @Override
      String change(String found, Random random) {
        int prefix = Integer.parseInt(found);
        return Integer.toString(
            prefix == 32 || prefix > 1 && random.nextBoolean() ? prefix - 1 : prefix + 1);
      }
    },
    WRONG_WAY("(?<=-g |goto |jump )(POSTERN-[EIT][a-z2-7]{19}|[eit]_[a-z2-7]{19})") {
      @Override
      String change(String found, Random random) {
        return "";
      }
    },
    VERDICT_TURNED("(?m)(?<=-j )(RETURN|DROP)$|(?<= )(return|drop)$") {
      @Override
      String change(String found, Random random) {
        return switch (found) {
          case "RETURN" -> "DROP";
          case "DROP" -> "RETURN";
          case "return" -> "drop";
          default -> "return";
        };
      }
    },
    STATE_LOST("(?m)^.*(RELATED,ESTABLISHED|established,related).*\n") {
      @Override
      String change(String found, Random random) {
        return "";
      }
    },
    MARK_OFF_BY_ONE("(?<=skbmark 0x|--mark 0x)[1-9a-f][0-9a-f]*(?=/)") {
      @Override
      String change(String found, Random random) {
        return Integer.toHexString(Integer.parseUnsignedInt(found, 16) + 0x10000);
      }
    };

    private final Pattern where;

    Kind(String where) {
      this.where = Pattern.compile(where);
    }

    abstract String change(String found, Random random);
  }

  private RuleMutants() {}

  /** The text with one thing of this kind broken somewhere; empty if it has none. */
  static Optional<String> of(String text, Kind kind, Random random) {
    List<MatchResult> places =
        new ArrayList<>(kind.where.matcher(text).results().toList());
    if (places.isEmpty()) {
      return Optional.empty();
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    // The other way is one that leads somewhere.
    String changed = kind == Kind.WRONG_WAY
        ? places.get(random.nextInt(places.size())).group()
        : kind.change(place.group(), random);
    return kind != Kind.NOTHING && changed.equals(place.group())
        ? Optional.empty()
        : Optional.of(text.substring(0, place.start()) + changed + text.substring(place.end()));
  }
}
