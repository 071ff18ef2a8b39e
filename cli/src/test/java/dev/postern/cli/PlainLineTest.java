package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.console.ColorChoice;
import dev.postern.cli.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is read without picocli is what picocli would have read; what picocli refuses is left to it. */
class PlainLineTest {

  private static final Console NOWHERE = Console.of(
      InputStream.nullInputStream(),
      OutputStream.nullOutputStream(),
      OutputStream.nullOutputStream());

  private static final List<String> NEED_PICOCLI = List.of("prove", "help", "completion");

  private static final List<String> VALUES = List.of(
      "examples/shop",
      "a,b",
      "a,,b",
      "\"a,b\"",
      "x=y",
      "",
      "-",
      "--",
      "-1",
      "0",
      "7",
      "010",
      "true",
      "TRUE",
      "false",
      "json",
      "text",
      "table",
      "JSON",
      "auto",
      "always",
      "iptables",
      "unknown",
      "can",
      "reach",
      "shop/db",
      "on",
      "@file",
      "${x}",
      "--open",
      "--help",
      "-f",
      "private",
      "equal");

  @Provide
  Arbitrary<List<String>> lines() {
    Map<String, CommandLine> commands = Postern.commandLine(NOWHERE).getSubcommands();
    return Arbitraries.of(commands.keySet()).flatMap(name -> {
      CommandSpec spec = commands.get(name).getCommandSpec();
      List<String> options = spec.options().stream()
          .map(OptionSpec::names)
          .flatMap(names -> List.of(names).stream())
          .toList();
      Arbitrary<List<String>> word = Arbitraries.frequencyOf(
          Tuple.of(4, withValue(spec)),
          Tuple.of(1, Arbitraries.of(options).map(List::of)),
          Tuple.of(2, Arbitraries.of(VALUES).map(List::of)),
          Tuple.of(
              1,
              Arbitraries.of(options)
                  .flatMap(option ->
                      Arbitraries.of(VALUES).map(value -> List.of(option + "=" + value)))),
          Tuple.of(
              1,
              Arbitraries.of(options)
                  .flatMap(
                      option -> Arbitraries.of(VALUES).map(value -> List.of(option + value)))));
      return word.list().ofMaxSize(6).map(words -> {
        List<String> line = new ArrayList<>(List.of(name));
        words.forEach(line::addAll);
        return line;
      });
    });
  }

  /** An option as it is meant to be used. */
  private static Arbitrary<List<String>> withValue(CommandSpec spec) {
    return Arbitraries.of(spec.options()).flatMap(option -> {
      List<String> candidates = new ArrayList<>();
      if (option.completionCandidates() != null) {
        option.completionCandidates().forEach(candidates::add);
      }
      Arbitrary<String> value = candidates.isEmpty()
          ? Arbitraries.of("examples/shop", "a,b", "7", "true", "3", "shop/db")
          : Arbitraries.of(candidates);
      return option.arity().max() == 0
          ? Arbitraries.just(List.of(option.longestName()))
          : value.map(text -> List.of(option.shortestName(), text));
    });
  }

  @Property
  void aPlainLineSetsWhatPicocliSets(@ForAll("lines") List<String> line) throws Exception {
    String[] arguments = line.toArray(String[]::new);
    Optional<Callable<Integer>> plain = PlainLine.command(NOWHERE, arguments);
    Statistics.collect(plain.isPresent());
    if (plain.isPresent()) {
      boolean coloured = NOWHERE.coloured();
      CommandLine whole = Postern.commandLine(NOWHERE, arguments);
      CommandLine parsed = whole.parseArgs(arguments).subcommand().commandSpec().commandLine();
      assertThat(fields(plain.get(), "")).as("%s", line).isEqualTo(fields(parsed.getCommand(), ""));
      ColorChoice color = ((Postern) whole.getCommand()).color();
      assertThat(coloured).isEqualTo(color == ColorChoice.always);
    }
  }

  @Test
  void theExamplesOfTheHelpArePlain() {
    Examples.of(NOWHERE, Path.of(".."), Path.of("out")).forEach((name, examples) -> {
      for (String[] example : examples) {
        assertThat(PlainLine.command(NOWHERE, example).isPresent())
            .as("%s", List.of(example))
            .isEqualTo(!NEED_PICOCLI.contains(name));
      }
    });
  }

  /** All that a command and what it is put together from hold, by name. */
  private static Map<String, String> fields(Object holder, String where) throws Exception {
    Map<String, String> fields = new TreeMap<>();
    for (Class<?> type = holder.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        boolean own = Modifier.isStatic(field.getModifiers())
            || field.getType() == Console.class
            || field.getType() == CommandSpec.class;
        if (!own) {
          field.setAccessible(true);
          Object value = field.get(holder);
          if (field.isAnnotationPresent(CommandLine.Mixin.class)) {
            fields.putAll(fields(value, where + "/" + field.getName()));
          } else {
            String text = value instanceof Callable<?> || String.valueOf(value).contains("$$Lambda")
                ? "code"
                : String.valueOf(value);
            fields.put(where + "/" + type.getSimpleName() + "." + field.getName(), text);
          }
        }
      }
    }
    return fields;
  }
}
