package dev.postern.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Breaks one thing in a transaction of OVN's. */
final class TransactionMutants {

  /** What is broken. */
  enum Kind {
    NOTHING,
    ACL_DROPPED,
    ACL_MOVED,
    PRIORITY_CHANGED,
    PRIORITIES_SWAPPED,
    DIRECTION_CHANGED,
    ACTION_CHANGED,
    TIER_CHANGED,
    NUMBER_OFF_BY_ONE,
    MASK_BIT,
    PROTOCOL_CHANGED,
    CONFINED,
    EXEMPTED,
    CONJUNCT_LOST,
    COMPARISON_TURNED,
    SIDES_SWAPPED,
    PORT_SIDES_SWAPPED,
    PREFIX_WIDENED,
    ANOTHER_SET,
    ANOTHER_GROUP,
    SET_DROPPED,
    SET_MEMBER_LOST,
    SET_MEMBER_ADDED,
    SET_MEMBER_WIDENED,
    GROUP_DROPPED,
    GROUP_MEMBER_LOST,
    GROUP_MEMBER_ADDED
  }

  private static final Pattern NUMBER = Pattern.compile("(?<=[ {])\\d+(?=[,}]|$| )");
  private static final Pattern MASKED = Pattern.compile("0x([0-9a-f]+)/0x([0-9a-f]+)");
  private static final Pattern PROTOCOL = Pattern.compile("\\b(tcp|udp|sctp)(?=\\.dst)");
  private static final Pattern EQUAL = Pattern.compile("==");
  private static final Pattern SIDE = Pattern.compile("\\b(ip[46])\\.(src|dst)");
  private static final Pattern PORT = Pattern.compile("\\b(in|out)port");
  private static final Pattern PREFIX = Pattern.compile("(?<=[0-9a-f.:])/(\\d+)");
  private static final Pattern SET = Pattern.compile("\\$\\w+");
  private static final Pattern GROUP = Pattern.compile("@\\w+");
  private static final List<String> TRAFFIC =
      List.of("tcp", "udp", "sctp", "icmp4", "icmp6", "icmp", "ip4", "ip6");

  private final ArrayNode transaction;
  private final Random random;

  private TransactionMutants(ArrayNode transaction, Random random) {
    this.transaction = transaction;
    this.random = random;
  }

  /** The transaction with one thing of this kind broken somewhere; empty if it has none. */
  static Optional<ArrayNode> of(ArrayNode whole, Kind kind, boolean tiers, Random random) {
    ArrayNode transaction = whole.deepCopy();
    new TransactionMutants(transaction, random).breaks(kind, tiers);
    return kind != Kind.NOTHING && transaction.equals(whole)
        ? Optional.empty()
        : Optional.of(transaction);
  }

  private void breaks(Kind kind, boolean tiers) {
    switch (kind) {
      case NOTHING -> {}
      case ACL_DROPPED -> groupWith("acls").ifPresent(group -> lose(members(group, "acls")));
      case ACL_MOVED -> move();
      case PRIORITY_CHANGED ->
        one("ACL")
            .ifPresent(acl -> acl.put(
                "priority",
                acl.path("priority").asInt()
                    + (random.nextBoolean() ? 1 : -1) * (1 + random.nextInt(4))));
      case PRIORITIES_SWAPPED -> swapPriorities();
      case DIRECTION_CHANGED -> one("ACL").ifPresent(TransactionMutants::turn);
      case ACTION_CHANGED -> one("ACL").ifPresent(acl -> act(acl, tiers));
      case TIER_CHANGED ->
        one("ACL").filter(acl -> tiers).ifPresent(acl -> acl.put("tier", random.nextInt(4)));
      case NUMBER_OFF_BY_ONE ->
        match(
            NUMBER,
            found -> Integer.toString(
                Math.abs(Integer.parseInt(found.group()) + (random.nextBoolean() ? 1 : -1))));
      case MASK_BIT -> match(MASKED, this::unmask);
      case PROTOCOL_CHANGED -> match(PROTOCOL, found -> TRAFFIC.get(random.nextInt(3)));
      case CONFINED ->
        any("ACL")
            .ifPresent(acl -> acl.put(
                "match", acl.path("match").asText() + " && " + TRAFFIC.get(random.nextInt(6))));
      case EXEMPTED ->
        any("ACL")
            .ifPresent(acl -> acl.put(
                "match", acl.path("match").asText() + " && !" + TRAFFIC.get(random.nextInt(6))));
      case CONJUNCT_LOST -> one("ACL").ifPresent(this::loseConjunct);
      case COMPARISON_TURNED -> match(EQUAL, found -> "!=");
      case SIDES_SWAPPED ->
        match(SIDE, found -> found.group(1) + (found.group(2).equals("src") ? ".dst" : ".src"));
      case PORT_SIDES_SWAPPED ->
        match(PORT, found -> found.group(1).equals("in") ? "outport" : "inport");
      case PREFIX_WIDENED ->
        match(PREFIX, found -> "/" + Math.max(0, Integer.parseInt(found.group(1)) - 1));
      case ANOTHER_SET -> rename(SET, "Address_Set", "$");
      case ANOTHER_GROUP -> rename(GROUP, "Port_Group", "@");
      case SET_DROPPED -> drop("Address_Set");
      case SET_MEMBER_LOST -> any("Address_Set").ifPresent(set -> lose(members(set, "addresses")));
      case SET_MEMBER_ADDED -> addTo("Address_Set", "addresses");
      case SET_MEMBER_WIDENED -> any("Address_Set").ifPresent(this::widen);
      case GROUP_DROPPED -> drop("Port_Group");
      case GROUP_MEMBER_LOST -> any("Port_Group").ifPresent(group -> lose(members(group, "ports")));
      case GROUP_MEMBER_ADDED -> addTo("Port_Group", "ports");
    }
  }

