package dev.postern.policy;

import dev.postern.diagnostic.Origin;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import java.util.List;
import java.util.Optional;

/** The traffic that a rule is about. */
public sealed interface Ports {

  /** All traffic, also ICMP and other protocols: {@code ports} (or {@code protocols}) missing or empty. */
  record AllTraffic() implements Ports {}

  /** Traffic that at least one of these matches. */
  record AnyOf(List<PortMatch> matches) implements Ports {
    public AnyOf {
      matches = List.copyOf(matches);
    }
  }

  Ports ALL = new AllTraffic();

  /** The same with {@link Origin#NONE} everywhere, to compare what was said, wherever it was written. */
  default Ports withoutOrigins() {
    return this instanceof AnyOf some
        ? new AnyOf(some.matches().stream().map(WithoutOrigins::of).toList())
        : this;
  }

  /** One entry of {@code ports} or {@code protocols}. */
  sealed interface PortMatch {
    Origin origin();
  }

  /** Ports by number, destination side. */
  record Numbered(Protocol protocol, PortSet ports, Origin origin) implements PortMatch {}

  /**
   * A port by name, looked up among the container ports of the destination pod.
   *
   * @param protocol the protocol that the container port must have; empty for any (admin policies' {@code namedPort})
   */
  record Named(Optional<Protocol> protocol, String name, Origin origin) implements PortMatch {}
}
