package dev.postern.cli.proof;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Ways to break one thing in rows that kube-ovn wrote. */
enum KubeOvnMutant {
  VERDICT_TURNED(
      "\"action\":\"(allow-related|drop)\"",
      found -> "\"action\":\"" + (found.group(1).equals("drop") ? "allow-related" : "drop") + "\""),
  WITHOUT_STATE("\"action\":\"allow-related\"", found -> "\"action\":\"allow-stateless\""),
  DIRECTION_TURNED(
      "\"direction\":\"(from|to)-lport\"",
      found -> "\"direction\":\"" + (found.group(1).equals("to") ? "from" : "to") + "-lport\""),
  TIER_CHANGED("\"tier\":2", found -> "\"tier\":1"),
  PRIORITY_LOST("\"priority\":[23][0-9]+", found -> "\"priority\":1999"),
  SIDES_SWAPPED(
      "\\.(src|dst) == ", found -> found.group(1).equals("src") ? ".dst == " : ".src == "),
  PORT_OFF_BY_ONE(
      "dst == ([0-9]{2,5})\"", found -> "dst == " + (Integer.parseInt(found.group(1)) ^ 1) + "\""),
  RANGE_CUT(
      "([0-9]+) <= (tcp|udp|sctp)",
      found -> Integer.parseInt(found.group(1)) + 1 + " <= " + found.group(2)),
  EXCEPT_LOST(" && ip[46]\\.(src|dst) != [0-9a-f.:/]+", found -> ""),
  ADDRESS_OFF_BY_ONE(
      "\"10\\.0\\.([0-9]+)\\.([0-9]+)\"",
      found -> "\"10.0." + found.group(1) + "." + (Integer.parseInt(found.group(2)) ^ 1) + "\""),
  SET_UNKNOWN("\\$[a-z0-9.]+allow", found -> found.group() + "ed");

  private final Pattern where;
  private final Function<MatchResult, String> change;

  KubeOvnMutant(String where, Function<MatchResult, String> change) {
    this.where = Pattern.compile(where);
    this.change = change;
  }

  /** The rows with one thing of this kind broken somewhere; empty if they have none. */
  Optional<String> of(String rows, Random random) {
    List<MatchResult> places = where.matcher(rows).results().toList();
    if (places.isEmpty()) {
      return Optional.empty();
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    return Optional.of(
        rows.substring(0, place.start()) + change.apply(place) + rows.substring(place.end()));
  }
}
