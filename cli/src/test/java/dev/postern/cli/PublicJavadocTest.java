package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the Javadoc of every module that is published has to say, as far as a machine can read it in the sources. */
class PublicJavadocTest {

  private static final List<String> MODULES = List.of(
      "policy-model",
      "fabric8",
      "compiler",
      "backends-iptables",
      "backends-ovs",
      "backends-bpf",
      "analysis",
      "page",
      "verifier",
      "policy-testing",
      "spark",
      "maven-plugin",
      "cli");

  /** The two things that a package may say; a type that says something else of threads is the exception. */
  private static final String SAFE =
      "Types are safe for use by several threads unless they say otherwise.";

  private static final String CONFINED = "Types are for one thread unless they say otherwise.";

  /** What an object changes if it has it of its own. */
  private static final Pattern CHANGING = Pattern.compile(
      "new (HashMap|LinkedHashMap|TreeMap|EnumMap|IdentityHashMap|WeakHashMap|ArrayList|ArrayDeque|PriorityQueue|HashSet|LinkedHashSet"
          + "|TreeSet|BitSet|StringBuilder|StringWriter|ByteArrayOutputStream)\\b");

  /** What can only be read or written in order. */
  private static final Set<String> STREAMS = Set.of(
      "Appendable",
      "InputStream",
      "Iterator",
      "JsonGenerator",
      "OutputStream",
      "Reader",
      "Socket",
      "SocketChannel",
      "StringBuilder",
      "Writer");

  private static final Set<String> OF_ALL_OBJECTS = Set.of("equals", "hashCode", "toString");

  private static final Map<String, List<CompilationUnitTree>> SOURCES = new TreeMap<>();
  private static final Map<CompilationUnitTree, DocTrees> DOCUMENTS = new HashMap<>();

