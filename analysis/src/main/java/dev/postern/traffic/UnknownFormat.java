package dev.postern.traffic;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A log in none of the formats that were offered. */
public final class UnknownFormat extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownFormat(List<FlowFormat> formats) {
    super("no format is recognised in its first lines; those that are known: "
        + formats.stream().map(FlowFormat::name).sorted().collect(Collectors.joining(", ")));
  }
}
