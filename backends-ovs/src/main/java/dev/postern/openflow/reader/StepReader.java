package dev.postern.openflow.reader;

import dev.postern.openflow.reader.FlowStep.Zone;
import dev.postern.openflow.reader.Registers.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the actions of one flow (ovs-actions(7)). What it does not know becomes {@link FlowStep.Unknown}. */
final class StepReader {

  private static final Pattern ACTION =
      Pattern.compile("([A-Za-z_][A-Za-z_0-9]*)(?::(.*)|\\((.*)\\))?", Pattern.DOTALL);
  private static final Pattern CLAUSE = Pattern.compile("(\\d+|0x[0-9a-f]+),(\\d+)/(\\d+)");

  /** What a packet's fate does not depend on. */
  private static final Set<String> HARMLESS = Set.of(
      "drop",
      "note",
      "set_queue",
      "pop_queue",
      "fin_timeout",
      "sample",
      "dec_ttl",
      "mod_nw_ttl",
      "mod_nw_tos",
      "mod_nw_ecn",
      "debug_slow",
      "check_overlap");

  private static final Set<String> FRAMES = Set.of(
      "mod_vlan_vid",
      "mod_vlan_pcp",
      "strip_vlan",
      "pop_vlan",
      "push_vlan",
      "set_vlan_vid",
      "set_vlan_pcp");
  private static final Set<String> FRAME_FIELDS = Set.of(
      "vlan_tci",
      "vlan_vid",
      "vlan_pcp",
      "dl_vlan",
      "dl_vlan_pcp",
      "NXM_OF_VLAN_TCI",
      "OXM_OF_VLAN_VID",
      "OXM_OF_VLAN_PCP",
      // A tunnel's outer header says by which way a packet leaves.
      "tun_src",
      "tun_dst",
      "tun_ipv6_src",
      "tun_ipv6_dst",
      "tun_flags",
      "NXM_NX_TUN_IPV4_SRC",
      "NXM_NX_TUN_IPV4_DST",
      "NXM_NX_TUN_IPV6_SRC",
      "NXM_NX_TUN_IPV6_DST");
  private static final Set<String> OTHER_FIELDS =
      Set.of("nw_ttl", "nw_tos", "nw_ecn", "ip_dscp", "ip_ecn", "NXM_NX_IP_TTL", "NXM_OF_IP_TOS");

  private final String file;
  private final int line;
  private final TableNames tables;
  private final int own;

  /**
   * Actions of a flow.
   *
   * @param own the table that the flow is in
   */
  StepReader(String file, int line, TableNames tables, int own) {
    this.file = file;
    this.line = line;
    this.tables = tables;
    this.own = own;
  }

  List<FlowStep> read(String text) {
    List<FlowStep> steps = new ArrayList<>();
    for (String action : split(text)) {
      steps.add(step(action));
    }
    return List.copyOf(steps);
  }

  private FlowProblem problem(String what) {
    return new FlowProblem(file, line, what);
  }

