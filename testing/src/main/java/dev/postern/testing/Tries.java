package dev.postern.testing;

import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How many tries a property makes, and of which samples. The system property {@code postern.tries} says how many per cent of the tries that it asks
 * for: a few while somebody edits, 100 where it is not set, more for a soak. The system property {@code postern.seed} fixes the samples of all
 * properties, so that a run judges a change and not its luck; each property draws its own. jqwik finds this by its service file.
 */
public final class Tries implements AroundPropertyHook {

  private static final int PER_CENT = Math.max(1, Integer.getInteger("postern.tries", 100));

  private static final Optional<Long> SEED = Optional.ofNullable(
          System.getProperty("postern.seed", ""))
      .filter(seed -> !seed.isEmpty())
      .map(Long::valueOf);

  /** The part of a number of cases, which all tries would meet, that those which are run can be asked to meet. */
  public static int share(int ofAll) {
    return PER_CENT >= 100 ? ofAll : ofAll * PER_CENT / 200;
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    attributes
        .tries()
        .filter(tries -> tries > 1)
        .ifPresent(tries -> attributes.setTries((int) Math.max(1, (long) tries * PER_CENT / 100)));
    if (attributes.seed().isEmpty()) {
      String name =
          context.containerClass().getName() + '.' + context.targetMethod().getName();
      SEED.ifPresent(seed -> attributes.setSeed(Long.toString(seed * 31 + name.hashCode())));
    }
    return property.execute();
  }
}
