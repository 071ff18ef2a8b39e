package dev.postern.manifest;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A map that never changes: one with an entry more or less shares all but a few small arrays with it. A hash trie of 32 ways (Bagwell,
 * "Ideal Hash Trees"). Its order means nothing. Safe for use by many threads.
 */
final class PersistentMap<K, V> {

  private static final int BITS = 5;
  private static final int HASH_BITS = 32;

  private final Node<K, V> root;

  private PersistentMap(Node<K, V> root) {
    this.root = root;
  }

  static <K, V> PersistentMap<K, V> empty() {
    return new PersistentMap<>(new Branch<>(0, 0, Branch.array(0)));
  }

  int size() {
    return root.size();
  }

  boolean isEmpty() {
    return root.size() == 0;
  }

  Optional<V> get(K key) {
    return root.get(spread(key), 0, key);
  }

  /** The same map with this value for the key; itself if it has an equal one. */
  PersistentMap<K, V> with(K key, V value) {
    int hash = spread(key);
    Node<K, V> next = root.with(hash, 0, new Entry<>(hash, key, value));
    return next == root ? this : new PersistentMap<>(next);
  }

  /** The same map without a key; itself if it has none such. */
  PersistentMap<K, V> without(K key) {
    if (root.size() == 1) {
      return get(key).isPresent() ? empty() : this;
    }
    Node<K, V> next = root.without(spread(key), 0, key);
    return next == root ? this : new PersistentMap<>(next);
  }

  void forEach(BiConsumer<K, V> action) {
    root.forEach(action);
  }

  /** Tells of the entries that another map has and this has not, as the same value; what the two share is not gone through. */
  void forEachAddedBy(PersistentMap<K, V> other, BiConsumer<K, V> action) {
    addedBy(root, other.root, action);
  }

  private void addedBy(Node<K, V> own, Node<K, V> others, BiConsumer<K, V> action) {
    if (own == others) {
      return;
    }
    if (own instanceof Branch<K, V> mine && others instanceof Branch<K, V> theirs) {
      for (int rest = theirs.taken; rest != 0; rest &= rest - 1) {
        int bit = Integer.lowestOneBit(rest);
        Node<K, V> node = theirs.nodes[theirs.place(bit)];
        if ((mine.taken & bit) == 0) {
          node.forEach(action);
        } else {
          addedBy(mine.nodes[mine.place(bit)], node, action);
        }
      }
      return;
    }
    others.forEach((key, value) -> {
      Optional<V> before = get(key);
      if (before.isEmpty() || before.get() != value) {
        action.accept(key, value);
      }
    });
  }

  private static int spread(Object key) {
    int hash = key.hashCode() * 0x9E3779B1;
    return hash ^ hash >>> 16;
  }

  private static <K, V> Node<K, V>[] withOne(Node<K, V>[] nodes, int place, Node<K, V> one) {
    Node<K, V>[] others = nodes.clone();
    others[place] = one;
    return others;
  }

  private static <K, V> Node<K, V>[] withoutOne(Node<K, V>[] nodes, int place) {
    Node<K, V>[] fewer = Branch.array(nodes.length - 1);
    System.arraycopy(nodes, 0, fewer, 0, place);
    System.arraycopy(nodes, place + 1, fewer, place, fewer.length - place);
    return fewer;
  }

  private sealed interface Node<K, V> {
    Optional<V> get(int hash, int shift, K key);

    /** This with an entry; itself if it has an equal one. */
    Node<K, V> with(int hash, int shift, Entry<K, V> entry);

    /** This without a key, which is not all that is in it; itself if it has none such. */
    Node<K, V> without(int hash, int shift, K key);

    int size();

    boolean isOne();

    void forEach(BiConsumer<K, V> action);
  }

  private record Entry<K, V>(int hash, K key, V value) implements Node<K, V> {
    @Override
    public Optional<V> get(int wanted, int shift, K other) {
      return hash == wanted && key.equals(other) ? Optional.of(value) : Optional.empty();
    }

    @Override
    public Node<K, V> with(int other, int shift, Entry<K, V> entry) {
      if (hash == entry.hash && key.equals(entry.key)) {
        return value.equals(entry.value) ? this : entry;
      }
      if (hash == entry.hash) {
        Node<K, V>[] both = Branch.array(2);
        both[0] = this;
        both[1] = entry;
        return new Alike<>(both);
      }
      return Branch.of(hash, this, shift).with(other, shift, entry);
    }

    @Override
    public Node<K, V> without(int wanted, int shift, K other) {
      return this;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public boolean isOne() {
      return true;
    }

    @Override
    public void forEach(BiConsumer<K, V> action) {
      action.accept(key, value);
    }
  }

