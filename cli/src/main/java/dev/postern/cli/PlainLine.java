package dev.postern.cli;

import dev.postern.cli.console.Console;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads command lines that name a command and give values to its options, and nothing else, without picocli: to find all options by
 * reflection takes half of the time of a short command. Whatever is not plain (help, a name that no option has, a value that could be meant
 * as an option, one that is not of its type) is left to picocli, which knows how to say what is wrong. For what is plain, the command's
 * fields are what picocli would have made them.
 *
 * <p>The build writes the class {@code OptionTable}, from the annotations: for each command a line for each member, which holds the option's
 * names ({@code *} or an index for what is no option), the holder's path, the superclass that declares the member by its distance, the
 * member's name, its kind, and {@code required} if it must be given. Without that class every line is picocli's.
 */
final class PlainLine {

  /** What is plain is the rest of a command line that is left to picocli. */
  private static final class NotPlain extends Exception {
    private static final long serialVersionUID = 1L;

    NotPlain() {
      super("left to picocli", null, false, false);
    }
  }

  /** How values become what a member takes, by the names in the table. */
  private enum Kind {
    MIXIN,
    FLAG,
    TRUTH,
    TEXT,
    TEXTS,
    PARTS,
    FILE,
    WORD,
    CALL,
    OTHER
  }

  /** A member that takes a value. */
  private static final class Slot {
    private final OptionField field;
    private final Kind kind;
    private boolean isGiven;

    Slot(OptionField field, Kind kind) {
      this.field = field;
      this.kind = kind;
    }
  }

  private static final String ANY = "*";

  private static final @Nullable UnaryOperator<String> TABLE = table();

  private final Map<String, Slot> slots = new HashMap<>();
  private final Set<Slot> required = new HashSet<>();
  private final Postern options;
  private int positionals;

  private PlainLine(Postern options) {
    this.options = options;
  }

