package dev.postern.question;

import dev.postern.question.grammar.SentenceBaseVisitor;
import dev.postern.question.grammar.SentenceLexer;
import dev.postern.question.grammar.SentenceParser;
import dev.postern.question.grammar.SentenceParser.AllowsContext;
import dev.postern.question.grammar.SentenceParser.CanReachContext;
import dev.postern.question.grammar.SentenceParser.ContainContext;
import dev.postern.question.grammar.SentenceParser.ForbidContext;
import dev.postern.question.grammar.SentenceParser.ForbidsContext;
import dev.postern.question.grammar.SentenceParser.NotInterfereContext;
import dev.postern.question.grammar.SentenceParser.OnContext;
import dev.postern.question.grammar.SentenceParser.PartiesContext;
import dev.postern.question.grammar.SentenceParser.PartyContext;
import dev.postern.question.grammar.SentenceParser.PermitContext;
import dev.postern.question.grammar.SentenceParser.RelatesContext;
import dev.postern.question.grammar.SentenceParser.ReservesContext;
import dev.postern.question.grammar.SentenceParser.RulesOutContext;
import dev.postern.question.grammar.SentenceParser.WhatCanReachContext;
import dev.postern.question.grammar.SentenceParser.WhoCanReachContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** From text through the grammar to values. */
final class SentenceReader {

  private SentenceReader() {}

  static Question question(String text) {
    return read(text, SentenceParser::question, Form.QUESTION).accept(new Questions(text));
  }

  static Expectation expectation(String text, int line) {
    return read(text, SentenceParser::statement, Form.STATEMENT).accept(new Statements(text, line));
  }

  /** What the sentence is to be, for the words of an error. */
  enum Form {
    QUESTION(
        "a question is like `can shop/frontend reach shop/db on 5432`, `who can reach shop/db`,"
            + " `what can shop/frontend reach`"),
    STATEMENT(
        "a statement is like `shop/frontend can reach shop/db on 5432`,"
            + " `namespace dev cannot reach namespace prod`, `only shop/frontend can reach shop/db`, `policies permit required.yaml`");

    /** What to write where a question denies. */
    static final String POSITIVE =
        "ask `can … reach …`, which is answered *denied* where nothing passes; `cannot`, `never` and `only` are words of statements, for `postern test`";

    final String example;

    Form(String example) {
      this.example = example;
    }
  }

  private static <T extends ParserRuleContext> T read(
      String text, Function<SentenceParser, T> rule, Form form) {
    SentenceLexer lexer = new SentenceLexer(CharStreams.fromString(text));
    SentenceParser parser = new SentenceParser(new CommonTokenStream(lexer));
    lexer.removeErrorListeners();
    parser.removeErrorListeners();
    parser.addErrorListener(new FirstMistake(text, form));
    return rule.apply(parser);
  }

  private static Asked asked(String text, @Nullable OnContext on) {
    return on == null ? Asked.UNSAID : new TrafficWords(text).read(on.traffic());
  }

  /** The traffic after {@code on}, or the port behind the destination's name. */
  private static Asked asked(String text, PartiesContext destinations, @Nullable OnContext on) {
    PartyWords words = new PartyWords(text);
    for (PartyContext each : destinations.party()) {
      each.accept(words);
      if (words.port().isPresent() && destinations.party().size() > 1) {
        throw new BadSentence(
            text,
            PartyWords.span(each),
            "a port behind one of several destinations is not clear",
            "write the port after `on` for all of them, or ask about each on its own");
      }
    }
    PartyContext destination = destinations.party(0);
    if (words.port().isEmpty()) {
      return asked(text, on);
    }
    if (on != null) {
      throw new BadSentence(
          text, PartyWords.span(on), "the port is said twice", "leave out one of them");
    }
    return TrafficWords.behindColon(text, words.port().get(), PartyWords.span(destination));
  }

  private static final class Questions extends SentenceBaseVisitor<Question> {
    private final String text;

    Questions(String text) {
      this.text = text;
    }

    @Override
    public Question visitCanReach(CanReachContext question) {
      if (question.refused != null) {
        throw new BadSentence(
            text,
            new Span(question.refused.getStartIndex(), question.refused.getStopIndex() + 1),
            "a question is about what passes, and `" + question.refused.getText()
                + "` says that nothing does",
            Form.POSITIVE);
      }
      return new Question.Can(
          text,
          source(text, question.source),
          destination(text, question.destination),
          asked(text, question.destination, question.on()));
    }

    @Override
    public Question visitWhoCanReach(WhoCanReachContext question) {
      return new Question.Who(
          text,
          destination(text, question.destination),
          asked(text, question.destination, question.on()));
    }

    @Override
    public Question visitWhatCanReach(WhatCanReachContext question) {
      return new Question.What(text, source(text, question.source), asked(text, question.on()));
    }
  }

