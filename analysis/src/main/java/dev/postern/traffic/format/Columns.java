package dev.postern.traffic.format;

import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.format.CsvFormat.Field;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the fields of a flow stand in a table.
 *
 * @param places the number of the column of each field that has one
 */
public record Columns(Map<Field, Integer> places) {

  public Columns {
    Map<Field, Integer> copy = new EnumMap<>(Field.class);
    copy.putAll(places);
    places = Collections.unmodifiableMap(copy);
  }

  /**
   * Finds the columns by their titles, whatever their case; of several that differ in case only, the one that is written so is meant.
   *
   * @param table what has the titles, in words
   * @param names for the fields of a flow, what the table calls them; a field that is not named is looked for under its own name
   * @throws UnreadableEntry if a column that is named or needed is not there, or is there several times
   */
  public static Columns of(String table, List<String> titles, Map<Field, String> names)
      throws UnreadableEntry {
    Map<Field, Integer> places = new EnumMap<>(Field.class);
    for (Field field : Field.values()) {
      String name = names.getOrDefault(field, field.word());
      Optional<Integer> place = place(table, titles, name);
      if (place.isPresent()) {
        places.put(field, place.get());
      } else if (names.containsKey(field)) {
        throw new UnreadableEntry(
            "the " + table + " has no column `" + name + "` for " + field.word());
      }
    }
    needs(table, places, Field.PROTOCOL);
    needs(table, places, Field.PORT);
    needs(table, places, Field.SOURCE, Field.SOURCE_POD, Field.SOURCE_WORKLOAD);
    needs(table, places, Field.DESTINATION, Field.DESTINATION_POD, Field.DESTINATION_WORKLOAD);
    return new Columns(places);
  }

  private static Optional<Integer> place(String table, List<String> titles, String name)
      throws UnreadableEntry {
    boolean written = titles.contains(name);
    Optional<Integer> place = Optional.empty();
    for (int i = 0; i < titles.size(); i++) {
      if (written ? titles.get(i).equals(name) : titles.get(i).equalsIgnoreCase(name)) {
        if (place.isPresent()) {
          throw new UnreadableEntry("the " + table + " has several columns `" + name + "`");
        }
        place = Optional.of(i);
      }
    }
    return place;
  }

  private static void needs(String table, Map<Field, Integer> places, Field... oneOf)
      throws UnreadableEntry {
    if (Collections.disjoint(places.keySet(), List.of(oneOf))) {
      throw new UnreadableEntry("the " + table + " has no column `" + oneOf[0].word() + "`");
    }
  }
}
