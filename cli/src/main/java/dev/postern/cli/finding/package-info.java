/**
 * Turns findings into the formats that people and machines read them in. It words nothing itself and leaves no finding out.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.finding;

import org.jspecify.annotations.NullMarked;
