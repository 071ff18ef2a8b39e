package dev.postern.mapdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tries of eight bits, changed entry by entry. */
class MapEditTest {

  private static List<MapEntry> trie(Random random) {
    SortedMap<Integer, Integer> entries = new TreeMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      int bits = random.nextInt(9);
      int first = random.nextInt(256) >> 8 - bits << 8 - bits;
      entries.put(bits << 8 | first, random.nextInt(4));
    }
    List<MapEntry> trie = new ArrayList<>();
    entries.forEach((key, value) -> trie.add(new MapEntry(
        new byte[] {(byte) (key >> 8), 0, 0, 0, (byte) (int) key},
        new byte[] {(byte) (int) value})));
    return trie;
  }

  private static RawMap map(List<MapEntry> entries) {
    RawMap map = new RawMap();
    entries.forEach(entry -> map.put(entry.key(), entry.value()));
    return map;
  }

  private static Optional<Byte> at(RawMap map, int point) {
    return map.longest(new byte[] {(byte) point}).map(value -> value[0]);
  }

  @Test
  void afterEachEditALookUpGivesWhatItGaveOrWhatItShallGive() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      List<MapEntry> from = trie(random);
      List<MapEntry> to = trie(random);
      RawMap old = map(from);
      RawMap now = map(to);
      RawMap here = map(from);
      List<MapEdit> edits = new ArrayList<>(MapEdit.puts("m", from, to));
      edits.addAll(MapEdit.deletions("m", from, to));
      for (MapEdit edit : edits) {
        if (edit.deletes()) {
          assertThat(here.delete(edit.entry().key())).isTrue();
        } else {
          here.put(edit.entry().key(), edit.entry().value());
        }
        for (int point = 0; point < 256; point++) {
          assertThat(at(here, point))
              .as("%d of seed %d after %s", point, seed, edit)
              .isIn(at(old, point), at(now, point));
        }
      }
      assertThat(here.entries()).isEqualTo(now.entries());
    }
  }

  @Test
  void theFullestStateIsCountedWithWhatIsPutBeforeAnythingGoes() {
    List<MapEntry> from = trie(new Random(1));
    List<MapEntry> to = trie(new Random(2));
    List<MapEdit> edits = new ArrayList<>(MapEdit.puts("m", from, to));
    edits.addAll(MapEdit.deletions("m", from, to));
    long gone = edits.stream().filter(MapEdit::deletes).count();

    assertThat(MapEdit.peaks(Map.of("m", from), edits))
        .containsEntry("m", (int) (to.size() + gone));
  }
}
