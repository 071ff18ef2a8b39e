package dev.postern.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import dev.postern.ovn.read.NorthboundReader;
import dev.postern.ovn.read.PodPorts;
import dev.postern.plan.Plan;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;

/** What is left of a dump that was cut is refused; what no switch is known of is not taken for known. */
class CutDumpsTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.DOMAIN_NAMES, ClusterFeature.MISSING_ADDRESSES);

  private static void refused(String text, int length) {
    String prefix = text.substring(0, length);
    assertThatThrownBy(() -> NorthboundReader.read(prefix, "nb", PodPorts.NONE))
        .as(prefix)
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void everyPrefixOfATransactionIsRefused() throws Refusal {
    String text = Ovn.backend()
        .compile(Plan.of(RandomCluster.of(3, PROFILE)), Scope.CLUSTER)
        .file("transaction.json");
    int whole = text.stripTrailing().length();
    for (int length = 0; length < whole; length += length < whole - 300 ? 37 : 1) {
      refused(text, length);
    }
  }

  @Example
  void everyPrefixOfADumpAndABackupIsRefusedOrLacksOnlyTablesThatDecideNothing()
      throws IOException {
    Cluster cluster = RandomCluster.of(3, PROFILE);
    try (OvnLab lab = new OvnLab()) {
      lab.pods(cluster);
      String dump =
          lab.run("ovsdb-client", "dump", "-f", "json", lab.remote("nb"), "OVN_Northbound");
      assertThat(NorthboundReader.read(dump, "nb", PodPorts.NONE).problems()).isEmpty();
      int deciding = dump.indexOf('\n', dump.indexOf("Port_Group table"));
      for (int length = 0; length < deciding - 1; length += 61) {
        refused(dump, length);
      }
      for (int line = dump.indexOf('\n');
          line < deciding - 1;
          line = dump.indexOf('\n', line + 1)) {
        refused(dump, line + 1);
      }
      String backup = lab.run("ovsdb-client", "backup", lab.remote("nb"), "OVN_Northbound");
      assertThat(NorthboundReader.read(backup, "nb", PodPorts.NONE).problems()).isEmpty();
      for (int length = 0; length < backup.length(); length += 53) {
        refused(backup, length);
      }
      refused(backup, backup.length() - 1);
    }
  }

  @Example
  void anAclOfAGroupMayMeetPortsThatAreNotInItWhereNoSwitchIsKnown() {
    String transaction = """
        ["OVN_Northbound",
         {"op":"insert","table":"ACL","uuid-name":"a","row":{"direction":"to-lport","priority":1000,"match":"ip4","action":"drop"}},
         {"op":"insert","table":"Port_Group","row":{"name":"g","ports":["set",[["uuid","lsp:one"]]],"acls":["set",[["named-uuid","a"]]]}}]
        """;
    PodPorts ports =
        new PodPorts(Map.of("one", addresses("10.0.0.1"), "two", addresses("10.0.0.2")));
    Interpreter interpreter =
        new Interpreter(NorthboundReader.read(transaction, "t", ports).rules());
    assertThat(verdict(interpreter, "10.0.0.1")).isEqualTo(Passage.Fate.DROP);
    assertThat(verdict(interpreter, "10.0.0.2")).isEqualTo(Passage.Fate.UNKNOWN);
  }

  private static void refused(String text, String why) {
    assertThatThrownBy(() -> NorthboundReader.read(text, "nb", PodPorts.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Example
  void aTransactionWhoseRowsAreNoneOrAreDeletedAgainIsRefused() {
    String begins = "[\"OVN_Northbound\",";
    String acl =
        "{\"op\":\"insert\",\"table\":\"ACL\",\"uuid-name\":\"a\",\"row\":{\"action\":\"drop\",\"direction\":\"to-lport\"}}";
    refused(begins + "{\"op\":\"insert\",\"table\":\"ACL\"}]", "it has no `row`");
    refused(begins + "{\"op\":\"insert\",\"table\":\"ACL\",\"row\":5}]", "no object");
    refused(begins + acl + "," + acl + "]", "two rows are named a");
    refused(
        begins + acl + ",{\"op\":\"delete\",\"table\":\"ACL\",\"where\":[]}]",
        "deletes after it inserted");
  }

  @Example
  void aDumpOfSomeColumnsOrOfRowsThatDoNotFitIsRefused() {
    String whole = """
        {"caption":"ACL table","headings":[%s],"data":[%s]}
        {"caption":"Address_Set table","headings":[],"data":[]}
        {"caption":"Logical_Switch table","headings":[],"data":[]}
        {"caption":"Logical_Switch_Port table","headings":[],"data":[]}
        {"caption":"Port_Group table","headings":["_uuid","acls","name","ports"],"data":[%s]}
        """;
    String columns = "\"_uuid\",\"action\",\"direction\",\"external_ids\",\"match\",\"priority\"";
    String row = "[[\"uuid\",\"a\"],\"drop\",\"to-lport\",[\"map\",[]],\"ip4\",1]";
    String group = "[[\"uuid\",\"g\"],[\"uuid\",\"a\"],\"g\",[\"set\",[]]]";
    NorthboundReader.read(whole.formatted(columns, row, ""), "nb", PodPorts.NONE);
    NorthboundReader.read(whole.formatted(columns, row, group), "nb", PodPorts.NONE);
    refused(whole.formatted(columns, "", group), "table ACL lacks the row a");
    refused(
        whole.formatted(columns, row, group.replace("[\"set\",[]]", "[\"uuid\",\"p\"]")),
        "table Logical_Switch_Port lacks the row p");
    refused(
        whole.formatted(columns.replace("\"priority\"", "\"name\""), row, ""),
        "table ACL is dumped without its columns priority");
    refused(whole.formatted(columns, row + "," + row, ""), "has the row a twice");
    refused(
        whole.formatted(columns, "[[\"uuid\",\"a\"],\"drop\"]", ""), "2 values under 6 headings");
    refused(whole.formatted(columns, "5", ""), "0 values under 6 headings");
  }

  private static AddressSet addresses(String address) {
    return AddressSet.ofAddresses(List.of(Address.parse(address)));
  }

  private static Passage.Fate verdict(Interpreter interpreter, String to) {
    return interpreter
        .walk(Packet.opening(Address.parse("10.0.0.9"), Address.parse(to), Protocol.TCP, 80)
            .in(ConnectionState.NEW, false))
        .fate();
  }
}