  private static final class Statements extends SentenceBaseVisitor<Expectation> {
    private final String text;
    private final int line;

    Statements(String text, int line) {
      this.text = text;
      this.line = line;
    }

    @Override
    public Expectation visitAllows(AllowsContext statement) {
      return new Statement(
          text.strip(),
          line,
          Statement.Mood.CAN,
          List.of(unmistakable(text, source(text, statement.source))),
          unmistakable(text, destination(text, statement.destination)),
          asked(text, statement.destination, statement.on()));
    }

    @Override
    public Expectation visitForbids(ForbidsContext statement) {
      return new Statement(
          text.strip(),
          line,
          Statement.Mood.CANNOT,
          List.of(source(text, statement.source)),
          destination(text, statement.destination),
          asked(text, statement.destination, statement.on()));
    }

    @Override
    public Expectation visitRulesOut(RulesOutContext statement) {
      return new Statement(
          text.strip(),
          line,
          Statement.Mood.NEVER,
          List.of(source(text, statement.source)),
          destination(text, statement.destination),
          asked(text, statement.destination, statement.on()));
    }

    @Override
    public Expectation visitReserves(ReservesContext statement) {
      return new Statement(
          text.strip(),
          line,
          Statement.Mood.ONLY,
          statement.party().stream()
              .map(words -> unmistakable(text, source(text, words)))
              .toList(),
          unmistakable(text, destination(text, statement.destination)),
          asked(text, statement.destination, statement.on()));
    }

    @Override
    public Expectation visitRelates(RelatesContext statement) {
      String path = statement.path().getText();
      boolean quoted = statement.path().QUOTED() != null;
      return new SetStatement(
          text.strip(),
          line,
          statement.relation().accept(new Relations()),
          quoted ? path.substring(1, path.length() - 1) : path,
          PartyWords.span(statement.path()));
    }
  }

  private static final class Relations extends SentenceBaseVisitor<SetStatement.SetRelation> {
    @Override
    public SetStatement.SetRelation visitContain(ContainContext words) {
      return SetStatement.SetRelation.CONTAIN;
    }

    @Override
    public SetStatement.SetRelation visitPermit(PermitContext words) {
      return SetStatement.SetRelation.PERMIT;
    }

    @Override
    public SetStatement.SetRelation visitForbid(ForbidContext words) {
      return SetStatement.SetRelation.FORBID;
    }

    @Override
    public SetStatement.SetRelation visitNotInterfere(NotInterfereContext words) {
      return SetStatement.SetRelation.NOT_INTERFERE;
    }
  }

  private static Party destination(String text, PartiesContext words) {
    return together(
        text,
        words,
        words.party().stream().map(each -> each.accept(new PartyWords(text))).toList());
  }

  private static Party source(String text, PartiesContext words) {
    return together(
        text, words, words.party().stream().map(each -> source(text, each)).toList());
  }

  /** Several parties as one; a bare name after the namespaces of pods could be one more namespace. */
  private static Party together(String text, PartiesContext words, List<Party> parties) {
    List<Party> seen = new ArrayList<>();
    for (Party party : parties) {
      boolean afterNamespace = !seen.isEmpty()
          && seen.get(seen.size() - 1) instanceof Party.Pods pods
          && pods.scope() instanceof Party.NamespaceScope.In;
      if (afterNamespace
          && party instanceof Party.Named named
          && named.namespace().isEmpty()) {
        throw new BadSentence(
            text,
            party.span(),
            "`" + named + "` could be one more namespace, or a workload",
            "write `namespace " + named + "`, or the workload with its namespace");
      }
      seen.add(party);
    }
    return seen.size() == 1 ? seen.get(0) : new Party.Together(seen, PartyWords.span(words));
  }

  /** A statement that somebody can must say whether one or all are meant. */
  private static Party unmistakable(String text, Party party) {
    for (Party each : party.each()) {
      if (each instanceof Party.Anyone) {
        throw new BadSentence(
            text,
            each.span(),
            "where something can pass, `anyone` could mean one of them or all",
            "write `any pod` or `every pod`, or `any address in …` or a CIDR");
      }
    }
    return party;
  }

  /** A party that opens connections. */
  private static Party source(String text, PartyContext words) {
    PartyWords reader = new PartyWords(text);
    Party party = words.accept(reader);
    if (reader.port().isPresent()) {
      throw new BadSentence(
          text,
          party.span(),
          "a port is one of the destination",
          "leave out `:" + reader.port().get() + "`");
    }
    if (party instanceof Party.ServiceNamed) {
      throw new BadSentence(
          text, party.span(), "a Service opens no connection", "name the workload that does");
    }
    if (party instanceof Party.DomainNamed) {
      throw new BadSentence(
          text,
          party.span(),
          "who calls from outside is known by address, never by DNS name",
          "write the address, a CIDR or `internet`");
    }
    return party;
  }
}
