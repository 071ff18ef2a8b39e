package dev.postern.cluster;

import java.util.AbstractList;
import java.util.List;

/** Items of which it is known that they are in their order, and in namespaces that are known. */
final class InOrder<T> extends AbstractList<T> {

  private final List<T> items;

  InOrder(List<T> items) {
    this.items = items;
  }

  @Override
  public T get(int place) {
    return items.get(place);
  }

  @Override
  public int size() {
    return items.size();
  }

  /** All at once, which is what copying asks for. */
  @Override
  public Object[] toArray() {
    return items.toArray();
  }
}
