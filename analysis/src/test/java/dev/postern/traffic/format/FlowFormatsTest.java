package dev.postern.traffic.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.traffic.Collected;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One log of each format, as its description has it. */
class FlowFormatsTest {

  private final Collected collected = new Collected();

  private static String party(FlowEnd end) {
    String owners = end.workloads().stream()
        .map(owner -> owner.name() + (owner.kind().isEmpty() ? "" : ":" + owner.kind()))
        .collect(Collectors.joining("|"));
    return end
        + (end.isPod() ? end.address().map(address -> "@" + address).orElse("") : "")
        + (owners.isEmpty() ? "" : "[" + owners + "]");
  }

  static String line(FlowRecord flow) {
    return party(flow.source()) + ":" + flow.sourcePort() + " -> " + party(flow.destination()) + " "
        + flow.protocol().word() + "/" + flow.port() + " " + flow.outcome() + " " + flow.vantage()
        + " " + flow.opener() + " x" + flow.count() + " " + flow.bytes() + "B "
        + flow.first().map(Object::toString).orElse("-") + " "
        + flow.last().map(Object::toString).orElse("-");
  }

  private void holds(String format, String log, String... lines) throws IOException {
    LogSummary summary = collected.read(log);
    assertThat(summary.problems()).isEmpty();
    assertThat(summary.format().name()).isEqualTo(format);
    assertThat(collected.flows.stream().map(FlowFormatsTest::line)).containsExactly(lines);
    assertThat(summary.records()).isEqualTo(lines.length);
  }

  @Test
  void hubbleOfOldAndNewVersions() throws IOException {
    holds(
        "hubble",
        """
        {"time":"2021-02-03T04:05:06.7Z","verdict":"DROPPED","drop_reason":133,"IP":{"source":"10.0.0.1","destination":"10.0.0.2","ipVersion":"IPv4"},"l4":{"UDP":{"source_port":40000,"destination_port":53}},"source":{"ID":3,"identity":9,"namespace":"shop","labels":["k8s:app=a"],"pod_name":"a-0"},"destination":{"labels":["reserved:world"]},"Type":"L3_L4","node_name":"n","reply":false}
        {"time":"2021-02-03T04:05:06.7Z","verdict":"DROPPED","drop_reason":140,"IP":{"source":"10.0.0.1","destination":"10.0.0.2"},"l4":{"UDP":{"source_port":40000,"destination_port":53}},"source":{},"destination":{},"Type":"L3_L4"}
        {"flow":{"time":"2026-11-20T09:00:01Z","verdict":"AUDIT","IP":{"source":"fd00::1","destination":"fd00::2","ipVersion":"IPv6"},"l4":{"SCTP":{"source_port":5,"destination_port":7}},"source":{"cluster_name":"c","namespace":"s","pod_name":"b-1","workloads":[{"name":"b","kind":"DaemonSet"}]},"destination":{"identity":16777217},"Type":"L3_L4","is_reply":null,"traffic_direction":"EGRESS","uuid":"u","unheard_of":{"x":[1]}},"node_name":"n","time":"2026-11-20T09:00:01Z"}
        {"node_status":{"state_change":"NODE_CONNECTED"}}
        """,
        "shop/a-0@10.0.0.1:40000 -> 10.0.0.2 udp/53 DENIED UNSAID SOURCE x1 0B 2021-02-03T04:05:06.700Z 2021-02-03T04:05:06.700Z",
        "s/b-1@fd00::1[b:DaemonSet]:5 -> fd00::2 sctp/7 PASSED SOURCE UNSAID x1 0B 2026-11-20T09:00:01Z 2026-11-20T09:00:01Z");
    assertThat(collected.omissions).containsExactly(Omission.NOT_BY_POLICY, Omission.NOT_A_FLOW);
  }

