package dev.postern.why;

import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Protocol;

/** What an explanation calls things. */
final class ExplanationNames {

  private ExplanationNames() {}

  /** {@code shop/frontend} for a pod, its workload's name; else the address or name. */
  static String of(End end) {
    return end instanceof End.InPod pod ? pod.workload().id() : end.toString();
  }

  /** {@code tcp/5432}; {@code icmp} for what has no ports. */
  static String traffic(Flow flow) {
    return flow.protocol() == Protocol.OTHER ? "icmp" : flow.protocol().word() + "/" + flow.port();
  }
}
