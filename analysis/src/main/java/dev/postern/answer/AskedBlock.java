package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.net.Cidr;
import dev.postern.question.Party;
import dev.postern.question.Question;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Addresses that a question asks about as a whole. */
final class AskedBlock {

  private AskedBlock() {}

  /** The block that a question names where its witness has an address; for the internet all addresses. */
  static Optional<Cidr> of(Question question, Judgement witness) {
    if (!(question instanceof Question.Can can)) {
      return Optional.empty();
    }
    for (Party party : List.of(can.source(), can.destination())) {
      if (party instanceof Party.Internet) {
        return Stream.of(witness.flow().source(), witness.flow().destination())
            .flatMap(end -> end instanceof End.Outside outside
                ? Stream.of(Cidr.all(outside.address().family()))
                : Stream.empty())
            .findFirst();
      }
      if (party instanceof Party.Addresses named) {
        List<Cidr> cidrs = named.addresses().cidrs();
        return cidrs.size() == 1 ? Optional.of(cidrs.get(0)) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