  /** The command that the arguments name, with its options set; nothing if that is for picocli to say. */
  static Optional<Callable<Integer>> command(Console console, String... arguments) {
    UnaryOperator<String> tables = TABLE;
    String table = tables == null || arguments.length == 0 ? "" : tables.apply(arguments[0]);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    Postern options = new Postern();
    try {
      Callable<Integer> command = Commands.named(arguments[0], console);
      PlainLine line = new PlainLine(options);
      line.find(table, command);
      line.read(arguments);
      console.color(options.color());
      return Optional.of(command);
    } catch (NotPlain | ReflectiveOperationException unusual) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable UnaryOperator<String> table() {
    try {
      Constructor<?> constructor =
          Class.forName("dev.postern.cli.OptionTable").getDeclaredConstructor();
      return (UnaryOperator<String>) constructor.newInstance();
    } catch (ReflectiveOperationException notBuilt) {
      return null;
    }
  }

  private void find(String table, Object command) throws ReflectiveOperationException {
    Map<String, Object> holders = new HashMap<>();
    holders.put("", command);
    slots.put("--color", new Slot(new OptionField(options, Postern.class, "color"), Kind.WORD));
    for (int at = 0; at < table.length(); ) {
      int end = table.indexOf('\n', at);
      end = end < 0 ? table.length() : end;
      List<String> words = split(table.substring(at, end), '\t');
      at = end + 1;
      Object holder = holders.get(words.get(1));
      if (holder == null) {
        throw new IllegalStateException("no holder " + words.get(1));
      }
      Class<?> declaring = holder.getClass();
      for (int up = Integer.parseInt(words.get(2)); up > 0; up--) {
        declaring = declaring.getSuperclass();
      }
      Slot slot =
          new Slot(new OptionField(holder, declaring, words.get(3)), Kind.valueOf(words.get(4)));
      if (slot.kind == Kind.MIXIN) {
        holders.put(words.get(0), mixin(slot.field));
        continue;
      }
      for (String name : split(words.get(0), ',')) {
        slots.put(name, slot);
      }
      if (words.size() > 5) {
        required.add(slot);
      }
    }
  }

  private static Object mixin(OptionField field) throws ReflectiveOperationException {
    Object mixin = field.get();
    if (mixin == null) {
      Constructor<?> constructor = field.type().getDeclaredConstructor();
      constructor.setAccessible(true);
      mixin = constructor.newInstance();
      field.set(mixin);
    }
    return mixin;
  }

  private void read(String... arguments) throws NotPlain, ReflectiveOperationException {
    for (int i = 1; i < arguments.length; i++) {
      String word = arguments[i];
      if (!word.startsWith("-")) {
        Slot many = slots.get(ANY);
        set(many != null ? many : slot(String.valueOf(positionals++)), plain(word));
        continue;
      }
      int equals = word.indexOf('=');
      Slot slot = slot(equals < 0 ? word : word.substring(0, equals));
      if (slot.kind == Kind.FLAG) {
        if (equals >= 0 || slot.isGiven) {
          throw new NotPlain();
        }
        slot.isGiven = true;
        slot.field.set(!(boolean) slot.field.get());
      } else if (equals >= 0) {
        set(slot, plain(word.substring(equals + 1)));
      } else if (++i < arguments.length) {
        set(slot, plain(arguments[i]));
      } else {
        throw new NotPlain();
      }
    }
    for (Slot slot : required) {
      if (!slot.isGiven) {
        throw new NotPlain();
      }
    }
  }

  private Slot slot(String name) throws NotPlain {
    Slot slot = slots.get(name);
    if (slot == null || name.equals(ANY)) {
      throw new NotPlain();
    }
    return slot;
  }

  /** A value that cannot be taken for an option or for several values. */
  private static String plain(String value) throws NotPlain {
    if (value.isEmpty() || value.startsWith("-") && !value.equals("-")) {
      throw new NotPlain();
    }
    return value;
  }

  private static void set(Slot slot, String value) throws NotPlain, ReflectiveOperationException {
    switch (slot.kind) {
      case TEXTS -> add(slot, List.of(value));
      case PARTS -> add(slot, parts(value));
      case TEXT -> once(slot, value);
      case FILE -> once(slot, path(value));
      case WORD -> once(slot, word(slot.field.type(), value));
      case TRUTH -> once(slot, truth(value));
      case CALL -> {
        Method method = slot.field.declaring().getDeclaredMethod(slot.field.member(), int.class);
        method.setAccessible(true);
        first(slot);
        method.invoke(slot.field.holder(), number(value));
      }
      default -> throw new NotPlain();
    }
  }

  private static void first(Slot slot) throws NotPlain {
    if (slot.isGiven) {
      throw new NotPlain();
    }
    slot.isGiven = true;
  }

  private static void once(Slot slot, Object value) throws NotPlain, ReflectiveOperationException {
    first(slot);
    slot.field.set(value);
  }

  private static void add(Slot slot, List<String> values) throws ReflectiveOperationException {
    List<Object> all = new ArrayList<>();
    if (slot.isGiven) {
      all.addAll((List<?>) slot.field.get());
    }
    all.addAll(values);
    slot.isGiven = true;
    slot.field.set(all);
  }

  private static List<String> parts(String value) throws NotPlain {
    List<String> parts = split(value, ',');
    if (value.indexOf('"') >= 0 || value.indexOf('\\') >= 0 || parts.contains("")) {
      throw new NotPlain();
    }
    return parts;
  }

  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    int begin = 0;
    for (int end = text.indexOf(at); end >= 0; end = text.indexOf(at, begin)) {
      parts.add(text.substring(begin, end));
      begin = end + 1;
    }
    parts.add(text.substring(begin));
    return parts;
  }

  private static Path path(String value) throws NotPlain {
    try {
      return Path.of(value);
    } catch (InvalidPathException noName) {
      throw new NotPlain();
    }
  }

  private static Object word(Class<?> type, String value) throws NotPlain {
    for (Object each : type.getEnumConstants()) {
      if (((Enum<?>) each).name().equals(value)) {
        return each;
      }
    }
    throw new NotPlain();
  }

  private static boolean truth(String value) throws NotPlain {
    if (!value.equals("true") && !value.equals("false")) {
      throw new NotPlain();
    }
    return value.equals("true");
  }

  private static int number(String value) throws NotPlain {
    boolean isPlain = value.length() < 10 && value.charAt(0) != '0';
    for (int i = 0; i < value.length(); i++) {
      isPlain &= value.charAt(i) >= '0' && value.charAt(i) <= '9';
    }
    if (!isPlain) {
      throw new NotPlain();
    }
    return Integer.parseInt(value);
  }
}
