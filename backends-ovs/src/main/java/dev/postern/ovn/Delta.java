package dev.postern.ovn;

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
import java.util.Optional;
import java.util.Set;

/**
 * The smallest transaction that turns some rows of Postern's into others: members of sets and groups one by one, the ACLs of the groups
 * whose rules changed, and nothing of what stays. Equal rows need no operation at all.
 */
public final class Delta {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The UUIDs of a group's ACLs that are in the database already. */
  interface Present {
    Optional<String> uuid(String group, AclRow acl);
  }

  private final ArrayNode transaction = JSON.arrayNode().add(Transaction.DATABASE);
  private final Present present;
  private int acls;

  private Delta(Present present) {
    this.present = present;
  }

  /** The operations, after the database's name; none if the rows are equal. A group whose rules changed gets all its ACLs anew. */
  public static ArrayNode between(Northbound from, Northbound to) {
    return between(from, to, (group, acl) -> Optional.empty());
  }

  /** The same, keeping the ACLs that are there. */
  static ArrayNode between(Northbound from, Northbound to, Present present) {
    Delta delta = new Delta(present);
    delta.sets(from.sets(), to.sets());
    delta.groups(from.groups(), to.groups());
    return delta.transaction;
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
        add("mutate", "Port_Group", group.name(), "mutations", mutations);
        if (!new HashSet<>(before.acls()).equals(new HashSet<>(group.acls()))) {
          rules(group);
        }
      }
    }
    old.keySet().forEach(name -> delete("Port_Group", name));
  }

  private void rules(GroupRow group) {
    ArrayNode references = JSON.arrayNode();
    for (AclRow acl : group.acls()) {
      Optional<String> uuid = present.uuid(group.name(), acl);
      if (uuid.isPresent()) {
        references.add(JSON.arrayNode().add("uuid").add(uuid.get()));
      } else {
        String name = "acl" + acls++;
        transaction.add(Transaction.insert(acl, name));
        references.add(JSON.arrayNode().add("named-uuid").add(name));
      }
    }
    ObjectNode row = JSON.objectNode();
    row.set("acls", JSON.arrayNode().add("set").add(references));
    transaction.add(Transaction.operation("update", "Port_Group")
        .<ObjectNode>set("where", named(group.name()))
        .set("row", row));
  }

  private static List<String> missing(Collection<String> of, Collection<String> in) {
    Set<String> there = new HashSet<>(in);
    List<String> missing = new ArrayList<>();
    for (String each : of) {
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
