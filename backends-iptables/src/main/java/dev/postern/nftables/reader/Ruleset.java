package dev.postern.nftables.reader;

import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.nftables.reader.grammar.NftLexer;
import dev.postern.nftables.reader.grammar.NftParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Parses a ruleset's text, table by table. A clause that does not parse is marked as such; anything else that does not is an error. */
final class Ruleset {

  private static final int LONG = 160;

  private final String file;
  private final CharStream characters;
  private final CommonTokenStream tokens;
  private final NftParser parser;
  private final Map<ParserRuleContext, List<NamedSet.Element>> members = new IdentityHashMap<>();
  private final Set<String> filled = new HashSet<>();

  Ruleset(String file, String text) {
    this.file = file;
    this.characters = CharStreams.fromString(text, file);
    NftLexer lexer = new NftLexer(characters);
    lexer.removeErrorListeners();
    this.tokens = new CommonTokenStream(lexer);
    this.parser = new NftParser(tokens);
    parser.removeErrorListeners();
    parser.setErrorHandler(new ClausesMayBeStrange());
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    parser.addParseListener(new Members());
  }

  /**
   * Reads all tables.
   *
   * @throws UnreadableDump at the first word that no ruleset has there
   */
  void forEach(Consumer<NftParser.ItemContext> action) {
    try {
      while (true) {
        NftParser.ItemContext item = parser.item();
        if (item.EOF() != null) {
          return;
        }
        requireOnce(item);
        action.accept(item);
        members.clear();
      }
    } catch (RecognitionException problem) {
      boolean outside = problem.getCtx() instanceof NftParser.ItemContext;
      throw unreadable(
          problem.getOffendingToken(), outside ? "is no table" : "does not belong here");
    }
  }

  /** A chain that has rules, or a set that has elements, is not opened again, but in two dumps in one, of which the second may lack rules of the first. */
  private void requireOnce(NftParser.ItemContext item) {
    if (item.deletion() != null) {
      String table =
          item.deletion().family.getText() + " " + item.deletion().name(1).getText() + " ";
      filled.removeIf(chain -> chain.startsWith(table));
      return;
    }
    for (NftParser.DefinitionContext definition : item.table().definition()) {
      if (definition.chain() != null) {
        requireOnce(
            item,
            definition,
            "chain",
            definition.chain().name(),
            !definition.chain().line().isEmpty());
      } else if (definition.set() != null) {
        boolean elements = definition.set().attribute().stream()
            .anyMatch(attribute -> attribute.ELEMENTS() != null);
        requireOnce(item, definition, "set", definition.set().name(), elements);
      }
    }
  }

  private void requireOnce(
      NftParser.ItemContext item,
      NftParser.DefinitionContext definition,
      String kind,
      NftParser.NameContext name,
      boolean fills) {
    String key =
        NftablesReader.name(item.table()) + " " + kind + " " + NamedSet.plain(name.getText());
    if (filled.contains(key)) {
      throw new UnreadableDump(
          origin(definition),
          kind + " `" + name.getText() + "` is there twice: these are two dumps");
    }
    if (fills) {
      filled.add(key);
    }
  }

  private UnreadableDump unreadable(Token at, String why) {
    Origin origin = new Origin(file, at.getLine(), at.getCharPositionInLine() + 1, "");
    return new UnreadableDump(
        origin,
        switch (at.getType()) {
          case Token.EOF -> "the text ends inside of a table (a brace is not closed)";
          case NftLexer.STRAY -> "a quote that is not closed";
          default -> "`" + at.getText() + "` " + why + " (give what `nft list ruleset` prints)";
        });
  }

  /** The members of a set, or of what stands between braces. */
  List<NamedSet.Element> members(NftParser.BlockContext block) {
    return members.getOrDefault(block, List.of());
  }

  Origin origin(ParserRuleContext place) {
    Token start = place.getStart();
    return new Origin(file, start.getLine(), start.getCharPositionInLine() + 1, "");
  }

  /** The text from one token to another, as it stands there but for line breaks; a long one without its middle. */
  String text(Token first, Token last) {
    String text = characters
        .getText(Interval.of(first.getStartIndex(), last.getStopIndex()))
        .replaceAll("\\s+", " ");
    return text.length() <= LONG
        ? text
        : text.substring(0, LONG * 3 / 4) + " … " + text.substring(text.length() - LONG / 4);
  }

  /** The words from one token to another that stand in no quotes. */
  List<String> words(Token first, Token last) {
    return tokens.get(first.getTokenIndex(), last.getTokenIndex()).stream()
        .filter(token -> token.getType() != NftLexer.STRING)
        .map(Token::getText)
        .toList();
  }

  /** The types of the words from one token to another. */
  List<Integer> types(Token first, Token last) {
    return tokens.get(first.getTokenIndex(), last.getTokenIndex()).stream()
        .map(Token::getType)
        .toList();
  }

  String text(ParserRuleContext place) {
    return text(place.getStart(), place.getStop());
  }

  /** Turns elements into members as soon as they are read, so that a long list is never a tree. */
  private final class Members implements ParseTreeListener {
    private final Deadline deadline = Deadline.current();

    @Override
    public void exitEveryRule(ParserRuleContext rule) {
      deadline.check();
      if (rule instanceof NftParser.ElementContext element && rule.exception == null) {
        ParserRuleContext block = element.getParent();
        members.computeIfAbsent(block, key -> new ArrayList<>()).add(NamedSet.element(element));
        block.removeLastChild();
      }
    }

    @Override
    public void enterEveryRule(ParserRuleContext rule) {}

    @Override
    public void visitTerminal(TerminalNode node) {}

    @Override
    public void visitErrorNode(ErrorNode node) {}
  }

  /** Lets a clause that does not parse swallow the rule up to its verdict; nothing is mended anywhere. */
  private static final class ClausesMayBeStrange extends BailErrorStrategy {
    @Override
    public void recover(Parser parser, RecognitionException problem) {
      if (!(parser.getContext() instanceof NftParser.ClauseContext clause)) {
        throw problem;
      }
      parser.getInputStream().seek(clause.getStart().getTokenIndex());
      int depth = 0;
      boolean first = true;
      while (first || depth > 0 || !isEnd(parser, 1) && !isLastVerdict(parser)) {
        int type = parser.getInputStream().LA(1);
        if (type == Token.EOF || type == NftLexer.STRAY) {
          throw problem;
        }
        depth += type == NftLexer.OPEN ? 1 : type == NftLexer.CLOSE ? -1 : 0;
        parser.getInputStream().consume();
        first = false;
      }
    }

    @Override
    public Token recoverInline(Parser parser) {
      throw new InputMismatchException(parser);
    }

    private static boolean isLastVerdict(Parser parser) {
      return switch (parser.getInputStream().LA(1)) {
        case NftLexer.ACCEPT, NftLexer.DROP, NftLexer.RETURN, NftLexer.CONTINUE ->
          isLast(parser, 2);
        case NftLexer.JUMP, NftLexer.GOTO -> isLast(parser, 3);
        case NftLexer.REJECT -> true;
        default -> false;
      };
    }

    private static boolean isLast(Parser parser, int at) {
      return isEnd(parser, at)
          || parser.getInputStream().LA(at) == NftLexer.COMMENT && isEnd(parser, at + 2);
    }

    private static boolean isEnd(Parser parser, int at) {
      int type = parser.getInputStream().LA(at);
      return type == NftLexer.NEWLINE
          || type == NftLexer.SEMICOLON
          || type == NftLexer.CLOSE
          || type == Token.EOF;
    }
  }
}
