package dev.postern.mapdump;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Numbers for names, which depend on the names alone and hardly on each other: where a name comes or goes, few others get another number, so
 * that what differs between two compilations is small.
 */
public final class StableNumbers {

  private record Wanted(int place, String name) implements Comparable<Wanted> {
    @Override
    public int compareTo(Wanted other) {
      return place != other.place
          ? Integer.compare(place, other.place)
          : name.compareTo(other.name);
    }
  }

  private StableNumbers() {}

  /**
   * A number for each name: what its digest says, or the next that is free.
   *
   * @param names at most {@code count} different ones
   * @param first the lowest number
   * @param count how many numbers there are
   * @throws IllegalArgumentException if there are more names than numbers
   */
  public static Map<String, Integer> of(Collection<String> names, int first, int count) {
    List<Wanted> wanted = new ArrayList<>();
    new HashSet<>(names).forEach(name -> wanted.add(new Wanted(place(name, count), name)));
    if (wanted.size() > count) {
      throw new IllegalArgumentException(wanted.size() + " names for " + count + " numbers");
    }
    Collections.sort(wanted);
    Set<Integer> taken = new HashSet<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (Wanted each : wanted) {
      int place = each.place;
      while (!taken.add(place)) {
        place = (place + 1) % count;
      }
      numbers.put(each.name, first + place);
    }
    return numbers;
  }

  private static int place(String name, int count) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return (int) Long.remainderUnsigned(ByteBuffer.wrap(digest).getLong(), count);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
