package dev.postern.openflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Flows of a few tables that make use of whatever the reader follows. */
final class RandomFlows {

  private static final int TABLES = 4;
  private static final List<String> KINDS =
      List.of("ip", "tcp", "udp", "icmp", "sctp", "tcp6", "ipv6");
  private static final List<String> REGISTERS =
      List.of("reg0", "reg1", "reg2", "reg3", "xreg0", "xreg1", "xxreg0", "metadata");
  private static final List<String> STATES = List.of(
      "+trk", "-trk", "+trk+new", "+trk+est", "-new+trk", "+trk-est", "+inv+trk", "+rpl+trk");

  private final Random random;

  RandomFlows(Random random) {
    this.random = random;
  }

  String text() {
    Map<String, String> flows = new LinkedHashMap<>();
    for (int table = 0; table < TABLES; table++) {
      int count = 2 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        // Mostly priorities of their own: which of two flows of one priority acts is not defined.
        int priority = random.nextInt(6) == 0 ? 5 : 10 + i;
        flows.putIfAbsent("table=" + table + ",priority=" + priority + match(), actions(table, 0));
      }
      if (random.nextInt(3) == 0) {
        conjunction(flows, table);
      }
      if (random.nextInt(3) > 0) {
        flows.put("table=" + table + ",priority=0,ip", actions(table, 0));
      }
    }
    StringBuilder text = new StringBuilder();
    flows.forEach((match, actions) ->
        text.append("add ").append(match).append(" actions=").append(actions).append('\n'));
    return text.toString();
  }

  private void conjunction(Map<String, String> flows, int table) {
    int clauses = 2 + random.nextInt(2);
    int id = 1 + random.nextInt(3);
    int priority = 20 + random.nextInt(3);
    for (int clause = 1; clause <= clauses; clause++) {
      if (random.nextInt(8) > 0) {
        String match = List.of(",nw_src=10.0.0.1", ",nw_dst=10.0.0.0/30", ",tp_dst=80", ",reg1=1")
            .get(random.nextInt(4));
        flows.putIfAbsent(
            "table=" + table + ",priority=" + priority + ",tcp" + match,
            "conjunction(" + id + "," + clause + "/" + clauses + ")");
      }
    }
    // Also below, between or beside ordinary flows.
    int result = switch (random.nextInt(4)) {
      case 0 -> 20 + random.nextInt(3);
      case 1 -> 9 + random.nextInt(7);
      default -> priority;
    };
    flows.putIfAbsent(
        "table=" + table + ",priority=" + result + pick(List.of(",tcp", ",ip")) + ",conj_id=" + id,
        actions(table, 0));
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private String bits() {
    return random.nextBoolean()
        ? "0x" + Integer.toHexString(random.nextInt(4))
        : "0x" + Integer.toHexString(random.nextInt(4) & 1) + "/0x"
            + (random.nextBoolean() ? "1" : "3");
  }

  private String match() {
    StringBuilder match = new StringBuilder();
    String kind = pick(KINDS);
    match.append(',').append(kind);
    boolean six = kind.endsWith("6");
    if (random.nextInt(3) == 0) {
      match.append(
          six
              ? ",ipv6_src=fd00::" + (1 + random.nextInt(2))
              : ",nw_src=10.0.0." + (1 + random.nextInt(2)));
    }
    if (random.nextInt(3) == 0) {
      match.append(
          six
              ? ",ipv6_dst=fd00::/127"
              : pick(List.of(
                  ",nw_dst=10.0.0.2", ",nw_dst=10.0.0.0/31", ",nw_dst=10.0.0.1/255.0.0.3")));
    }
    if (kind.startsWith("tcp") && random.nextInt(3) == 0) {
      match.append(pick(List.of(",tp_dst=80", ",tp_dst=0x50/0xfff0", ",tp_src=80")));
    }
    if (kind.startsWith("icmp") && random.nextInt(3) == 0) {
      match.append(",icmp_type=").append(random.nextBoolean() ? 8 : 0);
    }
    if (random.nextInt(3) == 0) {
      match.append(",ct_state=").append(pick(STATES));
    }
    if (random.nextInt(2) == 0) {
      match.append(',').append(pick(REGISTERS)).append('=').append(bits());
    }
    return match.toString();
  }

  private String actions(int table, int depth) {
    List<String> actions = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      actions.add(action(table, depth));
    }
    if (depth == 0 && table + 1 < TABLES && random.nextInt(6) == 0) {
      actions.add("goto_table:" + (table + 1));
    }
    return random.nextInt(7) == 0 ? "drop" : String.join(",", actions);
  }

  private String action(int table, int depth) {
    int next = table + 1 + random.nextInt(TABLES - 1);
    return switch (random.nextInt(depth > 0 ? 11 : 14)) {
      case 0 -> "NORMAL";
      case 1, 2, 3 -> "resubmit(," + next + ")";
      case 4 -> "set_field:" + bits() + "->" + pick(REGISTERS);
      case 5 -> "load:0x" + random.nextInt(4) + "->NXM_NX_REG" + random.nextInt(4) + "[0..3]";
      case 6 ->
        "move:NXM_NX_REG" + random.nextInt(4) + "[0..3]->NXM_NX_REG" + random.nextInt(4) + "[0..3]";
      case 7 -> "ct(table=" + next + ")";
      case 8 -> "ct(commit)";
      case 9 -> random.nextInt(4) == 0 ? "exit" : "ct_clear";
      case 10 -> "ct(commit,table=" + next + ")";
      case 11 -> "clone(" + actions(table, 1) + ")";
      case 12 -> "note:01";
      default -> "resubmit(," + next + "),set_field:0x1->reg1";
    };
  }
}
