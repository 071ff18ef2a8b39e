package dev.postern.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The smallest transaction that turns some rows of Postern's into others: members of sets and groups one by one, the ACLs that are new or
 * gone, and nothing of what stays. Equal rows need no operation at all.
 */
public final class NorthboundDelta {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ArrayNode transaction = JSON.arrayNode().add(Transaction.DATABASE);
  private int acls;

  private NorthboundDelta() {}

  /**
   * The transaction for a database that has the old rows; it fails, and nothing changes, on one that has others. Without any operation if the
   * rows are equal.
   */
  public static ArrayNode between(Northbound from, Northbound to) {
    ArrayNode changes = changes(from, to);
    if (changes.size() == 1) {
      return changes;
    }
    return changes
        .insert(1, Transaction.expectState(from.digest()))
        .add(Transaction.updateState(to.digest()))
        .add(Transaction.comment("postern delta"));
  }

  /** The changes of rows alone, after the database's name. */
  static ArrayNode changes(Northbound from, Northbound to) {
    NorthboundDelta delta = new NorthboundDelta();
    delta.sets(from.sets(), to.sets());
    delta.groups(from.groups(), to.groups());
    return delta.transaction;
  }

  /** How many rows and members a transaction of these makes and takes away, for people. */
  static String summary(ArrayNode transaction) {
    int made = 0;
    int gone = 0;
    int members = 0;
    for (JsonNode operation : transaction) {
      made += operation.path("op").asText().equals("insert") ? 1 : 0;
      gone += operation.path("op").asText().equals("delete") ? 1 : 0;
      for (JsonNode mutation : operation.path("mutations")) {
        int size = mutation.path(2).path(1).size();
        if (!mutation.path(0).asText().equals("acls")) {
          members += size;
        } else if (mutation.path(1).asText().equals("delete")) {
          gone += size;
        }
      }
    }
    return "since the earlier manifests: " + made + " rows made, " + gone + " taken away, "
        + members + " members of sets and groups changed\n";
  }

  private void sets(List<SetRow> from, List<SetRow> to) {
    Map<String, SetRow> old = new LinkedHashMap<>();
    from.forEach(set -> old.put(set.name(), set));
    for (SetRow set : to) {
      SetRow before = old.remove(set.name());
      if (before == null) {
        transaction.add(Transaction.insert(set));
      } else {
        ArrayNode mutations = JSON.arrayNode();
        mutate(
            mutations,
            "addresses",
            "delete",
            Transaction.addresses(missing(before.addresses(), set.addresses())));
        mutate(
            mutations,
            "addresses",
            "insert",
            Transaction.addresses(missing(set.addresses(), before.addresses())));
        add("mutate", "Address_Set", set.name(), "mutations", mutations);
      }
    }
    old.keySet().forEach(name -> delete("Address_Set", name));
  }

  private void groups(List<GroupRow> from, List<GroupRow> to) {
    Map<String, GroupRow> old = new LinkedHashMap<>();
    from.forEach(group -> old.put(group.name(), group));
    for (GroupRow group : to) {
      GroupRow before = old.remove(group.name());
      if (before == null) {
        acls = Transaction.insert(transaction, group, acls);
      } else {
        ArrayNode mutations = JSON.arrayNode();
        mutate(
            mutations,
            "ports",
            "delete",
            Transaction.ports(missing(before.ports(), group.ports())));
        mutate(
            mutations,
            "ports",
            "insert",
            Transaction.ports(missing(group.ports(), before.ports())));
        rules(mutations, before.acls(), group.acls());
        add("mutate", "Port_Group", group.name(), "mutations", mutations);
      }
    }
    old.keySet().forEach(name -> delete("Port_Group", name));
  }

  /** ACLs leave the table with the last reference to them. */
  private void rules(ArrayNode mutations, List<AclRow> from, List<AclRow> to) {
    List<String> names = new ArrayList<>();
    for (AclRow acl : missing(to, from)) {
      String name = "acl" + acls++;
      transaction.add(Transaction.insert(acl, name));
      names.add(name);
    }
    mutate(mutations, "acls", "delete", Transaction.acls(missing(from, to)));
    mutate(mutations, "acls", "insert", Transaction.named(names));
  }

  private static <T> List<T> missing(Collection<T> of, Collection<T> in) {
    Set<T> there = new HashSet<>(in);
    List<T> missing = new ArrayList<>();
    for (T each : of) {
      if (!there.contains(each)) {
        missing.add(each);
      }
    }
    return missing;
  }

  private static void mutate(ArrayNode mutations, String column, String how, ArrayNode set) {
    if (!set.path(1).isEmpty()) {
      mutations.add(JSON.arrayNode().add(column).add(how).add(set));
    }
  }

  private void add(String op, String table, String name, String key, ArrayNode value) {
    if (!value.isEmpty()) {
      transaction.add(
          Transaction.operation(op, table).<ObjectNode>set("where", named(name)).set(key, value));
    }
  }

  private void delete(String table, String name) {
    transaction.add(Transaction.operation("delete", table).set("where", named(name)));
  }

  private static ArrayNode named(String name) {
    return JSON.arrayNode()
        .add(Transaction.condition("name", "==", JSON.textNode(name)))
        .add(Transaction.condition("external_ids", "includes", Transaction.owned()));
  }
}
