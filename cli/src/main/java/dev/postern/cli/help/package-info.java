/** The manual that the program carries with it, for a terminal: pages about topics and codes, and what completes a command line in a shell. */
@NullMarked
package dev.postern.cli.help;

import org.jspecify.annotations.NullMarked;
