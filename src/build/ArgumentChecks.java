import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.TypePath;
import org.objectweb.asm.TypeReference;

/**
 * Makes public methods hold their callers to what {@code @NullMarked} says, for the build: each begins with {@code Objects.requireNonNull(argument,
 * "argument")} for every argument that is not {@code @Nullable}. docs/decisions/0017-null-arguments-fail-by-name.md says why.
 *
 * <p>It is run from its source with ASM on the class path and takes the directory of a module's classes. A class that has its checks is left as it is.
 */
public final class ArgumentChecks {

  private static final String DONE = "dev.postern.ArgumentChecks";
  private static final String NULLABLE = "Lorg/jspecify/annotations/Nullable;";

  /** Classes of the module by their internal names. */
  private final Map<String, ClassReader> classes = new TreeMap<>();

  private ArgumentChecks() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    ArgumentChecks checks = new ArgumentChecks();
    Map<String, Path> files = new HashMap<>();
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path file : found.filter(each -> each.toString().endsWith(".class")).toList()) {
        ClassReader reader = new ClassReader(Files.readAllBytes(file));
        checks.classes.put(reader.getClassName(), reader);
        files.put(reader.getClassName(), file);
      }
    }
    for (Map.Entry<String, ClassReader> each : checks.classes.entrySet()) {
      if (checks.isWanted(each.getValue())) {
        Files.write(files.get(each.getKey()), checks.withChecks(each.getValue()));
      }
    }
    Files.writeString(Path.of(arguments[1]), "");
  }

  /** Whether it can be called from outside: parsers that ANTLR wrote are not meant to be. */
  private boolean isWanted(ClassReader type) {
    return !type.getClassName().contains("/grammar/")
        && !type.getClassName().endsWith("-info")
        && !hasChecks(type)
        && (isPublic(type.getClassName()) || isSomethingOfOurs(type));
  }

  private boolean isPublic(String name) {
    ClassReader type = classes.get(name);
    int nest = name.lastIndexOf('$');
    return type != null
        && (type.getAccess() & Opcodes.ACC_PUBLIC) != 0
        && (nest < 0 || isPublic(name.substring(0, nest)));
  }

  /** Whether callers may have it as what it extends or implements. */
  private static boolean isSomethingOfOurs(ClassReader type) {
    return Stream.concat(Stream.of(type.getSuperName()), Stream.of(type.getInterfaces()))
        .anyMatch(name -> name.startsWith("dev/postern/"));
  }

  private static boolean hasChecks(ClassReader type) {
    Set<String> attributes = new HashSet<>();
    type.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public void visitAttribute(Attribute attribute) {
            attributes.add(attribute.type);
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return attributes.contains(DONE);
  }

  private byte[] withChecks(ClassReader type) {
    Map<String, Integer> lines = firstLines(type);
    boolean constructors = isPublic(type.getClassName());
    ClassWriter writer = new ClassWriter(type, ClassWriter.COMPUTE_MAXS);
    type.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method =
                super.visitMethod(access, name, descriptor, signature, exceptions);
            boolean inherited = !name.equals("<init>") && (access & Opcodes.ACC_STATIC) == 0;
            boolean called = (access & Opcodes.ACC_PUBLIC) != 0
                && (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_ABSTRACT)) == 0
                && (constructors || inherited)
                && !(name + descriptor).equals("equals(Ljava/lang/Object;)Z");
            return called
                ? new Checks(
                    method,
                    Type.getArgumentTypes(descriptor),
                    (access & Opcodes.ACC_STATIC) == 0 ? 1 : 0,
                    lines.getOrDefault(name + descriptor, 0))
                : method;
          }

          @Override
          public void visitEnd() {
            visitAttribute(new Done());
            super.visitEnd();
          }
        },
        0);
    return writer.toByteArray();
  }

  /** The first line of each method, to which its checks belong in a stack trace. */
  private static Map<String, Integer> firstLines(ClassReader type) {
    Map<String, Integer> lines = new HashMap<>();
    type.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitLineNumber(int line, Label start) {
                lines.putIfAbsent(name + descriptor, line);
              }
            };
          }
        },
        ClassReader.SKIP_FRAMES);
    return lines;
  }

  /** One method, which is to begin with its checks. */
  private static final class Checks extends MethodVisitor {
    private final Type[] types;
    private final int first;
    private final int line;
    private final String[] names;
    private final Set<Integer> nullable = new HashSet<>();
    private int named;
    private int implied;

    private Checks(MethodVisitor method, Type[] types, int first, int line) {
      super(Opcodes.ASM9, method);
      this.types = types;
      this.first = first;
      this.line = line;
      this.names = new String[types.length];
    }

    @Override
    public void visitParameter(String name, int access) {
      // What encloses an inner class is passed first, and counts in no annotation.
      if (name == null || name.contains("$")) {
        implied++;
      } else {
        names[named] = name;
      }
      named++;
      super.visitParameter(name, access);
    }

    @Override
    public org.objectweb.asm.AnnotationVisitor visitTypeAnnotation(
        int place, TypePath path, String descriptor, boolean visible) {
      TypeReference reference = new TypeReference(place);
      if (reference.getSort() == TypeReference.METHOD_FORMAL_PARAMETER
          && descriptor.equals(NULLABLE)
          && isWhole(path)) {
        nullable.add(implied + reference.getFormalParameterIndex());
      }
      return super.visitTypeAnnotation(place, path, descriptor, visible);
    }

    /** Whether it is about the type itself and not about an element or an argument of it. */
    private static boolean isWhole(TypePath path) {
      for (int step = 0; path != null && step < path.getLength(); step++) {
        if (path.getStep(step) != TypePath.INNER_TYPE) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (line > 0) {
        Label start = new Label();
        super.visitLabel(start);
        super.visitLineNumber(line, start);
      }
      int local = first;
      for (int index = 0; index < types.length; index++) {
        if (types[index].getSort() >= Type.ARRAY
            && names[index] != null
            && !nullable.contains(index)) {
          super.visitVarInsn(Opcodes.ALOAD, local);
          super.visitLdcInsn(names[index]);
          super.visitMethodInsn(
              Opcodes.INVOKESTATIC,
              "java/util/Objects",
              "requireNonNull",
              "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;",
              false);
          super.visitInsn(Opcodes.POP);
        }
        local += types[index].getSize();
      }
    }
  }

  /** Says that a class has its checks. */
  private static final class Done extends Attribute {
    private Done() {
      super(DONE);
    }

    @Override
    protected ByteVector write(
        ClassWriter writer, byte[] code, int length, int maxStack, int maxLocals) {
      return new ByteVector();
    }
  }
}
