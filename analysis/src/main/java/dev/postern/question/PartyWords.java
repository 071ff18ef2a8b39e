package dev.postern.question;

import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.question.grammar.SentenceBaseVisitor;
import dev.postern.question.grammar.SentenceParser.AddressesContext;
import dev.postern.question.grammar.SentenceParser.AnyoneContext;
import dev.postern.question.grammar.SentenceParser.ApiServerContext;
import dev.postern.question.grammar.SentenceParser.ComparedContext;
import dev.postern.question.grammar.SentenceParser.HypotheticalContext;
import dev.postern.question.grammar.SentenceParser.InMatchingContext;
import dev.postern.question.grammar.SentenceParser.InNamedContext;
import dev.postern.question.grammar.SentenceParser.InternetContext;
import dev.postern.question.grammar.SentenceParser.ListedContext;
import dev.postern.question.grammar.SentenceParser.NameContext;
import dev.postern.question.grammar.SentenceParser.NamedContext;
import dev.postern.question.grammar.SentenceParser.NamespaceContext;
import dev.postern.question.grammar.SentenceParser.NodeContext;
import dev.postern.question.grammar.SentenceParser.NodesContext;
import dev.postern.question.grammar.SentenceParser.OfKindContext;
import dev.postern.question.grammar.SentenceParser.PodContext;
import dev.postern.question.grammar.SentenceParser.PodsWhereContext;
import dev.postern.question.grammar.SentenceParser.PresentContext;
import dev.postern.question.grammar.SentenceParser.QuantifierContext;
import dev.postern.question.grammar.SentenceParser.RequirementContext;
import dev.postern.question.grammar.SentenceParser.ScopeContext;
import dev.postern.question.grammar.SentenceParser.SelectorContext;
import dev.postern.question.grammar.SentenceParser.ServiceContext;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** From the words for one end to a {@link Party}. */
final class PartyWords extends SentenceBaseVisitor<Party> {

  /** {@code 10.1} or {@code 10.0.0.300}: meant as an address, whatever else it is. */
  private static final Pattern LIKE_AN_ADDRESS =
      Pattern.compile("[0-9]+(\\.[0-9]*)+([/-].*)?|.*:.*");

  private static final Set<String> EVERYONE = Set.of("everyone", "everybody");

