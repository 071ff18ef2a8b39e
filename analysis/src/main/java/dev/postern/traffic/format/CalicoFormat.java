package dev.postern.traffic.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Calico's flow logs as JSON, as it writes them to files and to Elasticsearch, after "Flow log data types"
 * (docs.tigera.io/calico-enterprise/latest/observability/elastic/flow/datatypes). Aggregation leaves out addresses, ports and the names of
 * single pods, which are null or a dash then.
 */
public final class CalicoFormat implements FlowFormat.OfObjects {

  @Override
  public String name() {
    return "calico";
  }

  @Override
  public String title() {
    return "Calico's flow logs, JSON";
  }

  @Override
  public boolean recognises(JsonNode object) {
    return object.has("source_name_aggr") && object.has("dest_name_aggr") && object.has("action");
  }

  @Override
  public void read(JsonNode object, LogPlace place, FlowSink sink) throws UnreadableEntry {
    ObjectFields fields = new ObjectFields(object);
    if (!fields.has("action")) {
      sink.leftOut(
          fields.has("source_name_aggr", "source_ip") ? Omission.NO_VERDICT : Omission.NOT_A_FLOW);
      return;
    }
    String action = fields.text("action").toLowerCase(Locale.ROOT);
    if (!action.equals("allow") && !action.equals("deny")) {
      sink.leftOut(Omission.NEITHER);
      return;
    }
    Protocol protocol = LogText.protocol(fields.text("proto"));
    String reporter = fields.text("reporter");
    sink.flow(new FlowRecord(
        place,
        party(fields, "source"),
        party(fields, "dest"),
        protocol,
        fields.sourcePort(protocol, "source_port"),
        fields.port(protocol, "dest_port"),
        action.equals("deny") ? Outcome.DENIED : Outcome.PASSED,
        reporter.equals("dst")
            ? Vantage.DESTINATION
            : reporter.equals("src") ? Vantage.SOURCE : Vantage.UNSAID,
        Opener.SOURCE,
        Math.max(1, fields.number("num_flows_started", "num_flows")),
        Count.plus(fields.number("bytes_in"), fields.number("bytes_out")),
        fields.time("start_time"),
        fields.time("end_time")));
  }

  private static FlowEnd party(ObjectFields fields, String end) throws UnreadableEntry {
    Optional<Address> address = fields.address(end + "_ip");
    String namespace = fields.text(end + "_namespace");
    String name = fields.text(end + "_name");
    String aggregated = fields.text(end + "_name_aggr");
    if (fields.text(end + "_type").equals("wep") && LogText.isSaid(namespace)) {
      List<Owner> owners =
          LogText.isSaid(aggregated) ? GeneratedName.owners(aggregated) : List.of();
      FlowEnd party = new FlowEnd(namespace, LogText.isSaid(name) ? name : "", owners, address);
      if (party.isPod() || address.isPresent()) {
        return party;
      }
    }
    return address
        .map(FlowEnd::at)
        .orElseGet(() -> FlowEnd.called(
            LogText.isSaid(aggregated) ? aggregated : LogText.isSaid(name) ? name : "unknown"));
  }
}
