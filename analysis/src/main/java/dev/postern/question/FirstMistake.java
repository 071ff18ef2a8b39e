package dev.postern.question;

import dev.postern.question.grammar.SentenceLexer;
import dev.postern.question.grammar.SentenceParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/** Says where a sentence first leaves the grammar, and what could stand there. */
final class FirstMistake extends BaseErrorListener {

  private static final String PARTY =
      "a workload or pod (`shop/frontend`), `any pod in namespace dev`, `pods app=web in shop`, an address or CIDR,"
          + " `internet`, `service shop/db` or a DNS name";

  /** The tokens that an error offers, in the language's words; the others are not worth a hint. */
  private static final Map<Integer, String> WORDS = Map.ofEntries(
      Map.entry(SentenceLexer.CAN, "`can`"),
      Map.entry(SentenceLexer.CANNOT, "`cannot`"),
      Map.entry(SentenceLexer.REACH, "`reach`"),
      Map.entry(SentenceLexer.ON, "`on` with ports"),
      Map.entry(SentenceLexer.IN, "`in` with a namespace"),
      Map.entry(SentenceLexer.CLOSE, "`)`"),
      Map.entry(SentenceLexer.OPEN, "`(`"),
      Map.entry(SentenceLexer.COMMA, "`,`"),
      Map.entry(SentenceLexer.EQUAL, "`=`"),
      Map.entry(Token.EOF, "the end"));

  private static final Set<Integer> DENIALS =
      Set.of(SentenceLexer.CANNOT, SentenceLexer.NOT, SentenceLexer.NEVER, SentenceLexer.ONLY);

  private final String sentence;
  private final SentenceReader.Form form;

  FirstMistake(String sentence, SentenceReader.Form form) {
    this.sentence = sentence;
    this.form = form;
  }

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      @Nullable Object offendingSymbol,
      int line,
      int position,
      String message,
      @Nullable RecognitionException problem) {
    Parser parser = (Parser) recognizer;
    Token token = problem == null || problem.getOffendingToken() == null
        ? parser.getCurrentToken()
        : problem.getOffendingToken();
    boolean atEnd = token.getType() == Token.EOF;
    Span span = atEnd
        ? new Span(sentence.length(), sentence.length() + 1)
        : new Span(token.getStartIndex(), token.getStopIndex() + 1);
    if (sentence.isBlank()) {
      throw new BadSentence(sentence, new Span(0, 1), "there is no sentence", form.example);
    }
    IntervalSet expected = parser.getExpectedTokens();
    String what = atEnd ? "it ends" : "`" + token.getText() + "` stands";
    throw new BadSentence(
        sentence, span, what + " where " + wanted(expected, parser), hint(token, expected));
  }

  private String wanted(IntervalSet expected, Parser parser) {
    List<String> offers = new ArrayList<>();
    int rule = parser.getContext().getRuleIndex();
    boolean anyName = expected.contains(SentenceLexer.WORD);
    boolean party = anyName && expected.contains(SentenceLexer.INTERNET);
    if (rule == SentenceParser.RULE_traffic && anyName) {
      offers.add("a port, `tcp/5432`, `udp/53`, `icmp` or `any traffic`");
    } else if (party
        && expected.contains(SentenceLexer.SERVICE)
        && !expected.contains(SentenceLexer.AND)) {
      offers.add(PARTY);
    } else if (anyName) {
      offers.add("a name");
    }
    for (int type : expected.toList()) {
      boolean refused = type == SentenceLexer.CANNOT && form == SentenceReader.Form.QUESTION;
      if (WORDS.containsKey(type)
          && !refused
          && !(anyName && type != Token.EOF && isName(expected))) {
        offers.add(WORDS.get(type));
      }
    }
    return switch (offers.size()) {
      case 0 -> "it should not";
      case 1 -> offers.get(0) + " should be";
      default ->
        String.join(", ", offers.subList(0, offers.size() - 1)) + " or "
            + offers.get(offers.size() - 1) + " should be";
    };
  }

  /** Whether any word of the language may stand here as a name. */
  private static boolean isName(IntervalSet expected) {
    return expected.contains(SentenceLexer.AND) && expected.contains(SentenceLexer.TRAFFIC);
  }

  private String hint(Token token, IntervalSet expected) {
    String word = token.getText().toLowerCase(Locale.ROOT);
    for (int type : expected.toList()) {
      String keyword = WORDS.getOrDefault(type, "").replaceAll("`([a-z]+)`.*", "$1");
      if (keyword.length() > 1
          && token.getType() == SentenceLexer.WORD
          && NearestNames.near(word, keyword)) {
        return "did you mean `" + keyword + "`?";
      }
    }
    return form == SentenceReader.Form.QUESTION && DENIALS.contains(token.getType())
        ? SentenceReader.Form.POSITIVE
        : form.example;
  }
}