  @Test
  void calicosFlowLogs() throws IOException {
    holds(
        "calico",
        """
        {"start_time":1700000000,"end_time":1700000300,"source_ip":null,"source_name":"-","source_name_aggr":"frontend-6d5f7b9c4d-*","source_namespace":"shop","nat_outgoing_ports":null,"source_port":null,"source_type":"wep","source_labels":{"labels":["app=frontend"]},"dest_ip":"10.0.0.2","dest_name":"db-0","dest_name_aggr":"db-*","dest_namespace":"shop","dest_port":5432,"dest_type":"wep","dest_labels":null,"proto":"tcp","action":"allow","reporter":"dst","policies":{"all_policies":["0|default|shop/default.db|allow|0"]},"bytes_in":900,"bytes_out":100,"num_flows":4,"num_flows_started":3,"num_flows_completed":2,"packets_in":9,"packets_out":1,"host":"n1"}
        {"start_time":1700000000,"end_time":1700000300,"source_ip":"203.0.113.9","source_name":"-","source_name_aggr":"pub","source_namespace":"-","source_port":40000,"source_type":"net","dest_ip":null,"dest_name":"-","dest_name_aggr":"agent-*","dest_namespace":"ops","dest_port":80,"dest_type":"wep","proto":"tcp","action":"deny","reporter":"dst","bytes_in":60,"bytes_out":0,"num_flows":1,"num_flows_started":1}
        {"start_time":1700000000,"end_time":1700000300,"source_ip":null,"source_name":"-","source_name_aggr":"pvt","source_namespace":"-","source_type":"net","dest_ip":null,"dest_name":"-","dest_name_aggr":"agent-*","dest_namespace":"ops","dest_port":80,"dest_type":"wep","proto":"tcp","action":"allow","reporter":"src"}
        """,
        "shop/frontend[frontend:Deployment|frontend-6d5f7b9c4d]:0 -> shop/db-0@10.0.0.2[db] tcp/5432 PASSED DESTINATION SOURCE x3 1000B 2023-11-14T22:13:20Z 2023-11-14T22:18:20Z",
        "203.0.113.9:40000 -> ops/agent[agent] tcp/80 DENIED DESTINATION SOURCE x1 60B 2023-11-14T22:13:20Z 2023-11-14T22:18:20Z",
        "pvt:0 -> ops/agent[agent] tcp/80 PASSED SOURCE SOURCE x1 0B 2023-11-14T22:13:20Z 2023-11-14T22:18:20Z");
  }

  @Test
  void goldmaneAsWhiskerListsItAndAsItsMessagesAre() throws IOException {
    holds(
        "goldmane",
        """
        {"total": {"totalPages": 1}, "items": [
          {"start_time":"2026-11-20T09:00:00Z","end_time":"2026-11-20T09:00:15Z","action":"Allow","source_name":"frontend-6d5f7b9c4d-*","source_namespace":"shop","source_labels":"","dest_name":"pub","dest_namespace":"-","dest_labels":"","protocol":"tcp","dest_port":443,"reporter":"Src","policies":{"enforced":[],"pending":[]},"packets_in":1,"packets_out":2,"bytes_in":10,"bytes_out":20},
          {"action":"Pass","source_name":"a","dest_name":"b","protocol":"tcp","dest_port":1,"reporter":"Dst"}
        ]}
        """,
        "shop/frontend[frontend:Deployment|frontend-6d5f7b9c4d]:0 -> pub tcp/443 PASSED SOURCE SOURCE x1 30B 2026-11-20T09:00:00Z 2026-11-20T09:00:15Z");
    assertThat(collected.omissions).containsExactly(Omission.NEITHER);
    collected.flows.clear();
    holds(
        "goldmane",
        """
        {
          "id": "7",
          "flow": {"Key": {"sourceName": "pub", "sourceType": "Network", "destName": "db-*", "destNamespace": "shop",
            "destType": "WorkloadEndpoint", "destPort": "5432", "proto": "tcp", "reporter": "Dst", "action": "Deny"},
            "startTime": "1700000000", "endTime": "1700000015", "bytesIn": "60", "numConnectionsStarted": "2"}
        }
        {
          "id": "8", "flow": {"Key": {"sourceName": "pub", "sourceType": "Network", "destName": "db-*", "destNamespace": "shop",
            "destType": "WorkloadEndpoint", "destPort": "5432", "proto": "icmp", "reporter": "Dst", "action": "Allow"}}
        }
        """,
        "pub:0 -> shop/db[db] tcp/5432 DENIED DESTINATION SOURCE x2 60B 2023-11-14T22:13:20Z 2023-11-14T22:13:35Z",
        "pub:0 -> shop/db[db] other/0 PASSED DESTINATION SOURCE x1 0B - -");
  }

