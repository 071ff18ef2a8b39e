/**
 * Proves again and again what changes, prints what is new, and says what holds now to who asks over HTTP.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.watch;

import org.jspecify.annotations.NullMarked;
