package dev.postern.cli.proof;

import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Breaks one entry of one map of an artefact. */
final class MapMutants {

  /** What is broken. */
  enum Kind {
    ENTRY_LOST {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        return List.of();
      }
    },
    BIT_OF_KEY_FLIPPED {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        byte[] key = entry.key();
        int prefix = key.length > 4 ? 32 : 0;
        int bit = prefix + random.nextInt(8 * key.length - prefix);
        key[bit / 8] ^= (byte) (1 << bit % 8);
        return List.of(new MapEntry(key, entry.value()));
      }
    },
    BIT_OF_VALUE_FLIPPED {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        byte[] value = entry.value();
        int bit = random.nextInt(8 * value.length);
        value[bit / 8] ^= (byte) (1 << bit % 8);
        return List.of(new MapEntry(entry.key(), value));
      }
    },
    PREFIX_OFF_BY_ONE {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        byte[] key = entry.key();
        key[0] += (byte) (random.nextBoolean() ? 1 : -1);
        return List.of(new MapEntry(key, entry.value()));
      }
    },
    /** A narrower entry that an agent would have pruned: it says the opposite within an entry that is there. */
    PRUNE_MISSING {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        byte[] key = entry.key();
        byte[] value = entry.value();
        if (key.length == 8 || key.length == 20) {
          return withNarrower(entry, random);
        }
        if (key.length != 12 || key[0] >= 64) {
          return List.of(entry);
        }
        if (key[0] < 48) {
          key[9] = 6;
        }
        if (key[0] < 64) {
          key[11] |= 1;
        }
        key[0] = 64;
        value[2] = (byte) (24 << 3 | ~value[2] & 1);
        return List.of(entry, new MapEntry(key, value));
      }
    },
    DIRECTION_SWAPPED {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        byte[] key = entry.key();
        if (key.length == 12) {
          key[8] ^= 1;
        }
        return List.of(new MapEntry(key, entry.value()));
      }
    },
    IDENTITY_OFF_BY_ONE {
      @Override
      List<MapEntry> change(MapEntry entry, Random random) {
        if (entry.key().length == 12) {
          byte[] key = entry.key();
          key[4]++;
          return List.of(new MapEntry(key, entry.value()));
        }
        byte[] value = entry.value();
        value[0]++;
        return List.of(new MapEntry(entry.key(), value));
      }
    };

    abstract List<MapEntry> change(MapEntry entry, Random random);

    /** An address of its own within a network of the AWS agent's: it denies what the network allows, or the other way round. */
    private static List<MapEntry> withNarrower(MapEntry entry, Random random) {
      byte[] key = entry.key();
      int bits = 8 * (key.length - 4);
      if (Byte.toUnsignedInt(key[0]) >= bits) {
        return List.of(entry);
      }
      for (int bit = Byte.toUnsignedInt(key[0]); bit < bits; bit++) {
        if (random.nextInt(4) == 0) {
          key[4 + bit / 8] |= (byte) (0x80 >> bit % 8);
        }
      }
      key[0] = (byte) bits;
      byte[] value = new byte[entry.value().length];
      if (value.length == 384) {
        value[0] = (byte) 254;
        value[4] = (byte) (entry.value()[4] == 10 ? 11 : 10);
      } else {
        value[0] = (byte) (entry.value()[0] == (byte) 255 ? 254 : 255);
      }
      return List.of(entry, new MapEntry(key, value));
    }
  }

  private MapMutants() {}

  /** The files with one thing of this kind broken in one dump; empty if the change changes nothing, or makes two entries of one key. */
  static Optional<Map<String, String>> of(Map<String, String> files, Kind kind, Random random) {
    List<String> dumps = files.keySet().stream()
        .filter(name -> name.endsWith(".json") && !name.equals("identities.json"))
        .toList();
    String file = dumps.get(random.nextInt(dumps.size()));
    if (kind == Kind.DIRECTION_SWAPPED && file.endsWith("gress_map.json")) {
      return swapped(files, file);
    }
    List<MapEntry> entries =
        new ArrayList<>(MapDump.read(file, files.getOrDefault(file, "[]")).stream()
            .map(MapDump.Placed::entry)
            .toList());
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    MapEntry broken = entries.get(random.nextInt(entries.size()));
    List<MapEntry> changed = kind.change(broken, random);
    if (changed.equals(List.of(broken))) {
      return Optional.empty();
    }
    entries.remove(broken);
    entries.addAll(changed);
    boolean twice = entries.stream()
            .map(entry -> MapDump.write(List.of(keyOnly(entry))))
            .distinct()
            .count()
        < entries.size();
    if (twice) {
      return Optional.empty();
    }
    SortedMap<String, String> result = new TreeMap<>(files);
    result.put(file, MapDump.write(entries));
    return Optional.of(result);
  }

  /** Where each direction has a map of its own. */
  private static Optional<Map<String, String>> swapped(Map<String, String> files, String file) {
    String other = file.endsWith("egress_map.json")
        ? file.replace("egress_map", "ingress_map")
        : file.replace("ingress_map", "egress_map");
    String here = files.getOrDefault(file, "[]");
    String there = files.getOrDefault(other, "[]");
    if (here.equals(there)) {
      return Optional.empty();
    }
    SortedMap<String, String> result = new TreeMap<>(files);
    result.put(file, there);
    result.put(other, here);
    return Optional.of(result);
  }

  private static MapEntry keyOnly(MapEntry entry) {
    return new MapEntry(entry.key(), new byte[0]);
  }
}
