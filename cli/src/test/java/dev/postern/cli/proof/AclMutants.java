package dev.postern.cli.proof;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Breaks one thing in a transaction of ACLs. */
final class AclMutants {

  /** What is broken, and how; {@code $} in the pattern's names stands for nothing special. */
  enum Kind {
    VERDICT_TURNED("\"action\":\"(allow-related|drop)\"") {
      @Override
      String change(MatchResult found, Random random) {
        return "\"action\":\"" + (found.group(1).equals("drop") ? "allow-related" : "drop") + "\"";
      }
    },
    DIRECTION_TURNED("\"direction\":\"(from|to)-lport\"") {
      @Override
      String change(MatchResult found, Random random) {
        return "\"direction\":\"" + (found.group(1).equals("to") ? "from" : "to") + "-lport\"";
      }
    },
    PRIORITY_LOST("\"priority\":10(0[1-9]|1[0-5])") {
      @Override
      String change(MatchResult found, Random random) {
        return "\"priority\":999";
      }
    },
    SIDES_SWAPPED("ip([46])\\.(src|dst)") {
      @Override
      String change(MatchResult found, Random random) {
        return "ip" + found.group(1) + (found.group(2).equals("src") ? ".dst" : ".src");
      }
    },
    PORT_OFF_BY_ONE("\\.dst == ([0-9]{2,5})(?=[ \"])") {
      @Override
      String change(MatchResult found, Random random) {
        int port = Integer.parseInt(found.group(1));
        return ".dst == " + (port == 65535 ? port - 1 : port + 1);
      }
    },
    MASK_WIDENED("(0x[0-9a-f]+)/0x([0-9a-f]+)") {
      @Override
      String change(MatchResult found, Random random) {
        int mask = Integer.parseInt(found.group(2), 16);
        return found.group(1) + "/0x" + Integer.toHexString(mask & mask - 1);
      }
    },
    PROTOCOL_CHANGED("(tcp|udp)\\.dst") {
      @Override
      String change(MatchResult found, Random random) {
        return (found.group(1).equals("tcp") ? "udp" : "tcp") + ".dst";
      }
    },
    ADDRESS_OFF_BY_ONE("\"10\\.0\\.([0-9]+)\\.([0-9]+)\"") {
      @Override
      String change(MatchResult found, Random random) {
        return "\"10.0." + found.group(1) + "." + (Integer.parseInt(found.group(2)) ^ 1) + "\"";
      }
    },
    UNKNOWN_SET("\\$postern_as_") {
      @Override
      String change(MatchResult found, Random random) {
        return "\\$postern_az_".substring(1);
      }
    },
    OTHER_GROUP("@postern_(in|out)[1-3]?_[0-9a-v]{16}") {
      @Override
      String change(MatchResult found, Random random) {
        return found.group();
      }
    },
    TIER_CHANGED("\"tier\":([1-3])") {
      @Override
      String change(MatchResult found, Random random) {
        return "\"tier\":" + (Integer.parseInt(found.group(1)) + 1 + random.nextInt(3)) % 4;
      }
    },
    PASS_TURNED("\"action\":\"pass\"") {
      @Override
      String change(MatchResult found, Random random) {
        return "\"action\":\"" + (random.nextBoolean() ? "drop" : "allow-related") + "\"";
      }
    },
    PORT_LOST("\\[\"uuid\",\"lsp:[^\"]*\"\\],?") {
      @Override
      String change(MatchResult found, Random random) {
        return "";
      }
    },
    BROKEN_MATCH(" && ") {
      @Override
      String change(MatchResult found, Random random) {
        return " & ";
      }
    },
    DECIMAL_WITH_HEXADECIMAL_MASK("0x([0-9a-f]+)/(0x[0-9a-f]+)") {
      @Override
      String change(MatchResult found, Random random) {
        return Integer.parseInt(found.group(1), 16) + "/" + found.group(2);
      }
    };

    private final Pattern where;

    Kind(String where) {
      this.where = Pattern.compile(where);
    }

    abstract String change(MatchResult found, Random random);
  }

  private AclMutants() {}

  /** The text with one thing of this kind broken somewhere; empty if it has none, or if the break would leave no JSON. */
  static Optional<String> of(String text, Kind kind, Random random) {
    List<MatchResult> places = kind.where.matcher(text).results().toList();
    if (places.isEmpty()) {
      return Optional.empty();
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    String changed = kind == Kind.OTHER_GROUP
        ? places.get(random.nextInt(places.size())).group()
        : kind.change(place, random);
    String broken = text.substring(0, place.start()) + changed + text.substring(place.end());
    return changed.equals(place.group())
        ? Optional.empty()
        : Optional.of(broken.replace(",]", "]"));
  }
}
