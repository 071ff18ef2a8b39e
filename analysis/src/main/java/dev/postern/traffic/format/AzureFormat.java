package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postern.net.Protocol;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Azure's flow logs: of network security groups, versions 1 and 2, and of virtual networks, version 4 ("Flow logging for network security
 * groups" and "Virtual network flow logs" in Azure Network Watcher's documentation): {@code records}, in each of which tuples are lines
 * with commas. Azure's rules are no policies of Kubernetes: what they let pass was seen, and what they deny says nothing here.
 */
public final class AzureFormat implements FlowFormat.OfObjects {

  /** Where counts begin. */
  private static final int COUNTS = 9;

  @Override
  public String name() {
    return "azure";
  }

  @Override
  public String title() {
    return "Azure's NSG and VNet flow logs";
  }

  @Override
  public boolean recognises(JsonNode object) {
    return object.path("flowRecords").has("flows") || object.path("properties").has("flows");
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    boolean network = object.path("flowRecords").has("flows");
    JsonNode flows =
        (network ? object.path("flowRecords") : object.path("properties")).path("flows");
    if (!flows.isArray()) {
      sink.leftOut(Omission.NOT_A_FLOW);
      return;
    }
    List<UnreadableEntry> problems = new ArrayList<>();
    for (JsonNode flow : flows) {
      for (JsonNode group : list(flow, network ? "flowGroups" : "flows", problems)) {
        for (JsonNode tuple : list(group, "flowTuples", problems)) {
          try {
            tuple(tuple.asText(), place, sink);
          } catch (UnreadableEntry wrong) {
            problems.add(wrong);
          }
        }
      }
    }
    if (!problems.isEmpty()) {
      throw problems.get(0).ofParts(problems.size());
    }
  }

  /** A list, which may be empty where nothing was seen; what is none may have held something. */
  private static JsonNode list(JsonNode object, String field, List<UnreadableEntry> problems) {
    JsonNode list = object.path(field);
    if (!list.isArray()) {
      problems.add(new UnreadableEntry("`" + field + "` is no list"));
      return MissingNode.getInstance();
    }
    return list;
  }

  /**
   * Both kinds begin {@code time, source, destination, source port, port, protocol, I or O}. Then a group's has {@code A or D} and, from
   * version 2, {@code B, C or E}; a network's has {@code B, C, E or D} and whether it is encrypted. From version 2 the packets and bytes of
   * both directions follow.
   */
  private static void tuple(String text, LogPlace place, FlowSink sink) throws UnreadableEntry {
    String[] values = text.split(",", -1);
    if (values.length < COUNTS - 1) {
      throw new UnreadableEntry("`" + text + "` is no tuple of a flow");
    }
    if (values[COUNTS - 2].equals("D")) {
      sink.leftOut(Omission.NOT_BY_POLICY);
      return;
    }
    Protocol protocol = LogText.protocol(values[5]);
    sink.flow(new FlowRecord(
        place,
        FlowEnd.at(LogText.address(values[1])),
        FlowEnd.at(LogText.address(values[2])),
        protocol,
        protocol.hasPorts() ? LogText.sourcePort(values[3]) : 0,
        LogText.port(protocol, values[4], "destination port"),
        Outcome.SEEN,
        values[6].equals("I")
            ? Vantage.DESTINATION
            : values[6].equals("O") ? Vantage.SOURCE : Vantage.UNSAID,
        // A tuple is a connection, told from the side of who opened it: its beginning, how it goes
        // on, or its end.
        Opener.SOURCE,
        goesOn(values) ? 0 : 1,
        Count.plus(number(values, COUNTS + 1), number(values, COUNTS + 3)),
        LogText.time(values[0]),
        LogText.time(values[0])));
  }

  /** Whether it tells more of a connection that began before. */
  private static boolean goesOn(String[] values) {
    return Set.of("C", "E").contains(values[COUNTS - 2])
        || (values.length > COUNTS - 1 && Set.of("C", "E").contains(values[COUNTS - 1]));
  }

  private static long number(String[] values, int index) {
    return index < values.length ? LogText.number(values[index]) : 0;
  }
}
