package dev.postern.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs as programs write them that nobody asked to: in each format, with each oddity, no record is lost and none is made up. */
class OddLogsTest {

  private static final String MARK = "\uFEFF";

  /** By format an entry that is one record. */
  private static final Map<String, String> OBJECTS = Map.of(
      "goldmane",
      "{\"start_time\":\"2026-11-20T09:00:00Z\",\"action\":\"Allow\",\"source_name\":\"a-*\",\"source_namespace\":\"shop\",\"dest_name\":\"pub\",\"protocol\":\"tcp\",\"dest_port\":443,\"reporter\":\"Src\"}",
      "azure",
      "{\"time\":\"2022-09-14T09:00:52Z\",\"flowRecords\":{\"flows\":[{\"flowGroups\":[{\"flowTuples\":[\"1663146003599,10.0.0.1,10.0.0.2,50000,80,6,O,B,NX,0,0,0,0\"]}]}]}}",
      "gcp",
      "{\"jsonPayload\":{\"connection\":{\"src_ip\":\"10.0.0.1\",\"src_port\":50000,\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"protocol\":6},\"reporter\":\"SRC\"}}",
      "istio-json",
      "{\"start_time\":\"2026-11-20T09:00:00Z\",\"response_flags\":\"-\",\"upstream_host\":\"10.0.0.2:80\",\"upstream_cluster\":\"outbound|80||x\",\"downstream_local_address\":\"10.0.0.9:80\",\"downstream_remote_address\":\"10.0.0.1:50000\"}",
      "hubble",
      "{\"time\":\"2026-11-20T09:00:01Z\",\"verdict\":\"FORWARDED\",\"IP\":{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\"},\"l4\":{\"UDP\":{\"source_port\":40000,\"destination_port\":53}},\"source\":{},\"destination\":{},\"Type\":\"L3_L4\"}",
      "calico",
      "{\"start_time\":1700000000,\"end_time\":1700000300,\"source_ip\":\"203.0.113.9\",\"source_name\":\"-\",\"source_name_aggr\":\"pub\",\"source_namespace\":\"-\",\"source_type\":\"net\",\"dest_ip\":null,\"dest_name\":\"-\",\"dest_name_aggr\":\"agent-*\",\"dest_namespace\":\"ops\",\"dest_port\":80,\"dest_type\":\"wep\",\"proto\":\"tcp\",\"action\":\"allow\",\"reporter\":\"dst\"}",
      "netobserv",
      "{\"SrcAddr\":\"10.0.0.1\",\"DstAddr\":\"10.0.0.2\",\"SrcPort\":50000,\"DstPort\":80,\"Proto\":6}",
      "antrea",
      "{\"sourceIPv4Address\":\"10.0.0.1\",\"destinationIPv4Address\":\"10.0.0.2\",\"sourceTransportPort\":50000,\"destinationTransportPort\":80,\"protocolIdentifier\":6}");

  /** By format its header, where it has one, and an entry that is one record. */
  private static final Map<String, List<String>> LINES = Map.of(
      "csv",
      List.of("source,destination,protocol,port", "10.0.0.1,10.0.0.2,tcp,80"),
      "aws",
      List.of(
          "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
          "2 123456789010 eni-1 10.0.0.1 10.0.0.2 50000 80 6 20 4249 1418530010 1418530070 ACCEPT OK"),
      "conntrack",
      List.of(
          "",
          "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=50000 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=50000 [ASSURED] mark=0 use=1"),
      "antrea-log",
      List.of(
          "",
          "1637706961,1637706973,10.0.0.1,10.0.0.2,50000,80,TCP,a-0,x,n1,b-0,y,n2,,0,,,,,,,,,,,,,http,,"),
      "ovn-acl",
      List.of(
          "",
          "2023-11-02T16:28:54.139Z|00004|acl_log(ovn_pinctrl0)|INFO|name=\"NP:a:Ingress:0\", verdict=allow, severity=alert, direction=to-lport: tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=50000,tp_dst=80,tcp_flags=syn"),
      "istio",
      List.of(
          "",
          "[2020-11-25T21:26:18.409Z] \"GET /a HTTP/1.1\" 418 - via_upstream - \"-\" 0 135 3 1 \"-\" \"curl\" \"8496\" \"httpbin:8000\" \"10.0.0.2:80\" outbound|80||x 10.44.1.23:37652 10.0.45.184:8000 10.0.0.1:50000 - default"));

  private static Map<String, String> entries() {
    Map<String, String> all = new LinkedHashMap<>(OBJECTS);
    LINES.forEach((format, lines) ->
        all.put(format, lines.get(0) + (lines.get(0).isEmpty() ? "" : "\n") + lines.get(1)));
    return all;
  }

  private static LogSummary read(String log) throws IOException {
    return new Collected().read(log);
  }

  private static void holds(String format, String log, int records) throws IOException {
    LogSummary summary = read(log);
    assertThat(summary.format().name()).as(log).isEqualTo(format);
    assertThat(summary.problems()).as(log).isEmpty();
    assertThat(summary.records()).as(log).isEqualTo(records);
  }

