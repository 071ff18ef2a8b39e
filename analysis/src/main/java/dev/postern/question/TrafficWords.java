package dev.postern.question;

import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.question.grammar.SentenceParser.EverythingContext;
import dev.postern.question.grammar.SentenceParser.PortWordContext;
import dev.postern.question.grammar.SentenceParser.PortsContext;
import dev.postern.question.grammar.SentenceParser.TrafficContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;

/** From the words after {@code on} to traffic. */
final class TrafficWords {

  private static final String HINT =
      "write ports as 5432, tcp/5432, udp/53, 80-443 a port's name, or a list of them; icmp, or any traffic";

  private static final Pattern PORTS = Pattern.compile("([0-9]+)(?:-([0-9]+))?");

  /** IANA_SVC_NAME, as the API server checks the names of container ports and of Service ports, which may be longer. */
  private static final Pattern NAME =
      Pattern.compile("(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Set<String> PROTOCOLS_WITHOUT_PORTS = Set.of("icmp", "icmpv6", "other");

  private final String sentence;

  /** The protocol of the word before; a bare number after anything but TCP could mean two things. */
  private Protocol before = Protocol.TCP;

  TrafficWords(String sentence) {
    this.sentence = sentence;
  }

  Asked read(TrafficContext words) {
    if (words instanceof EverythingContext everything) {
      return new Asked(Traffic.ALL, true, everything.ANY() != null);
    }
    Traffic traffic = Traffic.NONE;
    List<NamedPort> names = new ArrayList<>();
    List<ParseTree> each = ((PortsContext) words).children;
    boolean separated = true;
    for (int i = 0; i < each.size(); i++) {
      if (!(each.get(i) instanceof PortWordContext portWord)) {
        separated = true;
        continue;
      }
      Token token = portWord.getStop();
      String word = token.getText().toLowerCase(Locale.ROOT);
      boolean other = word.equals("other")
          && i + 1 < each.size()
          && each.get(i + 1).getText().equalsIgnoreCase("protocols");
      Optional<NamedPort> name = separated ? named(word, PartyWords.span(token)) : Optional.empty();
      if (other) {
        traffic = traffic.union(Traffic.of(Protocol.OTHER, PortSet.NONE));
        i++;
      } else if (name.isPresent()) {
        names.add(name.get());
      } else {
        traffic = traffic.union(word(token, word));
      }
      separated = false;
    }
    return new Asked(traffic, true, false, names);
  }

  /** The name of a port, as {@code http} or {@code tcp/http}; empty for a number, a protocol, and what is neither. */
  private static Optional<NamedPort> named(String word, Span span) {
    int slash = word.indexOf('/');
    Optional<Protocol> protocol = slash < 0 ? Optional.empty() : protocol(word.substring(0, slash));
    String name = word.substring(slash + 1);
    boolean isName = NAME.matcher(name).matches()
        && (slash < 0 || protocol.isPresent())
        && protocol(name).isEmpty()
        && !PROTOCOLS_WITHOUT_PORTS.contains(name)
        && !protocol.equals(Optional.of(Protocol.OTHER));
    return isName ? Optional.of(new NamedPort(protocol, name, span)) : Optional.empty();
  }

  /** The TCP port, or the port's name, that was written behind a colon. */
  static Asked behindColon(String sentence, String port, Span span) {
    Optional<NamedPort> name = named(port.toLowerCase(Locale.ROOT), span);
    if (name.isPresent()) {
      return new Asked(Traffic.NONE, true, false, List.of(name.get()));
    }
    if (!PORTS.matcher(port).matches()) {
      throw new BadSentence(sentence, span, "`" + port + "` is no port", HINT);
    }
    return new TrafficWords(sentence).numbered(port, span);
  }

  private Asked numbered(String port, Span span) {
    int number = port.length() > 5 || port.contains("-") ? 0 : Integer.parseInt(port);
    if (number < PortSet.MIN || number > PortSet.MAX) {
      throw new BadSentence(sentence, span, port + " is no port", "ports are 1 to 65535");
    }
    return Asked.of(Traffic.tcp(number));
  }

  private Traffic word(Token token, String word) {
    if (word.equals("icmp") || word.equals("icmpv6")) {
      return Traffic.of(Protocol.OTHER, PortSet.NONE);
    }
    Optional<Protocol> alone = protocol(word);
    if (alone.isPresent()) {
      before = alone.get();
      return Traffic.of(before, PortSet.ALL);
    }
    int slash = word.indexOf('/');
    if (slash < 0) {
      if (before != Protocol.TCP) {
        throw bad(
            token,
            "the protocol of `" + word + "` is not clear after " + before.word(),
            "write tcp/" + word + " or " + before.word() + "/" + word);
      }
      return Traffic.of(Protocol.TCP, ports(token, word));
    }
    String head = word.substring(0, slash);
    String tail = word.substring(slash + 1);
    Optional<Protocol> first = protocol(head);
    Optional<Protocol> last = protocol(tail);
    if (first.isEmpty() && last.isEmpty()) {
      throw bad(token, "`" + word + "` names no protocol", "the protocols are tcp, udp and sctp");
    }
    before = first.or(() -> last).orElseThrow();
    return Traffic.of(before, ports(token, first.isPresent() ? tail : head));
  }

  private static Optional<Protocol> protocol(String word) {
    return Protocol.ofApi(word.toUpperCase(Locale.ROOT));
  }

  private PortSet ports(Token token, String word) {
    Matcher ports = PORTS.matcher(word);
    if (!ports.matches()) {
      throw bad(token, "`" + word + "` is no port", HINT);
    }
    int first = number(token, ports.group(1));
    int last = ports.group(2) == null ? first : number(token, ports.group(2));
    if (first > last) {
      throw bad(
          token, "the range " + word + " ends before it begins", "write " + last + "-" + first);
    }
    return PortSet.range(first, last);
  }

  private int number(Token token, String digits) {
    int number = digits.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (number < PortSet.MIN || number > PortSet.MAX) {
      throw bad(token, digits + " is no port", "ports are 1 to 65535");
    }
    return number;
  }

  private BadSentence bad(Token token, String problem, String hint) {
    return new BadSentence(sentence, PartyWords.span(token), problem, hint);
  }
}
