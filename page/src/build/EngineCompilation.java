import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.teavm.backend.javascript.JSModuleType;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.diagnostics.ProblemSeverity;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ClassReader;
import org.teavm.model.Instruction;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;
import org.teavm.model.Variable;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.vm.TeaVMOptimizationLevel;

/**
 * Compiles the engine to JavaScript, for the build. It is run from its source with TeaVM on the class path, and takes the class path of what
 * it compiles, the directory of the sources that only the browser's engine has, and the build's directory. Without a change in any of that
 * it does nothing.
 */
public final class EngineCompilation {

  /** Counts as a change of what is compiled: how. */
  private static final String HOW = "3";

  private EngineCompilation() {}

  public static void main(String[] arguments) throws Exception {
    List<Path> engine = paths(arguments[0]);
    List<Path> teavm = paths(System.getProperty("java.class.path"));
    Path sources = Path.of(arguments[1]);
    Path build = Path.of(arguments[2]);
    Path classes = build.resolve("browser-classes");
    Path target = build.resolve("classes/dev/postern/page");
    Path stamp = build.resolve("engine.sha256");

    List<Path> inputs = new ArrayList<>(engine);
    inputs.add(sources);
    String digest = digest(inputs, teavm);
    if (Files.exists(target.resolve("engine.js"))
        && Files.exists(stamp)
        && Files.readString(stamp).equals(digest)) {
      return;
    }
    List<Path> all = new ArrayList<>(engine);
    all.addAll(teavm);
    compile(List.of(sources), all, classes);
    all.add(0, classes);
    translate(all, target);
    Files.writeString(stamp, digest);
  }

  static List<Path> paths(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::exists)
        .toList();
  }

  static void compile(List<Path> sources, List<Path> classPath, Path classes)
      throws IOException {
    if (Files.exists(classes)) {
      for (Path file : files(classes)) {
        Files.delete(file);
      }
    }
    Files.createDirectories(classes);
    List<String> arguments = new ArrayList<>(List.of(
        "-nowarn",
        "-proc:none",
        "--release",
        "17",
        "-XDstringConcat=inline",
        "-d",
        classes.toString(),
        "-cp",
        String.join(
            File.pathSeparator, classPath.stream().map(Path::toString).toList())));
    for (Path source : sources) {
      files(source).forEach(file -> arguments.add(file.toString()));
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac.run(null, System.err, System.err, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException("the classes of what TeaVM compiles do not compile");
    }
  }

  private static void translate(List<Path> classPath, Path target) throws Exception {
    TeaVMTool tool = new TeaVMTool();
    tool.setTargetType(TeaVMTargetType.JAVASCRIPT);
    tool.setJsModuleType(JSModuleType.NONE);
    tool.setMainClass("dev.postern.page.browser.EngineExports");
    tool.setTargetDirectory(target.toFile());
    tool.setTargetFileName("engine.js");
    tool.setObfuscated(!Boolean.getBoolean("readable"));
    tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    tool.setClassLoader(EngineCompilation.class.getClassLoader());
    tool.getTransformers().add(MissingMethods.class.getName());
    tool.setClassPath(classPath.stream().map(Path::toFile).toList());
    tool.generate();
    if (failed(tool)) {
      Files.deleteIfExists(target.resolve("engine.js"));
      throw new IllegalStateException("the engine does not compile to JavaScript");
    }
  }

  static boolean failed(TeaVMTool tool) {
    boolean failed = false;
    for (Problem problem : tool.getProblemProvider().getProblems()) {
      DefaultProblemTextConsumer text = new DefaultProblemTextConsumer();
      problem.render(text);
      System.err.println(problem.getSeverity() + ": " + text.getText()
          + (problem.getLocation() == null
              ? ""
              : " (in " + problem.getLocation().getMethod() + ")"));
      failed |= problem.getSeverity() == ProblemSeverity.ERROR;
    }
    return failed;
  }

  /** What goes into the engine: classes and sources, wherever they lie, and the names of TeaVM's jars, which hold their versions. */
  static String digest(List<Path> inputs, List<Path> libraries) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    add(sha, HOW);
    for (Path library : libraries) {
      add(sha, library.getFileName().toString());
    }
    SortedMap<String, String> contents = new TreeMap<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        contents(input, contents);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(input)) {
          contents(jar.getPath("/"), contents);
        }
      }
    }
    contents.forEach((name, hash) -> add(sha, name + " " + hash));
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void contents(Path root, SortedMap<String, String> contents) throws Exception {
    for (Path file : files(root)) {
      String name = root.relativize(file).toString();
      if (name.endsWith(".class") || name.endsWith(".java") || name.startsWith("META-INF/services/")) {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        contents.put(name, HexFormat.of().formatHex(hash));
      }
    }
  }

  private static void add(MessageDigest sha, String text) {
    sha.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /**
   * Leads calls of methods that TeaVM's class library lacks to those that stand in for them: {@code Arrays.compare} to {@code
   * dev.postern.page.browser.jdk.ArraysMethods.compare}, an instance being the first argument, and
   * those of {@code Base64.Decoder} to {@code Base64DecoderMethods}; and what maps ask of their keys to {@code HashMapMethods}.
   */
  public static final class MissingMethods implements ClassHolderTransformer {

    private static final String PACKAGE = "dev.postern.page.browser.jdk.";

    private static final String MAP = "java.util.HashMap";

    /** The maps that find keys by their hashes. */
    private static final Set<String> MAPS = Set.of(MAP, "java.util.LinkedHashMap");

    @Override
    public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
      if (type.getName().startsWith(PACKAGE)) {
        return;
      }
      for (MethodHolder method : type.getMethods()) {
        if (method.getProgram() == null) {
          continue;
        }
        for (BasicBlock block : method.getProgram().getBasicBlocks()) {
          for (Instruction instruction : block) {
            if (instruction instanceof InvokeInstruction invoke) {
              lead(invoke, type.getName(), context);
            }
          }
        }
      }
    }

    private static void lead(
        InvokeInstruction invoke, String caller, ClassHolderTransformerContext context) {
      MethodReference called = invoke.getMethod();
      String owner = called.getClassName();
      boolean key = MAPS.contains(caller) && called.getName().equals("hashCode");
      String standing = key ? MAP : owner;
      String other =
          PACKAGE + standing.substring(standing.lastIndexOf('.') + 1).replace("$", "") + "Methods";
      ClassReader holder = context.getHierarchy().getClassSource().get(other);
      if (holder == null) {
        return;
      }
      List<ValueType> signature = new ArrayList<>();
      if (invoke.getInstance() != null) {
        signature.add(ValueType.object(owner));
      }
      signature.addAll(Arrays.asList(called.getSignature()));
      MethodDescriptor wanted =
          new MethodDescriptor(called.getName(), signature.toArray(ValueType[]::new));
      if (holder.getMethod(wanted) == null) {
        return;
      }
      List<Variable> arguments = new ArrayList<>();
      if (invoke.getInstance() != null) {
        arguments.add(invoke.getInstance());
      }
      arguments.addAll(invoke.getArguments());
      invoke.setType(InvocationType.SPECIAL);
      invoke.setInstance(null);
      invoke.setMethod(new MethodReference(other, wanted));
      invoke.setArguments(arguments.toArray(Variable[]::new));
    }
  }
}
