package dev.postern.cli.answer;

import dev.postern.meaning.Flow;

/** A flow for a person. */
final class FlowWords {

  private FlowWords() {}

  /** {@code shop/frontend -> shop/db on tcp/5432}; what has no ports is called {@code icmp}. */
  static String of(Flow flow) {
    return flow.source() + " -> " + flow.destination() + " on " + traffic(flow);
  }

  /** {@code tcp/5432}; what has no ports is called {@code icmp}. */
  static String traffic(Flow flow) {
    return flow.protocol().hasPorts() ? flow.protocol().word() + "/" + flow.port() : "icmp";
  }
}
