/**
 * Turns the options that name an input (files, directories, standard input, a live cluster) into what was read from it. It reports every
 * problem and decides nothing.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.input;

import org.jspecify.annotations.NullMarked;
