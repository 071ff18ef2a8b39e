package dev.postern.nftables.reader;

import dev.postern.enforced.RuleAction;
import dev.postern.nftables.reader.grammar.NftLexer;
import dev.postern.nftables.reader.grammar.NftParser;
import java.util.List;

/** Numbers of marks, and what {@code and}, {@code or} and {@code xor} make of a mark (nft(8), binary operators). */
final class MarkBits {

  private MarkBits() {}

  static int number(String text) {
    return text.startsWith("0x")
        ? Integer.parseUnsignedInt(text.substring(2), 16)
        : Integer.parseUnsignedInt(text);
  }

  /** Operations on the mark, one after the other. */
  static RuleAction change(List<NftParser.BitsContext> operations) {
    int and = -1;
    int or = 0;
    int xor = 0;
    for (NftParser.BitsContext bits : operations) {
      int value = number(bits.WORD().getText());
      switch (bits.getStart().getType()) {
        case NftLexer.AND -> {
          and &= value;
          or &= value;
          xor &= value;
        }
        case NftLexer.OR -> {
          or |= value;
          xor &= ~value;
        }
        default -> xor ^= value;
      }
    }
    // ((mark & and) | or) ^ xor
    return new RuleAction.SetMark(or ^ xor, ~and | or);
  }
}
