package dev.postern.mapdump;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Breaks one thing in the maps of an artefact, in ways that a kernel's maps can hold. */
public final class MapMutants {

  private static final int STATE_KEY = 4;
  private static final int CILIUM_KEY = 12;
  private static final int POSTERN_KEY = 16;
  private static final Set<Integer> AWS_KEYS = Set.of(8, 20);
  private static final int AWS_CLUSTER_VALUE = 384;
  private static final int SLOTS = 24;

  /** What is broken. */
  public enum Kind {
    NOTHING,
    ENTRY_LOST,
    ENTRY_OF_ANOTHER_MAP,
    VALUE_OF_ANOTHER,
    VALUES_SWAPPED,
    MAPS_SWAPPED,
    BIT_OF_KEY_FLIPPED,
    BIT_OF_VALUE_FLIPPED,
    PREFIX_OFF_BY_ONE,
    /** A narrower entry within one that is there says the opposite. */
    PRUNE_MISSING,
    DIRECTION_SWAPPED,
    IDENTITY_OFF_BY_ONE,
    /** Of values that are lists of slots, as the AWS agent's. */
    SLOTS_SWAPPED,
    /** The same: the first slot denies all, before slots that allow. */
    FIRST_SLOT_DENIES
  }

  private final SortedMap<String, List<MapEntry>> maps = new TreeMap<>();
  private final Random random;

  private MapMutants(Map<String, String> files, List<String> dumps, Random random) {
    this.random = random;
    for (String file : dumps) {
      List<MapEntry> entries = new ArrayList<>();
      MapDump.read(file, files.getOrDefault(file, "[]"))
          .forEach(placed -> entries.add(placed.entry()));
      maps.put(file, entries);
    }
  }

  /**
   * The files with one thing of this kind broken.
   *
   * @param dumps the names of those files that are dumps
   * @return empty if there is no such thing, or a kernel would not hold the result
   */
  public static Optional<SortedMap<String, String>> of(
      Map<String, String> files, List<String> dumps, Kind kind, Random random) {
    MapMutants mutants = new MapMutants(files, dumps, random);
    Map<String, List<MapEntry>> before = new TreeMap<>();
    mutants.maps.forEach((file, entries) -> before.put(file, List.copyOf(entries)));
    mutants.breaks(kind);
    if (kind != Kind.NOTHING && mutants.maps.equals(before)
        || !mutants.maps.values().stream().allMatch(MapMutants::isHeld)) {
      return Optional.empty();
    }
    SortedMap<String, String> result = new TreeMap<>(files);
    mutants.maps.forEach((file, entries) -> result.put(file, MapDump.write(entries)));
    return Optional.of(result);
  }

  private void breaks(Kind kind) {
    boolean ofSlots = kind == Kind.SLOTS_SWAPPED || kind == Kind.FIRST_SLOT_DENIES;
    int shortest = ofSlots ? 12 * SLOTS : 0;
    List<String> filled = maps.keySet().stream()
        .filter(file -> entries(file).stream().anyMatch(entry -> entry.value().length >= shortest))
        .toList();
    if (filled.isEmpty() || kind == Kind.NOTHING) {
      return;
    }
    String file = filled.get(random.nextInt(filled.size()));
    String other = filled.get(random.nextInt(filled.size()));
    List<MapEntry> entries = entries(file);
    int at = random.nextInt(entries.size());
    MapEntry entry = entries.get(at);
    MapEntry another = entries.get(random.nextInt(entries.size()));
    switch (kind) {
      case NOTHING -> {}
      case ENTRY_LOST -> entries.remove(at);
      case ENTRY_OF_ANOTHER_MAP -> {
        MapEntry foreign = entries(other).get(random.nextInt(entries(other).size()));
        if (foreign.key().length == entry.key().length
            && foreign.value().length == entry.value().length
            && !entries.contains(foreign)) {
          entries.add(foreign);
        }
      }
      case VALUE_OF_ANOTHER -> entries.set(at, new MapEntry(entry.key(), another.value()));
      case VALUES_SWAPPED -> {
        int there = entries.indexOf(another);
        entries.set(at, new MapEntry(entry.key(), another.value()));
        entries.set(there, new MapEntry(another.key(), entry.value()));
      }
      case MAPS_SWAPPED -> {
        MapEntry first = entries(other).get(0);
        if (first.key().length == entry.key().length
            && first.value().length == entry.value().length) {
          maps.put(file, entries(other));
          maps.put(other, entries);
        }
      }
      case BIT_OF_KEY_FLIPPED -> entries.set(at, keyed(entry, flipped(entry.key(), 32)));
      case BIT_OF_VALUE_FLIPPED ->
        entries.set(at, new MapEntry(entry.key(), flipped(entry.value(), 0)));
      case PREFIX_OFF_BY_ONE -> {
        byte[] key = entry.key();
        key[0] += (byte) (random.nextBoolean() ? 1 : -1);
        entries.set(at, keyed(entry, key));
      }
      case PRUNE_MISSING -> narrower(entry).ifPresent(entries::add);
      case DIRECTION_SWAPPED -> swapDirection(file, at);
      case IDENTITY_OFF_BY_ONE -> entries.set(at, nextIdentity(entry));
      case SLOTS_SWAPPED -> entries.set(at, slotsSwapped(entry));
      case FIRST_SLOT_DENIES -> entries.set(at, firstSlotDenies(entry));
    }
  }

