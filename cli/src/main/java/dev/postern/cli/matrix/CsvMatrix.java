package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.reach.Connectivity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Comma-separated values (RFC 4180): a line for each protocol and interval of ports, so that a spreadsheet can filter them. */
final class CsvMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, Printer out) {
    out.escaped(head(connectivity.showsDenied()));
    rows(connectivity, "", out);
  }

  @Override
  public void begin(boolean denied, Printer out) {
    out.escaped("manifests," + head(denied));
  }

  @Override
  public void writeApart(String manifests, Connectivity matrix, boolean first, Printer out) {
    rows(matrix, Csv.quoted(manifests) + ",", out);
  }

  private static String head(boolean denied) {
    // Another first line, so that nobody takes what does not pass for what does.
    return denied
        ? "src,dst,denied_protocol,first_port,last_port,certain\r\n"
        : "src,dst,protocol,first_port,last_port,certain\r\n";
  }

  /** The rows, each after the same cells. */
  private static void rows(Connectivity connectivity, String before, Printer out) {
    Map<Traffic, List<String>> cells = new HashMap<>();
    connectivity.connections().forEach(c -> {
      String ends = before + Csv.quoted(c.source().id()) + ","
          + Csv.quoted(c.destination().id()) + ",";
      Traffic allowed = c.reach().allowed();
      lines(out, ends, cells.computeIfAbsent(allowed, CsvMatrix::cells), true);
      if (!c.reach().possible().equals(allowed)) {
        Traffic perhaps = c.reach().possible().minus(allowed);
        lines(out, ends, cells.computeIfAbsent(perhaps, CsvMatrix::cells), false);
      }
    });
  }

  private static void lines(Printer out, String ends, List<String> cells, boolean certain) {
    for (String cell : cells) {
      out.escaped(ends);
      out.escaped(cell);
      out.escaped(certain ? ",yes\r\n" : ",no\r\n");
    }
  }

  private static List<String> cells(Traffic traffic) {
    if (traffic.isAll()) {
      return List.of("all,,");
    }
    List<String> cells = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts()) {
        for (PortSet.Interval interval : traffic.ports(protocol).intervals()) {
          cells.add(protocol.name() + "," + interval.first() + "," + interval.last());
        }
      } else if (traffic.other()) {
        cells.add(protocol.name() + ",,");
      }
    }
    return cells;
  }
}
