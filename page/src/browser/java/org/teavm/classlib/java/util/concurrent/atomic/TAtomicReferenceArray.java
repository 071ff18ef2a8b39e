package org.teavm.classlib.java.util.concurrent.atomic;

/** Without threads, an array is atomic. */
public class TAtomicReferenceArray<E> {

  private final Object[] array;

  public TAtomicReferenceArray(int length) {
    array = new Object[length];
  }

  public int length() {
    return array.length;
  }

  @SuppressWarnings("unchecked")
  public E get(int index) {
    return (E) array[index];
  }

  public void set(int index, E value) {
    array[index] = value;
  }

  public void lazySet(int index, E value) {
    array[index] = value;
  }

  public E getAndSet(int index, E value) {
    E before = get(index);
    array[index] = value;
    return before;
  }

  public boolean compareAndSet(int index, E expected, E value) {
    if (array[index] != expected) {
      return false;
    }
    array[index] = value;
    return true;
  }
}