  @BeforeAll
  static void parse() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      for (String module : MODULES) {
        try (Stream<Path> found = Files.walk(Path.of("..", module, "src/main/java"))) {
          JavacTask task = (JavacTask) compiler.getTask(
              null,
              files,
              null,
              List.of("-proc:none"),
              null,
              files.getJavaFileObjectsFromPaths(
                  found.filter(file -> file.toString().endsWith(".java")).toList()));
          DocTrees documents = DocTrees.instance(task);
          for (CompilationUnitTree unit : task.parse()) {
            SOURCES.computeIfAbsent(module, m -> new ArrayList<>()).add(unit);
            DOCUMENTS.put(unit, documents);
          }
        }
      }
    }
  }

  @Test
  void everyPackageSaysWhetherItsTypesAreSafeForSeveralThreads() {
    Set<String> silent = new TreeSet<>();
    packages().forEach((name, said) -> {
      if (said.contains(SAFE) == said.contains(CONFINED)) {
        silent.add(name);
      }
    });
    assertThat(silent).as("packages that say nothing of threads, or both").isEmpty();
  }

  @Test
  void aTypeThatChangesSaysSomethingOfThreads() {
    Map<String, String> packages = packages();
    Set<String> silent = new TreeSet<>();
    Set<String> confined = new TreeSet<>();
    eachPublicType((unit, type, said) -> {
      if (said.matches(
          "(?s).*([Nn]ot (safe for|for) use by several threads|[Nn]ot thread-safe|[Ff]or one thread).*")) {
        confined.add(type.getSimpleName().toString());
      }
    });
    eachPublicType((unit, type, said) -> {
      if (packages.getOrDefault(packageOf(unit), "").contains(SAFE)
          && isCalledAsAnObject(type)
          && changes(type, confined)
          && !said.contains("thread")) {
        silent.add(packageOf(unit) + "." + type.getSimpleName());
      }
    });
    assertThat(silent)
        .as("types that change, or hold what does, and do not say so")
        .isEmpty();
  }

  @Test
  void aSimpleNameIsOfOneTypeInAllModules() {
    Map<String, Set<String>> named = new TreeMap<>();
    eachPublicType((unit, type, said) -> {
      if (unit.getTypeDecls().contains(type)) {
        named
            .computeIfAbsent(type.getSimpleName().toString(), name -> new TreeSet<>())
            .add(packageOf(unit));
      }
    });
    named.values().removeIf(packages -> packages.size() == 1);
    assertThat(named).isEmpty();
  }

  @Test
  void whatAMethodThrowsIsDocumented() {
    Set<String> silent = new TreeSet<>();
    SOURCES.forEach((module, units) -> {
      if (!module.equals("cli") && !module.equals("maven-plugin")) {
        units.forEach(unit -> new PublicTypes(unit) {
          @Override
          public Void visitMethod(MethodTree method, Boolean isPublic) {
            ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            String said = said(getCurrentPath());
            if (Boolean.TRUE.equals(isPublic)
                && isPublic(method.getModifiers(), owner)
                && !(said.isEmpty() && overrides(method))) {
              thrown(method).stream()
                  .filter(exception -> !names(said, exception))
                  .forEach(exception -> silent.add(packageOf(unit) + "." + owner.getSimpleName()
                      + "." + method.getName() + ": " + exception));
            }
            return super.visitMethod(method, isPublic);
          }
        }.scan(unit, null));
      }
    });
    assertThat(silent).as("exceptions that no @throws names").isEmpty();
  }

  private static boolean names(String said, String exception) {
    return Pattern.compile("@throws\\s+([\\w.]+\\.)?" + Pattern.quote(exception) + "\\b")
        .matcher(said)
        .find();
  }

  private static boolean overrides(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .map(AnnotationTree::getAnnotationType)
        .anyMatch(type -> type.toString().equals("Override"));
  }

  /** What it declares, and what it makes and throws itself; errors say that the code is wrong, and are nobody's to expect. */
  private static Set<String> thrown(MethodTree method) {
    Set<String> thrown = method.getThrows().stream()
        .map(type -> simple(type.toString()))
        .collect(Collectors.toCollection(TreeSet::new));
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitThrow(ThrowTree statement, Void nothing) {
        if (statement.getExpression() instanceof NewClassTree made) {
          thrown.add(simple(made.getIdentifier().toString()));
        }
        return super.visitThrow(statement, nothing);
      }

      @Override
      public Void visitLambdaExpression(LambdaExpressionTree other, Void nothing) {
        return nothing;
      }

      @Override
      public Void visitClass(ClassTree other, Void nothing) {
        return nothing;
      }
    }.scan(method.getBody(), null);
    thrown.removeIf(type -> type.endsWith("Error"));
    return thrown;
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private static boolean isCalledAsAnObject(ClassTree type) {
    return type.getKind() == Tree.Kind.CLASS
        && type.getMembers().stream()
            .filter(MethodTree.class::isInstance)
            .map(MethodTree.class::cast)
            .filter(method -> !OF_ALL_OBJECTS.contains(method.getName().toString()))
            .map(method -> method.getModifiers().getFlags())
            .anyMatch(flags -> flags.contains(Modifier.PUBLIC) && !flags.contains(Modifier.STATIC));
  }

  /** @param confined simple names of types that say that they are for one thread */
  private static boolean changes(ClassTree type, Set<String> confined) {
    return type.getMembers().stream()
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
        .anyMatch(field -> {
          String held = simple(field.getType().toString().replaceAll("@\\w+ |<.*", ""));
          return !field.getModifiers().getFlags().contains(Modifier.FINAL)
              || STREAMS.contains(held)
              || confined.contains(held)
              || CHANGING.matcher(String.valueOf(field.getInitializer())).find();
        });
  }

  private static String packageOf(CompilationUnitTree unit) {
    return String.valueOf(unit.getPackageName());
  }

  /** What each package says. */
  private static Map<String, String> packages() {
    Map<String, String> packages = new TreeMap<>();
    SOURCES.values().stream().flatMap(List::stream).forEach(unit -> {
      if (unit.getSourceFile().getName().endsWith("package-info.java")) {
        TreePath path = new TreePath(new TreePath(unit), unit.getPackage());
        packages.put(
            packageOf(unit),
            Optional.ofNullable(DOCUMENTS.get(unit).getDocComment(path)).orElse(""));
      }
    });
    return packages;
  }

  private interface Visit {
    void type(CompilationUnitTree unit, ClassTree type, String said);
  }

  private static void eachPublicType(Visit visit) {
    SOURCES.values().stream()
        .flatMap(List::stream)
        .forEach(unit -> new PublicTypes(unit) {
          @Override
          public Void visitClass(ClassTree type, Boolean isPublic) {
            if (isReachable(type, isPublic)) {
              visit.type(unit, type, said(getCurrentPath()));
            }
            return super.visitClass(type, isPublic);
          }
        }.scan(unit, null));
  }

  /** Goes through a file and knows of each type whether it can be named from outside. */
  private abstract static class PublicTypes extends TreePathScanner<Void, Boolean> {
    private final CompilationUnitTree unit;

    private PublicTypes(CompilationUnitTree unit) {
      this.unit = unit;
    }

    @Override
    public Void visitClass(ClassTree type, Boolean isPublic) {
      return super.visitClass(type, isReachable(type, isPublic));
    }

    boolean isReachable(ClassTree type, Boolean outer) {
      return !Boolean.FALSE.equals(outer)
          && isPublic(
              type.getModifiers(),
              getCurrentPath().getParentPath().getLeaf() instanceof ClassTree owner ? owner : type);
    }

    static boolean isPublic(ModifiersTree modifiers, ClassTree owner) {
      return modifiers.getFlags().contains(Modifier.PUBLIC)
          || owner.getKind() == Tree.Kind.INTERFACE
              && modifiers != owner.getModifiers()
              && !modifiers.getFlags().contains(Modifier.PRIVATE);
    }

    String said(TreePath path) {
      return Optional.ofNullable(DOCUMENTS.get(unit).getDocComment(path)).orElse("");
    }
  }
}
