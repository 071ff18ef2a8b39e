package dev.postern.cli;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The field that an option's value goes to. Not by the field itself: from JDK 22 on its first use makes classes at run time, a tenth of a
 * short command. The native program has a class of its own in its place.
 *
 * @param holder whose field it is
 * @param declaring the class that declares it
 * @param member its name
 */
record OptionField(Object holder, Class<?> declaring, String member) {

  Class<?> type() throws ReflectiveOperationException {
    return declaring.getDeclaredField(member).getType();
  }

  Object get() throws ReflectiveOperationException {
    return handle().get(holder);
  }

  void set(Object value) throws ReflectiveOperationException {
    handle().set(holder, value);
  }

  private VarHandle handle() throws ReflectiveOperationException {
    return MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
        .unreflectVarHandle(declaring.getDeclaredField(member));
  }
}
