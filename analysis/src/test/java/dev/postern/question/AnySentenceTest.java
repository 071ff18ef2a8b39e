package dev.postern.question;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is written, it is understood or refused with its place: nothing else is thrown. */
class AnySentenceTest {

  private static final List<String> SENTENCES = List.of(
      "can shop/frontend reach shop/db on tcp/5432",
      "can any pod in namespace dev reach every pod app=web,tier in (a,b) in prod on 80-443, udp/53",
      "who can reach service shop/db on icmp",
      "what can 10.0.0.0/8 reach on any traffic",
      "can 2001:db8::1 reach pods !x,y notin (z) in namespaces env=prod",
      "only shop/a, shop/b can reach internet on sctp",
      "namespace dev cannot reach api.example.com");

  private static final List<String> WORDS = List.of(
      "can",
      "cannot",
      "reach",
      "who",
      "what",
      "only",
      "on",
      "in",
      "any",
      "every",
      "pod",
      "pods",
      "namespace",
      "service",
      "internet",
      "traffic",
      "and",
      "=",
      "!=",
      "!",
      "(",
      ")",
      ",",
      "?",
      "/",
      "tcp/",
      "0",
      "99999999999",
      "a/b/c",
      "::",
      "1.2.3.4.5",
      "10.0.0.0/99",
      "-",
      "*",
      "[",
      "\u0000",
      "\u202e",
      "é",
      "\ud83d",
      "'",
      "\"");

  private static void understoodOrRefused(String text, Consumer<String> reader) {
    try {
      reader.accept(text);
    } catch (BadSentence refused) {
      assertThat(refused.column()).isBetween(1, text.length() + 1);
      assertThat(refused.problem()).isNotBlank();
      assertThat(refused.excerpt()).contains("^");
    }
  }

  @Property(tries = 3000)
  void brokenSentences(@ForAll("broken") String text) {
    understoodOrRefused(text, Question::parse);
    understoodOrRefused(text, Statement::parse);
  }

  @Property(tries = 1000)
  void anyText(@ForAll String text) {
    understoodOrRefused(text, Question::parse);
    understoodOrRefused(text, Statement::parse);
  }

  @Property(tries = 200)
  void anySpecification(@ForAll List<String> lines) {
    Statement.Specification specification = Statement.specification(String.join("\n", lines));

    assertThat(specification.statements()).isEmpty();
  }

  @Provide
  Arbitrary<String> broken() {
    return Arbitraries.randomValue(AnySentenceTest::broken);
  }

  private static String broken(Random random) {
    List<String> words =
        new ArrayList<>(List.of(SENTENCES.get(random.nextInt(SENTENCES.size())).split(" ")));
    for (int i = random.nextInt(3) + 1; i > 0; i--) {
      int at = random.nextInt(words.size());
      String word = WORDS.get(random.nextInt(WORDS.size()));
      switch (random.nextInt(4)) {
        case 0 -> words.set(at, word);
        case 1 -> words.add(at, word);
        case 2 -> words.set(at, words.get(at) + word);
        default -> words.remove(at);
      }
      if (words.isEmpty()) {
        words.add(word);
      }
    }
    return String.join(" ", words);
  }
}
