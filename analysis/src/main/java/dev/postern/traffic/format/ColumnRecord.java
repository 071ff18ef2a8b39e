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
    String reply = values.apply(CsvFormat.Field.REPLY).toLowerCase(Locale.ROOT);
    if (reply.equals("true") || reply.equals("yes") || reply.equals("1")) {
      sink.leftOut(Omission.REPLY);
      return;
    }
    Protocol protocol = LogText.protocol(values.apply(CsvFormat.Field.PROTOCOL));
    String direction = values.apply(CsvFormat.Field.DIRECTION).toLowerCase(Locale.ROOT);
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
        direction.equals("ingress")
            ? Vantage.DESTINATION
            : direction.equals("egress") ? Vantage.SOURCE : Vantage.UNSAID,
        reply.isEmpty() ? Opener.UNSAID : Opener.SOURCE,
        Math.max(1, LogText.number(values.apply(CsvFormat.Field.COUNT))),
        LogText.number(values.apply(CsvFormat.Field.BYTES)),
        first,
        last.or(() -> first)));
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
