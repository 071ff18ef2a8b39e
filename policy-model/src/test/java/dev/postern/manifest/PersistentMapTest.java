package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PersistentMapTest {

  /** A key of which many have one hash, and some have hashes that differ in the last bits only. */
  private record Key(int number) {
    @Override
    public int hashCode() {
      return number % 3 == 0 ? 7 : number % 3 == 1 ? number << 27 : number;
    }
  }

  private record Step(boolean put, int key, int value) {}

  @Property(tries = 500)
  void doesWhatAHashMapDoesAndChangesNone(
      @ForAll @Size(max = 200) List<@IntRange(min = -200, max = 200) Integer> steps) {
    Map<Key, Integer> expected = new HashMap<>();
    PersistentMap<Key, Integer> map = PersistentMap.empty();
    for (int i = 0; i < steps.size(); i++) {
      Key key = new Key(Math.abs(steps.get(i)));
      PersistentMap<Key, Integer> before = map;
      Map<Key, Integer> was = new HashMap<>(expected);
      Step step = new Step(steps.get(i) >= 0, key.number(), i);
      if (step.put) {
        map = map.with(key, step.value);
        expected.put(key, step.value);
      } else {
        map = map.without(key);
        expected.remove(key);
      }
      assertThat(contents(before)).isEqualTo(was);
      assertThat(contents(map)).isEqualTo(expected);
      Map<Key, Integer> added = new HashMap<>(expected);
      added.entrySet().removeAll(was.entrySet());
      assertThat(added(before, map)).isEqualTo(added);
      assertThat(added(PersistentMap.empty(), map)).isEqualTo(expected);
      assertThat(map.size()).isEqualTo(expected.size());
      assertThat(map.isEmpty()).isEqualTo(expected.isEmpty());
      for (Key each : was.keySet()) {
        assertThat(before.get(each)).hasValue(was.get(each));
        assertThat(map.get(each)).isEqualTo(java.util.Optional.ofNullable(expected.get(each)));
      }
    }
  }

  private static Map<Key, Integer> added(
      PersistentMap<Key, Integer> before, PersistentMap<Key, Integer> after) {
    Map<Key, Integer> added = new HashMap<>();
    before.forEachAddedBy(
        after, (key, value) -> assertThat(added.put(key, value)).isNull());
    return added;
  }

  private static Map<Key, Integer> contents(PersistentMap<Key, Integer> map) {
    Map<Key, Integer> contents = new HashMap<>();
    map.forEach((key, value) -> assertThat(contents.put(key, value)).isNull());
    return contents;
  }
}
