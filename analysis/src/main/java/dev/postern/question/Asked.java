package dev.postern.question;

import dev.postern.net.Traffic;

/**
 * The traffic that a sentence is about.
 *
 * @param traffic what it names; all traffic if it names none
 * @param explicit whether it names any: without, a Service's own ports are meant
 * @param existential whether one part of it is enough: {@code on any traffic}
 */
public record Asked(Traffic traffic, boolean explicit, boolean existential) {

  /** A sentence without {@code on}. */
  public static final Asked UNSAID = new Asked(Traffic.ALL, false, false);

  /** This traffic, all of it. */
  public static Asked of(Traffic traffic) {
    return new Asked(traffic, true, false);
  }
}
