package dev.postern.wording;

import dev.postern.meaning.Flow;

/** A flow for a person. */
public final class FlowWords {

  private FlowWords() {}

  /** {@code shop/frontend -> shop/db on tcp/5432}; what has no ports is called {@code icmp}. */
  public static String of(Flow flow) {
    return flow.source() + " -> " + flow.destination() + " on " + traffic(flow);
  }

  /** {@code tcp/5432}; what has no ports is called {@code icmp}. */
  public static String traffic(Flow flow) {
    return flow.protocol().hasPorts() ? flow.protocol().word() + "/" + flow.port() : "icmp";
  }
}
