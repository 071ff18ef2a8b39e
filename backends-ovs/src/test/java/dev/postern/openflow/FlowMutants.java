package dev.postern.openflow;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Breaks one thing in a bundle of flows. */
final class FlowMutants {

  /** What is broken. */
  enum Kind {
    FLOW_DROPPED("(?m)^add .*\\n"),
    CLAUSE_LOST("(?m)^add .*actions=conjunction.*\\n"),
    CLAUSE_OF_ANOTHER("conjunction\\((\\d+),1/"),
    PRIORITY_CHANGED("priority=(\\d+)"),
    TABLE_CHANGED("table=10(\\d)"),
    NEXT_TABLE_CHANGED("resubmit\\(,10(\\d)\\)"),
    PORT_OFF_BY_ONE("tp_dst=(\\d+)(?=[ ,])"),
    MASK_BIT("tp_dst=0x([0-9a-f]+)/0x([0-9a-f]+)"),
    ADDRESS_OFF_BY_ONE("nw_(?:src|dst)=10\\.0\\.\\d+\\.(\\d+)(?=[ ,])"),
    PREFIX_WIDENED("nw_(?:src|dst)=[0-9.]+/(\\d+)"),
    SIDES_SWAPPED("nw_(src|dst)="),
    PROTOCOL_CHANGED(",(tcp|udp|sctp)(?=6?,)"),
    GROUP_CHANGED("reg5=(\\d+)"),
    LOAD_CHANGED("set_field:(\\d+)->reg5"),
    REGISTER_CHANGED("->reg5"),
    ACTIONS_REORDERED("actions=(set_field[^,]*),(resubmit.*)"),
    COMMIT_LOST("ct\\(commit,table=107\\)"),
    STATE_CHANGED("\\+(est|new|rel|inv)"),
    SENT_EARLY("actions=(?!conj|drop)"),
    VERDICT_TURNED("actions=drop");

    private final Pattern where;

    Kind(String where) {
      this.where = Pattern.compile(where);
    }

    String change(MatchResult found, Random random, List<MatchResult> all) {
      String text = found.group();
      int number = found.groupCount() > 0 && found.group(1).matches("\\d{1,6}")
          ? Integer.parseInt(found.group(1))
          : 0;
      return switch (this) {
        case FLOW_DROPPED, CLAUSE_LOST -> "";
        case CLAUSE_OF_ANOTHER, GROUP_CHANGED, LOAD_CHANGED ->
          all.get(random.nextInt(all.size())).group();
        case PRIORITY_CHANGED ->
          "priority="
              + Math.max(0, number + (random.nextBoolean() ? 1 : -1) * (1 + random.nextInt(3)));
        case TABLE_CHANGED -> "table=10" + (number + 1 + random.nextInt(7)) % 8;
        case NEXT_TABLE_CHANGED -> "resubmit(,10" + (number + 1 + random.nextInt(7)) % 8 + ")";
        case PORT_OFF_BY_ONE -> "tp_dst=" + (number == 65535 ? number - 1 : number + 1);
        case MASK_BIT -> {
          int mask = Integer.parseInt(found.group(2), 16) & ~(1 << random.nextInt(16));
          yield "tp_dst=0x" + Integer.toHexString(Integer.parseInt(found.group(1), 16) & mask)
              + "/0x" + Integer.toHexString(mask);
        }
        case ADDRESS_OFF_BY_ONE ->
          text.substring(0, text.lastIndexOf('.') + 1) + (number ^ 1 << random.nextInt(3));
        case PREFIX_WIDENED -> text.substring(0, text.indexOf('/') + 1) + Math.max(1, number - 1);
        case SIDES_SWAPPED -> found.group(1).equals("src") ? "nw_dst=" : "nw_src=";
        case PROTOCOL_CHANGED -> "," + (found.group(1).equals("sctp") ? "tcp" : "sctp");
        case REGISTER_CHANGED -> "->reg" + random.nextInt(5);
        case ACTIONS_REORDERED -> "actions=" + found.group(2) + "," + found.group(1);
        case COMMIT_LOST -> "resubmit(,107)";
        case STATE_CHANGED -> "+" + List.of("est", "new", "rel", "inv").get(random.nextInt(4));
        case SENT_EARLY -> "actions=resubmit(,107),";
        case VERDICT_TURNED -> "actions=resubmit(,106)";
      };
    }
  }

  private FlowMutants() {}

  /** The flows with one thing of this kind broken somewhere; empty if they have none. */
  static Optional<String> of(String flows, Kind kind, Random random) {
    List<MatchResult> places = kind.where.matcher(flows).results().toList();
    if (places.isEmpty()) {
      return Optional.empty();
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    String broken = flows.substring(0, place.start())
        + kind.change(place, random, places)
        + flows.substring(place.end());
    return broken.equals(flows) ? Optional.empty() : Optional.of(broken);
  }
}