  @Test
  void antreasRecordsAsJsonAndAsLines() throws IOException {
    holds(
        "antrea",
        """
        {"ipfix": {"iana:flowStartSeconds":1637706961,"iana:flowEndSeconds":1637706973,"iana:sourceIPv4Address":"10.10.0.79","iana:destinationIPv4Address":"10.10.0.80","iana:sourceTransportPort":44752,"iana:destinationTransportPort":5201,"iana:protocolIdentifier":6,"iana:octetDeltaCount":100,"iana:reverseOctetDeltaCount":50,"antrea:sourcePodName":"a-0","antrea:sourcePodNamespace":"x","antrea:destinationPodName":"b-0","antrea:destinationPodNamespace":"y","antrea:destinationClusterIPv4":"10.96.0.9","antrea:ingressNetworkPolicyRuleAction":2,"antrea:egressNetworkPolicyRuleAction":1}}
        {"flowStartSeconds":1637706961,"flowEndSeconds":1637706973,"sourceIPv6Address":"fd00::1","destinationIPv6Address":"fd00::2","sourceTransportPort":44752,"destinationTransportPort":53,"protocolIdentifier":17,"sourcePodName":"","sourcePodNamespace":""}
        {"flowStartSeconds":1637706961,"sourceIPv4Address":"10.10.0.79","destinationIPv4Address":"10.96.0.9","destinationClusterIPv4":"10.96.0.9","sourceTransportPort":44752,"destinationTransportPort":53,"protocolIdentifier":17}
        """,
        "x/a-0@10.10.0.79:44752 -> y/b-0@10.10.0.80 tcp/5201 DENIED DESTINATION SOURCE x1 150B 2021-11-23T22:36:01Z 2021-11-23T22:36:13Z",
        "fd00::1:44752 -> fd00::2 udp/53 PASSED UNSAID SOURCE x1 0B 2021-11-23T22:36:01Z 2021-11-23T22:36:13Z");
    assertThat(collected.omissions).containsExactly(Omission.SERVICE_ADDRESS);
    collected.flows.clear();
    holds(
        "antrea-log",
        "1637706961,1637706973,10.10.0.79,10.10.0.80,44752,5201,TCP,a-0,x,n1,b-0,y,n2,,0,,in-pol,y,r,Allow,K8sNetworkPolicy,out-pol,x,r,Drop,AntreaNetworkPolicy,,,http,,\n",
        "x/a-0@10.10.0.79:44752 -> y/b-0@10.10.0.80 tcp/5201 DENIED SOURCE SOURCE x1 0B 2021-11-23T22:36:01Z 2021-11-23T22:36:13Z");
  }

  @Test
  void ovnKubernetesAclLog() throws IOException {
    holds(
        "ovn-acl",
        """
        2023-11-02T16:28:54.139Z|00004|acl_log(ovn_pinctrl0)|INFO|name="NP:verify:allow:Ingress:0", verdict=allow, severity=alert, direction=to-lport: tcp,vlan_tci=0x0000,dl_src=0a:58:0a:81:02:01,dl_dst=0a:58:0a:81:02:23,nw_src=10.129.2.28,nw_dst=10.129.2.35,nw_tos=0,nw_ecn=0,nw_ttl=63,nw_frag=no,tp_src=54000,tp_dst=8080,tcp_flags=syn
        <134>Nov  2 host ovn: 2023-11-02T16:28:55Z|00005|acl_log(ovn_pinctrl0)|INFO|name="BANP:default:Egress:0", verdict=drop, severity=alert, direction=from-lport: udp6,vlan_tci=0x0000,dl_src=0a:58:0a:81:02:01,dl_dst=0a:58:0a:81:02:23,ipv6_src=fd00::1,ipv6_dst=fd00::2,ipv6_label=0x0,nw_tos=0,nw_ecn=0,nw_ttl=63,nw_frag=no,tp_src=54000,tp_dst=53
        2023-11-02T16:28:56.1Z|00006|acl_log(ovn_pinctrl0)|INFO|name="ANP:a:Ingress:1", verdict=pass, severity=warning, direction=to-lport: icmp,nw_src=10.129.2.28,nw_dst=10.129.2.35,icmp_type=8,icmp_code=0
        2023-11-02T16:28:56.2Z|00007|acl_log(ovn_pinctrl0)|INFO|name="NP:verify:deny", verdict=drop, severity=alert, direction=to-lport: icmp,nw_src=10.129.2.28,nw_dst=10.129.2.35,icmp_type=8,icmp_code=0
        """,
        "10.129.2.28:54000 -> 10.129.2.35 tcp/8080 PASSED DESTINATION SOURCE x1 0B 2023-11-02T16:28:54.139Z 2023-11-02T16:28:54.139Z",
        "fd00::1:54000 -> fd00::2 udp/53 DENIED SOURCE UNSAID x1 0B 2023-11-02T16:28:55Z 2023-11-02T16:28:55Z",
        "10.129.2.28:0 -> 10.129.2.35 other/0 DENIED DESTINATION UNSAID x1 0B 2023-11-02T16:28:56.200Z 2023-11-02T16:28:56.200Z");
    assertThat(collected.omissions).containsExactly(Omission.NEITHER);
  }

