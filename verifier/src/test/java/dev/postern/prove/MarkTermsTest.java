package dev.postern.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.enforced.RuleAction.MapMark;
import dev.postern.enforced.RuleAction.MapMark.Entry;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is said of a mark that nobody has worked out is what arithmetic makes of it. */
class MarkTermsTest {

  private static final Packets ALL = new Packets(Family.IPV4, AddressSet.ALL, AddressSet.ALL);

  /** A mark in both forms, for one packet. */
  private record Marked(MarkTerms terms, int mark) {}

  private final List<Boolean> unknowns = new ArrayList<>();

  @Property(tries = 2000)
  void aMarkIsWhatItsStepsMakeOfIt(@ForAll Random random) {
    unknowns.clear();
    Address source = Address.ipv4(0x0A00_0000L + random.nextInt(4));
    Address destination = Address.ipv4(0x0A00_0000L + random.nextInt(4));
    Marked marked = new Marked(MarkTerms.none(), 0);
    List<Marked> seen = new ArrayList<>(List.of(marked));
    for (int steps = random.nextInt(6); steps > 0; steps--) {
      marked = step(marked, seen, source, destination, random);
      seen.add(marked);
    }

    for (int i = 0; i < 20; i++) {
      int mask = random.nextInt(16);
      int value = random.nextInt(4) == 0 ? random.nextInt(16) : marked.mark & mask;
      assertThat(holds(marked.terms.equal(value, mask), source, destination))
          .as("%d & %d == %d", marked.mark, mask, value)
          .isEqualTo((marked.mark & mask) == value);
    }
    assertThat(marked.mark & ~marked.terms.possible()).as("bits that cannot be").isZero();
  }

  private Marked step(
      Marked marked, List<Marked> seen, Address source, Address destination, Random random) {
    int value = random.nextInt(16);
    int mask = random.nextInt(16);
    switch (random.nextInt(4)) {
      case 0 -> {
        return new Marked(marked.terms.set(value, mask), marked.mark & ~mask ^ value);
      }
      case 1 -> {
        int first = unknowns.size();
        MarkTerms lost = marked.terms.lose(mask, () -> unknown(random));
        int mark = marked.mark & ~mask;
        int bit = 0;
        for (int open = mask; open != 0; open &= open - 1) {
          mark |= unknowns.get(first + bit++) ? Integer.lowestOneBit(open) : 0;
        }
        return new Marked(lost, mark);
      }
      case 2 -> {
        boolean holds = random.nextBoolean();
        unknowns.add(holds);
        Marked other = seen.get(random.nextInt(seen.size()));
        return new Marked(
            marked.terms.where(new Sentence.Unknown(unknowns.size() - 1), other.terms),
            holds ? marked.mark : other.mark);
      }
      default -> {
        MapMark map = new MapMark(random.nextBoolean(), entries(random));
        Address of = map.source() ? source : destination;
        int mark = map.entries().stream()
            .filter(entry -> entry.addresses().contains(of))
            .findFirst()
            .map(entry -> marked.mark & ~entry.mask() ^ entry.value())
            .orElse(marked.mark);
        return new Marked(marked.terms.map(new MarkTable(map, map.entries(), ALL)), mark);
      }
    }
  }

  private Sentence unknown(Random random) {
    unknowns.add(random.nextBoolean());
    return new Sentence.Unknown(unknowns.size() - 1);
  }

  private static List<Entry> entries(Random random) {
    List<Entry> entries = new ArrayList<>();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      AddressSet addresses = random.nextInt(4) == 0
          ? AddressSet.of(Cidr.parse(random.nextBoolean() ? "10.0.0.0/31" : "10.0.0.2/31"))
          : AddressSet.ofAddresses(List.of(Address.ipv4(0x0A00_0000L + random.nextInt(4))));
      entries.add(new Entry(addresses, random.nextInt(16), random.nextInt(16)));
    }
    return entries;
  }

  private boolean holds(Sentence sentence, Address source, Address destination) {
    return sentence.on(new Sentence.Cases<Boolean>() {
      @Override
      public Boolean all(Sentence.All all) {
        return all.parts().stream().allMatch(part -> part.on(this));
      }

      @Override
      public Boolean any(Sentence.Any any) {
        return any.parts().stream().anyMatch(part -> part.on(this));
      }

      @Override
      public Boolean not(Sentence.Not not) {
        return !not.part().on(this);
      }

      @Override
      public Boolean address(Sentence.InAddresses in) {
        return in.set().contains(in.source() ? source : destination);
      }

      @Override
      public Boolean number(Sentence.InNumbers in) {
        throw new AssertionError("no mark says " + in);
      }

      @Override
      public Boolean same(Sentence.Same same) {
        return source.equals(destination);
      }

      @Override
      public Boolean unknown(Sentence.Unknown unknown) {
        return unknowns.get(unknown.number());
      }
    });
  }
}
