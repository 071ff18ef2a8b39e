package dev.postern.openflow.reader;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What flows know of the bits that they write: the registers, the metadata, the tunnel's number, the packet's mark, its Ethernet addresses, and
 * the mark and label of its connection, where this is a new one (ovs-fields(7)). Registers overlap: {@code xreg0} is {@code reg0} before {@code reg1}, {@code xxreg0} the four from {@code reg0} on.
 *
 * @param value the bits that are known
 * @param known which are
 */
record Registers(BigInteger value, BigInteger known) {

  private static final int REGISTER = 32;
  private static final int REGISTERS = 16;
  private static final int METADATA = REGISTER * REGISTERS;
  private static final int TUNNEL = METADATA + 64;
  private static final int MARK = TUNNEL + 64;
  private static final int CONNECTION_MARK = MARK + REGISTER;
  private static final int CONNECTION_LABEL = CONNECTION_MARK + REGISTER;
  private static final int ETHERNET_SOURCE = CONNECTION_LABEL + 128;
  private static final int ETHERNET_DESTINATION = ETHERNET_SOURCE + 48;
  private static final Pattern NUMBERED =
      Pattern.compile("(?:NXM_NX_|OXM_OF_PKT_)?(x{0,2})reg(\\d{1,2})", Pattern.CASE_INSENSITIVE);
  private static final Pattern RANGED =
      Pattern.compile("(\\w+)(?:\\[(?:(\\d{1,4})(?:\\.\\.(\\d{1,4}))?)?\\])?");

  /** The mark that the host gave the packet, or flows. */
  static final Slot HOST_MARK = new Slot(MARK, REGISTER);

  /** Mark and label of a connection. */
  static final Slot CONNECTION = new Slot(CONNECTION_MARK, REGISTER + 128);

  private static final BigInteger FRAME = MaskedBits.ones(96).shiftLeft(ETHERNET_SOURCE);

  static final Slot ETH_SRC = new Slot(ETHERNET_SOURCE, 48);
  static final Slot ETH_DST = new Slot(ETHERNET_DESTINATION, 48);

  /** A packet that comes in: registers, metadata and a new connection's mark are 0, what a tunnel or the host gave it is not known. */
  static final Registers INITIAL =
      new Registers(BigInteger.ZERO, MaskedBits.ones(TUNNEL).or(CONNECTION.mask()));

  Registers {
    value = value.and(known);
  }

  /**
   * A place among all these bits.
   *
   * @param low its lowest bit
   * @param width how many there are
   */
  record Slot(int low, int width) {
    BigInteger mask() {
      return MaskedBits.ones(width).shiftLeft(low);
    }
  }

  /** Whether bits are of the frame's Ethernet addresses. */
  static boolean isOfFrame(MaskedBits bits) {
    return bits.mask().and(FRAME).signum() != 0;
  }

  /** The place of a field, or of a range of its bits ({@code NXM_NX_REG0[0..3]}); nothing if it is not one of these. */
  static Optional<Slot> slot(String text) {
    Matcher ranged = RANGED.matcher(text);
    if (!ranged.matches()) {
      return Optional.empty();
    }
    return whole(ranged.group(1)).flatMap(slot -> {
      if (ranged.group(2) == null) {
        return Optional.of(slot);
      }
      int from = Integer.parseInt(ranged.group(2));
      int to = ranged.group(3) == null ? from : Integer.parseInt(ranged.group(3));
      return from <= to && to < slot.width()
          ? Optional.of(new Slot(slot.low() + from, to - from + 1))
          : Optional.empty();
    });
  }

  private static Optional<Slot> whole(String name) {
    switch (name) {
      case "metadata", "OXM_OF_METADATA":
        return Optional.of(new Slot(METADATA, 64));
      case "tun_id", "tunnel_id", "NXM_NX_TUN_ID", "OXM_OF_TUNNEL_ID":
        return Optional.of(new Slot(TUNNEL, 64));
      case "pkt_mark", "NXM_NX_PKT_MARK":
        return Optional.of(HOST_MARK);
      case "ct_mark", "NXM_NX_CT_MARK":
        return Optional.of(new Slot(CONNECTION_MARK, REGISTER));
      case "ct_label", "NXM_NX_CT_LABEL":
        return Optional.of(new Slot(CONNECTION_LABEL, 128));
      case "dl_src", "eth_src", "NXM_OF_ETH_SRC", "OXM_OF_ETH_SRC":
        return Optional.of(ETH_SRC);
      case "dl_dst", "eth_dst", "NXM_OF_ETH_DST", "OXM_OF_ETH_DST":
        return Optional.of(ETH_DST);
      default:
        break;
    }
    Matcher numbered = NUMBERED.matcher(name);
    if (!numbered.matches()) {
      return Optional.empty();
    }
    boolean packet = name.startsWith("OXM_OF_PKT_");
    int size = packet ? 2 : 1 << numbered.group(1).length();
    int last = (Integer.parseInt(numbered.group(2)) + 1) * size - 1;
    return last < REGISTERS
        ? Optional.of(new Slot((REGISTERS - 1 - last) * REGISTER, size * REGISTER))
        : Optional.empty();
  }

  /** After these bits were written. */
  Registers set(MaskedBits bits) {
    return new Registers(value.andNot(bits.mask()).or(bits.value()), known.or(bits.mask()));
  }

  /** After something that is not known was written there. */
  Registers forget(Slot slot) {
    return new Registers(value, known.andNot(slot.mask()));
  }

  /** After bits were copied; both places have the same width. */
  Registers copy(Slot from, Slot to) {
    MaskedBits bits = new MaskedBits(
        value.shiftRight(from.low()).and(MaskedBits.ones(to.width())),
        known.shiftRight(from.low()).and(MaskedBits.ones(to.width())));
    return forget(to).set(bits.at(to.low()));
  }

  /** The number at a place, if all of it is known. */
  Optional<BigInteger> at(Slot slot) {
    return known.and(slot.mask()).equals(slot.mask())
        ? Optional.of(value.shiftRight(slot.low()).and(MaskedBits.ones(slot.width())))
        : Optional.empty();
  }

  /** Only what still can be asked for. */
  Registers only(BigInteger asked) {
    return new Registers(value.and(asked), known.and(asked));
  }

  /** The registers that are not 0, as {@code reg5=0x2}. */
  String words() {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < REGISTERS; i++) {
      add(words, "reg" + i, new Slot((REGISTERS - 1 - i) * REGISTER, REGISTER));
    }
    add(words, "metadata", new Slot(METADATA, 64));
    return words.toString();
  }

  private void add(StringBuilder words, String name, Slot slot) {
    BigInteger part = value.shiftRight(slot.low()).and(MaskedBits.ones(slot.width()));
    if (part.signum() != 0) {
      words.append(words.isEmpty() ? "" : ",").append(name).append("=0x").append(part.toString(16));
    }
  }
}
