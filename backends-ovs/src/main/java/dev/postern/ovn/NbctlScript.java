package dev.postern.ovn;

import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as one call of ovn-nbctl, whose commands are one transaction: the same as {@link Transaction}, for people and small clusters. */
final class NbctlScript {

  /** How many addresses or ports one command takes; the kernel takes 128 kB an argument, and many arguments. */
  private static final int CHUNK = 500;

  private NbctlScript() {}

  /** A shell function {@code commands} that prints nothing and calls ovn-nbctl with the old rows' destruction before it. */
  static String text(Northbound rows) {
    List<String> commands = new ArrayList<>();
    for (SetRow set : rows.sets()) {
      commands.add("create Address_Set name=" + set.name() + " "
          + ids(set.about(), "")
          + addresses(set.addresses().subList(0, Math.min(CHUNK, set.addresses().size()))));
      for (int from = CHUNK; from < set.addresses().size(); from += CHUNK) {
        List<String> more =
            set.addresses().subList(from, Math.min(from + CHUNK, set.addresses().size()));
        commands.add("add Address_Set " + set.name() + " addresses "
            + more.stream().map(NbctlScript::quoted).collect(Collectors.joining(" ")));
      }
    }
    int number = 0;
    for (GroupRow group : rows.groups()) {
      StringBuilder acls = new StringBuilder();
      for (AclRow acl : group.acls()) {
        String id = "@acl" + number++;
        commands.add(acl(acl, id));
        acls.append(acls.length() == 0 ? " acls=" : ",").append(id);
      }
      commands.add("create Port_Group name=" + group.name() + " " + ids(group.about(), "") + acls);
      commands.add("pg-set-ports " + group.name() + " "
          + group.ports().stream().map(NbctlScript::shell).collect(Collectors.joining(" ")));
    }
    commands.add("create Address_Set name=" + Northbound.STATE_ROW + " " + ids("", "")
        + " external_ids:" + Northbound.STATE + "=" + rows.digest());
    StringBuilder text = new StringBuilder("ovn-nbctl \"$@\"");
    commands.forEach(command -> text.append(" \\\n  -- ").append(command));
    return text.append('\n').toString();
  }

  private static String acl(AclRow acl, String id) {
    StringBuilder text = new StringBuilder("--id=" + id + " create ACL direction="
        + (acl.toPort() ? "to-lport" : "from-lport")
        + " priority=" + acl.priority()
        + " match=" + quoted(acl.match())
        + " action=" + acl.action()
        + " name=" + quoted(acl.name()));
    if (!acl.toPort()) {
      text.append(" options:apply-after-lb=true");
    }
    acl.tier().ifPresent(tier -> text.append(" tier=").append(tier));
    if (acl.log()) {
      text.append(" log=true severity=").append(acl.severity());
      if (!acl.meter().isEmpty()) {
        text.append(" meter=").append(quoted(acl.meter()));
      }
    }
    return text.append(' ').append(ids("", acl.content())).toString();
  }

  private static String ids(String about, String content) {
    return "external_ids:" + Northbound.OWNER + "=" + Northbound.OWNED
        + (about.isEmpty() ? "" : " external_ids:" + Northbound.ABOUT + "=" + quoted(about))
        + (content.isEmpty() ? "" : " external_ids:" + Northbound.CONTENT + "=" + content);
  }

  private static String addresses(List<String> addresses) {
    return addresses.isEmpty()
        ? ""
        : " addresses="
            + shell(addresses.stream()
                .map(address -> '"' + address + '"')
                .collect(Collectors.joining(",")));
  }

  /** A string that ovn-nbctl reads whatever is in it, for the shell. */
  private static String quoted(String text) {
    return shell('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
  }

  /** One word for the shell, whatever is in it. */
  static String shell(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
