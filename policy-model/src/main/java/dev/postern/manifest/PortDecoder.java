package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decodes what all ports have: a number, a name, a protocol. */
final class PortDecoder {

  private PortDecoder() {}

  /** The {@code protocol} field; TCP if it is missing. */
  static Protocol protocol(Cursor port) {
    Optional<String> word = port.string("protocol");
    Optional<Protocol> protocol = word.flatMap(Protocol::ofApi);
    if (word.isPresent() && protocol.isEmpty()) {
      String hint = LabelDecoder.oneOf(word.get(), List.of("TCP", "UDP", "SCTP"));
      port.field("protocol").orElseThrow().report(Code.NOT_ALLOWED, hint, word.get(), "protocol");
    }
    return protocol.orElse(Protocol.TCP);
  }

  /** A port number. */
  static OptionalInt number(Cursor port) {
    OptionalInt number = port.integer();
    boolean fits =
        number.isPresent() && number.getAsInt() >= PortSet.MIN && number.getAsInt() <= PortSet.MAX;
    if (!fits
        && port.node() instanceof ScalarNode scalar
        && Scalars.integer(scalar).isPresent()) {
      port.report(
          Code.BAD_PORT, "a port is 1 to 65535", "`" + scalar.text() + "` is no port number");
    }
    return fits ? number : OptionalInt.empty();
  }

  static void checkName(Cursor port, String name) {
    if (!Syntax.isPortName(name)) {
      boolean digits = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
      String hint = digits
          ? "write " + name + " without quotes"
          : "up to 15 of a-z, 0-9 and `-`, at least one letter, no `-` at an end";
      port.report(Code.BAD_PORT, hint, "`" + name + "` is no port name");
    }
  }
}