  private List<ObjectNode> rows(String table) {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode operation : transaction) {
      if (operation.path("op").asText().equals("insert")
          && operation.path("table").asText().equals(table)
          && !operation.path("row").path("name").asText().equals(Northbound.STATE_ROW)) {
        rows.add((ObjectNode) operation.path("row"));
      }
    }
    return rows;
  }

  private Optional<ObjectNode> any(String table) {
    List<ObjectNode> rows = rows(table);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(random.nextInt(rows.size())));
  }

  /** Rather one of those that few others are like: an ACL that denies, or stands above others. */
  private Optional<ObjectNode> one(String table) {
    List<ObjectNode> denials = rows(table).stream()
        .filter(row -> !row.path("action").asText().startsWith("allow"))
        .toList();
    return denials.isEmpty() || random.nextInt(3) > 0
        ? any(table)
        : Optional.of(denials.get(random.nextInt(denials.size())));
  }

  private Optional<ObjectNode> groupWith(String column) {
    List<ObjectNode> groups = rows("Port_Group").stream()
        .filter(group -> !members(group, column).isEmpty())
        .toList();
    return groups.isEmpty()
        ? Optional.empty()
        : Optional.of(groups.get(random.nextInt(groups.size())));
  }

  private static ArrayNode members(ObjectNode row, String column) {
    return (ArrayNode) row.path(column).path(1);
  }

  private void lose(ArrayNode members) {
    if (!members.isEmpty()) {
      members.remove(random.nextInt(members.size()));
    }
  }

  private void move() {
    Optional<ObjectNode> from = groupWith("acls");
    Optional<ObjectNode> to = any("Port_Group");
    if (from.isPresent() && to.isPresent()) {
      ArrayNode acls = members(from.get(), "acls");
      members(to.get(), "acls").add(acls.remove(random.nextInt(acls.size())));
    }
  }

  private void swapPriorities() {
    Optional<ObjectNode> one = one("ACL");
    Optional<ObjectNode> other = any("ACL");
    if (one.isPresent() && other.isPresent()) {
      int priority = one.get().path("priority").asInt();
      one.get().put("priority", other.get().path("priority").asInt());
      other.get().put("priority", priority);
    }
  }

  private static void turn(ObjectNode acl) {
    boolean toPort = acl.path("direction").asText().equals("to-lport");
    acl.put("direction", toPort ? "from-lport" : "to-lport");
    acl.remove("options");
  }

  private void act(ObjectNode acl, boolean tiers) {
    List<String> actions =
        new ArrayList<>(List.of("allow", "allow-related", "allow-stateless", "drop", "reject"));
    if (tiers) {
      actions.add("pass");
    }
    acl.put("action", actions.get(random.nextInt(actions.size())));
  }

  /** What takes a match's text apart and says what to put in the place of a part. */
  private interface Change {
    String of(MatchResult found);
  }

  private void match(Pattern where, Change change) {
    List<ObjectNode> acls = rows("ACL").stream()
        .filter(acl -> where.matcher(acl.path("match").asText()).find())
        .toList();
    if (acls.isEmpty()) {
      return;
    }
    ObjectNode acl = acls.get(random.nextInt(acls.size()));
    String match = acl.path("match").asText();
    List<MatchResult> places = where.matcher(match).results().toList();
    MatchResult place = places.get(random.nextInt(places.size()));
    acl.put(
        "match",
        match.substring(0, place.start()) + change.of(place) + match.substring(place.end()));
  }

  private String unmask(MatchResult found) {
    int mask = Integer.parseInt(found.group(2), 16) & ~(1 << random.nextInt(16));
    int value = Integer.parseInt(found.group(1), 16) & mask;
    return "0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
  }

  private void loseConjunct(ObjectNode acl) {
    List<String> parts = new ArrayList<>(List.of(acl.path("match").asText().split(" && ", -1)));
    if (parts.size() > 1) {
      parts.remove(random.nextInt(parts.size()));
      acl.put("match", String.join(" && ", parts));
    }
  }

  private void rename(Pattern where, String table, String sign) {
    any(table).ifPresent(row -> match(where, found -> sign + row.path("name").asText()));
  }

  private void drop(String table) {
    List<Integer> inserts = new ArrayList<>();
    for (int i = 0; i < transaction.size(); i++) {
      if (transaction.get(i).path("op").asText().equals("insert")
          && transaction.get(i).path("table").asText().equals(table)) {
        inserts.add(i);
      }
    }
    if (!inserts.isEmpty()) {
      transaction.remove((int) inserts.get(random.nextInt(inserts.size())));
    }
  }

  /** Adds a member that another row of the table has. */
  private void addTo(String table, String column) {
    Optional<ObjectNode> from = any(table);
    Optional<ObjectNode> to = any(table);
    if (from.isEmpty() || to.isEmpty() || members(from.get(), column).isEmpty()) {
      return;
    }
    ArrayNode members = members(from.get(), column);
    JsonNode member = members.get(random.nextInt(members.size()));
    for (JsonNode each : members(to.get(), column)) {
      if (each.equals(member)) {
        return;
      }
    }
    members(to.get(), column).add(member);
  }

  private void widen(ObjectNode set) {
    ArrayNode members = members(set, "addresses");
    if (!members.isEmpty()) {
      int index = random.nextInt(members.size());
      String address = members.get(index).asText();
      int slash = address.indexOf('/');
      int prefix = slash < 0
          ? (address.contains(":") ? 128 : 32)
          : Integer.parseInt(address.substring(slash + 1));
      String network = slash < 0 ? address : address.substring(0, slash);
      members.remove(index);
      members.add(network + "/" + Math.max(0, prefix - 1));
    }
  }
}