  @Test
  void byteOrderMarksAndEndsOfLinesOfAnyKindChangeNothing() throws IOException {
    for (Map.Entry<String, String> each : entries().entrySet()) {
      String format = each.getKey();
      String entry = each.getValue();
      String record = entry.substring(entry.indexOf('\n') + 1);
      holds(format, entry, 1);
      holds(format, MARK + entry, 1);
      holds(format, MARK + entry.replace("\n", "\r\n") + "\r\n", 1);
      holds(format, "\r\n\r\n" + entry.replace("\n", "\r\n") + "\r\n" + record, 2);
      // As where two files with a mark each were put together.
      holds(format, MARK + entry + "\n" + MARK + record + "\n", 2);
    }
  }

  @Test
  void objectsALineAndArraysAreTheSameRecords() throws IOException {
    for (Map.Entry<String, String> each : OBJECTS.entrySet()) {
      String entry = each.getValue();
      holds(each.getKey(), entry + "\n" + entry, 2);
      holds(each.getKey(), "[" + entry + "," + entry + "]", 2);
      holds(each.getKey(), MARK + "[\r\n" + entry + ",\r\n" + entry + "\r\n]\r\n", 2);
      holds(each.getKey(), "{\"items\": [" + entry + "]}", 1);
    }
  }

  @Test
  void whatHoldsNoRecordIsEmptyHoweverItSaysSo() throws IOException {
    for (String log : List.of(
        "",
        "\n",
        MARK,
        "\r\n\r\n",
        "[]",
        "[ ]\n",
        "[\n]",
        MARK + "[]",
        "{\"items\": []}",
        "{\n\"kind\": \"List\",\n\"flows\": []\n}\n")) {
      LogSummary summary = read(log);
      assertThat(summary.isEmpty()).as(log).isTrue();
      assertThat(summary.problems()).as(log).isEmpty();
    }
    for (Map.Entry<String, List<String>> each : LINES.entrySet()) {
      String header = each.getValue().get(0);
      if (!header.isEmpty()) {
        assertThat(read(MARK + header + "\r\n").isEmpty()).as(header).isTrue();
        assertThat(read(header).format().name()).isEqualTo(each.getKey());
      }
    }
    assertThatThrownBy(() -> read("{}")).isInstanceOf(UnknownFormat.class);
    assertThatThrownBy(() -> read("[")).isInstanceOf(UnknownFormat.class);
  }

  @Test
  void whatIsPutTogetherOfTwoFormatsIsReadAsOneAndTheRestIsToldOf() throws IOException {
    for (Map.Entry<String, String> first : entries().entrySet()) {
      for (Map.Entry<String, String> second : entries().entrySet()) {
        if (first.getKey().equals(second.getKey())) {
          continue;
        }
        String log = first.getValue() + "\n" + second.getValue() + "\n";
        LogSummary summary = read(log);
        // A header counts where nobody takes it for one.
        assertThat(summary.records()).as(log).isEqualTo(1);
        assertThat(summary.unreadable()).as(log).isBetween(1L, log.lines().count() - 1);
        // Beside an ACL log's lines stand those of a program: a header among them is told, not what
        // it heads.
        long beside = first.getKey().equals("ovn-acl") && second.getKey().equals("csv") ? 1 : 0;
        assertThat(summary.leftOut().getOrDefault(Omission.NOT_A_FLOW, 0L))
            .as(log)
            .isEqualTo(beside);
        assertThat(summary.leftOut()).as(log).hasSize((int) beside);
      }
    }
    LogSummary told = read(OBJECTS.get("netobserv") + "\n" + OBJECTS.get("calico"));
    assertThat(told.problems())
        .containsExactly(
            "log:2:1: error: it is a record of calico, and the log was read as netobserv");
  }

  @Test
  void textInUtf16IsRefusedByItsName() {
    for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      byte[] bytes = (MARK + OBJECTS.get("hubble")).getBytes(charset);
      assertThatThrownBy(() -> TrafficLog.read(
              "log", new ByteArrayInputStream(bytes), FlowFormats.ALL, new Collected()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("UTF-16");
    }
  }

  @Test
  void aLineOfMegabytesIsReadAndOneThatIsNoLineIsRefused() throws IOException {
    String padding = "x".repeat(1 << 20);
    for (Map.Entry<String, String> each : OBJECTS.entrySet()) {
      String entry = each.getValue();
      String longer = "{\"padding\":\"" + padding + "\"," + entry.substring(1);
      holds(each.getKey(), entry + "\n" + longer + "\n" + entry, 3);
      LogSummary first = new Collected()
          .read(longer + "\n" + entry, List.of(FlowFormats.named(each.getKey()).orElseThrow()));
      assertThat(first.records()).as(each.getKey()).isEqualTo(2);
    }
    String endless = OBJECTS.get("netobserv") + "\n" + "y".repeat(ByteLines.LONGEST + 70_000);
    assertThatThrownBy(() -> read(endless)).hasMessageContaining("line 2 has more than");
  }
}
