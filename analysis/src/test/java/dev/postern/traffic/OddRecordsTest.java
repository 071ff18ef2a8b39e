package dev.postern.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records with a field that is not what it must be: each is read, or counted as one that was not, and those beside it are read. */
class OddRecordsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** By format an entry that is one record, with as many of its fields as count for something. */
  private static final Map<String, String> OBJECTS = Map.of(
      "goldmane",
      "{\"id\":\"7\",\"flow\":{\"Key\":{\"sourceName\":\"web-*\",\"sourceNamespace\":\"shop\",\"sourceType\":\"WorkloadEndpoint\",\"destName\":\"db-*\",\"destNamespace\":\"shop\",\"destType\":\"WorkloadEndpoint\",\"destPort\":5432,\"proto\":\"tcp\",\"reporter\":\"Dst\",\"action\":\"Deny\"},\"startTime\":1700000000,\"endTime\":1700000015,\"bytesIn\":60,\"bytesOut\":1,\"numConnectionsStarted\":2}}",
      "calico",
      "{\"start_time\":1700000000,\"end_time\":1700000300,\"source_ip\":\"203.0.113.9\",\"source_name\":\"-\",\"source_name_aggr\":\"pub\",\"source_namespace\":\"-\",\"source_type\":\"net\",\"dest_ip\":\"10.0.0.2\",\"dest_name\":\"-\",\"dest_name_aggr\":\"agent-*\",\"dest_namespace\":\"ops\",\"dest_port\":80,\"dest_type\":\"wep\",\"proto\":\"tcp\",\"action\":\"allow\",\"reporter\":\"dst\",\"num_flows\":3,\"bytes_in\":4}",
      "azure",
      "{\"time\":\"2022-09-14T09:00:52Z\",\"flowRecords\":{\"flows\":[{\"aclID\":\"x\",\"flowGroups\":[{\"rule\":\"r\",\"flowTuples\":[\"1663146003599,10.0.0.1,10.0.0.2,50000,80,6,O,E,NX,1,2,3,4\"]}]}]}}",
      "gcp",
      "{\"jsonPayload\":{\"connection\":{\"src_ip\":\"10.0.0.1\",\"src_port\":50000,\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"protocol\":6},\"src_gke_details\":{\"pod\":{\"pod_name\":\"a-1\",\"pod_namespace\":\"x\",\"pod_workload\":{\"workload_name\":\"a\",\"workload_type\":\"DEPLOYMENT\"}}},\"reporter\":\"SRC\",\"bytes_sent\":7,\"start_time\":\"2026-11-20T09:00:00Z\",\"end_time\":\"2026-11-20T09:00:01Z\"}}",
      "istio-json",
      "{\"start_time\":\"2026-11-20T09:00:00Z\",\"response_flags\":\"-\",\"bytes_received\":5,\"bytes_sent\":7,\"upstream_host\":\"10.0.0.2:80\",\"upstream_cluster\":\"outbound|80||x\",\"downstream_local_address\":\"10.0.0.9:80\",\"downstream_remote_address\":\"10.0.0.1:50000\"}",
      "antrea",
      "{\"flowStartSeconds\":1700000000,\"flowEndSeconds\":1700000001,\"sourceIPv4Address\":\"10.0.0.1\",\"destinationIPv4Address\":\"10.0.0.2\",\"sourceTransportPort\":50000,\"destinationTransportPort\":80,\"protocolIdentifier\":6,\"sourcePodName\":\"a\",\"sourcePodNamespace\":\"x\",\"octetDeltaCount\":9,\"egressNetworkPolicyRuleAction\":1}",
      "netobserv",
      "{\"SrcAddr\":\"10.0.0.1\",\"DstAddr\":\"10.0.0.2\",\"SrcPort\":50000,\"DstPort\":80,\"Proto\":6,\"Bytes\":9,\"TimeFlowStartMs\":1700000000000,\"TimeFlowEndMs\":1700000000001}",
      "hubble",
      "{\"time\":\"2026-11-20T09:00:01Z\",\"verdict\":\"FORWARDED\",\"IP\":{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\"},\"l4\":{\"UDP\":{\"source_port\":40000,\"destination_port\":53}},\"source\":{},\"destination\":{},\"Type\":\"L3_L4\"}");

  private static final List<String> LINES = List.of(
      "1637706961,1637706973,10.0.0.1,10.0.0.2,50000,80,TCP,a-0,x,n1,b-0,y,n2,,0,,,,,,,,,,,,,http,,",
      "2023-11-02T16:28:54.139Z|00004|acl_log(ovn_pinctrl0)|INFO|name=\"NP:a:Ingress:0\", verdict=allow, severity=alert, direction=to-lport: tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=50000,tp_dst=80,tcp_flags=syn",
      "[2020-11-25T21:26:18.409Z] \"GET /a HTTP/1.1\" 418 - via_upstream - \"-\" 0 135 3 1 \"-\" \"curl\" \"8496\" \"httpbin:8000\" \"10.0.0.2:80\" outbound|80||x 10.44.1.23:37652 10.0.45.184:8000 10.0.0.1:50000 - default");

  /** What a field may hold that nobody expects; a number that no type has room for among them. */
  private static final List<String> ODD = List.of(
      "null",
      "[]",
      "[1]",
      "{}",
      "{\"a\":{}}",
      "\"\"",
      "\"-\"",
      "\"x\"",
      "true",
      "-1",
      "0",
      "1.5",
      "65536",
      "1e400",
      "\"1e400\"",
      "123456789012345678901234567890",
      "\"123456789012345678901234567890\"",
      "\"\\u0000\\ud800\"");

  private static long accounted(LogSummary summary) {
    return summary.records()
        + summary.unreadable()
        + summary.leftOut().values().stream().mapToLong(Long::longValue).sum();
  }

  /** An object with the value at a place turned into another, for each place; as where a name is not there at all. */
  private static void everywhere(JsonNode value, UnaryOperator<JsonNode> odd, Runnable eachTime) {
    if (value instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        JsonNode was = object.get(name);
        everywhere(was, odd, eachTime);
        object.set(name, odd.apply(was));
        eachTime.run();
        object.remove(name);
        eachTime.run();
        object.set(name, was);
      }
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode was = array.get(i);
        everywhere(was, odd, eachTime);
        array.set(i, odd.apply(was));
        eachTime.run();
        array.set(i, was);
      }
    }
  }

  private static void isAccountedFor(String format, String good, String odd) {
    String log = good + "\n" + odd + "\n" + good + "\n";
    try {
      LogSummary summary = new Collected().read(log);
      assertThat(summary.format().name()).as(log).isEqualTo(format);
      assertThat(summary.records()).as(log).isBetween(2L, 3L);
      assertThat(accounted(summary)).as(log).isEqualTo(3);
      assertThat(summary.problems()).as(log).hasSize((int) summary.unreadable());
    } catch (IOException problem) {
      throw new AssertionError(log, problem);
    }
  }

  @Test
  void aFieldOfAnythingCostsItsRecordAtMost() throws IOException {
    for (Map.Entry<String, String> each : OBJECTS.entrySet()) {
      String good = each.getValue();
      JsonNode object = JSON.readTree(good);
      for (String odd : ODD) {
        // As text: what holds a number has no room for each of them.
        everywhere(object, was -> JSON.getNodeFactory().textNode("ODD"), () -> {
          String record = object.toString().replace("\"ODD\"", odd);
          // No traffic is no record.
          if (!(odd.equals("[]") && each.getKey().equals("azure"))) {
            isAccountedFor(each.getKey(), good, record);
          }
        });
      }
      for (String whole : ODD) {
        isAccountedFor(each.getKey(), good, whole);
      }
    }
  }

  @Test
  void aLineThatIsCutOffIsReadOrCounted() {
    List<String> formats = List.of("antrea-log", "ovn-acl", "istio");
    for (int i = 0; i < LINES.size(); i++) {
      String line = LINES.get(i);
      for (int end = 1; end < line.length(); end++) {
        if (!line.substring(0, end).isBlank()) {
          isAccountedFor(formats.get(i), line, line.substring(0, end));
          isAccountedFor(formats.get(i), line, line.substring(end));
        }
      }
    }
    OBJECTS.forEach((format, record) -> {
      for (int end = 1; end < record.length(); end++) {
        isAccountedFor(format, record, record.substring(0, end));
      }
    });
  }

  @Test
  void numbersAreTheSameAsTextAndWithAPoint() throws IOException {
    for (String record : OBJECTS.values()) {
      Collected expected = new Collected();
      expected.read(record);
      JsonNode object = JSON.readTree(record);
      for (UnaryOperator<JsonNode> written : List.<UnaryOperator<JsonNode>>of(
          was -> was.isNumber() ? JSON.getNodeFactory().textNode(was.asText()) : was,
          was -> was.isNumber() ? JSON.getNodeFactory().numberNode(was.doubleValue()) : was)) {
        everywhere(object, written, () -> {
          // A field that is not there is another matter.
          if (size(object) == size(parsed(record))) {
            Collected read = new Collected();
            try {
              read.read(object.toString());
            } catch (IOException problem) {
              throw new AssertionError(object.toString(), problem);
            }
            assertThat(read.flows).as(object.toString()).isEqualTo(expected.flows);
          }
        });
      }
    }
  }

  private static JsonNode parsed(String record) {
    try {
      return JSON.readTree(record);
    } catch (IOException problem) {
      throw new AssertionError(record, problem);
    }
  }

  private static int size(JsonNode value) {
    int size = 1;
    for (JsonNode child : value) {
      size += size(child);
    }
    return size;
  }

  @Test
  void timesWithAFractionOfASecondAreThatSecond() throws IOException {
    Collected collected = new Collected();
    collected.read(OBJECTS.get("goldmane").replace("1700000000", "1700000000.25"));
    assertThat(collected.flows.get(0).first()).contains(Instant.ofEpochSecond(1_700_000_000));
    for (String no : List.of("\"1.7E9x7\"", "\"1.2.3\"", "\"17E9\"")) {
      Collected other = new Collected();
      LogSummary summary = other.read(OBJECTS.get("goldmane").replace("1700000000", no));
      assertThat(summary.unreadable()).as(no).isEqualTo(1);
      assertThat(other.flows).as(no).isEmpty();
    }
  }

  @Test
  void aCountThatNoTypeHasRoomForIsTheMost() throws IOException {
    String most = BigInteger.TEN.pow(30).toString();
    for (String count : List.of(most, "\"" + most + "\"", "1e30")) {
      Collected collected = new Collected();
      collected.read(OBJECTS.get("goldmane").replace("\"bytesIn\":60", "\"bytesIn\":" + count));
      assertThat(collected.flows.get(0).bytes()).as(count).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void everyTupleThatCannotBeReadIsCounted() throws IOException {
    String azure = OBJECTS.get("azure");
    String tuple =
        azure.substring(azure.indexOf("[\"16") + 1, azure.indexOf("]", azure.indexOf("[\"16")));
    LogSummary some =
        new Collected().read(azure.replace(tuple, "\"1,2\"," + tuple + ",null,\"x\""));
    assertThat(some.records()).isEqualTo(1);
    assertThat(some.unreadable()).isEqualTo(3);
    assertThat(some.problems())
        .containsExactly(
            "log:1:1: error: `1,2` is no tuple of a flow; nor can 2 others of the entry be read");
    LogSummary none = new Collected()
        .read(azure.replace("\"flowTuples\":[" + tuple + "]", "\"flowTuples\":" + tuple) + "\n"
            + azure);
    assertThat(none.unreadable()).isEqualTo(1);
    LogSummary noTraffic = new Collected().read(azure.replace(tuple, "") + "\n" + azure);
    assertThat(noTraffic.unreadable()).isZero();
    assertThat(noTraffic.records()).isEqualTo(1);
  }

  @Test
  void aRequestIsAsLongAsItIs() throws IOException {
    String istio = LINES.get(2);
    for (String path : List.of("/" + "a".repeat(100_000), "/" + "\\\"".repeat(50_000))) {
      LogSummary summary = new Collected().read(istio + "\n" + istio.replace("/a", path));
      assertThat(summary.records()).isEqualTo(2);
    }
  }

  @Test
  void bytesOfNothingAsACrashLeavesThemCostALine() throws IOException {
    for (Map.Entry<String, String> each : OBJECTS.entrySet()) {
      for (int zeros : IntStream.of(1, 2, 3, 4, 8, 4096).toArray()) {
        isAccountedFor(each.getKey(), each.getValue(), "\u0000".repeat(zeros));
        isAccountedFor(each.getKey(), each.getValue(), "\u0000".repeat(zeros) + each.getValue());
      }
    }
  }
}