  /** At commas outside parentheses. */
  private List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) {
        throw problem("a `)` without its `(` in the actions " + text);
      }
      if (c == ',' && (depth == 0 || i == text.length())) {
        String part = text.substring(from, i).trim();
        if (!part.isEmpty()) {
          parts.add(part);
        }
        from = i + 1;
      }
    }
    if (depth > 0) {
      throw problem("a `(` without its `)` in the actions " + text + " (hint: the dump is cut)");
    }
    return parts;
  }

  private FlowStep step(String action) {
    if (MaskedBits.number(action).isPresent() || action.startsWith("\"")) {
      return new FlowStep.Output(action, Optional.empty());
    }
    Matcher parts = ACTION.matcher(action);
    if (!parts.matches()) {
      return new FlowStep.Unknown(action);
    }
    String name = parts.group(1);
    String colon = parts.group(2) == null ? "" : parts.group(2);
    String inside = parts.group(3) == null ? "" : parts.group(3);
    if (HARMLESS.contains(name)) {
      return new FlowStep.Nothing();
    }
    if (name.equals("mod_dl_src") || name.equals("mod_dl_dst")) {
      return assign(action, colon, name.substring(4));
    }
    if (FRAMES.contains(name)) {
      return new FlowStep.Reframe(action);
    }
    return switch (name) {
      case "NORMAL", "normal", "FLOOD", "flood", "ALL", "all" -> new FlowStep.Forward();
      case "output" -> new FlowStep.Output(action, Registers.slot(colon));
      case "enqueue", "LOCAL", "IN_PORT", "in_port" ->
        new FlowStep.Output(action, Optional.empty());
      case "controller", "CONTROLLER" -> new FlowStep.Elsewhere(action);
      case "resubmit" -> resubmit(action, colon, inside);
      case "goto_table" -> new FlowStep.Goto(tables.number(colon));
      case "ct" -> conntrack(inside);
      case "ct_clear" -> new FlowStep.Untrack();
      case "clone" -> new FlowStep.Clone(read(inside));
      case "apply_actions" -> new FlowStep.Apply(read(inside));
      case "write_actions" -> new FlowStep.Later(read(inside));
      case "clear_actions" -> new FlowStep.NothingLater();
      case "exit" -> new FlowStep.Exit();
      case "conjunction" -> conjunction(inside);
      case "learn" -> learn(inside);
      case "set_field", "load" -> write(action, colon, name.equals("load"));
      case "move" -> move(action, colon);
      case "pop" -> changed(action, colon);
      case "push" -> new FlowStep.Nothing();
      case "set_tunnel", "set_tunnel64" -> assign(action, colon, "tun_id");
      case "write_metadata" -> assign(action, colon, "metadata");
      case "mod_nw_src", "mod_nw_dst", "mod_tp_src", "mod_tp_dst" -> new FlowStep.Rewrite(action);
      default -> new FlowStep.Unknown(action);
    };
  }

  private FlowStep resubmit(String action, String port, String inside) {
    if (inside.isEmpty()) {
      return new FlowStep.Resubmit(own, Optional.of(port));
    }
    String[] parts = inside.split(",", -1);
    if (parts.length > 2) {
      return new FlowStep.Unknown(action);
    }
    Optional<String> in = parts[0].isEmpty() || parts[0].equalsIgnoreCase("in_port")
        ? Optional.empty()
        : Optional.of(parts[0]);
    return new FlowStep.Resubmit(
        parts.length < 2 || parts[1].isEmpty() ? own : tables.number(parts[1]), in);
  }

  private FlowStep conntrack(String inside) {
    boolean commit = false;
    boolean translates = false;
    List<FlowStep> marking = List.of();
    Zone zone = new Zone.Number(0);
    Optional<Integer> table = Optional.empty();
    for (String option : split(inside)) {
      String value = option.substring(option.indexOf('=') + 1);
      if (option.equals("commit")) {
        commit = true;
      } else if (option.startsWith("table=")) {
        table = Optional.of(tables.number(value));
      } else if (option.startsWith("zone=")) {
        zone = zone(value);
      } else if (option.startsWith("nat(")) {
        translates = true;
      } else if (option.startsWith("exec(")) {
        marking = read(option.substring(5, option.length() - 1));
      } else if (!option.equals("nat") && !option.startsWith("alg=")) {
        return new FlowStep.Unknown("ct(" + inside + ")");
      }
    }
    return new FlowStep.Conntrack(zone, commit, table, translates, marking);
  }

  private Zone zone(String text) {
    Optional<Zone> number =
        MaskedBits.parse(text, 16).map(bits -> new Zone.Number(bits.value().intValue()));
    return number.or(() -> Registers.slot(text).map(Zone.In::new)).orElseGet(Zone.Unclear::new);
  }

  private FlowStep conjunction(String inside) {
    Matcher clause = CLAUSE.matcher(inside.replace(" ", ""));
    if (!clause.matches()) {
      throw problem("conjunction(" + inside + ") is none (hint: conjunction(id,k/n))");
    }
    return new FlowStep.Conjunction(
        MaskedBits.number(clause.group(1)).orElseThrow().longValue(),
        tables.small(clause.group(2)),
        tables.small(clause.group(3)));
  }

  private FlowStep learn(String inside) {
    int table = 1;
    int priority = FlowSyntax.PRIORITY;
    Optional<Slot> result = Optional.empty();
    for (String option : split(inside)) {
      if (option.startsWith("table=")) {
        table = tables.number(option.substring(6));
      } else if (option.startsWith("priority=")) {
        priority = tables.small(option.substring(9));
      } else if (option.startsWith("result_dst=")) {
        String field = option.substring(11);
        result = Registers.slot(field);
        if (result.isEmpty()) {
          return new FlowStep.Unknown("learn(" + inside + ")");
        }
      }
    }
    return new FlowStep.Learn(table, priority, result, "learn(" + inside + ")");
  }

  /** {@code set_field:value[/mask]->field} and {@code load:value->field[range]}. */
  private FlowStep write(String action, String text, boolean load) {
    int arrow = text.lastIndexOf("->");
    if (arrow < 0) {
      throw problem("no `->` in " + action);
    }
    String field = text.substring(arrow + 2);
    return Registers.slot(field).isPresent()
        ? assign(action, text.substring(0, arrow), field)
        : load || !field.startsWith("reg") ? changed(action, field) : new FlowStep.Unknown(action);
  }

  private FlowStep assign(String action, String value, String field) {
    Slot slot = Registers.slot(field).orElseThrow();
    MaskedBits bits = MaskedBits.parse(value, slot.width())
        .orElseThrow(
            () -> problem(action + ": " + value + " is no number of " + slot.width() + " bits"));
    return new FlowStep.Write(bits.at(slot.low()));
  }

  private FlowStep move(String action, String text) {
    int arrow = text.lastIndexOf("->");
    if (arrow < 0) {
      throw problem("no `->` in " + action);
    }
    Optional<Slot> from = Registers.slot(text.substring(0, arrow));
    String field = text.substring(arrow + 2);
    Optional<Slot> to = Registers.slot(field);
    if (from.isPresent() && to.isPresent() && from.get().width() == to.get().width()) {
      return new FlowStep.Copy(from.get(), to.get());
    }
    return changed(action, field);
  }

  /** What happens where a field gets a value that is not known. */
  private static FlowStep changed(String action, String field) {
    Optional<Slot> slot = Registers.slot(field);
    if (slot.isPresent()) {
      return new FlowStep.Forget(slot.get());
    }
    int range = field.indexOf('[');
    String name = range < 0 ? field : field.substring(0, range);
    if (OTHER_FIELDS.contains(name)) {
      return new FlowStep.Nothing();
    }
    return FRAME_FIELDS.contains(name)
        ? new FlowStep.Reframe(action)
        : new FlowStep.Rewrite(action);
  }
}
