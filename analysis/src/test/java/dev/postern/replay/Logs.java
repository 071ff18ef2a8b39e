package dev.postern.replay;

import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.HubbleFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Logs that tests write down. */
final class Logs {

  private Logs() {}

  /** Reads lines of Hubble's. */
  static LogSummary read(FlowSink sink, String... lines) throws IOException {
    return TrafficLog.read(
        "flows.json",
        new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
        List.of(new HubbleFormat()),
        sink);
  }
}
