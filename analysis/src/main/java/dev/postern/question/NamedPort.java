package dev.postern.question;

import dev.postern.net.Protocol;
import java.util.Optional;

/**
 * A port by its name, which stands for a number of its own at each destination.
 *
 * @param protocol its protocol, if the sentence says it
 * @param name the name, in lower case
 * @param span where it stands
 */
public record NamedPort(Optional<Protocol> protocol, String name, Span span) {

  /** Whether a port of this name and protocol is meant. */
  public boolean matches(String other, Protocol of) {
    return name.equals(other) && protocol.map(of::equals).orElse(true);
  }
}
