package dev.postern.traffic.format;

import dev.postern.net.Protocol;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A record whose fields come from the columns of a table, as text: of a file, or of whatever else has columns. */
public final class ColumnRecord {

  private ColumnRecord() {}

  /**
   * Reads one row.
   *
   * @param values the text of a field; empty if there is none
   * @throws UnreadableEntry if a field that is needed is missing or is not what it must be
   */
  public static void read(Function<CsvFormat.Field, String> values, LogPlace place, FlowSink sink)
      throws UnreadableEntry {
    Optional<Outcome> outcome = CsvFormat.outcome(values.apply(CsvFormat.Field.VERDICT));
    if (outcome.isEmpty()) {
      sink.leftOut(Omission.NEITHER);
      return;
    }
    Opener opener = opener(values.apply(CsvFormat.Field.REPLY));
    if (opener == Opener.DESTINATION) {
      sink.leftOut(Omission.REPLY);
      return;
    }
    Protocol protocol = LogText.protocol(values.apply(CsvFormat.Field.PROTOCOL));
    Optional<Instant> first = LogText.time(values.apply(CsvFormat.Field.FIRST));
    Optional<Instant> last = LogText.time(values.apply(CsvFormat.Field.LAST));
    sink.flow(new FlowRecord(
        place,
        party(
            values,
            CsvFormat.Field.SOURCE,
            CsvFormat.Field.SOURCE_NAMESPACE,
            CsvFormat.Field.SOURCE_POD,
            CsvFormat.Field.SOURCE_WORKLOAD),
        party(
            values,
            CsvFormat.Field.DESTINATION,
            CsvFormat.Field.DESTINATION_NAMESPACE,
            CsvFormat.Field.DESTINATION_POD,
            CsvFormat.Field.DESTINATION_WORKLOAD),
        protocol,
        protocol.hasPorts() ? LogText.sourcePort(values.apply(CsvFormat.Field.SOURCE_PORT)) : 0,
        LogText.port(protocol, values.apply(CsvFormat.Field.PORT), "port"),
        outcome.get(),
        vantage(values.apply(CsvFormat.Field.DIRECTION)),
        opener,
        Math.max(1, LogText.count(values.apply(CsvFormat.Field.COUNT), "count")),
        LogText.count(values.apply(CsvFormat.Field.BYTES), "bytes"),
        first,
        last.or(() -> first)));
  }

  private static Opener opener(String reply) throws UnreadableEntry {
    return switch (reply.toLowerCase(Locale.ROOT)) {
      case "", "-" -> Opener.UNSAID;
      case "true", "yes", "1", "t", "y" -> Opener.DESTINATION;
      case "false", "no", "0", "f", "n" -> Opener.SOURCE;
      default ->
        throw new UnreadableEntry(
            "`" + reply + "` does not say whether it is a reply: true, false");
    };
  }

  private static Vantage vantage(String direction) throws UnreadableEntry {
    return switch (direction.toLowerCase(Locale.ROOT)) {
      case "", "-" -> Vantage.UNSAID;
      case "ingress", "in", "inbound" -> Vantage.DESTINATION;
      case "egress", "out", "outbound" -> Vantage.SOURCE;
      default -> throw new UnreadableEntry("`" + direction + "` is no direction: ingress, egress");
    };
  }

  private static FlowEnd party(
      Function<CsvFormat.Field, String> values,
      CsvFormat.Field address,
      CsvFormat.Field namespace,
      CsvFormat.Field pod,
      CsvFormat.Field workload)
      throws UnreadableEntry {
    String owner = values.apply(workload);
    FlowEnd party = new FlowEnd(
        values.apply(namespace),
        values.apply(pod),
        owner.isEmpty() ? List.of() : List.of(new Owner(owner, "")),
        LogText.addressIfSaid(values.apply(address)));
    if (!party.isPod() && party.address().isEmpty()) {
      throw new UnreadableEntry(
          "the flow names neither a pod nor an address as its " + address.word());
    }
    return party;
  }
}
