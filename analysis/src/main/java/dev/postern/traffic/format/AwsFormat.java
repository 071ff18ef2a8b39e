package dev.postern.traffic.format;

import dev.postern.net.Protocol;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flow logs of AWS' VPCs as text: the default format, or another whose header names the fields, as objects in S3 have it ("Flow log
 * records" of the Amazon VPC user guide). Security groups and network ACLs are no policies of Kubernetes: what they accept was seen, and
 * what they reject says nothing here. {@code pkt-srcaddr} and {@code pkt-dstaddr} win over the addresses of an interface.
 */
public final class AwsFormat implements FlowFormat.OfLines {

  private static final String DEFAULT =
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

  /** What CloudWatch Logs puts before a line where it exports it. */
  private static final Pattern EXPORTED =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z (?=\\d+ )");

  private static final Pattern RECORD = Pattern.compile(
      "(?:\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z )?\\d+ (?:\\d{12}|unknown) \\S+ (?:[0-9a-fA-F.:]+|-) (?:[0-9a-fA-F.:]+|-) (?:\\d+|-) (?:\\d+|-) (?:\\d+|-) .*");

  private static final int SYN = 2;
  private static final int SYN_ACK = 18;

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public String title() {
    return "AWS' VPC flow logs";
  }

  @Override
  public boolean recognises(String line) {
    return isHeader(line) || RECORD.matcher(line).matches();
  }

  @Override
  public boolean isHeader(String line) {
    Set<String> names =
        Set.copyOf(List.of(line.strip().split("\\s+")).stream().distinct().toList());
    return names.contains("dstport")
        || names.contains("srcaddr")
        || names.contains("pkt-srcaddr")
        || names.contains("log-status");
  }

  @Override
  public FlowFormat.LineReader reader(Optional<String> header) throws UnreadableEntry {
    List<String> names = List.of(header.orElse(DEFAULT).strip().split("\\s+"));
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      columns.putIfAbsent(names.get(i), i);
    }
    for (String needed : List.of("dstport", "protocol")) {
      if (!columns.containsKey(needed)) {
        throw new UnreadableEntry("the header lacks " + needed);
      }
    }
    if (!columns.containsKey("srcaddr") && !columns.containsKey("pkt-srcaddr")) {
      throw new UnreadableEntry("the header lacks srcaddr");
    }
    if (!columns.containsKey("dstaddr") && !columns.containsKey("pkt-dstaddr")) {
      throw new UnreadableEntry("the header lacks dstaddr");
    }
    return (line, place, sink) -> {
      Matcher exported = EXPORTED.matcher(line);
      String[] values =
          line.substring(exported.lookingAt() ? exported.end() : 0).strip().split("\\s+");
      if (values.length != names.size()) {
        throw new UnreadableEntry("it has " + values.length + " values, and the "
            + (header.isPresent() ? "header" : "default format") + " has " + names.size());
      }
      read(new Row(columns, values), place, sink);
    };
  }

  /** A line by the names of its columns. */
  private record Row(Map<String, Integer> columns, String[] values) {
    String at(String... names) {
      for (String name : names) {
        Integer column = columns.get(name);
        if (column != null && LogText.isSaid(values[column])) {
          return values[column];
        }
      }
      return "";
    }
  }

  private static void read(Row row, LogPlace place, FlowSink sink) throws UnreadableEntry {
    String status = row.at("log-status");
    if (status.equals("NODATA")) {
      sink.leftOut(Omission.NO_DATA);
      return;
    }
    if (status.equals("SKIPDATA")) {
      sink.leftOut(Omission.LOST_EVENTS);
      return;
    }
    if (row.at("action").equals("REJECT")) {
      sink.leftOut(Omission.NOT_BY_POLICY);
      return;
    }
    Protocol protocol = LogText.protocol(row.at("protocol"));
    long flags = LogText.number(row.at("tcp-flags"));
    Opener opener = (flags & SYN_ACK) == SYN_ACK
        ? Opener.DESTINATION
        : (flags & SYN) != 0 ? Opener.SOURCE : Opener.UNSAID;
    if (opener == Opener.DESTINATION) {
      sink.leftOut(Omission.REPLY);
      return;
    }
    sink.flow(new FlowRecord(
        place,
        FlowEnd.at(LogText.address(row.at("pkt-srcaddr", "srcaddr"))),
        FlowEnd.at(LogText.address(row.at("pkt-dstaddr", "dstaddr"))),
        protocol,
        protocol.hasPorts() ? LogText.sourcePort(row.at("srcport")) : 0,
        LogText.port(protocol, row.at("dstport"), "dstport"),
        Outcome.SEEN,
        switch (row.at("flow-direction")) {
          case "ingress" -> Vantage.DESTINATION;
          case "egress" -> Vantage.SOURCE;
          default -> Vantage.UNSAID;
        },
        opener,
        1,
        LogText.number(row.at("bytes")),
        LogText.time(row.at("start")),
        LogText.time(row.at("end"))));
  }
}
