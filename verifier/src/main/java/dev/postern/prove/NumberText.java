package dev.postern.prove;

import java.nio.IntBuffer;
import java.util.Arrays;

/** A growing text of numbers. */
final class NumberText {

  private int[] words;
  private int size;

  NumberText() {
    this(new int[64], 0);
  }

  private NumberText(int[] words, int size) {
    this.words = words;
    this.size = size;
  }

  NumberText copy() {
    return new NumberText(words.clone(), size);
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