  @Test
  void netObserv() throws IOException {
    holds(
        "netobserv",
        """
        {"SrcAddr":"10.128.0.13","DstAddr":"10.128.0.14","SrcPort":50000,"DstPort":8443,"Proto":6,"Flags":2,"FlowDirection":"0","Bytes":300,"Packets":4,"TimeFlowStartMs":1647529438621,"TimeFlowEndMs":1647529438721,"SrcK8S_Name":"web-1","SrcK8S_Namespace":"shop","SrcK8S_Type":"Pod","SrcK8S_OwnerName":"web","SrcK8S_OwnerType":"Deployment","DstK8S_Name":"n1","DstK8S_Type":"Node","DstK8S_OwnerName":"n1","DstK8S_OwnerType":"Node","AgentIP":"10.0.0.1","_RecordType":"flowLog","app":"netobserv-flowcollector"}
        {"SrcAddr":"10.128.0.13","DstAddr":"172.30.0.1","SrcPort":50000,"DstPort":443,"Proto":6,"DstK8S_Type":"Service","DstK8S_Name":"kubernetes","DstK8S_Namespace":"default"}
        {"SrcAddr":"10.128.0.14","DstAddr":"10.128.0.13","SrcPort":8443,"DstPort":50000,"Proto":6,"Flags":["SYN_ACK","ACK"]}
        {"SrcAddr":"10.128.0.14","DstAddr":"10.128.0.13","SrcPort":50000,"DstPort":53,"Proto":17,"Packets":1,"PktDropPackets":1,"PktDropLatestDropCause":"SKB_DROP_REASON_NO_SOCKET"}
        {"SrcAddr":"10.128.0.14","DstAddr":"10.128.0.13","SrcPort":50000,"DstPort":53,"Proto":17,"Packets":1,"PktDropPackets":1,"NetworkEvents":[{"Feature":"acl","Action":"drop","Type":"NetworkPolicy","Name":"deny","Namespace":"shop","Direction":"Ingress"}],"FlowDirection":1}
        """,
        "shop/web-1@10.128.0.13[web:Deployment]:50000 -> 10.128.0.14 tcp/8443 SEEN DESTINATION SOURCE x1 300B 2022-03-17T15:03:58.621Z 2022-03-17T15:03:58.721Z",
        "10.128.0.14:50000 -> 10.128.0.13 udp/53 DENIED SOURCE UNSAID x1 0B - -");
    assertThat(collected.omissions)
        .containsExactly(Omission.SERVICE_ADDRESS, Omission.REPLY, Omission.DROPPED);
  }

  @Test
  void conntrackPlainAndExtended() throws IOException {
    holds(
        "conntrack",
        """
        tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.96.0.9 sport=44752 dport=80 packets=3 bytes=180 src=10.0.0.2 dst=10.0.0.1 sport=8080 dport=44752 packets=2 bytes=120 [ASSURED] mark=0 use=1
        ipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.3 sport=5353 dport=53 [UNREPLIED] src=10.0.0.3 dst=10.0.0.1 sport=53 dport=5353 mark=0 zone=7 use=1
        ipv6     10 icmpv6   58 29 src=fd00::1 dst=fd00::2 type=128 code=0 id=5 src=fd00::2 dst=fd00::1 type=129 code=0 id=5 mark=0 use=1
        tcp      6 118 SYN_SENT src=10.0.0.1 dst=10.0.0.4 sport=44753 dport=80 [UNREPLIED] src=10.0.0.4 dst=10.0.0.1 sport=80 dport=44753 mark=0 use=1
        [1647529438.621234]\t    [NEW] sctp     132 3 src=10.0.0.1 dst=10.0.0.5 sport=1 dport=2 src=10.0.0.5 dst=10.0.0.1 sport=2 dport=1
        """,
        "10.0.0.1:44752 -> 10.0.0.2 tcp/8080 SEEN UNSAID SOURCE x1 300B - -",
        "10.0.0.1:5353 -> 10.0.0.3 udp/53 SEEN UNSAID SOURCE x1 0B - -",
        "fd00::1:0 -> fd00::2 other/0 SEEN UNSAID SOURCE x1 0B - -",
        "10.0.0.1:1 -> 10.0.0.5 sctp/2 SEEN UNSAID SOURCE x0 0B 2022-03-17T15:03:58Z 2022-03-17T15:03:58Z");
    assertThat(collected.omissions).containsExactly(Omission.NO_ANSWER);
  }

