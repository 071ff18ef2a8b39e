package dev.postern.ovn;

import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import dev.postern.ovn.match.Constant;
import dev.postern.ovn.match.MatchException;
import dev.postern.ovn.match.OvnMatchReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the rows as OVN will, before they are written: a match that ovn-controller cannot read is an ACL that is not there, and nobody
 * says so.
 */
final class SelfCheck implements dev.postern.ovn.match.NamedSets {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_.][A-Za-z0-9_.]*");

  private final Map<String, List<Constant>> sets = new HashMap<>();
  private final Map<String, List<Constant>> groups = new HashMap<>();
  private final List<String> defects = new ArrayList<>();

  private SelfCheck(Northbound rows) {
    rows.sets().forEach(this::add);
    rows.groups().forEach(this::add);
    OvnMatchReader reader = new OvnMatchReader(this);
    rows.groups().forEach(group -> group.acls().forEach(acl -> check(reader, acl)));
  }

  /** What OVN would drop or refuse; nothing if all is well. */
  static List<String> defects(Northbound rows) {
    return List.copyOf(of(rows).defects);
  }

  /** The rows with what their names stand for. */
  static SelfCheck of(Northbound rows) {
    return new SelfCheck(rows);
  }

  private void add(SetRow set) {
    checkName(set.name());
    List<Constant> constants = new ArrayList<>();
    for (String address : set.addresses()) {
      Optional<Constant> constant = OvnMatchReader.constant(address);
      if (constant.isEmpty()) {
        defects.add("address set " + set.name() + ": OVN cannot read `" + address + "`");
      }
      constant.ifPresent(constants::add);
    }
    if (sets.put(set.name(), constants) != null) {
      defects.add("two address sets are called " + set.name());
    }
  }

  private void add(GroupRow group) {
    checkName(group.name());
    List<Constant> ports = new ArrayList<>();
    group.ports().forEach(port -> ports.add(new Constant.Text(port)));
    if (groups.put(group.name(), ports) != null) {
      defects.add("two port groups are called " + group.name());
    }
  }

  private void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      defects.add("`" + name + "` is no name that a match can mention");
    }
  }

  private void check(OvnMatchReader reader, AclRow acl) {
    try {
      reader.read(acl.match());
    } catch (MatchException e) {
      defects.add(
          "OVN cannot read column " + e.column() + " of `" + acl.match() + "`: " + e.getMessage());
    }
    if (acl.name().length() > OvnOptions.MOST_NAME) {
      defects.add("the name `" + acl.name() + "` of an ACL has more than 63 characters");
    }
  }

  @Override
  public Optional<List<Constant>> addressSet(String name) {
    return Optional.ofNullable(sets.get(name));
  }

  @Override
  public Optional<List<Constant>> portGroup(String name) {
    return Optional.ofNullable(groups.get(name));
  }
}
