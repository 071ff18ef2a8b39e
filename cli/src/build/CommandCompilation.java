import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.teavm.extension.introspect.IntrospectMethod;
import org.teavm.extension.spi.reflection.SimpleReflectionPolicy;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ElementModifier;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.ValueType;
import org.teavm.model.instructions.ExitInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.RaiseInstruction;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.vm.TeaVMOptimizationLevel;

/**
 * Compiles the commands that start most often to C, for the native program that {@code ./postern} starts where there is one
 * (docs/decisions/0018-a-native-program-for-short-commands.md). {@code native-program} runs it with TeaVM on the class path; it takes the class path of the
 * command, the directory of the sources that only the page's engine has, where the sources in C go, and the directory of the sources that
 * only the native program has. Without a change in any of that it does nothing.
 */
public final class CommandCompilation {

  private CommandCompilation() {}

  public static void main(String[] arguments) throws Exception {
    translate(
        EngineCompilation.paths(arguments[0]),
        EngineCompilation.paths(System.getProperty("java.class.path")),
        List.of(Path.of(arguments[3]), Path.of(arguments[1])),
        Path.of(arguments[2]));
  }

  private static void translate(
      List<Path> command, List<Path> teavm, List<Path> sources, Path target) throws Exception {
    Path classes = target.resolve("classes");
    Path stamp = target.resolve("command.sha256");
    String digest =
        EngineCompilation.digest(Stream.concat(command.stream(), sources.stream()).toList(), teavm);
    if (Files.exists(stamp) && Files.readString(stamp).equals(digest)) {
      return;
    }
    Files.deleteIfExists(stamp);
    List<Path> all = new ArrayList<>(command);
    all.addAll(teavm);
    EngineCompilation.compile(sources, all, classes);
    all.add(0, classes);
    TeaVMTool tool = new TeaVMTool();
    tool.setTargetType(TeaVMTargetType.C);
    tool.setMainClass("dev.postern.cli.NativeProgram");
    tool.setTargetDirectory(target.toFile());
    tool.setObfuscated(!Boolean.getBoolean("readable"));
    tool.setShortFileNames(true);
    // An index that is out of bounds is an exception as in Java, and never another value.
    tool.setStrict(true);
    // Memory of which nothing is collected (LeftOut): only what is used of it is ever taken from the system.
    tool.setMinHeapSize(1 << 29);
    tool.setMaxHeapSize(1 << 29);
    tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    tool.setClassLoader(CommandCompilation.class.getClassLoader());
    tool.getTransformers().add(LeftOut.class.getName());
    tool.getTransformers().add(EngineCompilation.MissingMethods.class.getName());
    tool.setClassPath(all.stream().map(Path::toFile).toList());
    tool.generate();
    if (EngineCompilation.failed(tool)) {
      throw new IllegalStateException("the command does not compile to C");
    }
    // One file that is all of it. The headers of the system come first, since TeaVM's have names of theirs.
    StringBuilder program = new StringBuilder("#define _GNU_SOURCE\n");
    Stream.of("uchar", "time", "stdlib", "unistd", "signal", "errno")
        .forEach(header -> program.append("#include <").append(header).append(".h>\n"));
    Files.readAllLines(target.resolve("all.c")).stream()
        .filter(line -> line.startsWith("#include"))
        .forEach(line -> program.append(line).append('\n'));
    Files.writeString(target.resolve("postern.c"), program);
    // C has no such names for characters below U+00A0.
    Path strings = target.resolve("strings.c");
    Files.writeString(
        strings, Files.readString(strings).replaceAll("\\\\u00([89][0-9a-f])", "\\\\x$1\" u\""));
    Files.writeString(stamp, digest);
  }

  /**
   * Leaves out what the native program has not: the solver, other programs, settings, pages. Each method of these classes leaves the whole
   * command line to the JVM. Without that, all that they use would be part of the program. So does a collection of garbage, which was seen
   * to crash in TeaVM's C.
   */
  public static final class LeftOut implements ClassHolderTransformer {

    private static final List<String> CLASSES = List.of(
        "dev.postern.cli.input.Glob",
        "dev.postern.cli.input.Program",
        "dev.postern.cli.input.Rendering",
        "dev.postern.cli.input.Revision",
        "dev.postern.cli.live.",
        "dev.postern.cli.page.",
        "dev.postern.cli.console.Children",
        "dev.postern.cli.console.TerminalSize",
        "dev.postern.cli.selection.SettingsFile",
        "dev.postern.page.PageDocument",
        "dev.postern.solver.BitVector",
        "dev.postern.solver.Engine",
        "dev.postern.solver.Formula",
        "dev.postern.solver.Logic",
        "dev.postern.solver.Z3",
        "io.fabric8.");

    /**
     * Methods alone: the one that waits for what is left out, and what decodes escapes of tags.
     */
    private static final Set<String> METHODS = Set.of(
        "dev.postern.deadline.Deadline.await",
        "org.snakeyaml.engine.v2.common.UriEncoder.decode",
        "dev.postern.page.browser.jdk.UriEncoderMethods.decode");

    private static final String MEMORY = "org.teavm.runtime.GC";

    @Override
    public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
      if (type.getName().equals(MEMORY)) {
        type.getMethods().stream()
            .filter(method -> method.getName().matches("(doC|c)ollectGarbage.*|triggerFullGC"))
            .forEach(LeftOut::end);
        return;
      }
      boolean all = CLASSES.stream().anyMatch(type.getName()::startsWith);
      for (MethodHolder method : type.getMethods()) {
        if (!method.hasModifier(ElementModifier.ABSTRACT)
            && (all || METHODS.contains(type.getName() + "." + method.getName()))) {
          leave(method);
        }
      }
    }

    /** Ends the process, where nothing can be thrown. */
    private static void end(MethodHolder method) {
      BasicBlock block = body(method);
      block.add(call("exit", ValueType.VOID));
      block.add(new ExitInstruction());
    }

    private static InvokeInstruction call(String name, ValueType type) {
      InvokeInstruction call = new InvokeInstruction();
      call.setType(InvocationType.SPECIAL);
      call.setMethod(new MethodReference("dev.postern.cli.NotHere", name, type));
      return call;
    }

    private static BasicBlock body(MethodHolder method) {
      Program program = new Program();
      for (int i = 0; i <= method.parameterCount(); i++) {
        program.createVariable();
      }
      method.getModifiers().remove(ElementModifier.NATIVE);
      method.setProgram(program);
      return program.createBasicBlock();
    }

    private static void leave(MethodHolder method) {
      BasicBlock block = body(method);
      InvokeInstruction call = call("instead", ValueType.object("java.lang.RuntimeException"));
      call.setReceiver(block.getProgram().createVariable());
      block.add(call);
      RaiseInstruction raise = new RaiseInstruction();
      raise.setException(call.getReceiver());
      block.add(raise);
    }
  }

  /** The members of commands that options set, by reflection. */
  public static final class CommandMembers extends SimpleReflectionPolicy {

    @Override
    protected void setup() {
      String picocli = "picocli.CommandLine$";
      selectClass("dev.postern.cli.OptionTable")
          .foundByName()
          .reflectableMethods(IntrospectMethod::isConstructor);
      selectPackage("dev.postern.cli", true)
          .reflectableFields(withAnnotation(picocli + "Option")
              .or(withAnnotation(picocli + "Parameters"))
              .or(withAnnotation(picocli + "Mixin")))
          .reflectableMethods(method -> withAnnotation(picocli + "Option").test(method)
              || method.isConstructor() && method.parameters().isEmpty());
    }
  }
}