  /** Of a connection {@code conntrack -E} tells several times, and of one that nobody answered that it ended. */
  @Test
  void eventsOfAConnectionAreOneFlow() throws IOException {
    holds(
        "conntrack",
        """
            [NEW] tcp      6 120 SYN_SENT src=10.0.0.1 dst=10.96.0.9 sport=44752 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=8080 dport=44752
         [UPDATE] tcp      6 60 SYN_RECV src=10.0.0.1 dst=10.96.0.9 sport=44752 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=8080 dport=44752
        [DESTROY] tcp      6 src=10.0.0.1 dst=10.96.0.9 sport=44752 dport=80 packets=3 bytes=180 src=10.0.0.2 dst=10.0.0.1 sport=8080 dport=44752 packets=2 bytes=120 [ASSURED]
        [DESTROY] tcp      6 src=10.0.0.1 dst=10.0.0.4 sport=44753 dport=80 [UNREPLIED] src=10.0.0.4 dst=10.0.0.1 sport=80 dport=44753
        [DESTROY] tcp      6 SYN_SENT src=10.0.0.1 dst=10.0.0.4 sport=44754 dport=80 [UNREPLIED] src=10.0.0.4 dst=10.0.0.1 sport=80 dport=44754
        """,
        "10.0.0.1:44752 -> 10.0.0.2 tcp/8080 SEEN UNSAID SOURCE x0 0B - -",
        "10.0.0.1:44752 -> 10.0.0.2 tcp/8080 SEEN UNSAID SOURCE x1 300B - -");
    assertThat(collected.omissions)
        .containsExactly(Omission.NOT_YET_ANSWERED, Omission.NO_ANSWER, Omission.NO_ANSWER);
  }

  /** Hubble says of a packet that it is a reply, that it is none, or nothing: then the ports tell. */
  @Test
  void aPacketOfWhichHubbleDoesNotSayThatItIsAReplyIsNoCallForThat() throws IOException {
    String flow =
        "{\"verdict\":\"%s\",\"IP\":{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\"},\"l4\":{\"TCP\":{\"source_port\":5432,\"destination_port\":40000%s}},\"event_type\":{\"type\":%d}%s}";
    for (String said : List.of(
        flow.formatted("FORWARDED", "", 4, ",\"is_reply\":false"),
        flow.formatted("FORWARDED", ",\"flags\":{\"SYN\":true}", 4, ""),
        flow.formatted("FORWARDED", "", 5, ""),
        flow.formatted("DROPPED", "", 1, ",\"drop_reason\":133"))) {
      Collected each = new Collected();
      each.read(said);
      assertThat(each.flows).as(said).extracting(FlowRecord::folded).containsExactly(Opener.SOURCE);
    }
    Collected unsaid = new Collected();
    unsaid.read(flow.formatted("FORWARDED", ",\"flags\":{\"ACK\":true}", 4, ",\"is_reply\":null"));
    assertThat(unsaid.flows).extracting(FlowRecord::folded).containsExactly(Opener.DESTINATION);
  }

  @Test
  void awsDefaultAndWithAHeader() throws IOException {
    holds(
        "aws",
        """
        2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK
        2018-11-13T12:00:24.000Z 2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK
        2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA
        2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA
        """,
        "172.31.16.139:20641 -> 172.31.16.21 tcp/22 SEEN UNSAID UNSAID x1 4249B 2014-12-14T04:06:50Z 2014-12-14T04:07:50Z");
    assertThat(collected.omissions)
        .containsExactly(Omission.NOT_BY_POLICY, Omission.NO_DATA, Omission.LOST_EVENTS);
    collected.flows.clear();
    holds(
        "aws",
        """
        version srcaddr dstaddr srcport dstport protocol tcp-flags type pkt-srcaddr pkt-dstaddr flow-direction start end
        5 10.0.0.62 52.213.180.42 43416 5001 6 2 IPv4 10.0.0.62 52.213.180.42 egress 1566848875 1566848933
        5 52.213.180.42 10.0.0.62 5001 43416 6 18 IPv4 52.213.180.42 10.0.0.62 ingress 1566848875 1566848933
        5 10.0.1.5 10.0.0.220 40000 80 6 0 IPv4 10.0.1.7 10.0.0.221 ingress 1566848875 1566848933
        """,
        "10.0.0.62:43416 -> 52.213.180.42 tcp/5001 SEEN SOURCE SOURCE x1 0B 2019-08-26T19:47:55Z 2019-08-26T19:48:53Z",
        "10.0.1.7:40000 -> 10.0.0.221 tcp/80 SEEN DESTINATION UNSAID x1 0B 2019-08-26T19:47:55Z 2019-08-26T19:48:53Z");
  }

