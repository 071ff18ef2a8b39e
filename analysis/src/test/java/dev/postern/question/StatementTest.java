package dev.postern.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.net.Traffic;
import dev.postern.question.Statement.Mood;
import org.junit.jupiter.api.Test;

class StatementTest {

  @Test
  void aStatementSaysWhoCanReachWhom() {
    Statement statement = Statement.parse("shop/frontend can reach shop/db on 5432");

    assertThat(statement.mood()).isEqualTo(Mood.CAN);
    assertThat(statement.sources()).singleElement().hasToString("shop/frontend");
    assertThat(statement.destination()).hasToString("shop/db");
    assertThat(statement.asked().traffic()).isEqualTo(Traffic.tcp(5432));
  }

  @Test
  void aByteOrderMarkIsNoPartOfASpecification() {
    Statement.Specification specification =
        Statement.specification("\uFEFFshop/frontend can reach shop/db\r\n");

    assertThat(specification.mistakes()).isEmpty();
    assertThat(specification.expectations()).hasSize(1);
  }

  @Test
  void cannotMayBeWrittenInThreeWays() {
    for (String word : new String[] {"cannot", "can not", "can't"}) {
      assertThat(
              Statement.parse("namespace dev " + word + " reach namespace prod").mood())
          .as(word)
          .isEqualTo(Mood.CANNOT);
    }
  }

  @Test
  void onlyMayNameMoreThanOne() {
    Statement statement =
        Statement.parse("only shop/frontend, shop/admin and ops/backup can reach shop/db");

    assertThat(statement.mood()).isEqualTo(Mood.ONLY);
    assertThat(statement.sources()).hasSize(3);
    assertThat(statement.destination()).hasToString("shop/db");
  }

  @Test
  void aSpecificationHasCommentsAndEmptyLinesAndKeepsLineNumbers() {
    Statement.Specification specification = Statement.specification("""
        # what must hold
        shop/frontend can reach shop/db on 5432   # the catalogue

        every pod in namespace dev cannot reach namespace prod
        """);

    assertThat(specification.mistakes()).isEmpty();
    assertThat(specification.statements()).extracting(Statement::line).containsExactly(2, 4);
    assertThat(specification.statements().get(0).text())
        .isEqualTo("shop/frontend can reach shop/db on 5432");
  }

  @Test
  void oneBadLineDoesNotSpoilTheOthers() {
    Statement.Specification specification =
        Statement.specification("a/b can raech c/d\na/b can reach c/d\n");

    assertThat(specification.statements()).hasSize(1);
    assertThat(specification.mistakes()).singleElement().satisfies(mistake -> {
      assertThat(mistake.line()).isEqualTo(1);
      assertThat(mistake.problem().column()).isEqualTo(9);
    });
  }

  @Test
  void aQuestionIsNoStatement() {
    assertThatThrownBy(() -> Statement.parse("who can reach shop/db"))
        .isInstanceOf(BadSentence.class);
  }
}
