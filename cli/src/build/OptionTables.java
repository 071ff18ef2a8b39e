import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Writes down, for the build, where each command's options go: what picocli finds by reflection each time that a command starts. It is run
 * from its source with the command line's classes on the class path, and takes the directory of those; the class {@code OptionTable} that it
 * compiles into it is what {@code PlainLine} reads, where the lines are described.
 */
final class OptionTables {

  /** What says nothing about where a value goes. */
  private static final Set<String> WORDS =
      Set.of("names", "index", "arity", "split", "required", "paramLabel", "description", "descriptionKey", "order", "hidden", "scope");

  private static final String TABLE = "OptionTable";

  public static void main(String... arguments) throws Exception {
    Path classes = Path.of(arguments[0]);
    Map<String, String> tables = new TreeMap<>();
    for (Map.Entry<String, CommandLine> command : commands().entrySet()) {
      Class<?> type = command.getValue().getCommand().getClass();
      if (members(type).stream().noneMatch(OptionTables::needsPicocli)) {
        List<String> lines = new ArrayList<>();
        lines(type, "", lines);
        tables.put(command.getKey(), String.join("\n", lines));
      }
    }
    compile(tables, classes);
  }

  private static Map<String, CommandLine> commands() throws ReflectiveOperationException {
    Class<?> console = Class.forName("dev.postern.cli.console.Console");
    Object process = console.getMethod("ofProcess").invoke(null);
    Method all = Class.forName("dev.postern.cli.Postern").getDeclaredMethod("commandLine", console, String[].class);
    all.setAccessible(true);
    return ((CommandLine) all.invoke(null, process, new String[0])).getSubcommands();
  }

  private static boolean needsPicocli(Member member) {
    AnnotatedElement element = (AnnotatedElement) member;
    return List.of(Spec.class, ParentCommand.class, Unmatched.class, ArgGroup.class).stream()
        .anyMatch(element::isAnnotationPresent);
  }

  private static List<Member> members(Class<?> type) {
    List<Member> members = new ArrayList<>();
    for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
      members.addAll(List.of(each.getDeclaredFields()));
      members.addAll(List.of(each.getDeclaredMethods()));
    }
    return members;
  }

  private static void lines(Class<?> type, String holder, List<String> lines) {
    for (Member member : members(type)) {
      AnnotatedElement element = (AnnotatedElement) member;
      String where = holder + "\t" + depth(type, member.getDeclaringClass()) + "\t" + member.getName() + "\t";
      Option option = element.getAnnotation(Option.class);
      Parameters positional = element.getAnnotation(Parameters.class);
      if (element.isAnnotationPresent(Mixin.class)) {
        String path = holder + "/" + member.getName();
        lines.add(path + "\t" + where + "MIXIN");
        lines(((Field) member).getType(), path, lines);
      } else if (option != null) {
        boolean plain = isPlain(option) && (option.split().isEmpty() || isList(member));
        lines.add(String.join(",", option.names()) + "\t" + where
            + (plain ? kind(member, option.arity(), option.split()) : "OTHER") + (option.required() ? "\trequired" : ""));
      } else if (positional != null) {
        lines.add(positional(member, positional, where));
      }
    }
  }

  private static String positional(Member member, Parameters positional, String where) {
    String kind = isPlain(positional) ? kind(member, "", positional.split()) : "OTHER";
    boolean many = kind.equals("TEXTS") && positional.index().isEmpty() && positional.arity().matches("[01]\\.\\.\\*");
    boolean one = (kind.equals("TEXT") || kind.equals("FILE")) && positional.index().matches("[0-9]?") && positional.arity().isEmpty();
    String place = one ? (positional.index().isEmpty() ? "0" : positional.index()) : "*";
    // What is of another kind cannot be given, so that such a line is never plain.
    boolean required = !many || positional.arity().startsWith("1");
    return place + "\t" + where + (many || one ? kind : "OTHER") + (required ? "\trequired" : "");
  }

  private static int depth(Class<?> type, Class<?> declaring) {
    return type == declaring ? 0 : 1 + depth(type.getSuperclass(), declaring);
  }

  private static boolean isList(Member member) {
    return member instanceof Field field && field.getType() == List.class;
  }

  /** How a value becomes what the member takes, if that is done as {@code PlainLine} does it. */
  private static String kind(Member member, String arity, String split) {
    if (member instanceof Method method) {
      boolean number = method.getParameterCount() == 1 && method.getParameterTypes()[0] == int.class;
      return number && arity.isEmpty() ? "CALL" : "OTHER";
    }
    Class<?> type = ((Field) member).getType();
    String generic = ((Field) member).getGenericType().getTypeName();
    if (type == Boolean.class && arity.equals("1")) {
      return "TRUTH";
    }
    if (!arity.isEmpty()) {
      return "OTHER";
    }
    if (generic.equals("java.util.List<java.lang.String>")) {
      return split.isEmpty() ? "TEXTS" : split.equals(",") ? "PARTS" : "OTHER";
    }
    return type == boolean.class ? "FLAG" : type == String.class ? "TEXT" : type == Path.class ? "FILE" : type.isEnum() ? "WORD" : "OTHER";
  }

  private static boolean isPlain(Annotation annotation) {
    return Arrays.stream(annotation.annotationType().getDeclaredMethods())
        .filter(each -> !WORDS.contains(each.getName()))
        .allMatch(each -> {
          try {
            return Arrays.deepEquals(new Object[] {each.invoke(annotation)}, new Object[] {each.getDefaultValue()});
          } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
          }
        });
  }

  private static void compile(Map<String, String> tables, Path classes) throws IOException {
    StringBuilder source = new StringBuilder("package dev.postern.cli;\n\nfinal class " + TABLE
        + " implements java.util.function.UnaryOperator<String> {\n  @Override public String apply(String command) {\n    switch (command) {\n");
    tables.forEach((command, table) -> source.append("      case \"").append(command).append("\": return \"")
        .append(table.replace("\t", "\\t").replace("\n", "\\n")).append("\";\n"));
    source.append("      default: return \"\";\n    }\n  }\n}\n");
    Path file = Files.createTempDirectory("postern-options").resolve(TABLE + ".java");
    try {
      Files.writeString(file, source);
      if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-proc:none", "-d", classes.toString(), file.toString()) != 0) {
        throw new IllegalStateException("the table of options does not compile:\n" + source);
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(file.getParent());
    }
  }
}