  @Test
  void azuresGroupsAndNetworks() throws IOException {
    holds(
        "azure",
        """
        {"records":[{"time":"2018-11-13T12:00:35.3899262Z","systemId":"a","category":"NetworkSecurityGroupFlowEvent","properties":{"Version":2,"flows":[{"rule":"DefaultRule_DenyAllInBound","flows":[{"mac":"000D3AF87856","flowTuples":["1542110402,94.102.49.190,10.5.16.4,28746,443,U,I,D,B,,,,","1542110424,176.119.4.10,10.5.16.4,56509,59336,T,I,A,B,,,,","1542110484,176.119.4.10,10.5.16.4,56509,59336,T,I,A,C,4,100,2,100","1542110504,176.119.4.10,10.5.16.4,56509,59336,T,I,A,E,10,600,8,500"]}]}]}},
        {"time":"2022-09-14T09:00:52Z","flowLogVersion":4,"category":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"x","flowGroups":[{"rule":"r","flowTuples":["1663146003599,10.0.0.6,52.239.184.180,23956,443,6,O,B,NX,0,0,0,0","1663146003606,10.0.0.6,52.239.184.180,23957,443,6,O,D,NX,0,0,0,0"]}]}]}}]}""",
        "176.119.4.10:56509 -> 10.5.16.4 tcp/59336 SEEN DESTINATION SOURCE x1 0B 2018-11-13T12:00:24Z 2018-11-13T12:00:24Z",
        "176.119.4.10:56509 -> 10.5.16.4 tcp/59336 SEEN DESTINATION SOURCE x0 200B 2018-11-13T12:01:24Z 2018-11-13T12:01:24Z",
        "176.119.4.10:56509 -> 10.5.16.4 tcp/59336 SEEN DESTINATION SOURCE x0 1100B 2018-11-13T12:01:44Z 2018-11-13T12:01:44Z",
        "10.0.0.6:23956 -> 52.239.184.180 tcp/443 SEEN SOURCE SOURCE x1 0B 2022-09-14T09:00:03.599Z 2022-09-14T09:00:03.599Z");
    assertThat(collected.omissions).containsExactly(Omission.NOT_BY_POLICY, Omission.NOT_BY_POLICY);
  }

  @Test
  void googlesFlowLogs() throws IOException {
    holds(
        "gcp",
        """
        [
          {"insertId": "1", "jsonPayload": {"connection": {"src_ip": "10.0.0.1", "src_port": 40000, "dest_ip": "10.0.0.2", "dest_port": 5432, "protocol": 6},
            "reporter": "SRC", "bytes_sent": "1234", "packets_sent": "5", "start_time": "2026-11-20T09:00:00.5Z", "end_time": "2026-11-20T09:00:05Z",
            "src_gke_details": {"cluster": {"cluster_name": "c"}, "pod": {"pod_name": "a-0", "pod_namespace": "x", "pod_workload": {"workload_name": "a", "workload_type": "STATEFUL_SET"}}}},
           "logName": "projects/p/logs/compute.googleapis.com%2Fvpc_flows", "timestamp": "2026-11-20T09:00:06Z"},
          {"jsonPayload": {"connection": {"src_ip": "10.0.0.1", "src_port": 1, "dest_ip": "10.0.0.2", "dest_port": 2, "protocol": 6}, "reporter": "DEST", "disposition": "DROPPED"}}
        ]
        """,
        "x/a-0@10.0.0.1[a:StatefulSet]:40000 -> 10.0.0.2 tcp/5432 SEEN SOURCE UNSAID x1 1234B 2026-11-20T09:00:00.500Z 2026-11-20T09:00:05Z");
    assertThat(collected.omissions).containsExactly(Omission.NOT_BY_POLICY);
  }