  /** Entries of one hash, of which there are next to none. */
  private record Alike<K, V>(Node<K, V>[] entries) implements Node<K, V> {
    @Override
    public Optional<V> get(int hash, int shift, K key) {
      return Arrays.stream(entries)
          .flatMap(entry -> entry.get(hash, shift, key).stream())
          .findFirst();
    }

    @Override
    public Node<K, V> with(int hash, int shift, Entry<K, V> entry) {
      int own = ((Entry<K, V>) entries[0]).hash;
      if (own != hash) {
        return Branch.of(own, this, shift).with(hash, shift, entry);
      }
      for (int i = 0; i < entries.length; i++) {
        if (((Entry<K, V>) entries[i]).key.equals(entry.key)) {
          Node<K, V> one = entries[i].with(hash, shift, entry);
          return one == entries[i] ? this : new Alike<>(withOne(entries, i, one));
        }
      }
      Node<K, V>[] more = Arrays.copyOf(entries, entries.length + 1);
      more[entries.length] = entry;
      return new Alike<>(more);
    }

    @Override
    public Node<K, V> without(int hash, int shift, K key) {
      for (int i = 0; i < entries.length; i++) {
        if (((Entry<K, V>) entries[i]).key.equals(key)) {
          Node<K, V>[] rest = withoutOne(entries, i);
          return rest.length == 1 ? rest[0] : new Alike<>(rest);
        }
      }
      return this;
    }

    @Override
    public int size() {
      return entries.length;
    }

    @Override
    public boolean isOne() {
      return true;
    }

    @Override
    public void forEach(BiConsumer<K, V> action) {
      for (Node<K, V> entry : entries) {
        entry.forEach(action);
      }
    }
  }

  /**
   * Up to 32 nodes, by five bits of the hash.
   *
   * @param taken a bit for each that is there
   * @param size how many entries are in all of them
   */
  private record Branch<K, V>(int taken, int size, Node<K, V>[] nodes) implements Node<K, V> {

    @SuppressWarnings("unchecked")
    static <K, V> Node<K, V>[] array(int length) {
      return (Node<K, V>[]) new Node<?, ?>[length];
    }

    /** A branch with one node of this hash. */
    static <K, V> Branch<K, V> of(int hash, Node<K, V> node, int shift) {
      Node<K, V>[] one = array(1);
      one[0] = node;
      return new Branch<>(bit(hash, shift), node.size(), one);
    }

    private static int bit(int hash, int shift) {
      if (shift >= HASH_BITS) {
        throw new IllegalStateException("hashes that differ are alike");
      }
      return 1 << (hash >>> shift);
    }

    private int place(int bit) {
      return Integer.bitCount(taken & bit - 1);
    }

    @Override
    public Optional<V> get(int hash, int shift, K key) {
      int bit = bit(hash, shift);
      return (taken & bit) == 0 ? Optional.empty() : nodes[place(bit)].get(hash, shift + BITS, key);
    }

    @Override
    public Node<K, V> with(int hash, int shift, Entry<K, V> entry) {
      int bit = bit(hash, shift);
      int place = place(bit);
      if ((taken & bit) != 0) {
        Node<K, V> before = nodes[place];
        Node<K, V> after = before.with(hash, shift + BITS, entry);
        return after == before
            ? this
            : new Branch<>(
                taken, size - before.size() + after.size(), withOne(nodes, place, after));
      }
      Node<K, V>[] more = array(nodes.length + 1);
      System.arraycopy(nodes, 0, more, 0, place);
      more[place] = entry;
      System.arraycopy(nodes, place, more, place + 1, nodes.length - place);
      return new Branch<>(taken | bit, size + 1, more);
    }

    @Override
    public Node<K, V> without(int hash, int shift, K key) {
      int bit = bit(hash, shift);
      if ((taken & bit) == 0) {
        return this;
      }
      int place = place(bit);
      Node<K, V> node = nodes[place];
      if (node instanceof Entry<K, V> entry) {
        if (entry.hash != hash || !entry.key.equals(key)) {
          return this;
        }
        Node<K, V>[] fewer = withoutOne(nodes, place);
        return fewer.length == 1 && shift > 0 && fewer[0].isOne()
            ? fewer[0]
            : new Branch<>(taken & ~bit, size - 1, fewer);
      }
      Node<K, V> rest = node.without(hash, shift + BITS, key);
      if (rest == node) {
        return this;
      }
      return nodes.length == 1 && shift > 0 && rest.isOne()
          ? rest
          : new Branch<>(taken, size - 1, withOne(nodes, place, rest));
    }

    @Override
    public boolean isOne() {
      return false;
    }

    @Override
    public void forEach(BiConsumer<K, V> action) {
      for (Node<K, V> node : nodes) {
        node.forEach(action);
      }
    }
  }
}
