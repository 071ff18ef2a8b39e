/**
 * The manual that the program carries with it, for a terminal: pages about topics and codes, and what completes a command line in a shell.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.help;

import org.jspecify.annotations.NullMarked;
