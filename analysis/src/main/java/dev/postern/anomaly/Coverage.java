package dev.postern.anomaly;

import dev.postern.meaning.Flow;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Which things together do what one thing does, collected point by point: a single one if there is one, else the first few that suffice. */
final class Coverage {

  private boolean isFirst = true;
  /** Who alone does all that was seen, ascending. */
  private int[] alone = {};

  private final BitSet parts = new BitSet();
  private Optional<Flow> witness = Optional.empty();

  /** Numbers with what each covers of a word at a point. */
  static final class Others {
    private int[] numbers = new int[16];
    private long[] masks = new long[16];
    private int count;

    void clear() {
      count = 0;
    }

    boolean covers(int number, long bits) {
      for (int i = 0; i < count; i++) {
        if (numbers[i] == number && (bits & ~masks[i]) == 0) {
          return true;
        }
      }
      return false;
    }

    void add(int number, long mask) {
      if (count > 0 && numbers[count - 1] == number) {
        masks[count - 1] |= mask;
        return;
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
        masks = Arrays.copyOf(masks, 2 * count);
      }
      numbers[count] = number;
      masks[count++] = mask;
    }
  }

  /** Takes in that some of a word is done by these, if by anyone. */
  void take(long bits, Others others) {
    long rest = bits;
    int[] whole = new int[isFirst ? others.count : 0];
    int wholes = 0;
    for (int i = 0; i < others.count && (isFirst || rest != 0); i++) {
      if (isFirst && (bits & ~others.masks[i]) == 0) {
        whole[wholes++] = others.numbers[i];
      }
      if (parts.get(others.numbers[i])) {
        rest &= ~others.masks[i];
      }
    }
    if (isFirst) {
      alone = Arrays.copyOf(whole, wholes);
      Arrays.sort(alone);
      isFirst = false;
    } else if (alone.length > 0) {
      int kept = 0;
      for (int i = 0; i < alone.length; i++) {
        if (others.covers(alone[i], bits)) {
          alone[kept++] = alone[i];
        }
      }
      alone = kept == alone.length ? alone : Arrays.copyOf(alone, kept);
    }
    for (int i = 0; i < others.count && rest != 0; i++) {
      if ((rest & others.masks[i]) != 0) {
        parts.set(others.numbers[i]);
        rest &= ~others.masks[i];
      }
    }
  }

  boolean hasWitness() {
    return witness.isPresent();
  }

  void witness(Optional<Flow> flow) {
    witness = flow;
  }

  /** A flow that the thing decides, or matches. */
  Optional<Flow> witness() {
    return witness;
  }

  /** The things that cover it, ascending. */
  List<Integer> by() {
    return alone.length == 0 ? parts.stream().boxed().toList() : List.of(alone[0]);
  }
}