  @Test
  void istiosAccessLogsAsTextAndAsJson() throws IOException {
    holds(
        "istio",
        """
        [2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 3 1 "-" "curl/7.73.0-DEV" "84961386" "httpbin:8000" "10.44.1.27:80" outbound|8000||httpbin.foo.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default
        [2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 2 1 "-" "a \\"b\\" c" "84961386" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.httpbin.foo.svc.cluster.local default
        [2020-11-25T21:26:19Z] "- - -" 0 UF,URX - - "-" 0 0 10000 - "-" "-" "-" "-" "10.44.1.28:5432" outbound|5432||db.foo.svc.cluster.local - 10.0.45.185:5432 10.44.1.23:46521 - -
        [2020-11-25T21:26:19Z] "GET / HTTP/1.1" 503 NR route_not_found - "-" 0 0 0 - "-" "x" "y" "z" "-" - - 10.0.45.185:80 10.44.1.23:46521 - -
        """,
        "10.44.1.23:46520 -> 10.44.1.27 tcp/80 PASSED SOURCE SOURCE x1 135B 2020-11-25T21:26:18.409Z 2020-11-25T21:26:18.409Z",
        "10.44.1.23:37652 -> 10.44.1.27 tcp/80 PASSED DESTINATION SOURCE x1 135B 2020-11-25T21:26:18.409Z 2020-11-25T21:26:18.409Z");
    assertThat(collected.omissions).containsExactly(Omission.NO_ANSWER, Omission.NO_DESTINATION);
    collected.flows.clear();
    holds(
        "istio-json",
        """
        {"start_time":"2026-11-20T09:00:00Z","method":"GET","path":"/","protocol":"HTTP/1.1","response_code":200,"response_flags":"-","bytes_received":5,"bytes_sent":7,"duration":1,"upstream_host":"[fd00::2]:9080","upstream_cluster":"outbound|9080||reviews.default.svc.cluster.local","downstream_local_address":"[fd00::9]:80","downstream_remote_address":"[fd00::1]:40000","route_name":"default","authority":"reviews"}
        """,
        "fd00::1:40000 -> fd00::2 tcp/9080 PASSED SOURCE SOURCE x1 12B 2026-11-20T09:00:00Z 2026-11-20T09:00:00Z");
  }

  @Test
  void columnsWithAHeader() throws IOException {
    holds(
        "csv",
        """
        source;source-namespace;source-workload;destination;protocol;port;verdict;direction;count;bytes;first
        10.0.0.1;shop;web;10.0.0.2;tcp;80;allow;egress;3;9;2026-11-20T09:00:00Z
        10.0.0.1;;;"10.0.0.2";17;53;;;;;
        10.0.0.1;;;10.0.0.2;17;53;maybe;;;;
        """,
        "shop/web@10.0.0.1[web]:0 -> 10.0.0.2 tcp/80 PASSED SOURCE UNSAID x3 9B 2026-11-20T09:00:00Z 2026-11-20T09:00:00Z",
        "10.0.0.1:0 -> 10.0.0.2 udp/53 SEEN UNSAID UNSAID x1 0B - -");
    assertThat(collected.omissions).containsExactly(Omission.NEITHER);
    collected.flows.clear();
    FlowFormat named = FlowFormats.csv(Map.of(
        CsvFormat.Field.SOURCE, "src_ip",
        CsvFormat.Field.DESTINATION, "dst ip",
        CsvFormat.Field.PORT, "dst,port"));
    LogSummary summary = collected.read(
        "x,src_ip,dst ip,\"dst,port\",protocol\n1,10.0.0.1,10.0.0.2,80,TCP\n1,10.0.0.1\n",
        List.of(named));
    assertThat(collected.flows.stream().map(FlowFormatsTest::line))
        .containsExactly("10.0.0.1:0 -> 10.0.0.2 tcp/80 SEEN UNSAID UNSAID x1 0B - -");
    assertThat(summary.problems())
        .containsExactly("log:3:1: error: it has 2 values, and the header has 5");
    assertThat(new Collected().read("a,b\n1,2\n", List.of(named)).problems())
        .containsExactly("log:1:1: error: the header has no column `src_ip` for source");
    assertThat(new Collected()
            .read("src_ip,dst ip,\"dst,port\",protocol,protocol\n1,2,3,4,5\n", List.of(named))
            .problems())
        .containsExactly("log:1:1: error: the header has several columns `protocol`");
  }

