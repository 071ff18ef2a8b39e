/**
 * Reads the inputs that options name (files, directories, standard input, a live cluster). It reports every problem and decides nothing.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.input;

import org.jspecify.annotations.NullMarked;
