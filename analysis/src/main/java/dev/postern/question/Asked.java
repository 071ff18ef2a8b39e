package dev.postern.question;

import dev.postern.net.Traffic;
import java.util.List;

/**
 * The traffic that a sentence is about.
 *
 * @param traffic what it says in numbers; all traffic if it says none at all
 * @param explicit whether it names any: without, a Service's own ports are meant
 * @param existential whether one part of it is enough: {@code on any traffic}
 * @param names the ports that it names beside these: {@code on http}
 */
public record Asked(Traffic traffic, boolean explicit, boolean existential, List<NamedPort> names) {

  public Asked {
    names = List.copyOf(names);
  }

  /** Traffic without names of ports. */
  public Asked(Traffic traffic, boolean explicit, boolean existential) {
    this(traffic, explicit, existential, List.of());
  }

  /** A sentence without {@code on}. */
  public static final Asked UNSAID = new Asked(Traffic.ALL, false, false);

  /** This traffic, all of it. */
  public static Asked of(Traffic traffic) {
    return new Asked(traffic, true, false);
  }
}
