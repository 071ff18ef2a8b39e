package dev.postern.traffic;

import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a log holds, for tests. */
public final class Collected implements FlowSink {

  public final List<FlowRecord> flows = new ArrayList<>();
  public final List<Omission> omissions = new ArrayList<>();

  @Override
  public void flow(FlowRecord flow) {
    flows.add(flow);
  }

  @Override
  public void leftOut(Omission why) {
    omissions.add(why);
  }

  /** Reads a text in whatever format it is recognised as. */
  public LogSummary read(String text) throws IOException {
    return read(text, FlowFormats.ALL);
  }

  /** Reads a text in one of these formats. */
  public LogSummary read(String text, List<FlowFormat> formats) throws IOException {
    return TrafficLog.read(
        "log", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), formats, this);
  }
}
