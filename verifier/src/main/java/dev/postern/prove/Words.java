package dev.postern.prove;

import java.nio.IntBuffer;
import java.util.Arrays;

/** A growing text of numbers. */
final class Words {

  private int[] words;
  private int size;

  Words() {
    this(new int[64], 0);
  }

  private Words(int[] words, int size) {
    this.words = words;
    this.size = size;
  }

  Words copy() {
    return new Words(words.clone(), size);
  }

  void add(int word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, 2 * size);
    }
    words[size++] = word;
  }

  /** A copy that is equal to that of an equal text. */
  IntBuffer buffer() {
    return IntBuffer.wrap(Arrays.copyOf(words, size));
  }
}
