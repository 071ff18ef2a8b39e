/**
 * The manual that the program contains, for a terminal: pages about topics and codes, and completion for shells.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.help;

import org.jspecify.annotations.NullMarked;
