package dev.postern.wording;

import dev.postern.diagnostic.Printable;
import dev.postern.net.AddressRange;
import dev.postern.net.Cidr;
import dev.postern.net.Traffic;
import dev.postern.reach.Endpoint;
import dev.postern.reach.Reach;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Traffic and endpoints for a person. A matrix has few kinds of traffic and many lines, so each is worded once. For one thread. */
public final class ReachWords {

  private final Map<Reach, String> words = new HashMap<>();

  /** {@code tcp/5432}, {@code all traffic}; {@code tcp/80, perhaps udp/53} where the manifests do not say all. */
  public String of(Reach reach) {
    return words.computeIfAbsent(reach, r -> {
      Traffic perhaps = r.possible().minus(r.allowed());
      return perhaps.isEmpty()
          ? r.allowed().toString()
          : (r.allowed().isEmpty() ? "" : r.allowed() + ", ") + "perhaps " + perhaps;
    });
  }

  /** The endpoint's id; a range that is a CIDR as such, since that is shorter. */
  public static String of(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.External external) {
      AddressRange range = external.range();
      List<Cidr> cidrs = range.cidrs();
      if (cidrs.size() == 1) {
        Cidr cidr = cidrs.get(0);
        return cidr.prefix() == cidr.family().bits()
            ? cidr.network().toString()
            : cidr.prefix() == 0 ? "any " + cidr.family().word() + " address" : cidr.toString();
      }
    }
    return Printable.line(endpoint.id());
  }
}
