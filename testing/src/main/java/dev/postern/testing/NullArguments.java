package dev.postern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls whatever can be called from outside of a module with null, argument by argument: each must fail with a {@link NullPointerException}
 * that has the argument's name. The objects that are called, and the other arguments, hold nothing; a check of arguments comes before they are
 * looked at.
 */
public final class NullArguments {

  private final List<Class<?>> types;
  private final List<Class<?>> concrete;
  private final List<String> unnamed = new ArrayList<>();
  private int calls;

  private NullArguments(List<Class<?>> types, List<Class<?>> concrete) {
    this.types = types;
    this.concrete = concrete;
  }

  /**
   * Tries all of the module, as it was built, that this class is from.
   *
   * @param concrete types that stand for abstract ones of others
   */
  public static NullArguments of(Class<?> any, Class<?>... concrete) {
    NullArguments arguments = new NullArguments(types(any), List.of(concrete));
    arguments.types.forEach(arguments::tryAll);
    return arguments;
  }

  /** How many arguments were null. */
  public int calls() {
    return calls;
  }

  /** What took null, or failed without the argument's name: the method, the argument, and what came of it. */
  public List<String> unnamed() {
    return List.copyOf(unnamed);
  }

  private static List<Class<?>> types(Class<?> any) {
    try {
      Path location =
          Path.of(any.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(location)) {
        return types(location, any.getClassLoader());
      }
      try (FileSystem jar = FileSystems.newFileSystem(location)) {
        return types(jar.getPath("/"), any.getClassLoader());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Class<?>> types(Path root, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted().toList()) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        if (name.startsWith("dev.postern.")
            && name.endsWith(".class")
            && !name.contains(".grammar.")
            && !name.endsWith("-info.class")) {
          types.add(
              Class.forName(name.substring(0, name.length() - ".class".length()), false, loader));
        }
      }
    }
    return types;
  }

  private void tryAll(Class<?> type) {
    if (isPublic(type) && !Modifier.isAbstract(type.getModifiers())) {
      for (Constructor<?> constructor : type.getConstructors()) {
        tryEach(constructor, arguments -> constructor.newInstance(arguments));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      int modifiers = method.getModifiers();
      boolean inherited = !Modifier.isStatic(modifiers) && isKnownAbove(type, method);
      if (Modifier.isPublic(modifiers)
          && !Modifier.isAbstract(modifiers)
          && !method.isSynthetic()
          && !isEquality(method)
          && (isPublic(type) || inherited)) {
        method.setAccessible(true);
        Optional<Object> receiver =
            Modifier.isStatic(modifiers) ? Optional.empty() : Optional.of(some(type));
        tryEach(method, arguments -> method.invoke(receiver.orElse(null), arguments));
      }
    }
  }

  private static boolean isEquality(Method method) {
    return method.getName().equals("equals") && method.getParameterCount() == 1;
  }

  /** Whether callers from outside know the method by something that is public. */
  private static boolean isKnownAbove(Class<?> type, Method method) {
    return Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()))
        .filter(above -> above.getName().startsWith("dev.postern."))
        .anyMatch(above -> isKnownAbove(above, method)
            || isPublic(above)
                && Stream.of(above.getMethods())
                    .anyMatch(other -> other.getName().equals(method.getName())
                        && other.getParameterCount() == method.getParameterCount()));
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()))
        && !type.isAnonymousClass()
        && !type.isLocalClass();
  }

  private interface Call {
    @Nullable
    Object with(@Nullable Object... arguments) throws ReflectiveOperationException;
  }

  private void tryEach(Executable executable, Call call) {
    Parameter[] parameters = executable.getParameters();
    AnnotatedType[] annotated = executable.getAnnotatedParameterTypes();
    for (int index = 0; index < parameters.length; index++) {
      Parameter parameter = parameters[index];
      boolean implied = parameter.getName().contains("$");
      if (!parameter.getType().isPrimitive()
          && !implied
          && !annotated[index - parameters.length + annotated.length].isAnnotationPresent(
              Nullable.class)) {
        @Nullable
        Object[] arguments =
            Stream.of(parameters).map(each -> some(each.getType())).toArray();
        arguments[index] = null;
        calls++;
        outcome(call, arguments, parameter.getName())
            .ifPresent(came -> unnamed.add(executable + ": " + parameter.getName() + ": " + came));
      }
    }
  }

  /** What came of it, unless that was right. */
  private static Optional<String> outcome(Call call, @Nullable Object[] arguments, String name) {
    try {
      return Optional.of("gave " + call.with(arguments));
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      return cause instanceof NullPointerException && name.equals(cause.getMessage())
          ? Optional.empty()
          : Optional.of(String.valueOf(cause));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return Optional.of("could not be called: " + e);
    }
  }

  /** Something of a type that is not null. */
  private Object some(Class<?> type) {
    if (type.isPrimitive()) {
      return Array.get(Array.newInstance(type, 1), 0);
    } else if (type.isArray()) {
      return Array.newInstance(type.getComponentType(), 0);
    } else if (type == String.class) {
      return "";
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type.isSealed()) {
      return some(type.getPermittedSubclasses()[0]);
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(loader(type), new Class<?>[] {type}, NullArguments::defaultOf);
    } else if (Modifier.isAbstract(type.getModifiers())) {
      return Stream.concat(concrete.stream(), types.stream())
          .filter(each -> type.isAssignableFrom(each) && !Modifier.isAbstract(each.getModifiers()))
          .findFirst()
          .map(this::some)
          .orElseGet(Object::new);
    }
    return empty(type);
  }

  private static ClassLoader loader(Class<?> type) {
    return Optional.ofNullable(type.getClassLoader()).orElse(NullArguments.class.getClassLoader());
  }

  private static @Nullable Object defaultOf(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    return method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : null;
  }

  /** An object of which no constructor was called. */
  private static Object empty(Class<?> type) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method allocate = unsafe.getMethod("allocateInstance", Class.class);
      return Objects.requireNonNull(allocate.invoke(instance.get(null), type));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + ": " + Arrays.toString(e.getStackTrace()), e);
    }
  }
}