  private List<MapEntry> entries(String file) {
    return maps.getOrDefault(file, new ArrayList<>());
  }

  private static MapEntry keyed(MapEntry entry, byte[] key) {
    return new MapEntry(key, entry.value());
  }

  private byte[] flipped(byte[] bytes, int from) {
    int first = bytes.length == STATE_KEY ? 0 : from;
    int bit = first + random.nextInt(8 * bytes.length - first);
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }

  private void swapDirection(String file, int at) {
    MapEntry entry = entries(file).get(at);
    byte[] key = entry.key();
    if (file.endsWith("gress_map.json")) {
      String other = file.contains("egress_map")
          ? file.replace("egress_map", "ingress_map")
          : file.replace("ingress_map", "egress_map");
      List<MapEntry> here = entries(file);
      maps.put(file, entries(other));
      maps.put(other, here);
    } else if (key.length == CILIUM_KEY || key.length == POSTERN_KEY) {
      key[key.length == CILIUM_KEY ? 8 : 12] ^= 1;
      entries(file).set(at, keyed(entry, key));
    }
  }

  private MapEntry slotsSwapped(MapEntry entry) {
    byte[] value = entry.value();
    int slot = value.length / SLOTS;
    int one = random.nextInt(3);
    int other = random.nextInt(SLOTS);
    byte[] changed = value.clone();
    System.arraycopy(value, slot * one, changed, slot * other, slot);
    System.arraycopy(value, slot * other, changed, slot * one, slot);
    return new MapEntry(entry.key(), changed);
  }

  /** The slots move on by one, so that those that allow are there still. */
  private static MapEntry firstSlotDenies(MapEntry entry) {
    byte[] value = entry.value();
    int slot = value.length / SLOTS;
    byte[] changed = new byte[value.length];
    System.arraycopy(value, 0, changed, slot, value.length - slot);
    changed[0] = (byte) 255;
    return new MapEntry(entry.key(), changed);
  }

  private static MapEntry nextIdentity(MapEntry entry) {
    byte[] key = entry.key();
    if (key.length == CILIUM_KEY || key.length == POSTERN_KEY) {
      key[key.length == CILIUM_KEY ? 4 : 11]++;
      return keyed(entry, key);
    }
    byte[] value = entry.value();
    value[0]++;
    return new MapEntry(key, value);
  }

  private Optional<MapEntry> narrower(MapEntry entry) {
    byte[] key = entry.key();
    byte[] value = entry.value();
    if (AWS_KEYS.contains(key.length)) {
      return narrowerOfAws(entry);
    }
    if (key.length == POSTERN_KEY && key[0] < 96) {
      key[13] = key[0] < 80 ? 6 : key[13];
      key[15] |= 1;
      key[0] = 96;
      value[0] ^= 1;
      return Optional.of(new MapEntry(key, value));
    }
    if (key.length != CILIUM_KEY || key[0] >= 64) {
      return Optional.empty();
    }
    key[9] = key[0] < 48 ? 6 : key[9];
    key[11] |= 1;
    key[0] = 64;
    value[2] = (byte) (24 << 3 | ~value[2] & 1);
    return Optional.of(new MapEntry(key, value));
  }

  /** An address of its own within a network: it denies what the network allows, or the other way round. */
  private Optional<MapEntry> narrowerOfAws(MapEntry entry) {
    byte[] key = entry.key();
    int bits = 8 * (key.length - 4);
    if (Byte.toUnsignedInt(key[0]) >= bits) {
      return Optional.empty();
    }
    for (int bit = Byte.toUnsignedInt(key[0]); bit < bits; bit++) {
      if (random.nextInt(4) == 0) {
        key[4 + bit / 8] |= (byte) (0x80 >> bit % 8);
      }
    }
    key[0] = (byte) bits;
    byte[] value = new byte[entry.value().length];
    if (value.length == AWS_CLUSTER_VALUE) {
      value[0] = (byte) 254;
      value[4] = (byte) (entry.value()[4] == 10 ? 11 : 10);
    } else {
      value[0] = (byte) (entry.value()[0] == (byte) 255 ? 254 : 255);
    }
    return Optional.of(new MapEntry(key, value));
  }

  /** Whether a kernel would hold such entries: no prefix is longer than the key, and none is there twice. */
  private static boolean isHeld(List<MapEntry> entries) {
    Set<ByteBuffer> keys = new HashSet<>();
    for (MapEntry entry : entries) {
      byte[] key = entry.key();
      if (key.length != STATE_KEY) {
        int prefix = (key[0] & 0xff) | (key[1] & 0xff) << 8;
        if (prefix > 8 * (key.length - 4) || key[2] != 0 || key[3] != 0) {
          return false;
        }
        for (int bit = prefix; bit < 8 * (key.length - 4); bit++) {
          key[4 + bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
      }
      if (!keys.add(ByteBuffer.wrap(Arrays.copyOf(key, key.length)))) {
        return false;
      }
    }
    return true;
  }
}
