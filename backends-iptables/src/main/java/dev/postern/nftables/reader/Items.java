package dev.postern.nftables.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.UnreadableDump;
import dev.postern.nftables.reader.grammar.NftLexer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/** Reads a text into lines and blocks. */
final class Items {

  private final String file;
  private final Deque<List<Item.Line>> blocks = new ArrayDeque<>();
  private final Deque<List<Item>> lines = new ArrayDeque<>();
  private int number = 1;

  private Items(String file) {
    this.file = file;
  }

  static List<Item.Line> read(String file, String text) {
    return new Items(file).read(text);
  }

  private List<Item.Line> read(String text) {
    NftLexer lexer = new NftLexer(CharStreams.fromString(text, file));
    lexer.removeErrorListeners();
    open();
    while (true) {
      Token token = lexer.nextToken();
      number = token.getLine();
      Origin origin = new Origin(file, number, token.getCharPositionInLine() + 1, "");
      switch (token.getType()) {
        case Token.EOF -> {
          if (blocks.size() != 1) {
            throw new UnreadableDump(origin, "a brace that is not closed");
          }
          endLine();
          return blocks.pop();
        }
        case NftLexer.NEWLINE, NftLexer.SEMICOLON -> endLine();
        case NftLexer.OPEN -> open();
        case NftLexer.CLOSE -> {
          if (blocks.size() == 1) {
            throw new UnreadableDump(origin, "a brace that was not opened");
          }
          endLine();
          lines.pop();
          Item.Block block = new Item.Block(List.copyOf(blocks.pop()));
          add(block);
        }
        case NftLexer.STRAY -> throw new UnreadableDump(origin, "a quote that is not closed");
        case NftLexer.STRING ->
          add(new Item.Word(token.getText().substring(1, token.getText().length() - 1), true));
        default -> add(new Item.Word(token.getText(), false));
      }
    }
  }

  private void open() {
    blocks.push(new ArrayList<>());
    lines.push(new ArrayList<>());
  }

  private void add(Item item) {
    List<Item> line = lines.element();
    line.add(item);
  }

  private void endLine() {
    List<Item> line = lines.element();
    if (!line.isEmpty()) {
      blocks.element().add(new Item.Line(List.copyOf(line), number));
      line.clear();
    }
  }
}