  /** {@code db:5432}, {@code 203.0.113.5:443}, {@code [2001:db8::1]:443}. */
  private static final Pattern WITH_PORT =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:]+)(?::([0-9A-Za-z-]+))?");

  private final String sentence;
  private Optional<String> port = Optional.empty();

  PartyWords(String sentence) {
    this.sentence = sentence;
  }

  /** The port that was written behind the party and a colon, once it was visited. */
  Optional<String> port() {
    return port;
  }

  @Override
  public Party visitInternet(InternetContext words) {
    return new Party.Internet(span(words));
  }

  @Override
  public Party visitAnyone(AnyoneContext words) {
    return new Party.Anyone(span(words));
  }

  @Override
  public Party visitNodes(NodesContext words) {
    return new Party.Nodes(quantifier(words.quantifier()), Optional.empty(), span(words));
  }

  @Override
  public Party visitNode(NodeContext words) {
    return node(withoutPort(words.plain().getText()), span(words));
  }

  private static Party node(String name, Span span) {
    return new Party.Nodes(Quantifier.EVERY, Optional.of(name), span);
  }

  @Override
  public Party visitApiServer(ApiServerContext words) {
    return new Party.ApiServer(span(words));
  }

  @Override
  public Party visitService(ServiceContext words) {
    return service(withoutPort(words.plain().getText()), words);
  }

  private Party service(String text, ParserRuleContext words) {
    Party.Named name = name(text, span(words));
    return new Party.ServiceNamed(name.namespace(), name.name(), span(words));
  }

  @Override
  public Party visitNamespace(NamespaceContext words) {
    return new Party.Pods(
        quantifier(words.quantifier()),
        Selector.EVERYTHING,
        new Party.NamespaceScope.In(List.of(words.name().getText())),
        span(words));
  }

  @Override
  public Party visitPodsWhere(PodsWhereContext words) {
    return new Party.Pods(
        quantifier(words.quantifier()),
        words.selector() == null ? Selector.EVERYTHING : selector(words.selector()),
        scope(words.scope()),
        span(words));
  }

  @Override
  public Party visitAddresses(AddressesContext words) {
    return new Party.Addresses(
        quantifier(words.quantifier()),
        addresses(words.WORD().getText(), span(words)),
        span(words));
  }

  @Override
  public Party visitHypothetical(HypotheticalContext words) {
    Map<String, String> labels = new TreeMap<>();
    for (RequirementContext each : words.selector().requirement()) {
      if (!(each instanceof ComparedContext compared)
          || compared.EQUAL() == null
          || labels.put(compared.name(0).getText(), compared.name(1).getText()) != null) {
        throw new BadSentence(
            sentence,
            span(each),
            "`a pod` is one pod of exactly these labels",
            "write each label once, as `a pod app=web,tier=front in shop`, or `any pod with ...` for those that are there");
      }
    }
    return new Party.Hypothetical(
        Labels.of(labels),
        words.name() == null ? Optional.empty() : Optional.of(words.name().getText()),
        span(words));
  }

  @Override
  public Party visitPod(PodContext words) {
    Optional<String> kind = KindWords.kind(words.POD().getText());
    Span span = kind.isPresent() ? span(words) : span(words.plain());
    return name(withoutPort(words.plain().getText()), kind, span);
  }

  @Override
  public Party visitOfKind(OfKindContext words) {
    return name(
        withoutPort(words.plain().getText()), KindWords.kind(words.KIND().getText()), span(words));
  }

  @Override
  public Party visitNamed(NamedContext words) {
    String text = withoutPort(words.word().getText());
    Span span = span(words);
    if (text.contains("://")) {
      throw new BadSentence(
          sentence,
          span,
          "`" + text + "` is a URL",
          "write the host and the port, as in `api.example.com on 443`");
    }
    if (EVERYONE.contains(text.toLowerCase(Locale.ROOT))) {
      throw new BadSentence(
          sentence,
          span,
          "`" + text + "` does not say who is meant",
          "write `every pod` for all pods, `internet` for all public addresses, or `anyone` for any of both");
    }
    if (LIKE_AN_ADDRESS.matcher(text).matches()) {
      return new Party.Addresses(Quantifier.EVERY, addresses(text, span), span);
    }
    if (!text.contains("/") && text.contains(".")) {
      return new Party.DomainNamed(text.toLowerCase(Locale.ROOT), span);
    }
    int slash = text.indexOf('/');
    if (slash > 0) {
      Optional<String> kind = KindWords.kind(text.substring(0, slash));
      String tail = text.substring(slash + 1);
      if (kind.equals(Optional.of(KindWords.SERVICE))) {
        return service(tail, words);
      }
      if (kind.equals(Optional.of(KindWords.NODE))) {
        return node(tail, span);
      }
      if (kind.isPresent()) {
        return name(tail, kind, span);
      }
      if (KindWords.isAnyWorkload(text.substring(0, slash))) {
        return name(tail, span);
      }
    }
    return name(text, span);
  }

  /** The words without a port at their end, which is kept. */
  private String withoutPort(String text) {
    Matcher parts = WITH_PORT.matcher(text);
    if (!parts.matches()) {
      return text;
    }
    port = Optional.ofNullable(parts.group(2));
    String head = parts.group(1);
    return head.startsWith("[") && head.endsWith("]") && head.length() > 2
        ? head.substring(1, head.length() - 1)
        : head;
  }

  private Party.Named name(String text, Span span) {
    return name(text, Optional.empty(), span);
  }

  private Party.Named name(String text, Optional<String> kind, Span span) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new Party.Named(Optional.empty(), text, kind, span);
    }
    String name = text.substring(slash + 1);
    if (slash == 0 || name.isEmpty() || name.contains("/")) {
      throw new BadSentence(
          sentence,
          span,
          "`" + text + "` is no name",
          "write `namespace/name`, as in `shop/frontend`");
    }
    return new Party.Named(Optional.of(text.substring(0, slash)), name, kind, span);
  }

  private AddressSet addresses(String text, Span span) {
    AddressSet addresses = parsed(text, span);
    Address first = addresses.ranges().get(0).first();
    if (first.isIpv4Mapped()) {
      throw new BadSentence(
          sentence,
          span,
          "`" + text + "` is IPv4 written as IPv6: packets to it are of IPv4",
          "write it as IPv4, as `" + first.ofIpv4() + "`");
    }
    return addresses;
  }

  private AddressSet parsed(String text, Span span) {
    try {
      int dash = text.indexOf('-');
      if (dash > 0) {
        return AddressSet.of(new AddressRange(
            Address.parse(text.substring(0, dash)), Address.parse(text.substring(dash + 1))));
      }
      return AddressSet.of(text.contains("/") ? Cidr.parse(text) : Cidr.of(Address.parse(text)));
    } catch (IllegalArgumentException problem) {
      throw new BadSentence(
          sentence,
          span,
          "`" + text + "` is no address: " + problem.getMessage(),
          "write an address as 203.0.113.7 or 2001:db8::1, a CIDR as 10.0.0.0/8, a range as"
              + " 10.0.0.1-10.0.0.9");
    }
  }

  private static Quantifier quantifier(@Nullable QuantifierContext words) {
    return words == null || words.ANY() != null ? Quantifier.ANY : Quantifier.EVERY;
  }

  private Party.NamespaceScope scope(@Nullable ScopeContext words) {
    if (words instanceof InNamedContext in) {
      return new Party.NamespaceScope.In(
          in.name().stream().map(NameContext::getText).toList());
    }
    return words instanceof InMatchingContext matching
        ? new Party.NamespaceScope.Matching(selector(matching.selector()))
        : new Party.NamespaceScope.Everywhere();
  }

  private Selector selector(SelectorContext words) {
    List<Requirement> requirements = new ArrayList<>();
    for (RequirementContext each : words.requirement()) {
      requirements.add(requirement(each));
    }
    return new Selector(requirements);
  }

  private static Requirement requirement(RequirementContext words) {
    if (words instanceof ComparedContext compared) {
      return new Requirement(
          compared.name(0).getText(),
          compared.EQUAL() != null ? Operator.IN : Operator.NOT_IN,
          List.of(compared.name(1).getText()));
    }
    if (words instanceof ListedContext listed) {
      List<String> names = listed.name().stream().map(NameContext::getText).toList();
      return new Requirement(
          names.get(0),
          listed.IN() != null ? Operator.IN : Operator.NOT_IN,
          names.subList(1, names.size()));
    }
    PresentContext present = (PresentContext) words;
    return new Requirement(
        present.key.getText(),
        present.NOT_SIGN() == null ? Operator.EXISTS : Operator.DOES_NOT_EXIST,
        List.of());
  }

  static Span span(Token word) {
    return new Span(word.getStartIndex(), word.getStopIndex() + 1);
  }

  static Span span(ParserRuleContext words) {
    return new Span(words.getStart().getStartIndex(), words.getStop().getStopIndex() + 1);
  }
}
