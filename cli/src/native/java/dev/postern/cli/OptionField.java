package dev.postern.cli;

import java.lang.reflect.Field;

/** The same as the JVM's, by the field itself, since there are no variable handles here. */
record OptionField(Object holder, Class<?> declaring, String member) {

  Class<?> type() throws ReflectiveOperationException {
    return field().getType();
  }

  Object get() throws ReflectiveOperationException {
    return field().get(holder);
  }

  void set(Object value) throws ReflectiveOperationException {
    field().set(holder, value);
  }

  private Field field() throws ReflectiveOperationException {
    Field field = declaring.getDeclaredField(member);
    field.setAccessible(true);
    return field;
  }
}
