package dev.postern.page.browser.jdk;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/** What TeaVM's {@code java.util.Collections} lacks. */
public final class CollectionsMethods {

  private CollectionsMethods() {}

  public static <K, V> SortedMap<K, V> unmodifiableSortedMap(
      SortedMap<K, ? extends V> map) {
    return new View<>(map);
  }

  public static <T> SortedSet<T> unmodifiableSortedSet(SortedSet<T> set) {
    return new SetView<>(set);
  }

  private static final class SetView<T> extends AbstractSet<T> implements SortedSet<T> {

    private final SortedSet<T> set;

    SetView(SortedSet<T> set) {
      this.set = set;
    }

    @Override
    public Iterator<T> iterator() {
      return Collections.unmodifiableSet(set).iterator();
    }

    @Override
    public boolean contains(Object value) {
      return set.contains(value);
    }

    @Override
    public int size() {
      return set.size();
    }

    @Override
    public Comparator<? super T> comparator() {
      return set.comparator();
    }

    @Override
    public SortedSet<T> subSet(T from, T to) {
      return new SetView<>(set.subSet(from, to));
    }

    @Override
    public SortedSet<T> headSet(T to) {
      return new SetView<>(set.headSet(to));
    }

    @Override
    public SortedSet<T> tailSet(T from) {
      return new SetView<>(set.tailSet(from));
    }

    @Override
    public T first() {
      return set.first();
    }

    @Override
    public T last() {
      return set.last();
    }
  }

  private static final class View<K, V> extends AbstractMap<K, V> implements SortedMap<K, V> {

    private final SortedMap<K, ? extends V> map;
    private final Map<K, V> view;

    View(SortedMap<K, ? extends V> map) {
      this.map = map;
      this.view = Collections.unmodifiableMap(map);
    }

    @Override
    public V get(Object key) {
      return map.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
      return map.containsKey(key);
    }

    @Override
    public int size() {
      return map.size();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
      return view.entrySet();
    }

    @Override
    public Comparator<? super K> comparator() {
      return map.comparator();
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
      return new View<>(map.subMap(from, to));
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
      return new View<>(map.headMap(to));
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
      return new View<>(map.tailMap(from));
    }

    @Override
    public K firstKey() {
      return map.firstKey();
    }

    @Override
    public K lastKey() {
      return map.lastKey();
    }
  }
}