  @Test
  void titlesOfColumnsAreOfAnyCaseAndWhatIsWrittenSoGoesBeforeWhatIsNot() throws IOException {
    holds(
        "csv",
        "Source,DESTINATION,Protocol,Port,SOURCE-PORT\n10.0.0.1,10.0.0.2,TCP,80,40000\n",
        "10.0.0.1:40000 -> 10.0.0.2 tcp/80 SEEN UNSAID UNSAID x1 0B - -");
    collected.flows.clear();
    holds(
        "csv",
        "PORT,source,destination,protocol,port\n81,10.0.0.1,10.0.0.2,tcp,80\n",
        "10.0.0.1:0 -> 10.0.0.2 tcp/80 SEEN UNSAID UNSAID x1 0B - -");
    FlowFormat named = FlowFormats.csv(Map.of(CsvFormat.Field.SOURCE, "src_ip"));
    assertThat(new Collected()
            .read("SRC_IP,destination,protocol,port\n10.0.0.1,10.0.0.2,tcp,80\n", List.of(named))
            .records())
        .isEqualTo(1);
    assertThat(new Collected()
            .read("Src_IP,SRC_ip,destination,protocol,port\n1,2,3,4,5\n", List.of(named))
            .problems())
        .containsExactly("log:1:1: error: the header has several columns `src_ip`");
  }

  /** Whatever stands in a field, the line is read or told. */
  @Test
  void fieldsOfAnyShapeSpoilTheirLineOnly() throws IOException {
    String hubble =
        "{\"verdict\":\"FORWARDED\",\"IP\":{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\"},\"l4\":%s}\n";
    for (String layer : List.of("[1]", "[{\"TCP\":{}}]", "\"TCP\"", "{\"TCP\":[80]}")) {
      LogSummary summary = new Collected()
          .read(hubble.formatted(layer) + hubble.formatted("{\"TCP\":{\"destination_port\":80}}"));
      assertThat(summary.unreadable()).as(layer).isEqualTo(1);
      assertThat(summary.records()).as(layer).isEqualTo(1);
    }
  }

  @Test
  void bytesOfBothDirectionsAreNeverNegative() throws IOException {
    String most = Long.toString(Long.MAX_VALUE);
    for (String log : List.of(
        "{\"source_name_aggr\":\"pub\",\"dest_name_aggr\":\"pub\",\"action\":\"allow\",\"proto\":\"tcp\",\"dest_port\":80,\"bytes_in\":%1$s,\"bytes_out\":%1$s}",
        "{\"source_name\":\"pub\",\"dest_name\":\"pub\",\"reporter\":\"Src\",\"action\":\"Allow\",\"protocol\":\"tcp\",\"dest_port\":80,\"bytes_in\":%1$s,\"bytes_out\":%1$s}",
        "{\"sourceIPv4Address\":\"10.0.0.1\",\"destinationIPv4Address\":\"10.0.0.2\",\"flowStartSeconds\":1,\"sourceTransportPort\":40000,\"destinationTransportPort\":80,\"protocolIdentifier\":6,\"octetDeltaCount\":%1$s,\"reverseOctetDeltaCount\":%1$s}",
        "tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=40000 dport=80 bytes=%1$s src=10.0.0.2 dst=10.0.0.1 sport=80 dport=40000 bytes=%1$s",
        "{\"records\":[{\"flowRecords\":{\"flows\":[{\"flowGroups\":[{\"flowTuples\":[\"1,10.0.0.1,10.0.0.2,40000,80,6,O,E,NX,1,%1$s,1,%1$s\"]}]}]}}]}",
        "{\"start_time\":\"2026-11-20T09:00:00Z\",\"method\":\"GET\",\"response_code\":200,\"response_flags\":\"-\",\"bytes_received\":%1$s,\"bytes_sent\":%1$s,\"upstream_host\":\"10.0.0.2:80\",\"upstream_cluster\":\"outbound|80||x\",\"downstream_local_address\":\"10.0.0.9:80\",\"downstream_remote_address\":\"10.0.0.1:40000\"}")) {
      Collected each = new Collected();
      assertThat(each.read(log.formatted(most)).problems()).as(log).isEmpty();
      assertThat(each.flows).as(log).extracting(FlowRecord::bytes).containsExactly(Long.MAX_VALUE);
    }
  }

  @Test
  void everyFormatHasANameOfItsOwn() {
    assertThat(FlowFormats.ALL).extracting(FlowFormat::name).doesNotHaveDuplicates();
    for (FlowFormat format : FlowFormats.ALL) {
      assertThat(FlowFormats.named(format.name())).contains(format);
      assertThat(format.title()).isNotBlank();
    }
  }
}
