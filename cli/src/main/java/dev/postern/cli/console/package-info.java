/**
 * Functions that all commands share: input and output streams, the meaning of exit statuses, and errors for bad input. It knows no command
 * and no cluster.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.console;

import org.jspecify.annotations.NullMarked;
