package dev.postern.testing;

import java.lang.reflect.Method;
import java.util.List;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.Store;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/**
 * How many of the tries that a property asks for are run: all of them, or the first few while somebody edits. The system property
 * {@code postern.tries} says how many per cent, 100 where it is not set. jqwik finds this by its service file and hands every try through it.
 */
public final class Tries implements AroundTryHook {

  private static final int PER_CENT = Math.max(1, Integer.getInteger("postern.tries", 100));

  /** What one property has done so far. */
  private static final class Run {
    private int tries;
    private boolean failed;
  }

  /** The part of a number of cases, which all tries would meet, that those which are run can be asked to meet. */
  public static int share(int ofAll) {
    return PER_CENT >= 100 ? ofAll : ofAll * PER_CENT / 200;
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public TryExecutionResult aroundTry(
      TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) {
    Method method = context.targetMethod();
    Property property = method.getAnnotation(Property.class);
    if (PER_CENT >= 100 || property == null || property.tries() <= 0) {
      return aTry.execute(parameters);
    }
    Run run = Store.getOrCreate(method, Lifespan.PROPERTY, Run::new).get();
    synchronized (run) {
      boolean enough = ++run.tries > Math.max(1, property.tries() * PER_CENT / 100);
      // After a failure jqwik tries smaller samples, which are not counted.
      if (enough && !run.failed) {
        return TryExecutionResult.satisfied(true);
      }
    }
    TryExecutionResult result = aTry.execute(parameters);
    if (result.isFalsified()) {
      synchronized (run) {
        run.failed = true;
      }
    }
    return result;
  }
}
