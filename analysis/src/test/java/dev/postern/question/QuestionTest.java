package dev.postern.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {

  private static Question.Can can(String text) {
    return Question.Can.parse(text);
  }

  private static Party destination(String party) {
    return can("can shop/frontend reach " + party).destination();
  }

  private static Traffic traffic(String words) {
    return can("can a reach b on " + words).asked().traffic();
  }

  private static BadSentence mistake(String text) {
    return catchThrowableOfType(BadSentence.class, () -> Question.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "can a CANNOT reach b on 5432",
        "cannot a reach b",
        "a can't reach b?",
        "cannot a cannot reach b",
        "can a not reach b",
        "a can not reach b",
        "can a never reach b",
        "who cannot reach b",
        "what can a not reach",
        "only a can reach b"
      })
  void aQuestionThatDeniesIsRefused(String text) {
    assertThat(mistake(text)).hasMessageContaining("ask `can … reach …`");
  }

  @Test
  void aWorkloadIsNamedWithItsNamespace() {
    Question.Can question = can("can shop/frontend reach shop/db on 5432");

    assertThat(question.source())
        .isEqualTo(new Party.Named(Optional.of("shop"), "frontend", new Span(4, 17)));
    assertThat(question.asked()).isEqualTo(Asked.of(Traffic.tcp(5432)));
  }

  @Test
  void aNameMayComeWithoutNamespace() {
    assertThat(((Party.Named) can("can frontend reach db").source()).namespace())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5432 | tcp/5432",
        "tcp/5432 | tcp/5432",
        "5432/tcp | tcp/5432",
        "udp/53 | udp/53",
        "80-443 | tcp/80-443",
        "80,443 | tcp/80,443",
        "80 and 443 | tcp/80,443",
        "tcp/80, udp/53 | tcp/80 udp/53",
        "tcp/80 udp/53 | tcp/80 udp/53",
        "sctp | sctp",
        "icmp | other protocols",
        "any traffic | all traffic",
        "all traffic | all traffic",
        "tcp/80,443 udp/53 sctp other protocols | tcp/80,443 udp/53 sctp other protocols"
      })
  void trafficIsReadAsWritten(String words, String expected) {
    assertThat(traffic(words)).hasToString(expected);
  }

  @Test
  void withoutTrafficAllOfItIsMeant() {
    assertThat(can("can a reach b").asked()).isEqualTo(Asked.UNSAID);
  }

  @Test
  void icmpIsAProtocolWithoutPorts() {
    assertThat(traffic("icmp")).isEqualTo(Traffic.of(Protocol.OTHER, PortSet.NONE));
  }

  @ParameterizedTest
  @CsvSource({"0", "65536", "tcp/70000", "443-80", "-http", "tcp/-", "foo/80", "80-", "99999999999"
  })
  void whatIsNoPortIsSaidToBeNone(String words) {
    BadSentence mistake = mistake("can a reach b on " + words);

    assertThat(mistake.column()).isEqualTo(18);
    assertThat(mistake.hint()).isPresent();
  }

  @Test
  void aBareNumberAfterUdpCouldMeanTwoThingsAndIsRefused() {
    assertThat(mistake("can a reach b on udp/53, 443"))
        .hasMessageContaining("the protocol of `443` is not clear")
        .hasMessageContaining("write tcp/443 or udp/443");
  }

  @ParameterizedTest
  @CsvSource({
    "any pod in namespace dev, ANY",
    "pods in dev, ANY",
    "namespace dev, ANY",
    "any namespace dev, ANY",
    "every pod in namespace dev, EVERY",
    "every namespace dev, EVERY",
    "all pods in dev, EVERY"
  })
  void podsOfANamespaceAreOneOfThemUnlessEveryIsSaid(String words, Quantifier expected) {
    Party.Pods pods = (Party.Pods) destination(words);

    assertThat(pods.quantifier()).isEqualTo(expected);
    assertThat(pods.scope()).isEqualTo(new Party.NamespaceScope.In(List.of("dev")));
    assertThat(pods.selector()).isEqualTo(Selector.EVERYTHING);
  }

  @Test
  void podsAreSelectedAsKubectlDoes() {
    Party.Pods pods = (Party.Pods)
        destination("pods app=web,tier!=back,env in (a,b),zone notin (c),x,!y in shop");

    assertThat(pods.selector())
        .isEqualTo(Selector.of(
            Requirement.equal("app", "web"),
            new Requirement("tier", Operator.NOT_IN, List.of("back")),
            new Requirement("env", Operator.IN, List.of("a", "b")),
            new Requirement("zone", Operator.NOT_IN, List.of("c")),
            new Requirement("x", Operator.EXISTS, List.of()),
            new Requirement("y", Operator.DOES_NOT_EXIST, List.of())));
    assertThat(pods.scope()).isEqualTo(new Party.NamespaceScope.In(List.of("shop")));
  }

  @Test
  void namespacesAreSelectedByLabelToo() {
    Party.Pods pods = (Party.Pods) destination("any pod app=web in namespaces env=prod");

    assertThat(pods.scope())
        .isEqualTo(new Party.NamespaceScope.Matching(Selector.equal("env", "prod")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"can", "internet", "service", "on", "any", "pod", "in"})
  void aWordOfTheLanguageMayBeANamespaceOrALabelValue(String word) {
    Party.Pods pods = (Party.Pods) destination("pods app=" + word + " in " + word);

    assertThat(pods.selector()).isEqualTo(Selector.equal("app", word));
    assertThat(pods.scope()).isEqualTo(new Party.NamespaceScope.In(List.of(word)));
  }

  @Test
  void anAddressACidrAndARangeAreAddresses() {
    assertThat(((Party.Addresses) destination("203.0.113.7")).addresses())
        .isEqualTo(AddressSet.of(Cidr.parse("203.0.113.7/32")));
    assertThat(((Party.Addresses) destination("10.0.0.0/8")).addresses())
        .isEqualTo(AddressSet.of(Cidr.parse("10.0.0.0/8")));
    assertThat(((Party.Addresses) destination("2001:db8::/64")).addresses())
        .isEqualTo(AddressSet.of(Cidr.parse("2001:db8::/64")));
    assertThat(((Party.Addresses) destination("10.0.0.0-10.0.0.255")).addresses())
        .isEqualTo(AddressSet.of(Cidr.parse("10.0.0.0/24")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.300",
        "10.0.0",
        "10.0.0.0/33",
        "10.0.0.9-10.0.0.1",
        "2001:db8::g",
        "1.2.3.4.5"
      })
  void whatLooksLikeAnAddressAndIsNoneIsAMistake(String text) {
    assertThat(mistake("can shop/a reach " + text)).hasMessageContaining("is no address");
  }

  @Test
  void aNameWithDotsIsADomainName() {
    assertThat(destination("API.example.com"))
        .isEqualTo(new Party.DomainNamed("api.example.com", new Span(24, 39)));
  }

  @Test
  void aServiceIsNamedAsSuch() {
    assertThat(destination("service shop/db"))
        .isEqualTo(new Party.ServiceNamed(Optional.of("shop"), "db", new Span(24, 39)));
  }

  @Test
  void aServiceAndADomainNameCannotCall() {
    assertThat(mistake("can service shop/db reach shop/a"))
        .hasMessageContaining("a Service opens no connection");
    assertThat(mistake("can example.com reach shop/a")).hasMessageContaining("never by DNS name");
  }

  @Test
  void whoAndWhatAskForLists() {
    assertThat(Question.parse("who can reach shop/db on 5432")).isInstanceOf(Question.Who.class);
    assertThat(Question.parse("what can shop/frontend reach?")).isInstanceOf(Question.What.class);
  }

  @Test
  void keywordsMayBeCapitals() {
    assertThat(Question.parse("Can internet reach shop/web ON 80"))
        .isInstanceOf(Question.Can.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can shop/frontend raech shop/db | 19 | did you mean `reach`?",
        "can shop/frontend reach | 24 | it ends where a workload or pod",
        "can shop/frontend reach shop/db on | 35 | a port, `tcp/5432`",
        "can shop/frontend reach shop/db ton 80 | 33 | did you mean `on`?",
        "can | 4 | it ends where",
        "who reach shop/db | 5 | `can` should be",
        "can shop/a reach pods app= | 27 | it ends where a name should be",
        "can shop/a reach shop/b on 80 please | 31 | `please` is no port",
        "can a$b reach c | 6 | `$` stands where"
      })
  void aMistakeIsShownWhereItIsWithWhatCouldStandThere(String text, int column, String says) {
    BadSentence mistake = mistake(text);

    assertThat(mistake).hasMessageContaining(says);
    assertThat(mistake.column()).isEqualTo(column);
  }

  @Test
  void theExcerptPutsCaretsBelowTheWords() {
    assertThat(mistake("can shop/frontend raech shop/db").excerpt().lines())
        .containsExactly("  can shop/frontend raech shop/db", "                    ^^^^^");
  }

  @Test
  void anEmptySentenceIsToldWhatAQuestionIs() {
    assertThat(mistake(" ")).hasMessageContaining("there is no sentence");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "can a reach b on port 5432",
        "can a access b on 5432",
        "can a connect to b on 5432?",
        "can a reach b:5432",
        "can pod/a reach deployment/b on ports 5432",
        "can a reach svc/b on 5432",
        "can the internet reach b on 5432",
        "can a reach 203.0.113.5:5432",
        "can a reach [2001:db8::1]:5432"
      })
  void peopleWriteItSo(String sentence) {
    assertThat(can(sentence).asked()).isEqualTo(Asked.of(Traffic.tcp(5432)));
    String statement = sentence.substring(4).replaceFirst(" (reach|access|connect)", " can $1");
    assertThat(Statement.parse(statement).asked()).isEqualTo(Asked.of(Traffic.tcp(5432)));
  }

  @Test
  void wordsOfTheLanguageAreStillNames() {
    assertThat(((Party.Named) can("can access reach job on 80").source()).name())
        .isEqualTo("access");
    assertThat(((Party.Named) can("can port reach job on 80").destination()).name())
        .isEqualTo("job");
  }

  @Test
  void aKindMayStandBeforeAName() {
    assertThat(((Party.Named) destination("sts/db on 80")).kind()).contains("StatefulSet");
    assertThat(((Party.Named) destination("statefulset shop/db on 80")).namespace())
        .contains("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "can a and b:80 reach c",
        "can a reach b:80 on 80",
        "can a:80 reach b",
        "can a reach b:80 and c",
        "can everyone reach b",
        "can pods in a and b reach c",
        "can a reach https://b.example.com"
      })
  void forWhatIsUnclearItSaysWhatToWrite(String sentence) {
    assertThat(mistake(sentence).hint()).isPresent();
  }

  @Test
  void aPortMayBeNamed() {
    Asked asked = can("can a reach b on http, 9090 and udp/dns").asked();

    assertThat(asked.traffic()).isEqualTo(Traffic.tcp(9090));
    assertThat(asked.names()).extracting(NamedPort::name).containsExactly("http", "dns");
    assertThat(asked.names().get(1).protocol()).contains(Protocol.UDP);
    assertThat(can("can a reach b:http").asked().names())
        .extracting(NamedPort::name)
        .containsExactly("http");
  }

  @Test
  void severalPartiesMayStandTogether() {
    Question.Can question = can("can shop/a and shop/b reach any pod in x and 10.0.0.0/8 on 80");

    assertThat(question.source().each()).hasSize(2);
    assertThat(question.destination().each()).hasSize(2);
    assertThat(question.each()).hasSize(4);
    assertThat(Statement.parse("a and b cannot reach c and d").sources()).hasSize(1);
    assertThat(Statement.parse("only a, b and c can reach d").sources()).hasSize(3);
  }

  @Test
  void whoeverAndNodesAndTheApiServerAreParties() {
    assertThat(destination("anyone")).isInstanceOf(Party.Anyone.class);
    assertThat(destination("the API server")).isInstanceOf(Party.ApiServer.class);
    assertThat(destination("the kube-apiserver on 6443")).isInstanceOf(Party.ApiServer.class);
    assertThat(((Party.Nodes) destination("node/worker-1")).name()).contains("worker-1");
    assertThat(((Party.Nodes) destination("any node")).quantifier()).isEqualTo(Quantifier.ANY);
    assertThat(((Party.Nodes) destination("every node")).name()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "node", "server", "api-server"})
  void theirWordsAreStillNames(String name) {
    assertThat(destination(name)).hasToString(name);
    assertThat(destination("svc " + name)).hasToString("service " + name);
    assertThat(can("can a reach b on " + name).asked().names()).hasSize(1);
  }

  @Test
  void aStatementThatAnyoneCanIsRefusedSinceItCouldMeanAll() {
    assertThat(catchThrowableOfType(
            BadSentence.class, () -> Statement.parse("anyone can reach shop/db")))
        .hasMessageContaining("one of them or all");
    assertThat(Statement.parse("anyone cannot reach shop/db").sources()).hasSize(1);
  }

  @Test
  void aQuestionOfAnotherKindIsNoYesOrNo() {
    assertThatThrownBy(() -> Question.Can.parse("who can reach shop/db"))
        .isInstanceOf(BadSentence.class)
        .hasMessage("no question of yes or no (hint: ask `can … reach …`)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:10.1.0.1",
        "::ffff:a01:1",
        "::ffff:10.0.0.0/104",
        "::ffff:10.0.0.1-::ffff:10.0.0.9"
      })
  void anAddressOfIpv4WrittenAsIpv6IsRefused(String text) {
    assertThat(mistake("can shop/a reach " + text))
        .hasMessageContaining("is IPv4 written as IPv6")
        .hasMessageContaining("packets to it are of IPv4");
  }
}
